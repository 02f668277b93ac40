"""Which delimiter, which quotes and which header line a delimited text most likely has."""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass

from openoda.data.intake.dialect import COMMON_DELIMITERS

LIKE_DATA = re.compile(r"[£$€]?[+-]?\d[\d.,/:\-]*%?\Z")
_RECORDS = 20_000


@dataclass(frozen=True)
class Layout:
    """A delimiter with what speaks for it: `fields` of the commonest width, in `share` of records.

    `header` is the line of the header from 1 (0 where the first line looks like data).
    """

    delimiter: str
    fields: int
    share: float
    records: int
    header: int
    names: tuple[str, ...]

    def told(self) -> str:
        """The evidence in words."""
        called = COMMON_DELIMITERS.get(self.delimiter, self.delimiter)
        return (
            f"{called} between fields: {self.share:.1%} of {self.records:,} sampled records have "
            f"{self.fields} fields"
        )


def layouts(text: str, quote: str) -> list[Layout]:
    """What each common delimiter would make of the text, the likeliest first."""
    found = [_layout(text, delimiter, quote) for delimiter in COMMON_DELIMITERS]
    return sorted(
        (each for each in found if each),
        key=lambda each: (each.fields > 1, round(each.share, 2), each.fields),
        reverse=True,
    )


def _layout(text: str, delimiter: str, quote: str) -> Layout | None:
    records = _records(text, delimiter, quote)
    filled = [record for _, record in records if any(cell.strip() for cell in record)]
    if not filled:
        return None
    widths = Counter(map(len, filled))
    width, count = max(widths.items(), key=lambda each: (each[1] * (each[0] > 1), each[1]))
    line, header = next((line, record) for line, record in records if len(record) == width)
    names = tuple(cell.strip() for cell in header)
    data = sum(bool(LIKE_DATA.match(name)) for name in names)
    is_header = all(names) and len(set(names)) == len(names) and 2 * data < max(width, 2)
    return Layout(
        delimiter, width, count / len(filled), len(filled), line if is_header else 0, names
    )


def _records(text: str, delimiter: str, quote: str) -> list[tuple[int, list[str]]]:
    """Records with the line on which each starts."""
    lines = io.StringIO(text.replace("\0", "�"), newline="")
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


def propose_quote(text: str) -> tuple[str, str]:
    """`"`, or none where quotes stand in the text but never around a field."""
    marks = text.count('"')
    if not marks:
        return '"', "no quotes in the sample"
    edge = r"(?:^|[,;\t|])"
    around = len(re.findall(edge + r'"(?:[^"\r\n]|"")*"(?=[,;\t|\r\n]|\Z)', text, re.MULTILINE))
    if around:
        return '"', f"{around:,} fields stand in quotes"
    opened = len(re.findall(edge + '"', text, re.MULTILINE))
    if opened:
        return (
            "",
            f"{marks:,} quotes, {opened:,} at the beginning of a field, none closed at its end",
        )
    return '"', f"{marks:,} quotes, none around a field"
