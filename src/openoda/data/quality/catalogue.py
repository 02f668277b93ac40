"""The words of each fault that profiling finds by itself: its rule, why it matters, what to do."""

from dataclasses import dataclass

from openoda.data.quality import kinds, spread
from openoda.data.quality.dimensions import Dimension
from openoda.data.quality.findings import Finding
from openoda.data.quality.issues import Issue, Place, Severity


@dataclass(frozen=True)
class Entry:
    """A fault's words. {about} is filled in by what was found."""

    title: str
    severity: Severity
    dimension: Dimension
    rule: str
    reason: str
    remedy: str


_MUST, _SHOULD, _NOTE = Severity.MUST, Severity.SHOULD, Severity.NOTE
_UNIQUE, _VALID = Dimension.UNIQUENESS, Dimension.VALIDITY
CATALOGUE = {
    "no-data": Entry(
        "Rows that hold no data", _NOTE, _VALID, "{about}",
        "They were set aside: a blank line, or a row under the table, is no record.",
        "Nothing, unless one of them should have been a record.",
    ),
    "quarantined": Entry(
        "Records that could not be read: {about}", _MUST, _VALID, "{about}",
        "The record isn't in the data at all: it was set aside whole.",
        "Send the record again in the form of the others.",
    ),
    "unreadable": Entry(
        "Values that don't fit the schema", _MUST, _VALID, "{about}",
        "The value counts as missing, because it can't be what the schema says.",
        "Correct the value, or the schema if it is the schema that is wrong.",
    ),
    "required": Entry(
        "Values that are missing and required", _MUST, Dimension.COMPLETENESS, "{about}",
        "The schema says that every record has this value.",
        "Fill the value in.",
    ),
    "not-unique": Entry(
        "Values that repeat and must not", _MUST, _UNIQUE, "{about}",
        "The schema says that no two records share this value.",
        "Remove the copy, or give each record a value of its own.",
    ),
    "doubtful": Entry(
        "Values to check in the file itself", _NOTE, _VALID, "{about}",
        "The file is written in a way that could be read otherwise; the value was kept.",
        "Look at the line, and export with quotes around text that holds commas or quotes.",
    ),
    "placeholder": Entry(
        "Values that look like placeholders", _SHOULD, Dimension.COMPLETENESS,
        "Words such as N/A, first and last days of calendars, and repeated nines at the top",
        "They stand for nothing, yet count as values in sums, ranges and links.",
        "Leave the field empty where nothing is known. Leave it as it is if it is a real name.",
    ),
    "impossible": Entry(
        "Values that can't be right", _MUST, _VALID, "A value of this kind is {about}",
        "The value breaks what the column's other values, or its name, say that it holds.",
        "Correct the value at its source.",
    ),
    "not-a-number": Entry(
        "Numbers that are infinite or undefined", _MUST, _VALID, "A number is finite",
        "It comes from a division by nought or an overflow, and spoils every sum.",
        "Leave the field empty where there is no number.",
    ),
    "reads-otherwise": Entry(
        "Values written unlike the rest of the column", _SHOULD, _VALID,
        "At least 95% of the column reads as a {about}; these don't",
        "They are lost as soon as the column is used as what it is.",
        "Write the value as the others are written.",
    ),
    "edge-spaces": Entry(
        "Spaces before or after the value", _SHOULD, Dimension.CONSISTENCY,
        "No value begins or ends with a space",
        "Two equal values no longer match.",
        "Trim the value where it is entered or exported.",
    ),
    "broken-characters": Entry(
        "Broken characters", _MUST, _VALID,
        "No control characters, no replacement signs, no UTF-8 read as another encoding",
        "Letters were lost or changed when the file was made, often in names.",
        "Export again as UTF-8.",
    ),
    "spellings": Entry(
        "The same value spelled in more than one way", _SHOULD, Dimension.CONSISTENCY,
        "Values that differ only in case, punctuation or spaces; the less common ones are named",
        "One thing is counted as several.",
        "Choose one spelling, best from a list of the allowed values.",
    ),
    "outlier": Entry(
        "Values far from the others", _NOTE, _VALID,
        f"{spread.OUTLIER_RULE} ({spread.OUTLIER_SOURCE})",
        "Unusual isn't wrong: some are slips of the keyboard, some are true.",
        "Look at a few before relying on averages.",
    ),
    "duplicate-rows": Entry(
        "Rows that repeat an earlier one", _SHOULD, _UNIQUE,
        "No two rows have the same value in every column",
        "What they describe is counted twice.",
        "Remove the copies, or add the column that tells them apart.",
    ),
    "duplicate-rows-loosely": Entry(
        "Rows that repeat an earlier one but for spelling", _SHOULD, _UNIQUE,
        "No two rows have the same value in every column once case, punctuation and spaces are "
        "set aside",
        "What they describe is probably counted twice.",
        "Remove the copies, or add the column that tells them apart.",
    ),
}  # fmt: skip


def about_finding(found: Finding) -> str:
    """What completes the words of a finding."""
    return kinds.KINDS[found.about].must if found.about in kinds.KINDS else found.about


def issue(
    code: str,
    columns: tuple[str, ...],
    rows: int,
    places: tuple[Place, ...],
    about: str = "",
    groups: int | None = None,
) -> Issue:
    """An issue in the catalogue's words."""
    entry = CATALOGUE[code]
    title = entry.title.format(about=about[:1].lower() + about[1:])
    return Issue(
        code, title, entry.severity, entry.dimension, columns, entry.rule.format(about=about),
        entry.reason, entry.remedy, rows, places, groups,
    )  # fmt: skip
