"""The header of a sheet: the rows that the dialect names, merged cells spread over their range."""

from collections.abc import Iterator
from dataclasses import dataclass

from openoda.data.intake.dialect import Dialect
from openoda.data.intake.limits import Limits
from openoda.data.intake.sheet_cells import CellReader
from openoda.data.intake.sheet_rows import Merged, Row
from openoda.standards.table_schema import TableSchema
from openoda.vocabulary.refusals import SchemaInvalid


@dataclass(frozen=True)
class SheetHeader:
    """The columns' names, the first one's column (from 0), the header's last row (0 for none).

    `after` are rows below it that were read already.
    """

    names: list[str]
    left: int
    last_row: int
    after: list[Row]


def read_sheet_header(
    rows: Iterator[Row],
    cells: CellReader,
    merged: list[Merged],
    dialect: Dialect,
    schema: TableSchema | None,
    where: str,
    limits: Limits,
) -> SheetHeader:
    """Read the rows up to the header; refuses a sheet without one where it should be."""
    wanted = dialect.header_rows
    if not wanted:
        if schema is None:
            raise _refused("The sheet is said to have no header, and no schema names its columns",
                           where)  # fmt: skip
        return SheetHeader(schema.names, 0, 0, [])
    texts: dict[int, dict[int, str]] = {}
    after: list[Row] = []
    for row in rows:
        if row.number > wanted[-1]:
            after = [row] if any(cell.value for cell in row.cells.values()) else []
            break
        if row.number >= wanted[0]:
            read = {column: cells.read(cell).text for column, cell in row.cells.items()}
            texts[row.number] = {column: text for column, text in read.items() if text}
    filled = _spread(texts, merged, wanted)
    if not any(filled.values()):
        raise _refused(f"Row {wanted[0]} is blank, where the columns' names should be", where)
    names = header_names(filled, wanted, dialect.header_join)
    left, right = min(names), max(names)
    if right - left + 1 > limits.columns:
        raise _refused(f"The header spans over {limits.columns:,} columns", where)
    full = [names.get(column, "") for column in range(left, right + 1)]
    return SheetHeader(full, left, wanted[-1], after)


def _spread(
    texts: dict[int, dict[int, str]], merged: list[Merged], wanted: tuple[int, ...]
) -> dict[int, dict[int, str]]:
    """The header's texts with those of merged cells in every column of their range.

    In the last row a range across columns is left alone: it would give two columns one name.
    """
    filled = {row: dict(texts.get(row, {})) for row in wanted}
    for each in merged:
        text = texts.get(each.top, {}).get(each.left)
        if text and each.top in filled and each.top != wanted[-1]:
            for column in range(each.left, each.right + 1):
                filled[each.top].setdefault(column, text)
    return filled


def header_names(
    filled: dict[int, dict[int, str]], wanted: tuple[int, ...], join: str
) -> dict[int, str]:
    """Each column's name: its texts from top to bottom, one that repeats the one above left out."""
    names: dict[int, str] = {}
    for column in sorted({column for row in filled.values() for column in row}):
        parts: list[str] = []
        for row in wanted:
            text = filled[row].get(column)
            if text and (not parts or parts[-1] != text):
                parts.append(text)
        names[column] = join.join(parts)
    return names


def _refused(what: str, where: str) -> SchemaInvalid:
    return SchemaInvalid(
        what,
        where=where,
        remedy=f"Let `oda propose {where}` look for the header, and give the schema file that it "
        "writes.",
    )
