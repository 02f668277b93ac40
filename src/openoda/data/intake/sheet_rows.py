"""The rows of one sheet, as they are stored: cell by cell, in bounded memory.

Source: ECMA-376 part 1, clauses 18.3.1.4 (cell), 18.3.1.73 (row), 18.18.11 (cell types).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from openoda.data.intake.limits import Limits
from openoda.data.intake.workbook import Sheet, Workbook, XmlReader, local
from openoda.vocabulary.refusals import FileUnreadable

_MERGED = re.compile(rb'mergeCell\s[^>]*?\bref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_LETTERS = re.compile(r"[A-Z]{1,3}\Z")
_NUMBER = re.compile(r"[1-9]\d{0,6}\Z", re.ASCII)
MOST_COLUMNS, MOST_ROWS = 16_384, 1_048_576  # ECMA-376 leaves it open; what every program keeps to
MOST_MERGED = 1_000_000
_SAVE_AGAIN = "Open the file in a spreadsheet program and save it again."


class Cell(NamedTuple):
    """A stored cell: its type letter, its style, its stored value and formula (None where absent)."""

    kind: str
    style: int
    value: str | None
    formula: str | None


@dataclass(frozen=True)
class Row:
    """A row that the sheet holds: its number from 1, and its cells by column from 0.

    `twice` are the columns given more than once; the first cell stands.
    """

    number: int
    cells: dict[int, Cell]
    twice: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged range: columns from 0, rows from 1, both ends included."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def anchor(self) -> str:
        """The cell that holds the value of all of them."""
        return f"{letters(self.left)}{self.top}"


def letters(column: int) -> str:
    """The name of a column: A, B, … Z, AA, …"""
    name, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def column_of(name: str) -> int:
    """The column, from 0, of its name."""
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - 64
    return number - 1


def merged_ranges(workbook: Workbook, sheet: Sheet) -> list[Merged]:
    """The merged ranges of a sheet; they stand after its rows, and are wanted before.

    Refuses one that leaves the sheet, and more of them than anybody merges.
    """
    found: list[Merged] = []
    rest, where = b"", workbook.archive.where
    for piece in workbook.archive.pieces(sheet.member):
        held, last = rest + piece, 0
        for each in _MERGED.finditer(held):
            found.append(_merged([part.decode() for part in each.groups()], where))
            last = each.end()
        if len(found) > MOST_MERGED:
            raise FileUnreadable(
                f"The sheet {sheet.name[:60]} has over {MOST_MERGED:,} merged ranges",
                where=where,
                remedy="Unmerge its cells in a spreadsheet program and save it again.",
            )
        rest = held[max(last, len(held) - 400) :]
    return found


def _merged(corners: list[str], where: str) -> Merged:
    """The range between two corners, in either order; refuses one that leaves the sheet."""
    left, top, right, bottom = corners
    sound = all(map(_NUMBER.match, (top, bottom))) and all(map(_LETTERS.match, (left, right)))
    if sound:
        columns = sorted((column_of(left), column_of(right)))
        rows = sorted((int(top), int(bottom)))
        if columns[1] < MOST_COLUMNS and rows[1] <= MOST_ROWS:
            return Merged(columns[0], rows[0], columns[1], rows[1])
    shown = ":".join(f"{column}{row}"[:20] for column, row in ((left, top), (right, bottom)))
    raise FileUnreadable(
        f"The merged range {shown} lies outside the rows and columns that a sheet can have",
        where=where,
        remedy=_SAVE_AGAIN,
    )


class SheetRows:
    """Iterate once over the rows that hold anything, in the order they are stored.

    Refuses a row whose number is none, lies outside the sheet, or doesn't come after the one above:
    nobody could say which of two rows of a number is meant.
    """

    def __init__(self, workbook: Workbook, sheet: Sheet, limits: Limits) -> None:
        self._reader = XmlReader(workbook.archive, sheet.member)
        self._where, self._limit = workbook.archive.where, limits.record
        self._ready: list[Row] = []
        self._number = self._column = 0
        self._cells: dict[int, Cell] = {}
        self._twice: list[int] = []
        self._columns: dict[str, int] = {}
        self._cell: tuple[int, str, int] = (0, "n", 0)
        self._parts: list[str] = []
        self._value: str | None = None
        self._formula: str | None = None
        self._size, self._taking = 0, False
        parser = self._reader.parser
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._text

    def __iter__(self) -> Iterator[Row]:
        for _ in self._reader.pieces():
            yield from self._ready
            self._ready = []

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = local(name)
        if name == "c":
            self._start_cell(attributes)
        elif name in ("v", "t", "f"):
            self._taking = True
            self._parts = []
        elif name == "rPh":
            self._phonetic = True
        elif name == "row":
            self._number = self._next_number(attributes.get("r"))
            self._cells, self._twice, self._column = {}, [], 0

    def _next_number(self, given: str | None) -> int:
        """The number of the row that begins; the next one where it says none."""
        if given is None and self._number < MOST_ROWS:
            return self._number + 1
        given = str(MOST_ROWS + 1) if given is None else given
        if not _NUMBER.match(given) or int(given) > MOST_ROWS:
            raise self._odd(f"A row has the number {given[:20]}, which no row of a sheet can have")
        if int(given) <= self._number:
            raise self._odd(f"Row {given} is stored again, or out of order, after row "
                            f"{self._number}")  # fmt: skip
        return int(given)

    def _odd(self, what: str) -> FileUnreadable:
        return FileUnreadable(what, where=self._where, remedy=_SAVE_AGAIN)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        column = self._column_at(attributes.get("r", "").rstrip("0123456789"))
        style = attributes.get("s", "0")
        self._cell = (column, attributes.get("t", "n"), int(style) if style.isdigit() else 0)
        self._column = column + 1
        self._value = self._formula = None
        self._phonetic = False
        self._size = 0

    def _column_at(self, name: str) -> int:
        """The column of that name; the next one where a cell has no name."""
        if not name:
            return self._column
        known = self._columns.get(name)
        if known is None:
            if not _LETTERS.match(name):
                raise self._odd(f"Row {self._number} has a cell in a column called {name[:20]}")
            known = self._columns[name] = column_of(name)
        return known

    def _text(self, data: str) -> None:
        if not self._taking:
            return
        self._size += len(data)
        if self._size > self._limit:
            raise FileUnreadable(
                f"A cell in row {self._number} holds over {self._limit:,} characters",
                where=self._where,
                remedy="Look at that row; no spreadsheet program writes such a cell.",
            )
        self._parts.append(data)

    def _end(self, name: str) -> None:
        name = local(name)
        if name == "v":
            self._value, self._taking = "".join(self._parts), False
        elif name == "t":
            if not self._phonetic:
                self._value = (self._value or "") + "".join(self._parts)
            self._taking = False
        elif name == "f":
            self._formula, self._taking = "".join(self._parts), False
        elif name == "rPh":
            self._phonetic = False
        elif name == "c":
            self._end_cell()
        elif name == "row" and self._cells:
            self._ready.append(Row(self._number, self._cells, tuple(self._twice)))

    def _end_cell(self) -> None:
        column, kind, style = self._cell
        if column >= MOST_COLUMNS:
            raise self._odd(
                f"Row {self._number} has a cell past the last column that a sheet can have"
            )
        if self._value is None and self._formula is None:
            return
        if column in self._cells:
            self._twice.append(column)
            return
        self._cells[column] = Cell(kind, style, self._value, self._formula)
