"""Opens a table that people filled in with a spreadsheet, whichever way they saved it.

Finds the header wherever it stands, and gives each row by its column names. Knows nothing of what
the columns mean.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

import python_calamine

from openoda.rendering.cells import header_key
from openoda.vocabulary.refusals import FileUnreadable, SchemaInvalid

Cell = str | int | float | bool | date | datetime | time | timedelta | None
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # XLSX and the old XLS
_DELIMITERS = (",", ";", "\t")  # Excel's, by the country it is set to
_HEADER_WITHIN = 30  # rows
_REMEDY = "Fill in the worklist that the run made, and save it as XLSX or CSV UTF-8."


@dataclass(frozen=True)
class FilledSheet:
    """A table below its header: rows with their numbers as a spreadsheet shows them.

    `is_csv` says how it was saved; `is_guarded` that its texts carry guarding apostrophes, which
    the CSV has even after somebody saved it again as a workbook.
    """

    header: tuple[str, ...]
    body: tuple[tuple[int, tuple[Cell, ...]], ...]
    is_csv: bool
    is_guarded: bool
    too_long: frozenset[int]

    @property
    def rows(self) -> Iterator[tuple[int, dict[str, Cell]]]:
        """Give each row that is not wholly empty, as its number and its cells by column."""
        for number, values in self.body:
            yield number, dict(zip(self.header, values, strict=False))

    def is_too_long(self, number: int) -> bool:
        """Say whether a row has something beyond the header's last column."""
        return number in self.too_long


def read_sheet(path: Path, required: tuple[str, ...]) -> FilledSheet:
    """Read the first table that has the `required` columns.

    Raises FileUnreadable when the bytes are no table, SchemaInvalid when no header has the columns.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FileUnreadable(
            "The file can't be opened",
            where=path.name,
            remedy="Check that the file is there and that you may read it.",
        ) from error
    is_csv = not content.startswith(_WORKBOOKS)
    tables = _csv_tables(content, path, required) if is_csv else _workbook_tables(content, path)
    for table in tables:
        header_row = _header_row(table, required)
        if header_row is not None:
            return _below(table, header_row, is_csv)
    raise SchemaInvalid(
        f"No header with the columns {' and '.join(required)} was found",
        where=path.name,
        remedy=_REMEDY,
    )


def _header_row(table: list[list[Cell]], required: tuple[str, ...]) -> int | None:
    for number, row in enumerate(table[:_HEADER_WITHIN]):
        keys = {header_key(str(value)) for value in row if value is not None}
        if keys.issuperset(required):
            return number
    return None


def _below(table: list[list[Cell]], header_row: int, is_csv: bool) -> FilledSheet:
    header = tuple(header_key("" if name is None else str(name)) for name in table[header_row])
    body = tuple(
        (number, tuple(row))
        for number, row in enumerate(table[header_row + 1 :], start=header_row + 2)
        if any(_is_filled(value) for value in row)
    )
    _refuse_twins(header)
    return FilledSheet(
        header=header,
        body=body,
        is_csv=is_csv,
        is_guarded=header_row == 0,
        too_long=frozenset(
            number for number, row in body if any(_is_filled(value) for value in row[len(header) :])
        ),
    )


def _refuse_twins(header: tuple[str, ...]) -> None:
    named = [name for name in header if name]
    twins = {name for name in named if named.count(name) > 1}
    if twins:
        raise SchemaInvalid(
            f"Two columns have the same name: {', '.join(sorted(twins))}",
            remedy="Rename or delete the column that was added.",
        )


def _is_filled(value: Cell) -> bool:
    return value is not None and (not isinstance(value, str) or bool(value.strip()))


def _workbook_tables(content: bytes, path: Path) -> Iterator[list[list[Cell]]]:
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        for name in book.sheet_names:
            yield [
                list(row) for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            ]
    except (python_calamine.CalamineError, ValueError, OSError) as error:
        raise FileUnreadable(
            "The workbook can't be read", where=path.name, remedy=_REMEDY
        ) from error


def _csv_tables(
    content: bytes, path: Path, required: tuple[str, ...]
) -> Iterator[list[list[Cell]]]:
    """Read the text as CSV, strictly: one unclosed quotation mark can't swallow the rows below."""
    text = _decode(content, path)
    delimiter = _delimiter(text, required)
    if delimiter is None:
        return
    try:
        yield [list(row) for row in csv.reader(_lines(text), delimiter=delimiter, strict=True)]
    except csv.Error as error:
        raise FileUnreadable(
            "A quotation mark is not closed, or a cell is too long", where=path.name, remedy=_REMEDY
        ) from error


def _delimiter(text: str, required: tuple[str, ...]) -> str | None:
    """Find the delimiter by which the first row has the columns."""
    for delimiter in _DELIMITERS:
        first = next(csv.reader(_lines(text), delimiter=delimiter), [])
        if {header_key(name) for name in first}.issuperset(required):
            return delimiter
    return None


def _lines(text: str) -> io.StringIO:
    return io.StringIO(text, newline="")


def _decode(content: bytes, path: Path) -> str:
    """Decode what spreadsheets save: UTF-8, UTF-16 with its mark, or Windows-1252."""
    utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileUnreadable("The text's encoding is unknown", where=path.name, remedy=_REMEDY)
