"""Which delimiter and which header line a delimited text most likely has."""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass

from openoda.data.intake.dialect import COMMON_DELIMITERS
from openoda.data.intake.propose.heading import judge_heading

_RECORDS = 20_000
_UNUSUAL = "~^#*!\x1f\x1e\x01"
_UNUSUAL_LINES = 2_000
_DECLARED = re.compile(r"\ufeff?sep=([!-~\t])[\s\"]*?(?:\r\n|\r|\n)", re.I)


@dataclass(frozen=True)
class Layout:
    """A delimiter with what speaks for it: `fields` of the commonest width, in `share` of records.

    `header` is the line of the header from 1 (0 where the first record looks like data), `unsure`
    whether that must be looked at; `first` is the line of the first record of that width.
    """

    delimiter: str
    fields: int
    share: float
    records: int
    header: int
    names: tuple[str, ...]
    unsure: bool = False

    def told(self) -> str:
        """The evidence in words."""
        called = COMMON_DELIMITERS.get(self.delimiter, repr(self.delimiter))
        return (
            f"{called} between fields: {self.share:.1%} of {self.records:,} sampled records have "
            f"{self.fields} fields"
        )


def layouts(text: str, quote: str, wanted: str = "") -> list[Layout]:
    """What each delimiter would make of the text, the likeliest first.

    They are the common ones, or the one `wanted`, or the one that a line `sep=` names above the text.
    """
    declared = _DECLARED.match(text)
    tried = [wanted] if wanted else list(COMMON_DELIMITERS)
    if declared and not wanted and declared[1] not in tried:
        tried.append(declared[1])
    found = [_layout(text, delimiter, quote, bool(declared)) for delimiter in tried]
    return sorted(
        (each for each in found if each),
        key=lambda each: (
            each.fields > 1,
            bool(declared and each.delimiter == declared[1]),
            round(each.share, 2),
            each.fields,
        ),
        reverse=True,
    )


def unusual_delimiter(text: str) -> str:
    """A rare sign that stands equally often in nearly every line, where no common one does."""
    lines = re.split(r"[\r\n]+", text[: 1 << 20])[:_UNUSUAL_LINES]
    lines = [line for line in lines if line.strip()]
    for sign in _UNUSUAL:
        counts = Counter(line.count(sign) for line in lines)
        if len(lines) > 1 and (wont := lines[0].count(sign)) and counts[wont] >= 0.9 * len(lines):
            return sign
    return ""


def _layout(text: str, delimiter: str, quote: str, declared: bool) -> Layout | None:
    records = _records(text, delimiter, quote)[declared:]
    filled = [(line, record) for line, record in records if any(cell.strip() for cell in record)]
    if not filled:
        return None
    widths = Counter(len(record) for _, record in filled)
    width, count = max(widths.items(), key=lambda each: (each[1] * (each[0] > 1), each[1]))
    (line, first), *beneath = [each for each in filled if len(each[1]) == width]
    names = tuple(cell.strip() for cell in first)
    heading = judge_heading(names, [record for _, record in beneath])
    header = line if heading.is_header else 0
    share = count / len(filled)
    return Layout(delimiter, width, share, len(filled), header, names, heading.doubtful)


def _records(text: str, delimiter: str, quote: str) -> list[tuple[int, list[str]]]:
    """Records with the line on which each starts."""
    plain = text.removeprefix("\ufeff").replace("\0", "�")
    lines = io.StringIO(plain, newline="")
    if quote:
        reader = csv.reader(lines, delimiter=delimiter, quotechar=quote)
    else:
        reader = csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    found: list[tuple[int, list[str]]] = []
    start = 1
    try:
        for record in reader:
            found.append((start, record))
            start = reader.line_num + 1
            if len(found) >= _RECORDS:
                break
    except csv.Error:
        pass  # a field over the module's limit: what was read so far is evidence enough
    return found
