"""Undoing events: what was moved goes back, if nothing later stands on it."""

from collections.abc import Iterator, Sequence

import numpy as np

from openoda.linkage.ledger.constraints import Said, contradicting, in_force, said_by
from openoda.linkage.ledger.events import NONE, Change, Flags, Kind, Longs, Numbers, no_pairs
from openoda.linkage.ledger.refusals import ConstraintsBroken, LaterEventsDepend
from openoda.linkage.ledger.state import State
from openoda.vocabulary.refusals import Misused


def undo_change(state: State, events: Sequence[int]) -> Change:
    """What undoing these events together does.

    Undoing an undoing restores what it undid; undoing a restoring undoes that again. Raises `Misused`
    for an event that isn't there or doesn't stand, `LaterEventsDepend`, or `ConstraintsBroken`.
    """
    wanted = np.unique(np.array(events, np.int64))
    if not len(wanted) or wanted[0] < 0 or wanted[-1] >= len(state.events):
        raise Misused(
            "There is no such event to undo",
            remedy=f"Name events between 0 and {len(state.events) - 1}.",
        )
    wanted = _in_effect(state, wanted)
    bases = _bases(state, wanted)
    _must_stand(state, wanted, bases)
    _must_be_free(state, wanted, bases)
    change = _reversed(state, wanted, bases)
    _must_move_once(change)
    _constraints_must_allow(state, change)
    return change


def _in_effect(state: State, events: Longs) -> Longs:
    """The events, a restoring one being the event that it restored."""
    restoring = state.events.kinds.all[events] == Kind.RESTORED
    return np.unique(np.where(restoring, state.events.subjects.all[events], events))


def _bases(state: State, events: Longs) -> Longs:
    subjects = state.events.subjects.all[events]
    return np.where(subjects == NONE, events, subjects)


def _must_stand(state: State, wanted: Longs, bases: Longs) -> None:
    """Each event's effect must be in force: an event not undone, or the undoing that undid one."""
    undone_by = state.events.undone_by.all[bases]
    undoing = wanted != bases
    stands = np.where(undoing, undone_by == wanted, undone_by == NONE)
    if len(np.unique(bases)) < len(bases) or not stands.all():
        raise Misused(
            "This is undone already, or was done again since",
            where="event " + ", ".join(map(str, wanted[~stands][:10].tolist())),
            remedy="Look at the newest events about it, and undo those.",
        )


def _must_move_once(change: Change) -> None:
    """Raise `Misused` where an undoing and what it uncovered would both move a record."""
    if len(np.unique(change.moved)) < len(change.moved):
        raise Misused("These events move the same records", remedy="Undo them one after another.")


def _must_be_free(state: State, wanted: Longs, bases: Longs) -> None:
    later = _moved_since(state, wanted, bases)
    later |= _standing_on_births(state, wanted[wanted == bases])
    later |= _ends_of(state, wanted)
    if later:
        raise LaterEventsDepend("Later events stand on what is to be undone", sorted(later))


def _moved_since(state: State, wanted: Longs, bases: Longs) -> set[int]:
    """The events that moved the records since, and are in force.

    A record of an undone event must stand on the event's own move; one of an undoing to be undone, on
    the move below that of the event that it undid.
    """
    table = state.events
    moves = _moves(state, bases)
    undoing = np.repeat(wanted != bases, _sizes(state, bases))
    floor = np.where(undoing, table.below.all[moves], moves)
    return _above(state, table.moved.all[moves], floor)


def _sizes(state: State, events: Longs) -> Longs:
    starts = state.events.starts.all
    return np.asarray(starts[events + 1] - starts[events], np.int64)


def _moves(state: State, events: Longs) -> Longs:
    """The moves of several events, event by event."""
    sizes = _sizes(state, events)
    before = np.cumsum(sizes) - sizes
    begins = np.repeat(state.events.starts.all[events] - before, sizes)
    return np.asarray(begins + np.arange(len(begins)), np.int64)


def _above(state: State, records: Numbers, floor: Longs) -> set[int]:
    """The events by which records stand above the moves `floor`, one a record.

    Where such a move was itself undone meanwhile, the event that undid it.
    """
    table = state.events
    top = state.standing.all[records]
    sunk = _sunk(state, top, floor)
    found = set(np.unique(table.undone_by.all[table.events.all[floor[sunk]]]).tolist())
    at, floor = top[~sunk], floor[~sunk]
    while len(at):
        over = at != floor
        at, floor = at[over], floor[over]
        found |= set(np.unique(table.events.all[at]).tolist())
        at = table.below.all[at]
    return found


