"""Fixed-width text: each field stands between two columns of the line, told by the schema file.

Columns are counted in characters from 1. The spaces that pad a field are taken off; what stands
outside every field must be blank.
"""

from collections.abc import Iterator

from openoda.data.intake.assembly import Aside, Assembler, Doubt, Gathered
from openoda.data.intake.batch import Batch
from openoda.data.intake.byte_source import ByteSource
from openoda.data.intake.dialect import Dialect
from openoda.data.intake.header import check_against
from openoda.data.intake.limits import Limits
from openoda.data.intake.line_spans import line_spans
from openoda.data.intake.window import Span, Window
from openoda.standards.table_schema import TableSchema
from openoda.vocabulary.progress import Progress, Step
from openoda.vocabulary.refusals import SchemaInvalid

BLANK, NUL, OUTSIDE = "blank line", "NUL byte", "text outside the fields"
ENDS_EARLY = "the line ends before this field"


class FixedWidthReader:
    """Reads one file; the dialect's `positions` say where its fields are."""

    def __init__(
        self,
        source: ByteSource,
        schema: TableSchema | None,
        dialect: Dialect,
        limits: Limits,
        progress: Progress,
    ) -> None:
        self._where, self._progress, self._limits = source.path.name, progress, limits
        self._dialect = dialect
        self._window = Window(source, dialect.encoding, limits)
        try:
            check_positions(dialect.positions, self._where)
            self._lines = line_spans(self._window)
            self._spans = iter(span for spans in self._lines for span in spans)
            self.columns = self._names(schema)
            if schema is not None:
                check_against(self.columns, schema, self._where)
            self._assembler = Assembler(self.columns, schema, limits, self._where)
        except BaseException:
            self.close()
            raise
        self.arrow_schema = self._assembler.arrow_schema

    def close(self) -> None:
        """Close the file."""
        self._window.source.close()

    def _names(self, schema: TableSchema | None) -> list[str]:
        """The columns' names: from the header's line, else from the schema, in its order."""
        rows, count = self._dialect.header_rows, len(self._dialect.positions)
        if not rows and schema is not None and len(schema.names) == count:
            return schema.names
        if len(rows) != 1:
            raise SchemaInvalid(
                f"The names of the {count} fixed-width columns aren't given",
                where=self._where,
                remedy="Give as many fields in the schema as positions, or one line in headerRows.",
            )
        header = next((span for span in self._spans if span.line == rows[0]), None)
        if header is None or header.fault:
            raise SchemaInvalid(
                f"There is no header on line {rows[0]}",
                where=self._where,
                remedy="Correct headerRows in the schema file.",
            )
        text = header.text.decode("utf-8", "replace").rstrip("\r\n")
        return [value or "" for value in self._cut(text)]

    def _cut(self, text: str) -> list[str | None]:
        return [
            text[first - 1 : last].strip(" ") or None for first, last in self._dialect.positions
        ]

    def batches(self) -> Iterator[Batch]:
        """Yield the records, every line of the file one."""
        source = self._window.source
        found = self._assembler.gathering()
        for span in self._spans:
            self._add(found, span)
            if found.full():
                yield self._assembler.batch(found)
                found = self._assembler.gathering()
                self._progress(Step(f"Reading {self._where}", source.taken, source.size))
        yield self._assembler.batch(found)
        self._progress(Step(f"Reading {self._where}", source.taken, source.size))
        text = self._window.text
        rows = self._dialect.header_rows
        self.report = self._assembler.report(
            source.sha256,
            source.taken,
            form="fixed",
            header_lines=rows[-1] if rows else 0,
            encoding=text.encoding,
            notes=(f"{text.encoding}: {text.evidence}",),
        )

    def _add(self, found: Gathered, span: Span) -> None:
        fault, text = span.fault, ""
        if not fault:
            try:
                text = span.text.decode().rstrip("\r\n")
            except UnicodeDecodeError:
                fault = f"not {self._window.text.encoding.replace('utf-8', 'UTF-8')}"
        fault = fault or _fault(text, self._dialect.positions)
        if fault:
            raw = span.raw if span.fault else self._window.in_file(span.text)
            cut = span.cut or (not span.fault and span.end - span.start > self._limits.raw)
            found.aside.append(
                Aside(span.line, span.last_line, raw, fault, "", span.start, span.end, cut)
            )
            return
        for column, (first, _) in enumerate(self._dialect.positions):
            if first > len(text):
                found.doubts.append(Doubt(len(found.rows), column, None, ENDS_EARLY))
        found.lines.append(span.line)
        found.rows.append(self._cut(text))


def _fault(text: str, positions: tuple[tuple[int, int], ...]) -> str:
    """Why a line is no record; empty if it is one."""
    if not text.strip(" "):
        return BLANK
    if "\0" in text:
        return NUL
    end = 0
    for first, last in positions:
        if text[end : first - 1].strip(" "):
            return OUTSIDE
        end = last
    return OUTSIDE if text[end:].strip(" ") else ""


def check_positions(positions: tuple[tuple[int, int], ...], where: str) -> None:
    """Refuse positions that are none, overlap or run backwards."""
    end = 0
    for first, last in positions:
        if not end < first <= last:
            raise SchemaInvalid(
                f"The fixed-width positions {first} to {last} overlap those before, or run backwards",
                where=where,
                remedy="Give each field's first and last column, counted from 1, in rising order.",
            )
        end = last
    if not positions:
        raise SchemaInvalid(
            "The positions of the fixed-width fields aren't given",
            where=where,
            remedy=f"Let `oda propose {where}` look for them, and give the schema file it writes.",
        )
