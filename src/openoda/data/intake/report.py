"""What became of a delivery: counts that add up, and problems without any value."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

LINES_SHOWN = 5


@dataclass(frozen=True)
class Problem:
    """One kind of trouble: `column` is None where it cost the record; `lines` are the first few.

    `part` names the member of an archive that it is in, empty where the file is the whole.
    """

    reason: str
    column: str | None
    count: int
    lines: tuple[int, ...]
    part: str = ""


@dataclass(frozen=True)
class IntakeReport:
    """What became of a delivery.

    `rows_in` = `accepted` + `quarantined`; `flagged_values` are values nulled or doubted in accepted
    rows. `sha256` and `bytes` are of the file as delivered. `header_lines` is how many physical
    lines the header takes (0 for Parquet), `columns` its names in the file's order. `format` and
    `encoding` (empty where the format fixes it) say what the file was read as; `notes` what else
    was found out about how it is written, and by what evidence.
    """

    rows_in: int
    accepted: int
    quarantined: int
    flagged_values: int
    problems: tuple[Problem, ...]
    sha256: str
    bytes: int
    header_lines: int
    columns: tuple[str, ...]
    format: str = "csv"
    encoding: str = ""
    notes: tuple[str, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether nothing was quarantined or flagged."""
        return not (self.quarantined or self.flagged_values)

    def as_json(self) -> dict[str, Any]:
        """The report as plain lists, texts and numbers."""
        return {
            **asdict(self),
            "columns": list(self.columns),
            "notes": list(self.notes),
            "problems": [{**asdict(each), "lines": list(each.lines)} for each in self.problems],
        }


class Tally:
    """Problems counted as they come."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str | None], int] = {}
        self._lines: dict[tuple[str, str | None], list[int]] = {}

    def add(self, reason: str, column: str | None, count: int, lines: Iterable[int]) -> None:
        """Count `count` more of a problem, met on `lines` (the first few suffice)."""
        key = (reason, column)
        self._counts[key] = self._counts.get(key, 0) + count
        shown = self._lines.setdefault(key, [])
        for line in lines:
            if len(shown) >= LINES_SHOWN:
                break
            shown.append(int(line))

    def problems(self) -> tuple[Problem, ...]:
        """All of them: those that cost records first, then the most frequent."""
        order = sorted(
            self._counts, key=lambda key: (key[1] is not None, -self._counts[key], str(key))
        )
        return tuple(
            Problem(
                reason, column, self._counts[reason, column], tuple(self._lines[reason, column])
            )
            for reason, column in order
        )
