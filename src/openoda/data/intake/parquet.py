"""Parquet, read in batches: its own types are kept, or held against a schema."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import IO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from openoda.data.intake.batch import QUARANTINED, SOURCE_LINE, Batch
from openoda.data.intake.byte_source import open_file
from openoda.data.intake.casting import Typed, arrow_type
from openoda.data.intake.constraints import Rule, check, checked_cast, nulled, rules_for
from openoda.data.intake.hashing import hash_of
from openoda.data.intake.header import check_against, check_names
from openoda.data.intake.limits import Limits
from openoda.data.intake.report import IntakeReport, Tally
from openoda.data.intake.typed_columns import (
    Convert,
    UniqueChecks,
    accepted_schema,
    flag_batch,
    flagged,
    overlong,
    without_doubles,
)
from openoda.standards.table_schema import TableSchema
from openoda.vocabulary.progress import Progress, Step
from openoda.vocabulary.refusals import FileUnreadable, SchemaInvalid

ROWS = 65_536


class ParquetReader:
    """Reads one Parquet file; `source_line` is the row number. No row of it is ever quarantined:
    a damaged page refuses the file, since nobody can say which rows it held.
    """

    def __init__(
        self, path: Path, schema: TableSchema | None, limits: Limits, progress: Progress
    ) -> None:
        self._where, self._progress = path.name, progress
        self._longest = limits.field
        self._file = open_file(path)
        try:
            self._sha256, self._size = hash_of(self._file)
            self._table = _open(self._file, self._where)
            kinds = self._table.schema_arrow
            _refuse_nested(kinds, self._where)
            check_names(kinds.names, self._where)
            if schema is not None:
                check_against(kinds.names, schema, self._where)
        except BaseException:
            self._file.close()
            raise
        self.columns = kinds.names
        self.arrow_schema = (
            accepted_schema(kinds.names, schema)
            if schema
            else pa.schema([SOURCE_LINE, *(pa.field(f.name, _plain(f.type)) for f in kinds)])
        )
        self._converters = _converters(kinds, schema)
        self._unique = UniqueChecks(self.columns, schema, limits.unique_values)
        self._tally = Tally()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def batches(self) -> Iterator[Batch]:
        """Yield the rows; the last step checks that the file's own count was met."""
        rows = flags = 0
        for batch in self._read():
            rows += batch.accepted.num_rows
            flags += batch.flags.num_rows
            total = max(self._table.metadata.num_rows, 1)
            self._progress(Step(f"Reading {self._where}", self._size * rows / total, self._size))
            yield batch
        self._require_whole(rows)
        self.report = IntakeReport(
            rows_in=rows,
            accepted=rows,
            quarantined=0,
            flagged_values=flags,
            problems=self._tally.problems(),
            sha256=self._sha256,
            bytes=self._size,
            header_lines=0,
            columns=tuple(self.columns),
            format="parquet",
        )

    def _read(self) -> Iterator[Batch]:
        before = 0
        try:
            for table in self._table.iter_batches(ROWS):
                yield self._batch(table, before)
                before += table.num_rows
        except (pa.ArrowException, OSError) as error:
            raise _damaged(self._where) from error

    def _batch(self, table: pa.RecordBatch, before: int) -> Batch:
        lines = np.arange(before + 1, before + 1 + table.num_rows, dtype=np.int64)
        given = [_decoded(column) for column in table.columns]
        typed = [
            self._within_limit(column, convert(column))
            for convert, column in zip(self._converters, given, strict=True)
        ]
        values = [each.values for each in typed]
        found = without_doubles(flagged(typed) + self._unique.repeats(values))
        flags = flag_batch(found, self.columns, given, lines, self._tally)
        accepted = pa.RecordBatch.from_arrays([pa.array(lines), *values], schema=self.arrow_schema)
        return Batch(accepted, pa.RecordBatch.from_pylist([], schema=QUARANTINED), flags)

    def _within_limit(self, given: pa.Array, typed: Typed) -> Typed:
        """The typed column, its overlong texts nulled and named as in every other format."""
        return overlong(given, typed, self._longest) if pa.types.is_string(given.type) else typed

    def _require_whole(self, rows: int) -> None:
        if rows != self._table.metadata.num_rows or hash_of(self._file)[0] != self._sha256:
            raise FileUnreadable(
                "The file changed while it was read, or holds fewer rows than it says",
                where=self._where,
                remedy="Load it again once nothing writes to it.",
            )


