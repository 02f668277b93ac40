"""Accuracy against a reference: do the values of the same thing agree in a dataset that is trusted?"""

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from openoda.data.quality.findings import PLACES_KEPT
from openoda.data.quality.gathering import Read
from openoda.data.quality.issues import Place
from openoda.data.quality.rule_runs import FILE, LINE, quoted
from openoda.engines import duckdb
from openoda.vocabulary.refusals import Misused

RULE = "Equal once case, and spaces at either end, are set aside; only where both hold a value"


@dataclass(frozen=True)
class ColumnAgreement:
    """One column held against the reference's: rows compared, rows that differ, the first of them."""

    column: str
    compared: int
    differ: int
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Agreement:
    """How a delivery agrees with a reference. `matched`: rows whose key the reference has once."""

    reference: str
    key: str
    rows: int
    matched: int
    columns: tuple[ColumnAgreement, ...]


def agreement(
    read: Read,
    columns: Sequence[str],
    reference: str,
    read_reference: Read,
    reference_columns: Sequence[str],
    key: str,
) -> Agreement:
    """Hold each column that both have against the reference, row by row, by `key`.

    Keys that the reference has twice are left out: which row is meant can't be told. Refuses
    (Misused) where a side lacks the key or they have no other column in common.
    """
    for side, names in (("the file", columns), (reference, reference_columns)):
        if key not in names:
            raise Misused(
                f"There is no column called {key} in {side}",
                where="--key",
                remedy=f"Name a column that both have. {side} has: {', '.join(names)}.",
            )
    shared = [name for name in columns if name in reference_columns and name != key]
    if not shared:
        raise Misused(
            f"The file and {reference} have no column in common but the key",
            where="--reference",
            remedy="Name columns alike where they mean the same.",
        )
    found, rows, matched = [], 0, 0
    for name in shared:
        tables = {
            "mine": _table(read, [FILE, LINE, key, name]),
            "theirs": _table(read_reference, [key, name]),
        }
        rows = tables["mine"].num_rows
        one, matched = _compare(tables, key, name)
        found.append(one)
    return Agreement(reference, key, rows, matched, tuple(found))


def _table(read: Read, names: Sequence[str]) -> pa.Table:
    table = pa.Table.from_batches(list(read(names)))
    if FILE not in names:
        return table
    place = table.schema.get_field_index(FILE)
    return table.set_column(place, FILE, table[FILE].cast(pa.string()))


def _same(column: str) -> str:
    return f"upper(trim(cast({column} as varchar)))"


def _compare(tables: dict[str, pa.Table], key: str, name: str) -> tuple[ColumnAgreement, int]:
    own, value = quoted(key), quoted(name)
    joined = (
        f"with once as (select {_same(own)} as k, any_value({value}) as v from theirs "  # noqa: S608
        f"where {own} is not null group by 1 having count(*) = 1), "
        f'pairs as (select "{FILE}" as f, "{LINE}" as l, {_same("mine." + value)} as a, '
        f"{_same('once.v')} as b from mine join once on {_same('mine.' + own)} = once.k) "
    )
    counting = (
        "select count(*) as matched, count(*) filter (a <> '' and b <> '') as compared, "
        "count(*) filter (a <> '' and b <> '' and a <> b) as differ from pairs"
    )
    listing = (
        "select f, l from pairs where a <> '' and b <> '' and a <> b "  # noqa: S608
        f"order by l, f limit {PLACES_KEPT}"
    )
    counted = duckdb.query(joined + counting, tables, where="--reference").to_pylist()[0]
    first = duckdb.query(joined + listing, tables, where="--reference").to_pylist()
    places = tuple(Place(str(row["f"]), int(row["l"])) for row in first)
    return ColumnAgreement(name, counted["compared"], counted["differ"], places), counted["matched"]
