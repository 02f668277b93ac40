"""What an act does to the ledger: events, each of them some records moved between two entities."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from openoda.linkage.ledger.ids import LENGTH, Bodies

Numbers = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
NONE = -1


class Kind(IntEnum):
    """What an event is; the numbers are stored, and are the order of events within a batch."""

    MERGED = 0
    SPLIT = 1
    CREATED = 2
    RETURNED = 3
    JOINED = 4
    WITHDRAWN = 5
    OVERRIDDEN = 6
    UNDONE = 7
    RESTORED = 8


class Cause(StrEnum):
    """What kind of act it was."""

    BATCH = "batch"
    OVERRIDE = "override"
    UNDO = "undo"


@dataclass(frozen=True)
class Act:
    """Who did something to the ledger, when (UTC) and why. Numbers count from 1."""

    number: int
    cause: Cause
    who: str
    when: datetime
    reason: str


def _numbers() -> Numbers:
    return np.zeros(0, np.int32)


def _longs() -> Longs:
    return np.zeros(0, np.int64)


def _strings() -> pa.Array:
    return pa.array([], pa.string())


@dataclass(frozen=True)
class Change:
    """What an act adds to the ledger.

    `sources`, `keys`: names of sources and keys of records that are new, in the order of their numbers;
    `bodies`, shape (new entities, 29). Of each event: `kinds`, `lefts` and `entered` (entities; -1 is
    none), `sizes` (how many records it moves), `subjects` (the event undone or restored, else -1), and
    `aparts` (whether it says that the two entities are not one). `moved`: the records, event by event.
    `pairs`, shape (events, 2): the two records that an override is about, else -1. `listed`: how many
    records a batch told of.
    """

    kinds: Numbers = field(default_factory=_numbers)
    lefts: Numbers = field(default_factory=_numbers)
    entered: Numbers = field(default_factory=_numbers)
    sizes: Numbers = field(default_factory=_numbers)
    subjects: Longs = field(default_factory=_longs)
    aparts: Flags = field(default_factory=lambda: np.zeros(0, np.bool_))
    moved: Numbers = field(default_factory=_numbers)
    pairs: Numbers = field(default_factory=lambda: np.zeros((0, 2), np.int32))
    sources: tuple[str, ...] = ()
    keys: pa.Array = field(default_factory=_strings)
    bodies: Bodies = field(default_factory=lambda: np.zeros((0, LENGTH), np.uint8))
    listed: int = 0

    @property
    def targets(self) -> Numbers:
        """Where each moved record goes, shape (moves,)."""
        return np.repeat(self.entered, self.sizes)

    def starts(self) -> Longs:
        """Where each event's records begin in `moved`, and where the last ends."""
        return np.concatenate([[0], np.cumsum(self.sizes, dtype=np.int64)])


def no_pairs(events: int) -> Numbers:
    """The `pairs` of events that are no overrides."""
    return np.full((events, 2), NONE, np.int32)
