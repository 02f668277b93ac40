"""What intake set aside or flagged, as issues: each kind of trouble with the rows that have it."""

from collections.abc import Callable, Iterator

from openoda.data.quality.catalogue import issue
from openoda.data.quality.findings import PLACES_KEPT
from openoda.data.quality.gathering import Read
from openoda.data.quality.issues import Issue, Place

REQUIRED = "required, but missing"
NOT_UNIQUE = "not unique"
KEPT = "kept as it is"
NO_DATA = ("blank line", "blank row", "a footer row")
_FILE = "source_file"


def intake_issues(read_flags: Read, read_quarantined: Read) -> tuple[Issue, ...]:
    """An issue for each reason and column among the flags, and each reason for quarantine.

    Only lines and reasons are read: the raw text stays where it is.
    """
    found = [*_issues(_aside_code, _quarantined(read_quarantined))]
    found += _issues(code_of, _flags(read_flags))
    return tuple(found)


def _aside_code(reason: str) -> str:
    return "no-data" if reason.startswith(NO_DATA) else "quarantined"


def code_of(reason: str) -> str:
    """The catalogue's code for the reason of a flag, in intake's words."""
    if reason == REQUIRED:
        return "required"
    if reason.endswith(NOT_UNIQUE):
        return "not-unique"
    return "doubtful" if reason.endswith(KEPT) else "unreadable"


Trouble = tuple[str, str, Place]


def _flags(read: Read) -> Iterator[Trouble]:
    for batch in read((_FILE, "source_line", "column", "reason")):
        for row in batch.to_pylist():
            yield row["reason"], row["column"], Place(str(row[_FILE]), row["source_line"])


def _quarantined(read: Read) -> Iterator[Trouble]:
    for batch in read((_FILE, "first_line", "reason")):
        for row in batch.to_pylist():
            kind = row["reason"].split(":")[0]
            yield kind, "", Place(str(row[_FILE]), row["first_line"])


def _issues(code: Callable[[str], str], troubles: Iterator[Trouble]) -> Iterator[Issue]:
    counts: dict[tuple[str, str], int] = {}
    places: dict[tuple[str, str], list[Place]] = {}
    for reason, column, place in troubles:
        kept = places.setdefault((reason, column), [])
        counts[reason, column] = counts.get((reason, column), 0) + 1
        if len(kept) < PLACES_KEPT:
            kept.append(place)
    for (reason, column), count in counts.items():
        columns = (column,) if column else ()
        said = reason[:1].upper() + reason[1:]
        yield issue(code(reason), columns, count, tuple(places[reason, column]), said)
