"""A delivered file, opened: batches to store, then a report of what became of every record."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa

from openoda.data.intake.batch import Batch
from openoda.data.intake.data_like import data_like
from openoda.data.intake.dialect import Dialect, format_of, is_zip
from openoda.data.intake.limits import Limits
from openoda.data.intake.readers import Reader, Wanted, reader_of
from openoda.data.intake.report import IntakeReport
from openoda.data.intake.sources import FileSource
from openoda.data.intake.zip_reader import ZipReader
from openoda.standards.table_schema import TableSchema
from openoda.vocabulary.progress import Progress, silent
from openoda.vocabulary.refusals import Misused


class Delivery:
    """An opened file: iterate once over its batches, then read `report`.

    A refusal may come with any batch (a file can be damaged at its end), so nothing that is stored
    counts until iteration has ended by itself. Use it as a context manager.
    """

    def __init__(self, reader: Reader, *, named_by_file: bool = False) -> None:
        self._reader = reader
        self._named_by_file = named_by_file
        self._started = False
        self._report: IntakeReport | None = None

    @property
    def columns(self) -> list[str]:
        """The file's columns, in its own order."""
        return list(self._reader.columns)

    @property
    def names_like_data(self) -> str:
        """What in the columns' names looks like data; empty where nothing does.

        Empty too where a schema or a database gives the names.
        """
        return data_like(self.columns) if self._named_by_file else ""

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
        report = self._reader.report
        self._report = replace(report, notes=(*self._cautions(report), *report.notes))

    def _taken_as_utc(self) -> list[str]:
        """The columns that a schema calls a date and time and gives no pattern for."""
        if self._named_by_file:
            return []
        return [each.name for each in self.arrow_schema if each.type == pa.timestamp("us", "UTC")]

    def _cautions(self, report: IntakeReport) -> Iterator[str]:
        """What was found of the file as a whole that its reader needn't know."""
        if not report.rows_in:
            yield "no record at all: nothing stands below the names of the columns"
        if zoned := self._taken_as_utc():
            yield (
                f"a date and time without a zone is taken as UTC in: {', '.join(zoned)} (to keep "
                "it without one, give the format %Y-%m-%dT%H:%M:%S in the schema)"
            )
        if self.names_like_data:
            yield (
                f"the names of the columns look like data ({self.names_like_data}): if the first "
                'line is a record, give a schema file that says "header": false'
            )

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
    """Open a file of any format that is read, and check its header.

    Delimited text, fixed-width text, JSON, JSON lines, GeoJSON (these also as .gz), XLSX, Parquet,
    SQLite, GeoPackage, and ZIP of them; the name says which, or `dialect` does. Without a schema text
    stays text: an empty field is null, a quoted empty one is "", and nothing else is changed. With
    one, values are typed strictly; those that fail are null and flagged, and never cost their row.
    `progress` counts bytes of the file as delivered (rows, where a format isn't read by its bytes).

    Raises FileUnreadable, SchemaInvalid (header or schema) or Misused here; FileUnreadable and
    DataUnfit (uniqueness past its limit) also while iterating.
    """
    how = Wanted(schema, dialect, limits or Limits(), progress)
    if is_zip(path, dialect):
        reader: Reader = ZipReader(path, how)
    else:
        reader = reader_of(format_of(path, dialect), FileSource(path, how.limits), how)
    return Delivery(reader, named_by_file=schema is None)
