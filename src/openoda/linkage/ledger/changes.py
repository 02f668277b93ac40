"""What changed since: the events after an act, and what became of every id that they touched."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from openoda.linkage.ledger import ids
from openoda.linkage.ledger.events import NONE, Flags, Kind, Numbers
from openoda.linkage.ledger.state import State

_NAMES = pa.array([kind.name.lower() for kind in Kind], pa.string())


@dataclass(frozen=True)
class Changes:
    """What happened after the act `since`, until the act `until`.

    `counts`: how many events of each kind. `events`: one row an event (`event`, `act`, `kind`, `left`,
    `entered`, `records`, `subject`, `undone_by`). `renamed`: for each id that lived then and has lost
    records to others, which id has them now (`old_id`, `new_id`, `records`, `old_lives`). `new_ids`: ids
    that live now and did not then; `retired`: ids that lived then and stand for nobody now.
    """

    since: int
    until: int
    counts: dict[str, int]
    events: pa.Table
    renamed: pa.Table
    new_ids: tuple[str, ...]
    retired: tuple[str, ...]


def changes_since(state: State, act: int) -> Changes:
    """Compare the state with what it was when this act (0: none) was done."""
    table = state.events
    first = int(np.searchsorted(table.acts.all, act, side="right"))
    kinds = table.kinds.all[first:]
    counted = np.bincount(kinds, minlength=len(Kind))
    old, new, touched = _old_and_new(state, first)
    return Changes(
        since=act,
        until=len(state.acts),
        counts={kind.name.lower(): int(counted[kind]) for kind in Kind},
        events=_event_rows(state, first),
        renamed=_renamed(state, old, new),
        new_ids=tuple(_texts(state, _new_ids(state, touched, first))),
        retired=tuple(_texts(state, _retired(state, old))),
    )


def _old_and_new(state: State, first: int) -> tuple[Numbers, Numbers, Numbers]:
    """Of the records that were moved: their entity then, and now; and all entities moved into."""
    table = state.events
    start = int(table.starts.all[first])
    sizes = np.diff(table.starts.all[first:])
    lefts = np.repeat(table.lefts.all[first:], sizes)
    records, earliest = np.unique(table.moved.all[start:], return_index=True)
    return lefts[earliest], state.places.all[records], np.unique(table.entered.all[first:])


def _renamed(state: State, old: Numbers, new: Numbers) -> pa.Table:
    elsewhere = (old != NONE) & (new != NONE) & (old != new)
    span = len(state.entities) + 1
    ways, sizes = np.unique(
        old[elsewhere].astype(np.int64) * span + new[elsewhere], return_counts=True
    )
    lefts, entered = np.divmod(ways, span)
    return pa.table(
        {
            "old_id": _column(state, lefts.astype(np.int32)),
            "new_id": _column(state, entered.astype(np.int32)),
            "records": pa.array(sizes, pa.int64()),
            "old_lives": pa.array(state.living[lefts]),
        }
    )


def _new_ids(state: State, touched: Numbers, first: int) -> Numbers:
    """Of the entities moved into, those that live now and held no record then."""
    entered = touched[touched != NONE]
    entered = entered[state.living[entered]]
    return np.asarray(entered[_empty_then(state, entered, first)], np.int32)


def _empty_then(state: State, entities: Numbers, first: int) -> Flags:
    """Whether each held no record before event `first`: its size then, from the moves since."""
    table = state.events
    sizes = np.diff(table.starts.all[first:])
    balance = state.entities.sizes.all.astype(np.int64)
    for way, sign in ((table.lefts.all[first:], 1), (table.entered.all[first:], -1)):
        real = way != NONE
        np.add.at(balance, way[real], sign * sizes[real])
    return np.asarray(balance[entities] == 0)


def _retired(state: State, old: Numbers) -> Numbers:
    before = np.unique(old[old != NONE])
    gone = ~state.living[before] & (state.entities.heirs.all[before] == NONE)
    return np.asarray(before[gone], np.int32)


def _event_rows(state: State, first: int) -> pa.Table:
    table = state.events
    numbers = np.arange(first, len(table))
    return pa.table(
        {
            "event": pa.array(numbers, pa.int64()),
            "act": pa.array(table.acts.all[first:], pa.int64()),
            "kind": _NAMES.take(pa.array(table.kinds.all[first:])),
            "left": _column(state, table.lefts.all[first:]),
            "entered": _column(state, table.entered.all[first:]),
            "records": pa.array(np.diff(table.starts.all[first:]), pa.int64()),
            "subject": _optional(table.subjects.all[first:]),
            "undone_by": _optional(table.undone_by.all[first:]),
        }
    )


def _optional(numbers: np.ndarray[tuple[int], np.dtype[np.int64]]) -> pa.Array:
    return pa.array(numbers, pa.int64(), mask=numbers == NONE)


def _column(state: State, entities: Numbers) -> pa.Array:
    """Ids of entities, each made into text once; null for none."""
    used, which = np.unique(entities[entities != NONE], return_inverse=True)
    places = np.zeros(len(entities), np.int64)
    places[entities != NONE] = which
    texts = pa.array(_texts(state, used), pa.string())
    return texts.take(pa.array(places, mask=entities == NONE))


def _texts(state: State, entities: Numbers) -> list[str]:
    return ids.texts(state.kind, state.entities.bodies.all[entities])
