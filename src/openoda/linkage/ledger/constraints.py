"""What people have said of pairs of records: of one entity, or of two. It outlasts every batch."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from openoda.linkage.ledger.events import NONE, Flags, Longs, Numbers
from openoda.linkage.ledger.keys import Pair, RecordKeys
from openoda.linkage.ledger.refusals import ConstraintsBroken
from openoda.linkage.ledger.state import State


@dataclass(frozen=True)
class Constraint:
    """Two records are of one entity (`same`), or of two. `event`: the override that says so."""

    event: int
    one: Pair
    other: Pair
    same: bool


@dataclass(frozen=True)
class Said:
    """The overrides in force: `pairs`, shape (n, 2), records by number; `same` and `events`, (n,)."""

    pairs: Numbers
    same: Flags
    events: Longs

    def broken(self, places: Numbers) -> list[int]:
        """The overrides that don't hold where the records are at `places`, each one's entity.

        One of a record that is of no entity now says nothing for the time being.
        """
        one, other = places[self.pairs[:, 0]], places[self.pairs[:, 1]]
        there = (one != NONE) & (other != NONE)
        return [int(event) for event in self.events[there & ((one == other) != self.same)]]


def in_force(state: State) -> Said:
    """The overrides that nobody has undone."""
    made = np.array(state.overrides, np.int64)
    return said_by(state, made[state.events.undone_by.all[made] == NONE])


def said_by(state: State, events: Longs) -> Said:
    """What these overrides say."""
    return Said(state.events.pairs.all[events], ~state.events.aparts.all[events], events)


def constraints(state: State) -> list[Constraint]:
    """The overrides in force, oldest first, by the records' keys."""
    said = in_force(state)
    keys = state.keys.pairs(said.pairs.reshape(-1).astype(np.int32))
    return [
        Constraint(int(event), keys[2 * place], keys[2 * place + 1], bool(same))
        for place, (event, same) in enumerate(zip(said.events, said.same, strict=True))
    ]


def constraints_among(state: State, keys: RecordKeys) -> tuple[Numbers, Numbers]:
    """The same for a clustering of these records: pairs of their places that must be, and mustn't be.

    Two arrays of shape (n, 2). An override of a record that isn't among them is left out.
    """
    joined, _ = state.keys.joined(keys)
    numbers = state.keys.numbers(joined)
    place = np.full(len(state.places) + 1, NONE, np.int32)
    place[numbers] = np.arange(len(numbers))  # unknown ones share the last row
    place[-1] = NONE
    said = in_force(state)
    pairs = place[said.pairs]
    both = (pairs != NONE).all(axis=1)
    return pairs[both & said.same], pairs[both & ~said.same]


def must_hold(state: State, places: Numbers, what: str, remedy: str) -> None:
    """Raise `ConstraintsBroken` unless all that was said holds with the records at `places`."""
    broken = in_force(state).broken(places)
    if broken:
        raise ConstraintsBroken(what, broken, remedy=remedy)


def tied(said: Said, record: int) -> set[int]:
    """The records that are of one entity with this one, by what was said, itself included."""
    found, waiting = {record}, [record]
    neighbours = _neighbours(said)
    while waiting:
        for other in neighbours.get(waiting.pop(), ()):
            if other not in found:
                found.add(other)
                waiting.append(other)
    return found


def contradicting(said: Said, one: int, other: int, same: bool) -> list[int]:
    """The overrides that stand against saying this of two records; empty where none does."""
    ones, others = tied(said, one), tied(said, other)
    if not same:
        return _between(said, ones, ones, same=True) if other in ones else []
    return _between(said, ones, others, same=False)


def _between(said: Said, ones: Iterable[int], others: Iterable[int], same: bool) -> list[int]:
    left, right = list(ones), list(others)
    pairs = said.pairs
    across = (np.isin(pairs[:, 0], left) & np.isin(pairs[:, 1], right)) | (
        np.isin(pairs[:, 0], right) & np.isin(pairs[:, 1], left)
    )
    return [int(event) for event in said.events[across & (said.same == same)]]


def _neighbours(said: Said) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for one, other in said.pairs[said.same].tolist():
        found.setdefault(one, []).append(other)
        found.setdefault(other, []).append(one)
    return found
