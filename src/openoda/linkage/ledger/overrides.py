"""A person's word on two records: of one entity, or of two."""

from collections.abc import Iterable

import numpy as np

from openoda.linkage.ledger import ids
from openoda.linkage.ledger.batches import new_bodies
from openoda.linkage.ledger.constraints import contradicting, in_force, must_hold, tied
from openoda.linkage.ledger.events import NONE, Change, Kind, Numbers
from openoda.linkage.ledger.keys import Pair, RecordKeys
from openoda.linkage.ledger.refusals import ConstraintsBroken
from openoda.linkage.ledger.state import State
from openoda.vocabulary.refusals import Misused

_REMEDY = "Undo the overrides that say otherwise, if they are wrong."


def same_change(state: State, one: Pair, other: Pair) -> Change:
    """What it does to say that two records are of one entity: theirs become one.

    Raises `Misused` for a record that isn't in the ledger, `ConstraintsBroken` where people have
    said otherwise of these two, or of others of their entities.
    """
    pair = _numbers(state, (one, other))
    _must_agree(state, pair, same=True)
    left, right = state.places.all[pair].tolist()
    if left == right:
        return _override(pair, same=True)
    keeper, merged = (left, right) if _age(state, left) < _age(state, right) else (right, left)
    moved = state.records_in(np.array([merged], np.int32))
    places = state.places.all.copy()
    places[moved] = keeper
    must_hold(
        state, places, "It would make one entity of others that a person has said are two", _REMEDY
    )
    return _override(pair, same=True, way=(merged, keeper), moved=moved)


def apart_change(
    state: State, one: Pair, other: Pair, going: Iterable[Pair], draw: ids.Draw
) -> Change:
    """What it does to say that two records are of two entities.

    Where they are of one, the second leaves it, with those that a person tied to it and with the
    records `going`. The smaller of the two parts gets a new id; if they are equal, the one without the
    earliest record. Raises as `same_change`.
    """
    pair = _numbers(state, (one, other))
    _must_agree(state, pair, same=False)
    left, right = state.places.all[pair].tolist()
    together = _numbers(state, going)
    if pair[0] in together:
        raise Misused(
            "The first record can't go along with the second",
            remedy="Leave it out of those that go along.",
        )
    if (state.places.all[together] != right).any():
        raise Misused(
            "Records are to go along that are of another entity",
            remedy="Name only records that are of one entity with the second now.",
        )
    if left != right:
        return _override(pair, same=False)
    whole = state.records_in(np.array([left], np.int32))
    part = np.union1d(together, [*tied(in_force(state), int(pair[1]))])
    moved = _smaller(whole, np.intersect1d(whole, part))
    entity = len(state.entities)
    places = state.places.all.copy()
    places[moved] = entity
    must_hold(state, places, "It would part records that a person has said are of one", _REMEDY)
    bodies = new_bodies(state, 1, draw)
    return _override(pair, same=False, way=(left, entity), moved=moved, bodies=bodies)


def _numbers(state: State, pairs: Iterable[Pair]) -> Numbers:
    """The numbers of records that must be in the ledger now."""
    keys = RecordKeys.of(pairs)
    numbers = state.keys.numbers(state.keys.joined(keys)[0])
    if (numbers == NONE).any() or (state.places.all[numbers] == NONE).any():
        raise Misused(
            "A record that an override names isn't in the ledger",
            remedy="Name records by their source and id there, once they were added.",
        )
    return numbers


def _must_agree(state: State, pair: Numbers, same: bool) -> None:
    one, other = pair.tolist()
    if one == other:
        raise Misused("An override names one record twice", remedy="Name two records.")
    against = contradicting(in_force(state), one, other, same)
    if against:
        raise ConstraintsBroken("A person has said otherwise", against, remedy=_REMEDY)


def _age(state: State, entity: int) -> tuple[int, int, int]:
    """What decides which of two ids stays: the act of its birth, then its size, then its number."""
    born = int(state.births(np.array([entity], np.int32))[0])
    return born, -int(state.entities.sizes.all[entity]), entity


def _smaller(whole: Numbers, part: Numbers) -> Numbers:
    """Of a part of some records and the rest, the one that gets a new id."""
    rest = np.setdiff1d(whole, part)
    if len(part) != len(rest):
        return part if len(part) < len(rest) else rest
    return part if part.min() > rest.min() else rest


def _override(
    pair: Numbers,
    same: bool,
    way: tuple[int, int] = (NONE, NONE),
    moved: Numbers | None = None,
    bodies: ids.Bodies | None = None,
) -> Change:
    records = np.zeros(0, np.int32) if moved is None else moved.astype(np.int32)
    left, entered = way
    return Change(
        kinds=np.array([Kind.OVERRIDDEN], np.int32),
        lefts=np.array([left], np.int32),
        entered=np.array([entered], np.int32),
        sizes=np.array([len(records)], np.int32),
        subjects=np.array([NONE], np.int64),
        aparts=np.array([not same], np.bool_),
        moved=records,
        pairs=pair.reshape(1, 2).astype(np.int32),
        bodies=np.zeros((0, ids.LENGTH), np.uint8) if bodies is None else bodies,
    )
