"""A batch: records with their new clusters, worked out into events.

The rules are those of the package's docstring ("Which id stays"); every step is one pass over arrays.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from openoda.linkage.ledger import ids
from openoda.linkage.ledger.constraints import must_hold
from openoda.linkage.ledger.events import NONE, Change, Flags, Kind, Numbers, no_pairs
from openoda.linkage.ledger.keys import KeyTable, RecordKeys
from openoda.linkage.ledger.state import State
from openoda.vocabulary.refusals import Misused


def _nobody() -> RecordKeys:
    return RecordKeys.of(())


@dataclass(frozen=True, eq=False, repr=False)
class Batch:
    """Records, the cluster of each (numbers without meaning of their own), and records taken away.

    A record of the ledger that isn't listed follows its id; so to move a record, list all of its
    entity.
    """

    records: RecordKeys
    clusters: npt.NDArray[np.integer]
    withdrawn: RecordKeys = field(default_factory=_nobody)


@dataclass(frozen=True)
class _Listed:
    """A batch by numbers: its records, their clusters 0 … `count` - 1, and the records to withdraw.

    Numbers from `known` on are new records, with `keys` and `sources`.
    """

    records: Numbers
    clusters: Numbers
    count: int
    withdrawn: Numbers
    known: int
    keys: pa.Array
    sources: tuple[str, ...]


@dataclass(frozen=True)
class _Homes:
    """Ids and their home clusters, by entity: `entities`, `clusters`, shape (n,)."""

    entities: Numbers
    clusters: Numbers


def batch_change(state: State, batch: Batch, draw: ids.Draw) -> Change:
    """What a batch does. Raises `Misused` where it makes no sense, else `ConstraintsBroken`."""
    listed = _listed(state, batch)
    now = np.concatenate([state.places.all, np.full(len(listed.keys), NONE, np.int32)])
    homes = _homes(now[listed.records], listed)
    keepers = _keepers(state, homes, listed.count)
    _revive(state, listed, now, keepers)
    fresh = _fresh_clusters(listed, keepers)
    bodies = new_bodies(state, len(fresh), draw)
    keepers[fresh] = len(state.entities) + np.arange(len(fresh))
    heir = _heirs(state, homes, keepers)
    after = _after(now, listed, keepers, heir)
    must_hold(
        state, after, "The batch goes against what was said of some records by a person",
        "Give the clustering these constraints, or undo the overrides.",
    )  # fmt: skip
    return _events(state, listed, now, after, heir, bodies)


def _listed(state: State, batch: Batch) -> _Listed:
    if len(batch.records) != len(batch.clusters):
        raise Misused(
            f"{len(batch.records):,} records and {len(batch.clusters):,} clusters were given",
            remedy="Give each record one cluster.",
        )
    if not np.issubdtype(batch.clusters.dtype, np.integer):
        raise Misused(
            "Clusters aren't whole numbers", remedy="Give each record the number of its cluster."
        )
    joined, sources = state.keys.joined(batch.records)
    records = state.keys.numbers(joined)
    unknown = records == NONE
    known = len(state.places)
    records[unknown] = known + np.arange(np.count_nonzero(unknown))
    keys = joined.filter(pa.array(unknown))
    _must_be_once(records, keys)
    names, clusters = np.unique(batch.clusters, return_inverse=True)
    withdrawn = _to_withdraw(state, batch, records)
    return _Listed(records, clusters.astype(np.int32), len(names), withdrawn, known, keys, sources)


def _must_be_once(records: Numbers, new: pa.Array) -> None:
    again = np.bincount(records) - 1
    twice = int(again[again > 0].sum()) + KeyTable().extend(new)
    if twice:
        raise Misused(
            f"{twice:,} records are in the batch more than once",
            remedy="List each record once, with one cluster.",
        )


def _to_withdraw(state: State, batch: Batch, records: Numbers) -> Numbers:
    joined, _ = state.keys.joined(batch.withdrawn)
    withdrawn = np.unique(state.keys.numbers(joined))
    absent = np.count_nonzero(withdrawn == NONE) or np.count_nonzero(
        state.places.all[withdrawn] == NONE
    )
    if absent:
        raise Misused(
            "Records are to be withdrawn that the ledger doesn't hold",
            remedy="Withdraw only records that were added and not withdrawn since.",
        )
    if np.isin(withdrawn, records).any():
        raise Misused(
            "Records are both listed and to be withdrawn",
            remedy="Take them out of one of the two.",
        )
    return withdrawn


def _homes(now: Numbers, listed: _Listed) -> _Homes:
    """Of each id among `now`, (listed records,), the cluster with most of its records.

    Then the one with its earliest record.
    """
    there = now != NONE
    pairs = now[there].astype(np.int64) * listed.count + listed.clusters[there]
    order = np.lexsort((listed.records[there], pairs))
    pairs, firsts, counts = np.unique(pairs[order], return_index=True, return_counts=True)
    entities, clusters = np.divmod(pairs, max(1, listed.count))
    earliest = listed.records[there][order][firsts]
    best = np.lexsort((earliest, -counts, entities))
    chosen, first = np.unique(entities[best], return_index=True)
    return _Homes(chosen.astype(np.int32), clusters[best][first].astype(np.int32))


def _keepers(state: State, homes: _Homes, count: int) -> Numbers:
    """The id that stays in each cluster: the oldest at home there, then the largest; else -1."""
    keepers = np.full(count, NONE, np.int32)
    sizes = state.entities.sizes.all[homes.entities]
    births = state.births(homes.entities)
    order = np.lexsort((homes.entities, -sizes, births, homes.clusters))
    clusters, first = np.unique(homes.clusters[order], return_index=True)
    keepers[clusters] = homes.entities[order][first]
    return keepers


def _revive(state: State, listed: _Listed, now: Numbers, keepers: Numbers) -> None:
    """Give clusters that have no id the retired id of records that come back."""
    back = listed.records < listed.known
    back &= now[listed.records] == NONE
    if not back.any():
        return
    former = np.full(len(listed.records), NONE, np.int32)
    events = state.event_of(state.touched.all[listed.records[back]])
    former[back] = state.events.lefts.all[events]
    entities = state.entities
    retired = (entities.sizes.all[former] == 0) & (entities.heirs.all[former] == NONE)
    former[~retired | (keepers[listed.clusters] != NONE)] = NONE
    revived = _keepers(state, _homes(former, listed), listed.count)
    keepers[revived != NONE] = revived[revived != NONE]


def _fresh_clusters(listed: _Listed, keepers: Numbers) -> Numbers:
    """The clusters that need a new id, in the order of their first records in the batch."""
    clusters, firsts = np.unique(listed.clusters, return_index=True)
    order = clusters[np.argsort(firsts, kind="stable")]
    return np.asarray(order[keepers[order] == NONE], np.int32)


def new_bodies(state: State, count: int, draw: ids.Draw) -> ids.Bodies:
    """New ids, none of which was given before."""
    bodies = ids.drawn(count, draw)
    while (again := _given_before(state, bodies)).any():
        bodies[again] = ids.drawn(int(np.count_nonzero(again)), draw)
    return bodies


def _given_before(state: State, bodies: ids.Bodies) -> Flags:
    again = np.ones(len(bodies), np.bool_)
    again[np.unique(ids.heads(bodies), return_index=True)[1]] = False
    return again | state.entities.taken(bodies)


def _heirs(state: State, homes: _Homes, keepers: Numbers) -> Numbers:
    """To which entity each id goes as a whole, shape (entities,): the keeper at its home, or itself."""
    heirs = np.arange(len(state.entities), dtype=np.int32)
    heirs[homes.entities] = keepers[homes.clusters]
    return heirs


def _after(now: Numbers, listed: _Listed, keepers: Numbers, heirs: Numbers) -> Numbers:
    after = now.copy()
    there = now != NONE
    after[there] = heirs[now[there]]
    after[listed.records] = keepers[listed.clusters]
    after[listed.withdrawn] = NONE
    return after


def _events(
    state: State, listed: _Listed, now: Numbers, after: Numbers, heirs: Numbers, bodies: ids.Bodies
) -> Change:
    """The moves, grouped by the entities between which they go, in the order of kinds."""
    moved = np.flatnonzero(now != after).astype(np.int32)
    lefts, entered = now[moved], after[moved]
    span = len(state.entities) + len(bodies) + 1
    ways, inverse, sizes = np.unique(
        (lefts.astype(np.int64) + 1) * span + entered + 1, return_inverse=True, return_counts=True
    )
    way_lefts, way_entered = (half.astype(np.int32) - 1 for half in np.divmod(ways, span))
    kinds = _kinds(state, way_lefts, way_entered, heirs)
    order = np.lexsort((way_lefts, way_entered, kinds))
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    kinds = kinds[order]
    return Change(
        kinds=kinds,
        lefts=way_lefts[order],
        entered=way_entered[order],
        sizes=sizes[order].astype(np.int32),
        subjects=np.full(len(order), NONE, np.int64),
        aparts=kinds == Kind.SPLIT,
        moved=moved[np.argsort(rank[inverse], kind="stable")],
        pairs=no_pairs(len(order)),
        sources=listed.sources,
        keys=listed.keys,
        bodies=bodies,
        listed=len(listed.records),
    )


def _kinds(state: State, lefts: Numbers, entered: Numbers, heirs: Numbers) -> Numbers:
    """What it is to move from one entity to another."""
    known = len(state.entities)
    split_into = np.unique(entered[(lefts != NONE) & (entered >= known)])
    sizes = np.concatenate([state.entities.sizes.all, np.zeros(1, np.int32)])
    empty = sizes[np.clip(entered, 0, known)] == 0
    choices: list[tuple[Flags, Kind]] = [
        (entered == NONE, Kind.WITHDRAWN),
        ((lefts != NONE) & (heirs[lefts] == entered) if known else lefts != NONE, Kind.MERGED),
        (lefts != NONE, Kind.SPLIT),
        ((entered >= known) & ~np.isin(entered, split_into), Kind.CREATED),
        ((entered < known) & empty, Kind.RETURNED),
    ]
    flags = [flag for flag, _ in choices]
    return np.select(flags, [np.int32(kind) for _, kind in choices], np.int32(Kind.JOINED)).astype(
        np.int32
    )
