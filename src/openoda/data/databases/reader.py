"""Rows of a database read as a delivery: typed by the schema, counted, and hashed."""

import json
from collections import Counter
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from openoda.data.databases.address import ENGINES, UNTESTED, DatabaseAddress
from openoda.data.databases.content_hash import ContentHash
from openoda.data.databases.rows import TableRows, TextBatch
from openoda.data.databases.wanted import Wanted
from openoda.data.intake.assembly import Aside, Assembler, Doubt
from openoda.data.intake.batch import Batch
from openoda.data.intake.header import check_against
from openoda.data.intake.limits import Limits
from openoda.data.intake.report import IntakeReport
from openoda.standards.table_schema import TableSchema
from openoda.vocabulary.progress import Progress, Step
from openoda.vocabulary.refusals import SchemaInvalid, SourceUnavailable

TOO_LONG = "record over the size limit"


class DatabaseReader:
    """Reads a table or query as intake reads a file (`intake.delivery.Reader`).

    `source_line` is the row's number in the order the database gave. The report's `sha256` is that of
    the rows' text in that order, `bytes` the length of that text. A row over the limit of a record is
    quarantined, its values kept as JSON.
    """

    def __init__(
        self,
        rows: TableRows,
        address: DatabaseAddress,
        wanted: Wanted,
        schema: TableSchema | None,
        limits: Limits,
        progress: Progress,
    ) -> None:
        self._rows, self._limits, self._progress = rows, limits, progress
        self._address, self._wanted = address, wanted
        self._where = wanted.name
        self.columns = list(rows.columns)
        _check_names(self.columns, limits, self._where)
        if schema is not None:
            check_against(self.columns, schema, self._where)
        self._assembler = Assembler(self.columns, schema, limits, self._where)
        self.arrow_schema: pa.Schema = self._assembler.arrow_schema
        self._hash = ContentHash(self.columns)
        self.report: IntakeReport

    def close(self) -> None:
        """End the transaction."""
        self._rows.close()

    def batches(self) -> Iterator[Batch]:
        """Yield the rows; the last step holds them against the database's own count."""
        task, taken = f"Reading {self._where}", 0
        for part in self._rows.batches():
            self._hash.add(part.columns)
            size = len(part.columns[0])
            yield self._batch(part, taken)
            taken += size
            self._progress(Step(task, taken, self._rows.count or 0))
        if self._rows.count is not None and taken != self._rows.count:
            raise SourceUnavailable(
                f"The database counts {self._rows.count:,} rows and gave {taken:,}, so none is kept",
                where=self._where,
                remedy="Run it again; if it stays so, read from a copy that nothing writes to.",
            )
        self.report = self._assembler.report(
            self._hash.hexdigest(), self._hash.size, form=self._address.engine, notes=self._notes()
        )

    def _batch(self, part: TextBatch, taken: int) -> Batch:
        found = self._assembler.gathering()
        size = len(part.columns[0])
        lines = np.arange(taken + 1, taken + size + 1)
        big = _too_long(part.columns, self._limits.record)
        columns, doubts = part.columns, part.doubts
        if len(big):
            found.aside += [self._aside(columns, int(row), int(lines[row])) for row in big]
            columns, doubts, lines = _without(big, columns, doubts, lines)
        found.lines = lines.tolist()
        found.doubts = doubts
        return self._assembler.batch_of(columns, found)

    def _aside(self, columns: list[pa.StringArray], row: int, line: int) -> Aside:
        values = {
            name: column[row].as_py() for name, column in zip(self.columns, columns, strict=True)
        }
        raw = json.dumps(values, ensure_ascii=False).encode("utf-8", "backslashreplace")
        return Aside(line, line, raw, TOO_LONG)

    def _notes(self) -> tuple[str, ...]:
        found = [*self._rows.notes]
        if self._wanted.query:
            found.append(f"query of SHA-256 {self._wanted.digest}")
        if self._address.engine in UNTESTED:
            found.append(f"{ENGINES[self._address.engine]} has not been tried on a server")
        return tuple(found)


def _check_names(names: list[str], limits: Limits, where: str) -> None:
    """Refuse columns without a name of their own, or too many of them."""
    twice = [name for name, count in Counter(names).items() if count > 1]
    empty = [str(place) for place, name in enumerate(names, 1) if not name.strip()]
    if twice or empty:
        said = f"names used twice: {', '.join(twice)}" if twice else f"no name: {', '.join(empty)}"
        raise SchemaInvalid(
            f"The columns haven't each a name of their own ({said})",
            where=where,
            remedy="Name each in the query with AS.",
        )
    if not 0 < len(names) <= limits.columns:
        raise SchemaInvalid(
            f"It has {len(names):,} columns, where 1 to {limits.columns:,} are allowed",
            where=where,
            remedy="Ask for the columns that are needed with --query.",
        )


def _too_long(columns: list[pa.StringArray], limit: int) -> npt.NDArray[np.int64]:
    """The rows whose values together are longer than the limit, in bytes."""
    total = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        offsets = np.frombuffer(column.buffers()[1] or bytes(4), dtype=np.int32)
        total += np.diff(offsets[column.offset : column.offset + len(column) + 1])
    return np.flatnonzero(total > limit)


def _without(
    rows: npt.NDArray[np.int64],
    columns: list[pa.StringArray],
    doubts: list[Doubt],
    lines: npt.NDArray[np.int64],
) -> tuple[list[pa.StringArray], list[Doubt], npt.NDArray[np.int64]]:
    """Columns, doubts and line numbers without these rows."""
    kept = np.setdiff1d(np.arange(len(lines)), rows)
    places = {int(old): new for new, old in enumerate(kept)}
    moved = [
        Doubt(places[each.row], each.column, each.raw, each.reason, each.name)
        for each in doubts
        if each.row in places
    ]
    at = pa.array(kept)
    return [column.take(at) for column in columns], moved, lines[kept]
