"""A sheet of a workbook: its header, then every row accepted or set aside, every cell accounted for.

Our own reader rather than a library's: those at hand turn errors and dates that never were into
blanks or other values without a word, and long numbers into rounded ones.
"""

from collections import deque
from collections.abc import Iterator
from pathlib import Path

from openoda.data.intake.archive import Archive
from openoda.data.intake.assembly import Aside, Assembler, Doubt, Gathered
from openoda.data.intake.batch import Batch
from openoda.data.intake.dialect import Dialect
from openoda.data.intake.hashing import hash_of
from openoda.data.intake.header import check_against
from openoda.data.intake.limits import Limits
from openoda.data.intake.sheet_cells import CellReader
from openoda.data.intake.sheet_header import SheetHeader, read_sheet_header
from openoda.data.intake.sheet_hidden import hidden_beside, hidden_notes, instead
from openoda.data.intake.sheet_merged import Inside
from openoda.data.intake.sheet_rows import Row, SheetRows, letters, merged_ranges
from openoda.data.intake.workbook import Sheet, Workbook
from openoda.standards.table_schema import Field, TableSchema
from openoda.vocabulary.progress import Progress, Step
from openoda.vocabulary.refusals import FileUnreadable, SchemaInvalid

BLANK, FOOTER = "blank row", "a footer row, as the schema file says"
INSIDE_MERGED = "inside a merged cell, whose value stands elsewhere"
OUTSIDE, GIVEN_TWICE = "outside the columns that the header names", "the cell is stored twice"