def _open(file: IO[bytes], where: str) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(file, page_checksum_verification=True)
    except (pa.ArrowException, OSError) as error:
        raise _damaged(where) from error


def _damaged(where: str) -> FileUnreadable:
    return FileUnreadable(
        "The file isn't sound Parquet",
        where=where,
        remedy="Ask for the file again; nothing of it was kept.",
    )


def _refuse_nested(kinds: pa.Schema, where: str) -> None:
    bad = [
        f"{field.name} ({field.type})"
        for field in kinds
        if pa.types.is_nested(field.type)
        or pa.types.is_binary(_plain(field.type))
        or pa.types.is_large_binary(field.type)
        or pa.types.is_fixed_size_binary(field.type)
    ]
    if bad:
        raise SchemaInvalid(
            "Columns that hold no plain values: " + ", ".join(each[:100] for each in bad[:10]),
            where=where,
            remedy="Export them as separate columns or as text.",
        )


def _plain(kind: pa.DataType) -> pa.DataType:
    """The type as accepted rows have it: dictionaries unpacked, one kind of string."""
    if pa.types.is_dictionary(kind):
        return _plain(kind.value_type)
    views = (pa.types.is_large_string, pa.types.is_string_view)
    return pa.string() if any(is_kind(kind) for is_kind in views) else kind


def _decoded(column: pa.Array) -> pa.Array:
    kind = _plain(column.type)
    plain = column if column.type == kind else column.cast(kind)
    if pa.types.is_string(kind):
        plain.validate(full=True)  # Parquet doesn't promise that its text is UTF-8
    return plain


def _converters(kinds: pa.Schema, schema: TableSchema | None) -> list[Convert]:
    """A column of numbers or times is converted as such; any other goes by way of text."""
    if schema is None:
        return [Typed for _ in kinds]
    fields = {field.name: field for field in schema.fields}
    found: list[Convert] = []
    for column in kinds:
        field = fields[column.name]
        required = field.constraints.required or field.name in schema.primary_key
        target = arrow_type(field)
        if _of_one_family(_plain(column.type), target):
            rules = rules_for(field, schema)
            found.append(partial(_check_typed, target=target, rules=rules, required=required))
        else:
            found.append(partial(_by_text, cast=checked_cast(field, schema)))
    return found


def _of_one_family(kind: pa.DataType, target: pa.DataType) -> bool:
    """Whether values of one type can be the same values in the other."""
    if pa.types.is_boolean(kind) or pa.types.is_time(kind):
        return bool(kind == target or (pa.types.is_time(kind) and pa.types.is_time(target)))
    numbers = [pa.types.is_integer(each) or pa.types.is_floating(each) for each in (kind, target)]
    moments = [pa.types.is_date(each) or pa.types.is_timestamp(each) for each in (kind, target)]
    zones = [getattr(each, "tz", None) is None for each in (kind, target)]
    return all(numbers) or (all(moments) and zones[0] == zones[1])


def _check_typed(
    column: pa.Array, *, target: pa.DataType, rules: list[Rule], required: bool
) -> Typed:
    """Convert each value that stays the same in the new type; null and name the others."""
    values = column.cast(target, safe=False)
    same = pc.equal(values.cast(column.type, safe=False), column)
    if pa.types.is_floating(column.type):
        same = pc.and_(same, pc.is_finite(column))
    bad = np.flatnonzero(pc.invert(pc.fill_null(same, True)).to_numpy(zero_copy_only=False))
    named = ((bad, f"not exactly a value of type {target}"),) if len(bad) else ()
    typed = Typed(nulled(values, bad) if len(bad) else values, named)
    return check(column.cast(pa.string()), typed, rules, required)


def _by_text(column: pa.Array, *, cast: Convert) -> Typed:
    return cast(column if pa.types.is_string(column.type) else column.cast(pa.string()))
