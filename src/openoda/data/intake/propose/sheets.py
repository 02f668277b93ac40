"""Which sheet, which header rows and which footer rows a workbook most likely has."""

import re
from collections import Counter, deque
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path

from openoda.data.intake.archive import Archive
from openoda.data.intake.dialect import Dialect
from openoda.data.intake.limits import Limits
from openoda.data.intake.propose.heading import LIKE_DATA
from openoda.data.intake.sheet_cells import CellReader
from openoda.data.intake.sheet_rows import Merged, Row, SheetRows, letters, merged_ranges
from openoda.data.intake.workbook import Sheet, Workbook
from openoda.data.intake.xlsx_reader import chosen

_HEAD, _TAIL = 60, 12
_CLOSING = re.compile(r"\s*(grand )?totals?\b|sources?\b|notes?\b|©|printed|generated|end of", re.I)

Texts = dict[int, str]


@dataclass(frozen=True)
class _Rows:
    """The first and last filled rows of a sheet, and how many there are."""

    head: dict[int, Texts]
    tail: dict[int, Texts]
    count: int


def propose_sheet(path: Path, told: Dialect, limits: Limits) -> tuple[Dialect, list[str]]:
    """The dialect of a workbook, and the evidence for each part of it."""
    archive = Archive(path, limits)
    try:
        book = Workbook(archive, limits)
        sheet, why = _sheet(book.sheets, told.table, path.name)
        cells = CellReader(book.texts(), book.moments(), book.from_1904)
        merged = merged_ranges(book, sheet)
        rows = _read(book, sheet, cells, limits)
    finally:
        archive.close()
    notes = [why, f"{rows.count:,} rows hold a value"]
    header, why = _header(rows, merged)
    notes.append(why)
    footer, why = _footer(rows, header[-1] if header else 0)
    notes += [why] * bool(why)
    return replace(told, table=sheet.name, header_rows=header, footer_rows=footer), notes


def _sheet(sheets: list[Sheet], wanted: str, where: str) -> tuple[Sheet, str]:
    """The sheet named, else the only visible one; several are for the analyst to choose from."""
    sheet = chosen(sheets, wanted, where)
    others = [each.name for each in sheets if each is not sheet]
    beside = f"; others: {', '.join(others[:10])}" if others else ""
    return sheet, f"sheet {sheet.name}{beside}"


def _read(book: Workbook, sheet: Sheet, cells: CellReader, limits: Limits) -> _Rows:
    head: dict[int, Texts] = {}
    last: deque[Row] = deque(maxlen=_TAIL)  # read only at the end: most rows are but counted
    count = 0
    for row in SheetRows(book, sheet, limits):
        filled = any(cell.value or cell.formula is not None for cell in row.cells.values())
        if not filled:
            continue
        count += 1
        if len(head) < _HEAD and (texts := _texts(row, cells)):
            head[row.number] = texts
        last.append(row)
    tail = {row.number: texts for row in last if (texts := _texts(row, cells))}
    return _Rows(head, tail, count)


def _texts(row: Row, cells: CellReader) -> Texts:
    read = {column: cells.read(cell) for column, cell in row.cells.items()}
    found = {column: each.text or each.raw or "" for column, each in read.items()}
    return {column: text for column, text in found.items() if text}


def _width(rows: _Rows) -> int:
    """How many cells a row of data fills: the commonest number of two or more."""
    counts = Counter(len(texts) for texts in [*rows.head.values(), *rows.tail.values()])
    wide = {count: times for count, times in counts.items() if count > 1} or counts
    return max(wide, key=lambda count: (wide[count], count), default=0)


def _covered(number: int, rows: _Rows, merged: list[Merged]) -> Texts:
    """A row's texts with those of the merged cells that reach into it."""
    found = dict(rows.head.get(number, {}))
    for each in merged:
        text = rows.head.get(each.top, {}).get(each.left)
        if text and each.top <= number <= each.bottom:
            for column in range(each.left, each.right + 1):
                found.setdefault(column, text)
    return found


def _header(rows: _Rows, merged: list[Merged]) -> tuple[tuple[int, ...], str]:
    """The header's rows: the first that fills most columns with different words."""
    width = _width(rows)
    for number in rows.head:
        texts = list(_covered(number, rows, merged).values())
        words = not any(LIKE_DATA.match(text) for text in texts)
        if words and len(texts) >= 0.8 * width and len(set(texts)) == len(texts):
            above = number - 1
            joined = [each for each in merged if each.top == above and each.left in
                      rows.head.get(above, {}) and each.right > each.left]  # fmt: skip
            if joined and len(_covered(above, rows, merged)) >= 0.8 * width:
                spans = ", ".join(f"{each.anchor}:{letters(each.right)}" for each in joined[:5])
                return (above, number), f"header in rows {above} and {number}: {spans} merged"
            titles = f", {number - 1} rows above it are titles" if number > 1 else ""
            return (number,), f"header in row {number}: {len(texts)} different words{titles}"
    first = next(iter(rows.head), 1)
    return (first,), f"no row of words for a header: row {first} is taken, look at it"


def _footer(rows: _Rows, header: int) -> tuple[int, str]:
    """How many rows at the end fill few columns, or begin like a total or a note."""
    width = _width(rows)
    last = [(number, texts) for number, texts in reversed(rows.tail.items()) if number > header]

    def closes(each: tuple[int, Texts]) -> bool:
        texts = each[1]
        begins = _CLOSING.match(texts[min(texts)])
        return 3 * len(texts) <= width or bool(begins and 3 * len(texts) <= 2 * width)

    footer = list(takewhile(closes, last))
    if width < 2 or not footer or len(footer) == len(last):
        return 0, ""
    return len(footer), (
        f"{len(footer)} footer rows from row {footer[-1][0]}: they fill few of the {width} columns"
    )
