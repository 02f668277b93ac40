"""The one place where the state changes: an act's events are applied, now or in a replay alike."""

import numpy as np

from openoda.linkage.ledger.events import NONE, Act, Cause, Change, Kind, Longs, Numbers
from openoda.linkage.ledger.state import Figures, State


def apply(state: State, act: Act, change: Change) -> None:
    """Add an act and its events to the state. What they say must have been worked out from it."""
    before = _measured(state) if act.cause is Cause.BATCH else None
    _add_rows(state, act, change)
    emptied = _move(state, change)
    _redirect(state, act, change, emptied)
    _settle_undoings(state, change)
    state.acts.append(act)
    if before:
        state.figures.append(_figures(state, act, change, before))


def _measured(state: State) -> tuple[int, int]:
    sizes = state.entities.sizes.all
    return int(np.count_nonzero(sizes)), int(sizes.max(initial=0))


def _add_rows(state: State, act: Act, change: Change) -> None:
    events, first = state.events, len(state.events)
    count = len(change.kinds)
    state.keys.extend(change.sources, change.keys)
    for column in (state.places, state.standing, state.touched):
        column.extend_with(NONE, len(change.keys))
    state.overrides += [first + int(e) for e in np.flatnonzero(change.kinds == Kind.OVERRIDDEN)]
    events.kinds.extend(change.kinds)
    events.lefts.extend(change.lefts)
    events.entered.extend(change.entered)
    events.subjects.extend(change.subjects)
    events.aparts.extend(change.aparts)
    events.pairs.extend(change.pairs)
    events.acts.extend_with(act.number, count)
    events.undone_by.extend_with(NONE, count)
    events.starts.extend(change.starts()[1:] + events.starts.all[-1])
    _add_entities(state, change, first)


def _add_entities(state: State, change: Change, first: int) -> None:
    entities, known = state.entities, len(state.entities)
    count = len(change.bodies)
    entities.bodies.extend(change.bodies)
    entities.sizes.extend_with(0, count)
    entities.heirs.extend_with(NONE, count)
    entities.ended.extend_with(NONE, count)
    born = np.full(count, NONE, np.int64)
    new = np.flatnonzero(change.entered >= known)[::-1]
    born[change.entered[new] - known] = first + new  # the last one written is the first event
    entities.born.extend(born)


def _move(state: State, change: Change) -> Numbers:
    """Move the records; the entities that are left without one."""
    events, entities = state.events, state.entities
    first_event, first_move = len(events) - len(change.kinds), len(events.moved)
    moves = np.arange(first_move, first_move + len(change.moved))
    events.moved.extend(change.moved)
    events.events.extend(np.repeat(np.arange(first_event, len(events)), change.sizes))
    events.below.extend(state.standing.all[change.moved])
    state.places.all[change.moved] = change.targets
    state.touched.all[change.moved] = moves
    state.standing.all[change.moved] = _standing(state, change, moves)
    sizes = entities.sizes.all
    for way, sign in ((change.lefts, -1), (change.entered, 1)):
        real = way != NONE
        np.add.at(sizes, way[real], sign * change.sizes[real])
    left = np.unique(change.lefts[(change.lefts != NONE) & (change.sizes > 0)])
    return np.asarray(left[sizes[left] == 0], np.int32)


def _standing(state: State, change: Change, moves: Longs) -> Longs:
    """On which move each moved record stands now.

    Its own; for an undone event, the one before what is undone; for a restored one, that one again.
    """
    starts = state.events.starts.all
    subjects = np.repeat(change.subjects, change.sizes)
    kinds = np.repeat(change.kinds, change.sizes)
    within = (
        moves - np.repeat(moves[0] + change.starts()[:-1], change.sizes) if len(moves) else moves
    )
    again = np.where(subjects == NONE, moves, starts[subjects] + within)
    return np.where(kinds == Kind.UNDONE, state.events.below.all[again], again)


def _redirect(state: State, act: Act, change: Change, emptied: Numbers) -> None:
    """Let emptied entities point to where their records went, and living ones to nobody else.

    An entity all of whose events say that the other one is not it (a merge undone) points nowhere.
    """
    entities = state.entities
    entered = change.entered[(change.entered != NONE) & (change.sizes > 0)]
    entities.heirs.all[entered] = NONE
    entities.ended.all[entered] = NONE
    for entity in [one for one in entities.more_heirs if entities.sizes.all[one]]:
        del entities.more_heirs[entity]
    ending = np.isin(change.lefts, emptied) & (change.entered != NONE) & (change.sizes > 0)
    order = np.flatnonzero(ending)
    order = order[np.lexsort((order, -change.sizes[order], change.lefts[order]))]
    lefts, firsts, counts = np.unique(change.lefts[order], return_index=True, return_counts=True)
    same = np.add.reduceat(~change.aparts[order], firsts) > 0 if len(firsts) else firsts > 0
    lefts, firsts, counts = lefts[same], firsts[same], counts[same]
    entities.heirs.all[lefts] = change.entered[order[firsts]]
    entities.ended.all[lefts] = _ending_acts(state, act, change, order[firsts])
    for place in np.flatnonzero(counts > 1):
        mine = order[firsts[place] : firsts[place] + counts[place]]
        entities.more_heirs[int(lefts[place])] = tuple(change.entered[mine].tolist())


def _ending_acts(state: State, act: Act, change: Change, events: Longs) -> Longs:
    """The act that counts as the end: for a restored event, the act of what it restores."""
    acts = np.full(len(events), act.number, np.int64)
    restored = change.kinds[events] == Kind.RESTORED
    acts[restored] = state.events.acts.all[change.subjects[events[restored]]]
    return acts


def _settle_undoings(state: State, change: Change) -> None:
    first = len(state.events) - len(change.kinds)
    for kind, gives in ((Kind.UNDONE, True), (Kind.RESTORED, False)):
        mine = np.flatnonzero(change.kinds == kind)
        state.events.undone_by.all[change.subjects[mine]] = first + mine if gives else NONE


def _figures(state: State, act: Act, change: Change, before: tuple[int, int]) -> Figures:
    fresh = change.moved[np.repeat(change.lefts, change.sizes) == NONE]
    sizes = state.entities.sizes.all
    entities, largest = _measured(state)
    merged = np.unique(change.lefts[change.kinds == Kind.MERGED])
    return Figures(
        act=act.number,
        before=before[0],
        merged=len(merged),
        new=len(fresh),
        alone=int(np.count_nonzero(sizes[state.places.all[fresh]] == 1)),
        largest_before=before[1],
        largest=largest,
        records=int(sizes.sum(dtype=np.int64)),
        entities=entities,
    )
