"""Columns of text turned into typed columns by a schema, with a flag for each value that fails."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from openoda.data.intake.batch import FLAGS, SOURCE_LINE
from openoda.data.intake.casting import Places, Typed, arrow_type
from openoda.data.intake.constraints import checked_cast, nulled
from openoda.data.intake.report import LINES_SHOWN, Tally
from openoda.data.intake.uniqueness import SeenValues
from openoda.standards.table_schema import TableSchema

# Turns one column of the file into a typed one; "as text" gives what a flag quotes.
Convert = Callable[[pa.Array], Typed]
Place = Callable[[int, int], str | None]


@dataclass(frozen=True)
class Flagged:
    """Places in one column that are flagged for one reason.

    `raw` is their text where the column no longer holds it; `name` that of a column outside the table.
    """

    column: int
    places: Places
    reason: str
    raw: tuple[str | None, ...] | None = None
    name: str = ""


def converters(names: list[str], schema: TableSchema | None) -> list[Convert]:
    """One function a column, in the file's order; without a schema text stays as it is."""
    if schema is None:
        return [Typed for _ in names]
    by_name = {field.name: field for field in schema.fields}
    return [checked_cast(by_name[name], schema) for name in names]


def accepted_schema(names: list[str], schema: TableSchema | None) -> pa.Schema:
    """The Arrow schema of accepted rows: the source line, then the file's columns."""
    kinds = {field.name: arrow_type(field) for field in schema.fields} if schema else {}
    columns = [pa.field(name, kinds.get(name, pa.string())) for name in names]
    return pa.schema([SOURCE_LINE, *columns])


def overlong(text: pa.StringArray, typed: Typed, limit: int) -> Typed:
    """The typed column with values of over `limit` bytes nulled and named."""
    offsets = np.frombuffer(text.buffers()[1] or bytes(4), dtype=np.int32)
    lengths = np.diff(offsets[text.offset : text.offset + len(text) + 1])
    if not len(lengths) or lengths.max() <= limit:
        return typed
    places = np.flatnonzero(lengths > limit)
    reason = f"longer than {limit:,} bytes"
    return Typed(nulled(typed.values, places), ((places, reason), *typed.bad))


def flagged(results: list[Typed]) -> list[Flagged]:
    """What the converters found, column by column."""
    return [
        Flagged(column, places, reason)
        for column, typed in enumerate(results)
        for places, reason in typed.bad
    ]


def without_doubles(found: list[Flagged]) -> list[Flagged]:
    """The same with each cell flagged once, for the reason that comes first."""
    taken: dict[tuple[int, str], list[Places]] = {}
    kept = []
    for each in found:
        before = taken.setdefault((each.column, each.name), [])
        if before:
            new = ~np.isin(each.places, np.concatenate(before))
            each = replace(
                each,
                places=each.places[new],
                raw=each.raw
                and tuple(text for text, is_new in zip(each.raw, new, strict=True) if is_new),
            )
        before.append(each.places)
        if len(each.places):
            kept.append(each)
    return kept


def flag_batch(
    found: list[Flagged],
    names: list[str],
    raw: list[pa.Array],
    lines: npt.NDArray[np.int64],
    tally: Tally,
    place: Place | None = None,
) -> pa.RecordBatch:
    """One row a flagged value, in order of line and column; counts them in `tally`.

    `place` says where a value is (its column from 0, its row in this batch) where a line doesn't.
    """
    if not found:
        return pa.RecordBatch.from_pylist([], schema=FLAGS)
    parts = []
    for each in found:
        at = lines[each.places]
        name = each.name or names[each.column]
        tally.add(each.reason, name, len(at), at[:LINES_SHOWN])
        text = _raw(each, raw)
        count = len(at)
        parts.append(
            pa.RecordBatch.from_arrays(
                [
                    pa.array(at),
                    pa.repeat(name, count),
                    text,
                    pa.repeat(each.reason, count),
                    _places(each, place),
                ],
                schema=FLAGS,
            )
        )
    table = pa.Table.from_batches(parts)
    columns = np.concatenate([np.full(len(each.places), each.column) for each in found])
    order = np.lexsort((columns, np.concatenate([lines[each.places] for each in found])))
    return table.take(pa.array(order)).combine_chunks().to_batches()[0]


def _raw(found: Flagged, columns: list[pa.Array]) -> pa.StringArray:
    if found.raw is not None:
        return pa.array(found.raw, pa.string())
    return columns[found.column].take(pa.array(found.places)).cast(pa.string())


def _places(found: Flagged, place: Place | None) -> pa.Array:
    if place is None:
        return pa.nulls(len(found.places), pa.string())
    return pa.array([place(found.column, int(row)) for row in found.places], pa.string())


class UniqueChecks:
    """The `unique` constraints and the primary key, held across the batches of one file."""

    def __init__(self, names: list[str], schema: TableSchema | None, limit: int) -> None:
        keys: list[tuple[str, ...]] = []
        if schema is not None:
            keys = [(f.name,) for f in schema.fields if f.constraints.unique]
            if schema.primary_key and schema.primary_key not in keys:
                keys.append(schema.primary_key)
        self._checks = [
            ([names.index(name) for name in key], SeenValues("The key " + ", ".join(key), limit))
            for key in keys
        ]

    def repeats(self, columns: list[pa.Array]) -> list[Flagged]:
        """Values met before in this file (flagged on the key's first column, kept as they are)."""
        found = []
        for places, seen in self._checks:
            repeated = seen.repeats([columns[place] for place in places])
            what = "not unique" if len(places) == 1 else "primary key not unique"
            if len(repeated):
                found.append(Flagged(places[0], repeated, what))
        return found
