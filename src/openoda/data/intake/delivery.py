"""A delivered file, opened: batches to store, then a report of what became of every record."""

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import pyarrow as pa

from openoda.data.intake.batch import Batch
from openoda.data.intake.delimited import DelimitedReader
from openoda.data.intake.dialect import Dialect, is_parquet
from openoda.data.intake.limits import Limits
from openoda.data.intake.parquet import ParquetReader
from openoda.data.intake.report import IntakeReport
from openoda.standards.table_schema import TableSchema
from openoda.vocabulary.progress import Progress, silent
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


class Delivery:
    """An opened file: iterate once over its batches, then read `report`.

    A refusal may come with any batch (a file can be damaged at its end), so nothing that is stored
    counts until iteration has ended by itself. Use it as a context manager.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._started = False
        self._report: IntakeReport | None = None

    @property
    def columns(self) -> list[str]:
        """The file's columns, in its own order."""
        return list(self._reader.columns)

    @property
    def arrow_schema(self) -> pa.Schema:
        """The schema of every accepted batch: `source_line`, then the columns."""
        return self._reader.arrow_schema

    @property
    def report(self) -> IntakeReport:
        """What became of the delivery, once all of it has been read."""
        if self._report is None:
            raise Misused(
                "The report is asked for before the whole file was read",
                remedy="Iterate over every batch first.",
            )
        return self._report

    def __iter__(self) -> Iterator[Batch]:
        if self._started:
            raise Misused("A delivery is read only once", remedy="Open the file again.")
        self._started = True
        yield from self._reader.batches()
        self._report = self._reader.report

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._reader.close()


def open_delivery(
    path: Path,
    schema: TableSchema | None = None,
    *,
    dialect: Dialect | None = None,
    limits: Limits | None = None,
    progress: Progress = silent,
) -> Delivery:
    """Open a CSV, TSV (or gzip of them) or Parquet file and check its header.

    Without a schema text stays text: an empty field is null, a quoted empty one is "", and nothing
    else is changed. With one, values are typed strictly; those that fail are null and flagged, and
    never cost their row. `dialect` is for delimited text alone and overrides the file's name.
    `progress` counts bytes of the file as delivered.

    Raises FileUnreadable, SchemaInvalid (header or schema) or Misused here; FileUnreadable and
    DataUnfit (uniqueness past its limit) also while iterating.
    """
    bounds = limits or Limits()
    if dialect is None and is_parquet(path):
        return Delivery(ParquetReader(path, schema, bounds, progress))
    return Delivery(DelimitedReader(path, schema, dialect, bounds, progress))
