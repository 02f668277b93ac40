"""The ledger in memory: where every record is, and how it came there."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from openoda.linkage.ledger import ids
from openoda.linkage.ledger.events import NONE, Act, Flags, Longs, Numbers
from openoda.linkage.ledger.keys import KeyIndex
from openoda.linkage.ledger.rows import Rows


@dataclass(frozen=True)
class Figures:
    """What a batch did, in counts, from which alarms are worked out.

    `before`: living entities when it began; `merged`: how many of those lost their id to another;
    `new`: records never seen, or back after having been withdrawn; `alone`: those of them that ended
    without another record; `largest_before`, `largest`: records of the largest entity; `records`,
    `entities`: what was there at its end.
    """

    act: int
    before: int
    merged: int
    new: int
    alone: int
    largest_before: int
    largest: int
    records: int
    entities: int


class EntityTable:
    """One row an entity, numbered in the order in which ids were given; a number stays for ever.

    `sizes`: its records now. `born`: the event that gave it its first record. `heirs`: to which entity
    it redirects first (-1: to none), and `more_heirs` to which others. `ended`: the act that made
    it redirect.
    """

    def __init__(self) -> None:
        self.bodies = Rows(np.uint8, ids.LENGTH)
        self.sizes = Rows(np.int32)
        self.born = Rows(np.int64)
        self.heirs = Rows(np.int32)
        self.ended = Rows(np.int64)
        self.more_heirs: dict[int, tuple[int, ...]] = {}
        self._heads = np.zeros(0, np.uint64)
        self._order = np.zeros(0, np.int64)

    def __len__(self) -> int:
        return len(self.bodies)

    def heirs_of(self, entity: int) -> tuple[int, ...]:
        """To which entities it redirects."""
        if entity in self.more_heirs:
            return self.more_heirs[entity]
        heir = int(self.heirs.all[entity])
        return () if heir == NONE else (heir,)

    def find(self, body: ids.Bodies) -> int:
        """The number of the id with this body, shape (29,); -1 where no such id was ever given."""
        self._catch_up()
        head = ids.heads(body[None, :])[0]
        first, last = np.searchsorted(self._heads, [head, head + np.uint64(1)])
        for place in self._order[first:last]:
            if np.array_equal(self.bodies.all[place], body):
                return int(place)
        return NONE

    def taken(self, bodies: ids.Bodies) -> Flags:
        """Whether ids that begin like these were given already, shape (n,)."""
        self._catch_up()
        heads = ids.heads(bodies)
        if not len(self._heads):
            return np.zeros(len(heads), np.bool_)
        places = np.minimum(np.searchsorted(self._heads, heads), len(self._heads) - 1)
        return np.asarray(self._heads[places] == heads, np.bool_)

    def _catch_up(self) -> None:
        known = len(self._heads)
        if known < len(self):
            heads = np.concatenate([self._heads, ids.heads(self.bodies.all[known:])])
            order = np.concatenate([self._order, np.arange(known, len(self))])
            sorting = np.argsort(heads, kind="stable")
            self._heads, self._order = heads[sorting], order[sorting]


class EventTable:
    """One row an event, numbered from 0, and one row a move, event by event.

    Of each event as in `Change`, and `acts`: the act it belongs to, `undone_by`: the event that has
    undone it (-1: it stands). Of each move: `moved`, the record; `events`, its event; `below`, the move
    on which the record stood before (-1: none).
    """

    def __init__(self) -> None:
        self.kinds = Rows(np.int32)
        self.lefts = Rows(np.int32)
        self.entered = Rows(np.int32)
        self.subjects = Rows(np.int64)
        self.aparts = Rows(np.bool_)
        self.pairs = Rows(np.int32, 2)
        self.acts = Rows(np.int64)
        self.undone_by = Rows(np.int64)
        self.starts = Rows(np.int64)
        self.starts.extend_with(0, 1)
        self.moved = Rows(np.int32)
        self.events = Rows(np.int64)
        self.below = Rows(np.int64)

    def __len__(self) -> int:
        return len(self.kinds)

    def moves(self, event: int) -> slice:
        """Where an event's moves are."""
        return slice(int(self.starts.all[event]), int(self.starts.all[event + 1]))

    def of_act(self, act: int) -> slice:
        """An act's events."""
        first, last = np.searchsorted(self.acts.all, [act, act + 1])
        return slice(int(first), int(last))


class State:
    """All of a ledger. Changed by `applying.apply` alone; every rule only reads it.

    `places`: the entity of each record (-1: of none). `standing`: the move by which it is there, and
    `touched` the last move that it made: they differ after an undoing.
    """

    def __init__(self, kind: ids.EntityKind) -> None:
        self.kind = kind
        self.keys = KeyIndex()
        self.entities = EntityTable()
        self.events = EventTable()
        self.acts: list[Act] = []
        self.figures: list[Figures] = []
        self.overrides: list[int] = []
        self.places = Rows(np.int32)
        self.standing = Rows(np.int64)
        self.touched = Rows(np.int64)

    @property
    def living(self) -> Flags:
        """Which entities have a record, shape (entities,)."""
        return np.asarray(self.entities.sizes.all > 0, np.bool_)

    def records_in(self, entities: Numbers) -> Numbers:
        """The records of these entities, by number."""
        if len(entities) == 1:
            return np.flatnonzero(self.places.all == entities[0]).astype(np.int32)
        wanted = np.zeros(len(self.entities) + 1, np.bool_)  # the last one: records of no entity
        wanted[entities] = True
        return np.flatnonzero(wanted[self.places.all]).astype(np.int32)

    def event_of(self, moves: Longs) -> Longs:
        """The event of each move."""
        return np.asarray(self.events.events.all[moves], np.int64)

    def births(self, entities: Numbers) -> npt.NDArray[np.int64]:
        """The act in which each entity got its id."""
        return np.asarray(self.events.acts.all[self.entities.born.all[entities]], np.int64)