class XlsxReader:
    """Reads one sheet of a workbook; `source_line` is the row's number."""

    def __init__(
        self,
        path: Path,
        schema: TableSchema | None,
        dialect: Dialect,
        limits: Limits,
        progress: Progress,
    ) -> None:
        self._where, self._progress, self._dialect = path.name, progress, dialect
        self._limits = limits
        self._archive = Archive(path, limits)
        try:
            self._sha256, self._size = hash_of(self._archive.file)
            self._workbook = workbook = Workbook(self._archive, limits)
            self._sheet = chosen(workbook.sheets, dialect.table, self._where)
            self._cells = CellReader(workbook.texts(), workbook.moments(), workbook.from_1904)
            self._hidden = hidden_beside(workbook, self._sheet)
            self._merged = merged_ranges(workbook, self._sheet)
            self._rows = iter(SheetRows(workbook, self._sheet, limits))
            self._header = self._read_header(schema)
            self.columns = self._header.names
            if schema is not None:
                check_against(self.columns, schema, self._where)
            self._assembler = Assembler(self.columns, schema, limits, self._where)
        except BaseException:
            self.close()
            raise
        fields = {field.name: field for field in schema.fields} if schema else {}
        self._fields: list[Field | None] = [fields.get(name) for name in self.columns]
        self._inside = Inside(self._merged, self._header.left, len(self.columns))
        self.arrow_schema = self._assembler.arrow_schema

    def _read_header(self, schema: TableSchema | None) -> SheetHeader:
        """The header; the refusal of a sheet without one names hidden sheets that have rows."""
        try:
            return read_sheet_header(
                self._rows,
                self._cells,
                self._merged,
                self._dialect,
                schema,
                self._where,
                self._limits,
            )
        except SchemaInvalid as refusal:
            if other := instead(self._workbook, self._hidden, self._limits):
                refusal.remedy += f" Or {other}."
            raise

    def close(self) -> None:
        """Close the file."""
        self._archive.close()

    def batches(self) -> Iterator[Batch]:
        """Yield the records; footer rows and runs of blank ones are set aside."""
        found, before = self._assembler.gathering(), self._header.last_row
        held: deque[Row] = deque()
        for row in self._filled():
            held.append(row)
            if len(held) > self._dialect.footer_rows:
                before = self._add(found, held.popleft(), before)
            if found.full():
                yield self._batch(found)
                found = self._assembler.gathering()
        for row in held:
            self._add_blank(found, before + 1, row.number - 1)
            found.aside.append(self._aside(row.number, row.number, self._raw(row), FOOTER))
            before = row.number
        yield self._batch(found)
        self._require_same()
        self.report = self._assembler.report(
            self._sha256,
            self._size,
            form="xlsx",
            header_lines=self._header.last_row,
            notes=self._notes(),
        )

    def _filled(self) -> Iterator[Row]:
        """The rows that hold a value; cells that are merely formatted are none."""
        yield from self._header.after
        for row in self._rows:
            if any(cell.value or cell.formula is not None for cell in row.cells.values()):
                yield row

    def _batch(self, found: Gathered) -> Batch:
        self._progress(Step(f"Reading {self._where}", found.lines[-1] if found.lines else 0, 0))
        lines = found.lines

        def place(column: int, row: int) -> str:
            first = self._header.left + column
            inside = column < len(self.columns)
            return f"{letters(first)}{lines[row]}" if inside else f"row {lines[row]}"

        return self._assembler.batch(found, place)

    def _add(self, found: Gathered, row: Row, before: int) -> int:
        """One row of the sheet as a record; returns its number."""
        self._add_blank(found, before + 1, row.number - 1)
        here, left, width = len(found.rows), self._header.left, len(self.columns)
        values: list[str | None] = [None] * width
        for column, cell in row.cells.items():
            at = column - left
            if not 0 <= at < width:
                read = self._cells.read(cell)
                if read.text is not None or read.doubt:
                    found.doubts.append(
                        Doubt(
                            here, width, read.text or read.raw, OUTSIDE, f"column {letters(column)}"
                        )
                    )
                continue
            read = self._cells.read(cell, self._fields[at])
            values[at] = read.text
            if read.doubt:
                found.doubts.append(Doubt(here, at, read.raw, read.doubt))
        for column in row.twice:
            if 0 <= column - left < width:
                text = values[column - left]
                found.doubts.append(Doubt(here, column - left, text, GIVEN_TWICE))
        for at in self._inside.columns(row.number):
            if values[at] is None:
                found.doubts.append(Doubt(here, at, None, INSIDE_MERGED))
        found.lines.append(row.number)
        found.rows.append(values)
        return row.number

    def _add_blank(self, found: Gathered, first: int, last: int) -> None:
        """Rows without a value between others: one record set aside for each run of them."""
        if first <= last:
            found.aside.append(self._aside(first, last, b"", BLANK))

    def _aside(self, first: int, last: int, raw: bytes, reason: str) -> Aside:
        return Aside(first, last, raw, reason, place=f"{self._sheet.name}!{first}:{last}")

    def _raw(self, row: Row) -> bytes:
        read = [self._cells.read(row.cells[column]) for column in sorted(row.cells)]
        texts = [each.text if each.text is not None else each.raw or "" for each in read]
        return "\t".join(texts).encode("utf-8", "backslashreplace")

    def _require_same(self) -> None:
        if hash_of(self._archive.file)[0] != self._sha256:
            raise FileUnreadable(
                "The file changed while it was read",
                where=self._where,
                remedy="Load it again once nothing writes to it.",
            )

    def _notes(self) -> tuple[str, ...]:
        notes = [f"sheet {self._sheet.name}"]
        if self._sheet.hidden:
            notes.append("the sheet is hidden in the workbook")
        notes += hidden_notes(self._hidden)
        if not self._assembler.accepted + self._assembler.quarantined:
            other = instead(self._workbook, self._hidden, self._limits)
            notes += [f"the sheet has no rows; {other}"] * bool(other)
        return tuple(notes)


def chosen(sheets: list[Sheet], wanted: str, where: str) -> Sheet:
    """The sheet that is asked for, or the only visible one; refuses to choose among several."""
    visible = [sheet for sheet in sheets if not sheet.hidden]
    if wanted:
        named = [sheet for sheet in sheets if sheet.name == wanted]
        if named:
            return named[0]
    elif len(visible) == 1 or len(sheets) == 1:
        return (visible or sheets)[0]
    names = ", ".join(sheet.name[:60] for sheet in (visible or sheets)[:10])
    what = f"There is no sheet called {wanted}" if wanted else "The workbook has several sheets"
    raise FileUnreadable(
        what,
        where=where,
        remedy=f"Name one of them (option --table): {names}.",
    )
