"""A proposal for one file: look at a sample, try intake itself on it, and write down what fits."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from openoda.data.intake.dialect import Dialect
from openoda.data.intake.encodings import UTF8
from openoda.data.intake.limits import Limits
from openoda.data.intake.propose.columns import ColumnEvidence, propose_column
from openoda.data.intake.propose.forms import Opened, open_source, propose_form
from openoda.data.intake.propose.sample import SampledSource
from openoda.data.intake.propose.text_form import Form
from openoda.data.intake.readers import Reader, Wanted, reader_of
from openoda.data.intake.resource import descriptor_of
from openoda.data.intake.sources import MemberSource, Source
from openoda.standards.table_schema import TableSchema
from openoda.vocabulary.progress import Progress, silent
from openoda.vocabulary.refusals import FileUnreadable

PROFILE = "https://datapackage.org/profiles/2.0/dataresource.json"
ROWS = 200_000
MOST_CELLS = 4_000_000
_CELLS = {"xlsx": 250_000}  # the slowest to read


_OTHERS_NAMED = 10


@dataclass(frozen=True)
class Proposal:
    """How a file seems to be written and what its columns seem to hold.

    `notes` are the evidence for the dialect, `unsure` that it must be looked at; `rows` and `set_aside`
    what intake made of the sample (`sampled` in words). No value of the data stands in any of it but
    in the columns' `examples`.
    """

    file: str
    dialect: Dialect
    columns: tuple[ColumnEvidence, ...]
    notes: tuple[str, ...]
    sampled: str
    rows: int
    set_aside: int
    unsure: bool = False

    @property
    def doubtful(self) -> bool:
        """Whether anything in it stays open, so that the analyst must choose."""
        return self.unsure or any(column.doubtful for column in self.columns)

    def descriptor(self) -> dict[str, Any]:
        """The schema file: a Data Resource with its dialect and its schema, and the evidence."""
        encoding = {"encoding": self.dialect.encoding} if self.dialect.encoding else {}
        return {
            "$schema": PROFILE,
            "name": re.sub(r"[^a-z0-9]+", "-", self.file.split(".")[0].lower()).strip("-")
            or "data",
            "path": self.file,
            "format": self.dialect.format,
            **encoding,
            "dialect": descriptor_of(self.dialect),
            "schema": {"fields": [column.descriptor for column in self.columns]},
            "evidence": {
                "sample": self.sampled,
                "dialect": list(self.notes),
                "fields": [column.as_json(examples=False) for column in self.columns],
            },
        }

    def as_json(self, *, examples: bool) -> dict[str, Any]:
        """What was found, with examples of values only where they may be shown."""
        return {
            "file": self.file,
            "format": self.dialect.format,
            "encoding": self.dialect.encoding,
            "dialect": descriptor_of(self.dialect),
            "evidence": list(self.notes),
            "sample": self.sampled,
            "rows": self.rows,
            "set_aside": self.set_aside,
            "doubtful": self.doubtful,
            "columns": [column.as_json(examples=examples) for column in self.columns],
        }


def propose(
    path: Path,
    told: Dialect | None = None,
    limits: Limits | None = None,
    progress: Progress = silent,
) -> Proposal:
    """Look at a file and propose its dialect and schema; stores nothing.

    What is `told` is kept and not looked for. Raises FileUnreadable or SchemaInvalid where the file
    can't be read at all, or where only the analyst can choose (which sheet, which table).
    """
    bounds = limits or Limits()
    with ExitStack() as closing:
        opened = open_source(path, told or Dialect(), bounds, closing)
        form = propose_form(opened.source, opened.told, bounds)
        how = Wanted(_names_only(form), form.dialect, bounds, progress)
        reader = closing.enter_context(_closed(_reader(opened.source, form, how)))
        columns, rows, aside, whole = _read(reader, form)
        if not reader.columns:
            raise _no_columns(path.name)
        seen = form.sampled or (f"all {rows:,} rows" if whole else f"the first {rows:,} rows")
        found = tuple(_column(name, columns[name]) for name in reader.columns)
        if form.dialect.format == "parquet":
            found = _flagged(found, opened.source, how)
    dialect = replace(form.dialect, table=_table(form, opened, told))
    notes = (*form.notes, *_of_others(opened))
    return Proposal(path.name, dialect, found, notes, seen, rows, aside, form.doubtful)


def _of_others(opened: Opened) -> tuple[str, ...]:
    """What an archive holds besides the table that was looked at."""
    if not opened.others:
        return ()
    named = ", ".join(opened.others[:_OTHERS_NAMED]) + (
        ", …" if len(opened.others) > _OTHERS_NAMED else ""
    )
    return (
        f"only {opened.source.name.name} was looked at; the archive also holds {named}: intake takes "
        "all of them, if their columns are the same; else name one with --table",
    )


def _table(form: Form, opened: Opened, told: Dialect | None) -> str:
    """What the schema file names: as told, else the sheet; in an archive after the member's name."""
    if told and told.table:
        return told.table
    table = form.dialect.table
    if isinstance(opened.source, MemberSource):
        return f"{opened.member}/{table}" if table and opened.member else ""
    return table