def _sunk(state: State, top: Longs, floor: Longs) -> Flags:
    """Whether `floor` isn't among the moves that each `top` stands on."""
    at = top.copy()
    while (over := (at != floor) & (at != NONE)).any():
        at[over] = state.events.below.all[at[over]]
    return np.asarray(at != floor, np.bool_)


def _standing_on_births(state: State, undone: Longs) -> set[int]:
    """Other events that put records into an entity that one of these events began."""
    begun = np.flatnonzero(np.isin(state.entities.born.all, undone))
    if not len(begun):
        return set()
    records = state.records_in(begun.astype(np.int32))
    events = np.unique(state.event_of(state.standing.all[records]))
    return set(events[~np.isin(events, undone)].tolist())


def _ends_of(state: State, wanted: Longs) -> set[int]:
    """What ended, since, an entity to which records would go back."""
    table = state.events
    back = table.lefts.all[wanted]
    ended = np.full(len(back), NONE, np.int64)
    ended[back != NONE] = state.entities.ended.all[back[back != NONE]]
    since = (ended != NONE) & (ended != table.acts.all[wanted])
    return {event for entity in np.unique(back[since]).tolist() for event in _ending(state, entity)}


def _ending(state: State, entity: int) -> Iterator[int]:
    """The events in force that made an entity redirect."""
    table = state.events
    mine = table.of_act(int(state.entities.ended.all[entity]))
    for event in range(mine.start, mine.stop):
        if (
            table.lefts.all[event] == entity
            and table.entered.all[event] != NONE
            and table.undone_by.all[event] == NONE
        ):
            yield event


def _reversed(state: State, wanted: Longs, bases: Longs) -> Change:
    """The moves of these events, or of what they undid, the other way round."""
    table = state.events
    undoing = wanted != bases
    return Change(
        kinds=np.where(undoing, np.int32(Kind.RESTORED), np.int32(Kind.UNDONE)),
        lefts=table.entered.all[wanted],
        entered=table.lefts.all[wanted],
        sizes=_sizes(state, wanted).astype(np.int32),
        subjects=bases,
        aparts=_said_of_two(state, bases, undoing),
        moved=table.moved.all[_moves(state, wanted)],
        pairs=no_pairs(len(wanted)),
    )


def _said_of_two(state: State, bases: Longs, restoring: Flags) -> Flags:
    """Whether each reversed event says that its two entities are not one.

    Restored: as the event itself. Undone: the opposite; but records that were split off to an id
    that others had begun were never of one entity with those.
    """
    table = state.events
    apart, entered = table.aparts.all[bases], table.entered.all[bases]
    began = np.zeros(len(bases), np.bool_)
    real = entered != NONE
    began[real] = state.entities.born.all[entered[real]] == bases[real]
    return np.asarray(np.where(restoring, apart, ~apart | ~began), np.bool_)


def _constraints_must_allow(state: State, change: Change) -> None:
    """What was said, with these events undone, must hold where the records will be."""
    places = state.places.all.copy()
    places[change.moved] = change.targets
    undone = change.subjects[change.kinds == Kind.UNDONE]
    restored = change.subjects[change.kinds == Kind.RESTORED]
    said = said_by(state, np.setdiff1d(in_force(state).events, undone))
    broken = said.broken(places)
    if broken:
        raise ConstraintsBroken(
            "A person has said what undoing this would contradict", broken,
            remedy="Undo these overrides first.",
        )  # fmt: skip
    again = np.intersect1d(restored, np.array(state.overrides, np.int64))
    for event in again.tolist():
        _may_hold_again(state, said, event, places)
        said = said_by(state, np.append(said.events, event))


def _may_hold_again(state: State, said: Said, event: int, places: Numbers) -> None:
    """Raise `ConstraintsBroken` unless an override can be in force again."""
    mine = said_by(state, np.array([event], np.int64))
    one, other = mine.pairs[0].tolist()
    against = contradicting(said, one, other, bool(mine.same[0])) or mine.broken(places)
    if against:
        raise ConstraintsBroken(
            "What is to be restored doesn't hold as things are now", against,
            remedy="Undo what was said since, or make the override anew.",
        )  # fmt: skip
