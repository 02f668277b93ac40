"""Whether a state is consistent: what must hold of every ledger, whatever was done to it."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow.compute as pc

from openoda.linkage.ledger import ids
from openoda.linkage.ledger.constraints import in_force
from openoda.linkage.ledger.events import NONE, Longs
from openoda.linkage.ledger.state import State


def problems(state: State) -> list[str]:
    """What is wrong, in words; empty where all is well."""
    columns = (state.places, state.standing, state.touched)
    if any(len(column) != len(state.keys) for column in columns):
        return [f"There are {len(state.keys):,} keys, and other numbers of records"]
    checks = (
        _places_and_sizes, _unique, _redirects, _standing, _said,
    )  # fmt: skip
    return [problem for check in checks for problem in check(state)]


def differences(one: State, other: State) -> list[str]:
    """Where two states differ, such as the one in memory and the one that the events give."""
    parts: dict[str, Callable[[State], np.ndarray[Any, Any]]] = {
        "records' entities": lambda s: s.places.all,
        "records' last events": lambda s: s.event_of(s.standing.all[s.standing.all != NONE]),
        "sizes of entities": lambda s: s.entities.sizes.all,
        "ids": lambda s: s.entities.bodies.all,
        "redirects": lambda s: s.entities.heirs.all,
        "events": lambda s: s.events.kinds.all,
        "undone events": lambda s: s.events.undone_by.all,
    }
    found = [
        f"The {name} differ" for name, of in parts.items() if not np.array_equal(of(one), of(other))
    ]
    plain = {
        "acts": (one.acts, other.acts),
        "redirects to several": (one.entities.more_heirs, other.entities.more_heirs),
        "figures of batches": (one.figures, other.figures),
    }
    return found + [f"The {name} differ" for name, (mine, its) in plain.items() if mine != its]


def _places_and_sizes(state: State) -> list[str]:
    places = state.places.all
    if places.min(initial=0) < NONE or places.max(initial=NONE) >= len(state.entities):
        return ["Records are of entities that don't exist"]
    counted = np.bincount(places[places != NONE], minlength=len(state.entities))
    wrong = np.count_nonzero(counted != state.entities.sizes.all)
    return [f"The sizes of {wrong:,} entities are wrong"] if wrong else []


def _unique(state: State) -> list[str]:
    keys = state.keys.table.texts()
    bodies = ids.texts(state.kind, state.entities.bodies.all)
    found = []
    if pc.count_distinct(keys).as_py() != len(keys):
        found.append("A record has two numbers")
    if len(set(bodies)) != len(bodies):
        found.append("An id was given twice")
    return found


def _redirects(state: State) -> list[str]:
    entities = state.entities
    dead = np.flatnonzero(entities.heirs.all != NONE)
    found = []
    if state.living[dead].any():
        found.append("A living id redirects")
    if not set(entities.more_heirs) <= set(dead.tolist()):
        found.append("An id redirects to several and to none")
    edges = [(int(one), heir) for one in dead for heir in entities.heirs_of(int(one))]
    if _has_cycle(np.array(edges, np.int64).reshape(-1, 2)):
        found.append("Redirects run in a circle")
    return found


def _has_cycle(edges: Longs) -> bool:
    """Take away edges to where nothing goes on, until none is left or none can go."""
    while len(edges):
        going_on = np.isin(edges[:, 1], edges[:, 0])
        if going_on.all():
            return True
        edges = edges[going_on]
    return False


def _standing(state: State) -> list[str]:
    """Every record is where the event says on which it stands, and that event is in force."""
    moves = state.standing.all
    placed = moves != NONE
    events = state.event_of(moves[placed])
    table = state.events
    found = []
    if (state.places.all[~placed] != NONE).any():
        found.append("A record is of an entity without an event")
    if (state.places.all[placed] != table.entered.all[events]).any():
        found.append("A record isn't where its event put it")
    if (table.undone_by.all[events] != NONE).any():
        found.append("A record stands on an event that was undone")
    if (table.moved.all[moves[placed]] != np.flatnonzero(placed)).any():
        found.append("A record stands on another's move")
    return found


def _said(state: State) -> list[str]:
    broken = in_force(state).broken(state.places.all)
    return [f"{len(broken):,} overrides don't hold"] if broken else []
