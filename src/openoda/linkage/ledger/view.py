"""Looking things up in a ledger, as it is or as it was."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from openoda.linkage.ledger import ids
from openoda.linkage.ledger.constraints import Constraint, constraints, constraints_among
from openoda.linkage.ledger.events import NONE, Act, Kind, Numbers
from openoda.linkage.ledger.keys import Pair, RecordKeys
from openoda.linkage.ledger.state import Figures, State
from openoda.vocabulary.refusals import Misused


class Standing(StrEnum):
    """What became of an id: it lives; it redirects to one, or to several; it has no records."""

    LIVING = "living"
    MERGED = "merged"
    SPLIT = "split"
    RETIRED = "retired"


@dataclass(frozen=True)
class Resolution:
    """What an id stands for now: the living ids, the one with most of its records first."""

    id: str
    standing: Standing
    living: tuple[str, ...]


@dataclass(frozen=True)
class Event:
    """One event in words. `left`, `entered`: ids, empty for none; `undone_by`: an event, or None.

    `subject`: the event that it undoes or restores, or None.
    """

    number: int
    act: int
    kind: str
    left: str
    entered: str
    records: int
    subject: int | None
    undone_by: int | None


class View:
    """A ledger to look things up in. Ids that were never given are refused (`Misused`)."""

    def __init__(self, state: State) -> None:
        self._state = state

    @property
    def kind(self) -> ids.EntityKind:
        """What its entities are."""
        return self._state.kind

    @property
    def acts(self) -> Sequence[Act]:
        """Every act, oldest first."""
        return tuple(self._state.acts)

    @property
    def batches(self) -> Sequence[Figures]:
        """What each batch did, in counts, oldest first."""
        return tuple(self._state.figures)

    @property
    def events(self) -> int:
        """How many events there are; they are numbered from 0."""
        return len(self._state.events)

    @property
    def records(self) -> int:
        """How many records are of some entity."""
        return int(np.count_nonzero(self._state.places.all != NONE))

    @property
    def entities(self) -> int:
        """How many ids live."""
        return int(np.count_nonzero(self._state.living))

    def ids_of(self, records: RecordKeys) -> list[str | None]:
        """The id of each record; None for one that is of no entity."""
        known = self._numbers(records)
        places = np.full(len(known), NONE, np.int32)
        places[known != NONE] = self._state.places.all[known[known != NONE]]
        found = iter(self._texts(places[places != NONE]))
        return [None if place == NONE else next(found) for place in places.tolist()]

    def records_of(self, text: str) -> list[Pair]:
        """The records of an id, by source and record id; none for one that doesn't live."""
        entity = np.array([self._entity(text)], np.int32)
        return self._state.keys.pairs(self._state.records_in(entity))

    def missing_from(self, records: RecordKeys) -> RecordKeys:
        """The records that these don't have, of the sources that these are of.

        What a complete delivery of those sources no longer holds, and a batch may withdraw.
        """
        absent = self._state.places.all != NONE
        known = self._numbers(records)
        absent[known[known != NONE]] = False
        source, record = self._state.keys.columns(np.flatnonzero(absent).astype(np.int32))
        told = pc.is_in(source, value_set=records.source.unique())
        return RecordKeys(source.filter(told), record.filter(told))

    def resolve(self, text: str) -> Resolution:
        """What an id that was ever given stands for now."""
        entity = self._entity(text)
        mine = self._texts(np.array([entity], np.int32))[0]
        living = self._living_heirs(entity)
        texts = tuple(self._texts(np.array(living, np.int32)))
        if living == [entity]:
            return Resolution(mine, Standing.LIVING, texts)
        standing = {0: Standing.RETIRED, 1: Standing.MERGED}.get(len(living), Standing.SPLIT)
        return Resolution(mine, standing, texts)

    def table(self) -> pa.Table:
        """Every record that is of an entity: `source`, `record`, `id`, in the order of arrival."""
        records = np.flatnonzero(self._state.places.all != NONE).astype(np.int32)
        source, record = self._state.keys.columns(records)
        entities, which = np.unique(self._state.places.all[records], return_inverse=True)
        texts = pa.array(self._texts(entities), pa.string()).take(pa.array(which))
        return pa.table({"source": source, "record": record, "id": texts})

    def all_ids(self) -> list[str]:
        """Every id ever given, oldest first."""
        return self._texts(np.arange(len(self._state.entities), dtype=np.int32))

    def event(self, number: int) -> Event:
        """One event. Raises `Misused` where there is none of this number."""
        if not 0 <= number < self.events:
            raise Misused("There is no such event", remedy=f"There are {self.events:,}, from 0.")
        table = self._state.events
        undone_by, subject = int(table.undone_by.all[number]), int(table.subjects.all[number])
        moves = table.moves(number)
        return Event(
            number=number,
            act=int(table.acts.all[number]),
            kind=Kind(int(table.kinds.all[number])).name.lower(),
            left=self._text(int(table.lefts.all[number])),
            entered=self._text(int(table.entered.all[number])),
            records=moves.stop - moves.start,
            subject=None if subject == NONE else subject,
            undone_by=None if undone_by == NONE else undone_by,
        )

    def history(self, text: str) -> list[Event]:
        """All events in which an id lost or won records, oldest first."""
        entity, table = self._entity(text), self._state.events
        mine = (table.lefts.all == entity) | (table.entered.all == entity)
        return [self.event(number) for number in np.flatnonzero(mine).tolist()]

    def constraints(self) -> list[Constraint]:
        """What people have said and nobody has undone, oldest first."""
        return constraints(self._state)

    def constraints_among(self, records: RecordKeys) -> tuple[Numbers, Numbers]:
        """The same for a clustering: pairs of places in `records` that must be of one, and mustn't."""
        return constraints_among(self._state, records)

    def _numbers(self, records: RecordKeys) -> Numbers:
        return self._state.keys.numbers(self._state.keys.joined(records)[0])

    def _entity(self, text: str) -> int:
        entity = self._state.entities.find(ids.parsed(self.kind, text))
        if entity == NONE:
            raise Misused(
                f"This ledger never gave this id of a {self.kind.value}",
                remedy="Look in the ledger that gave it, or in a later state of this one.",
            )
        return entity

    def _living_heirs(self, entity: int) -> list[int]:
        """The living entities that redirects lead to; itself where it lives."""
        entities = self._state.entities
        found: dict[int, None] = {}
        seen, waiting = {entity}, [entity]
        while waiting:
            one = waiting.pop()
            if entities.sizes.all[one]:
                found[one] = None
            fresh = [heir for heir in entities.heirs_of(one) if heir not in seen]
            seen.update(fresh)
            waiting += reversed(fresh)
        return list(found)

    def _text(self, entity: int) -> str:
        return "" if entity == NONE else self._texts(np.array([entity], np.int32))[0]

    def _texts(self, entities: Numbers) -> list[str]:
        return ids.texts(self.kind, self._state.entities.bodies.all[entities])
