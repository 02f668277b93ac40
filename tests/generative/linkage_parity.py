"""One spec and one table through Splink 5 and through our engine: the same pairs, the same weights."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from splink import DuckDBAPI, Linker

from openoda.linkage.comparing.encoding import encoded
from openoda.linkage.pairing import Pairing, joined
from openoda.linkage.scoring import Scorer
from openoda.linkage.spec.conditions import (
    Alike,
    Condition,
    Every,
    Measure,
    Neither,
    Some,
    columns_in,
)
from openoda.linkage.spec.model import Reads, Spec
from openoda.linkage.spec.splink_export import derived_sql, splink_settings
from openoda.linkage.spec.splink_sql import quoted

AGREED = 1e-6
AT_THE_BOUND = 1e-12
FRACTIONAL = frozenset({Measure.JARO, Measure.JARO_WINKLER, Measure.SHARE, Measure.NUMBER})
Weighed = dict[tuple[int, int], float]
"""The weight of each pair: the places of its two records, the left one's first."""
logging.getLogger("splink.internals").setLevel(logging.ERROR)


@dataclass(frozen=True)
class Difference:
    """A pair that one has and the other not, or whose weights are further apart than `AGREED`."""

    pair: tuple[int, int]
    theirs: float | None
    ours: float | None


def splink_weights(
    settings: dict[str, Any], table: pa.Table, sources: Sequence[int] = ()
) -> Weighed:
    """What Splink predicts of the table's rows, whose ids are their places (so sorted as text)."""
    with duckdb.connect() as database:
        found = linker(database, settings, table, sources).inference.predict()
        rows = found.as_duckdbpyrelation().project(
            "unique_id_l::int, unique_id_r::int, match_weight"
        ).fetchall()  # fmt: skip
    return {(left, right): weight for left, right, weight in rows}


def linker(
    database: duckdb.DuckDBPyConnection,
    settings: dict[str, Any],
    table: pa.Table,
    sources: Sequence[int] = (),
) -> Linker:
    """Splink over the rows, dealt to one frame a source."""
    ids = pa.array([f"{row:07d}" for row in range(table.num_rows)])
    table = table.append_column("unique_id", ids)
    api = DuckDBAPI(connection=database)
    frames = []
    for source in sorted(set(sources)) or [0]:
        rows = [row for row, each in enumerate(sources) if each == source]
        database.register("rows", table.take(rows) if sources else table)
        database.execute(f"CREATE TABLE source_{source} AS FROM rows")
        name = f"source_{source}"
        frames.append(api.register(name, dataset_display_name=name))
    return Linker(frames if sources else frames[0], settings, log_level=None)


def our_weights(spec: Spec, table: pa.Table, sources: Sequence[int] = ()) -> Weighed:
    """What we predict."""
    sides = [pair for condition in conditions_of(spec) for pair in columns_in(condition)]
    records = encoded(table.select(spec.used()), [frozenset(pair) for pair in sides])
    pairing = Pairing(records, spec, np.array(sources, np.int32) if sources else None)
    pairs = joined([part for rule in range(len(spec.blocking)) for part in pairing.pairs(rule)])
    weights = Scorer(spec, records).weights(pairs)
    places = zip(pairs.lefts.tolist(), pairs.rights.tolist(), strict=True)
    return dict(zip(places, weights.tolist(), strict=True))


def faults(
    spec: Spec, table: pa.Table, sources: Sequence[int] = (), settings: dict[str, Any] | None = None
) -> list[Difference]:
    """Every difference that isn't of floating point at a level's bound.

    It is of that kind where moving the bounds of the spec's fractional measures by `AT_THE_BOUND`, up
    or down, gives the very weight that Splink gives.
    """
    theirs = splink_weights(settings or splink_settings(spec), table, sources)
    table = with_derived(spec, table)
    found = differences(theirs, our_weights(spec, table, sources))
    for by in (AT_THE_BOUND, -AT_THE_BOUND) if found else ():
        moved = our_weights(nudged(spec, by), table, sources)
        found = [each for each in found if not agree(each.theirs, moved.get(each.pair))]
    return found


def differences(theirs: Weighed, ours: Weighed) -> list[Difference]:
    """Every pair of which they don't agree, in order."""
    return [
        Difference(pair, theirs.get(pair), ours.get(pair))
        for pair in sorted(theirs.keys() | ours.keys())
        if not agree(theirs.get(pair), ours.get(pair))
    ]


def agree(one: float | None, other: float | None) -> bool:
    """Whether two weights are the same, or both absent."""
    return one is other or (
        one is not None and other is not None and abs(one - other) <= AGREED
    )  # fmt: skip


def with_derived(spec: Spec, table: pa.Table) -> pa.Table:
    """The table with the columns that the spec works out, by the database that Splink asks."""
    for column in spec.columns:
        if not column.made_from:
            continue
        with duckdb.connect() as database:
            database.register("plain", table)
            one, *others = map(quoted, column.made_from)
            sql = derived_sql(column) or (
                f"CASE WHEN {one} IS NOT NULL AND {others[0]} IS NOT NULL THEN "
                f"{{'latitude': {one}, 'longitude': {others[0]}}} END"
            )
            values = database.sql(f"SELECT {sql} AS derived FROM plain").to_arrow_table()["derived"]
        if column.reads is Reads.DATE:
            values = values.cast(pa.date32())
        table = table.append_column(column.name, values)
    return table


def nudged(spec: Spec, by: float) -> Spec:
    """The spec with the bounds of fractional measures moved a little."""
    return replace(
        spec,
        blocking=tuple(
            replace(rule, also=rule.also and _nudged(rule.also, by)) for rule in spec.blocking
        ),
        comparisons=tuple(
            replace(each, levels=tuple(
                replace(level, when=_nudged(level.when, by)) for level in each.levels
            ))
            for each in spec.comparisons
        ),
    )  # fmt: skip


def _nudged(condition: Condition, by: float) -> Condition:
    match condition:
        case Alike(measure, _, bound) if measure in FRACTIONAL:
            return replace(condition, bound=bound + by * max(1.0, abs(bound)))
        case Every(of):
            return Every(tuple(_nudged(part, by) for part in of))
        case Some(of):
            return Some(tuple(_nudged(part, by) for part in of))
        case Neither(of):
            return Neither(_nudged(of, by))
    return condition


def conditions_of(spec: Spec) -> list[Condition]:
    """Every condition of the spec."""
    asked = [rule.also for rule in spec.blocking if rule.also]
    return [*asked, *(level.when for each in spec.comparisons for level in each.levels)]


def trained(
    settings: dict[str, Any], table: pa.Table, certain: Sequence[str], by: Sequence[str]
) -> dict[str, Any]:
    """The settings as Splink trains and saves them: prior, u by sampling, m by EM `by` each rule."""
    with duckdb.connect() as database:
        model = linker(database, settings, table)
        model.training.estimate_probability_two_random_records_match(list(certain), recall=0.7)
        model.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
        for rule in by:
            model.training.estimate_parameters_using_expectation_maximisation(rule)
        saved: dict[str, Any] = model.misc.save_model_to_json()
    return saved
