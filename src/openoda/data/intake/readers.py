"""Which reader reads which format: the one place to add another.

A reader offers what `Reader` says and is made by a function of `_READERS`. Databases by URL and
downloads come in the same way: a `Source` that yields their bytes, or a reader of their own.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa

from openoda.data.intake.batch import Batch
from openoda.data.intake.delimited import DelimitedReader
from openoda.data.intake.dialect import STREAMED, Dialect
from openoda.data.intake.fixed_width import FixedWidthReader
from openoda.data.intake.json_reader import JsonReader
from openoda.data.intake.limits import Limits
from openoda.data.intake.parquet import ParquetReader
from openoda.data.intake.report import IntakeReport
from openoda.data.intake.sources import Source
from openoda.data.intake.sqlite_reader import SqliteReader
from openoda.data.intake.xlsx_reader import XlsxReader
from openoda.standards.table_schema import TableSchema
from openoda.vocabulary.progress import Progress
from openoda.vocabulary.refusals import Misused


class Reader(Protocol):
    """What a format must offer: its columns when opened, batches, then a report."""

    columns: list[str]
    arrow_schema: pa.Schema
    report: IntakeReport

    def batches(self) -> Iterator[Batch]:
        """Yield the records once, and set `report` when all of them add up."""

    def close(self) -> None:
        """Let go of the file and stop what is under way."""


@dataclass(frozen=True)
class Wanted:
    """How a file is to be read: its schema, its dialect as told, and within which limits."""

    schema: TableSchema | None
    told: Dialect | None
    limits: Limits
    progress: Progress

    @property
    def dialect(self) -> Dialect:
        """The dialect, all defaults where none is told."""
        return self.told or Dialect()


def _delimited(source: Source, how: Wanted) -> Reader:
    return DelimitedReader(source.stream(), how.schema, how.told, how.limits, how.progress)


def _fixed(source: Source, how: Wanted) -> Reader:
    return FixedWidthReader(source.stream(), how.schema, how.dialect, how.limits, how.progress)


def _parquet(source: Source, how: Wanted) -> Reader:
    return ParquetReader(source.file(), how.schema, how.limits, how.progress)


def _xlsx(source: Source, how: Wanted) -> Reader:
    return XlsxReader(source.file(), how.schema, how.dialect, how.limits, how.progress)


def _json(form: str) -> Callable[[Source, Wanted], Reader]:
    def made(source: Source, how: Wanted) -> Reader:
        return JsonReader(source.stream, how.schema, how.dialect, how.limits, how.progress, form)

    return made


def _sqlite(form: str) -> Callable[[Source, Wanted], Reader]:
    def made(source: Source, how: Wanted) -> Reader:
        return SqliteReader(source.file(), how.schema, how.dialect, how.limits, how.progress, form)

    return made


_READERS: dict[str, Callable[[Source, Wanted], Reader]] = {
    "csv": _delimited,
    "fixed": _fixed,
    "parquet": _parquet,
    "xlsx": _xlsx,
    **{form: _json(form) for form in ("json", "jsonl", "geojson")},
    **{form: _sqlite(form) for form in ("sqlite", "gpkg")},
}


def reader_of(form: str, source: Source, how: Wanted) -> Reader:
    """A reader for a format other than an archive. Refuses (Misused) a table of what has none."""
    if how.dialect.table and form in (*STREAMED, "parquet"):
        raise Misused(
            f"A file of this format ({form}) has no tables to choose among",
            where=source.name.name,
            remedy="Leave out --table, and sheetName or table in the schema file.",
        )
    return _READERS[form](source, how)