def _no_columns(where: str) -> FileUnreadable:
    return FileUnreadable(
        "The file holds no record that shows what its columns are",
        where=where,
        remedy='Each record must be an object of its own ({"id": 1}), in one list or one a line; if '
        "one list is spread over lines, name the file .json. Else ask for the table as CSV.",
    )


def _names_only(form: Form) -> TableSchema | None:
    """Names for the columns of a file without a header: column_1 and so on."""
    if form.dialect.header_rows or not form.fields:
        return None
    fields = [{"name": f"column_{place}"} for place in range(1, form.fields + 1)]
    return TableSchema.from_descriptor({"fields": fields})


class _closed(ExitStack):  # noqa: N801  (reads as a word at its one use)
    """Closes a reader at the end."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self._reader = reader
        self.callback(reader.close)

    def __enter__(self) -> Reader:  # type: ignore[override]
        return self._reader


def _reader(source: Source, form: Form, how: Wanted) -> Reader:
    """Intake's own reader, on the sample where there is one, else on the file."""
    name = form.dialect.format
    if form.text is None:
        return reader_of(name, source, how)
    told = replace(form.dialect, encoding=UTF8)
    return reader_of(name, SampledSource(form.text, source.name), replace(how, told=told))


def _read(reader: Reader, form: Form) -> tuple[dict[str, pa.ChunkedArray], int, int, bool]:
    """The columns of the first rows, how many rows, how many set aside, and whether that is all."""
    held: list[pa.RecordBatch] = []
    rows = aside = 0
    whole = True
    for batch in _some(reader):
        held.append(batch.accepted)
        rows += batch.accepted.num_rows
        aside += batch.quarantined.num_rows
        if rows >= ROWS or rows * len(reader.columns) >= _CELLS.get(
            form.dialect.format, MOST_CELLS
        ):
            whole = False
            break
    table = pa.Table.from_batches(held, reader.arrow_schema)
    return {name: table[name] for name in reader.columns}, rows, aside, whole


def _some(reader: Reader) -> Iterator[Any]:
    yield from reader.batches()


_TYPES = (
    (pa.types.is_integer, "integer"),
    (pa.types.is_floating, "number"),
    (pa.types.is_decimal, "number"),
    (pa.types.is_boolean, "boolean"),
    (pa.types.is_date, "date"),
    (pa.types.is_time, "time"),
)


def _flagged(
    found: tuple[ColumnEvidence, ...], source: Source, how: Wanted
) -> tuple[ColumnEvidence, ...]:
    """The columns with what intake would flag of them by the types they have in the file.

    A table's own numbers and times may lie beyond what a schema's types hold (NaN, nanoseconds).
    """
    fields = {"fields": [column.descriptor for column in found]}
    reader = reader_of("parquet", source, replace(how, schema=TableSchema.from_descriptor(fields)))
    flags: Counter[str] = Counter()
    with _closed(reader):
        rows = 0
        for batch in reader.batches():
            flags.update(batch.flags["column"].to_pylist())
            rows += batch.accepted.num_rows
            if rows >= ROWS:
                break
    return tuple(_less(column, flags[column.name]) for column in found)


def _less(column: ColumnEvidence, flags: int) -> ColumnEvidence:
    if not flags:
        return column
    share = max(0.0, 1.0 - flags / max(column.values, 1))
    note = f"{column.note}; {flags:,} values would be flagged, type string keeps them as text"
    return replace(column, share=share, note=note, doubtful=True)


def _column(name: str, values: pa.ChunkedArray) -> ColumnEvidence:
    """A column of text is looked at; one that has a type already keeps it."""
    if pa.types.is_string(values.type):
        return propose_column(name, values)
    kind = next((each for fits, each in _TYPES if fits(values.type)), "")
    descriptor: dict[str, Any] = {"name": name, "type": kind or "string"}
    if pa.types.is_timestamp(values.type):
        zoned = values.type.tz is not None
        descriptor["type"] = "datetime"
        if not zoned:
            descriptor["format"] = "%Y-%m-%d %H:%M:%S"
    missing = values.null_count
    note = f"the file's own type, {values.type}"
    return ColumnEvidence(name, descriptor, 1.0, len(values) - missing, missing, note)
