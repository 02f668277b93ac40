"""Columns of text turned into typed columns by a schema, with a flag for each value that fails."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from openoda.data.intake.batch import FLAGS, SOURCE_LINE
from openoda.data.intake.casting import Places, Typed, arrow_type
from openoda.data.intake.constraints import checked_cast
from openoda.data.intake.report import LINES_SHOWN, Tally
from openoda.data.intake.uniqueness import SeenValues
from openoda.standards.table_schema import TableSchema

# Turns one column of the file into a typed one; "as text" gives what a flag quotes.
Convert = Callable[[pa.Array], Typed]


@dataclass(frozen=True)
class Flagged:
    """Places in one column that are flagged for one reason."""

    column: int
    places: Places
    reason: str


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


def flagged(results: list[Typed]) -> list[Flagged]:
    """What the converters found, column by column."""
    return [
        Flagged(column, places, reason)
        for column, typed in enumerate(results)
        for places, reason in typed.bad
    ]


def without_doubles(found: list[Flagged]) -> list[Flagged]:
    """The same with each cell flagged once, for the reason that comes first."""
    taken: dict[int, list[Places]] = {}
    kept = []
    for each in found:
        before = taken.setdefault(each.column, [])
        fresh = each.places
        if before:
            fresh = fresh[~np.isin(fresh, np.concatenate(before))]
        before.append(fresh)
        if len(fresh):
            kept.append(Flagged(each.column, fresh, each.reason))
    return kept


def flag_batch(
    found: list[Flagged],
    names: list[str],
    raw: list[pa.Array],
    lines: npt.NDArray[np.int64],
    tally: Tally,
) -> pa.RecordBatch:
    """One row a flagged value, in order of line and column; counts them in `tally`."""
    if not found:
        return pa.RecordBatch.from_pylist([], schema=FLAGS)
    parts = []
    for each in found:
        at = lines[each.places]
        tally.add(each.reason, names[each.column], len(at), at[:LINES_SHOWN])
        text = raw[each.column].take(pa.array(each.places)).cast(pa.string())
        count = len(at)
        parts.append(
            pa.RecordBatch.from_arrays(
                [
                    pa.array(at),
                    pa.repeat(names[each.column], count),
                    text,
                    pa.repeat(each.reason, count),
                ],
                schema=FLAGS,
            )
        )
    table = pa.Table.from_batches(parts)
    columns = np.concatenate([np.full(len(each.places), each.column) for each in found])
    order = np.lexsort((columns, np.concatenate([lines[each.places] for each in found])))
    return table.take(pa.array(order)).combine_chunks().to_batches()[0]


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
