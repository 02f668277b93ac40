"""The identity ledger: what may be done to it, and how each act is stored before it counts."""

import secrets
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock

from openoda.custody.chain import Head
from openoda.linkage.ledger import ids
from openoda.linkage.ledger.alarms import USUAL, Alarm, Limits, alarms
from openoda.linkage.ledger.applying import apply
from openoda.linkage.ledger.batches import Batch, batch_change
from openoda.linkage.ledger.changes import Changes, changes_since
from openoda.linkage.ledger.checking import differences, problems
from openoda.linkage.ledger.events import Act, Cause, Change
from openoda.linkage.ledger.keys import Pair
from openoda.linkage.ledger.overrides import apart_change, same_change
from openoda.linkage.ledger.payload import packed, unpacked
from openoda.linkage.ledger.refusals import ConstraintsBroken
from openoda.linkage.ledger.state import State
from openoda.linkage.ledger.store import Contents, Store, storable
from openoda.linkage.ledger.undoing import undo_change
from openoda.linkage.ledger.view import View
from openoda.vocabulary.progress import Progress, Step, silent
from openoda.vocabulary.refusals import Misused, Refusal

Moment = int | datetime


def _now() -> datetime:
    return datetime.now(UTC)


class Ledger:
    """The ledger of one kind of entity, open. Its whole state is in memory, its history in one file.

    Every act needs `who` does it and the `reason`, is stored whole or not at all, and returns its
    number. An act that is refused changes nothing. Processes may share a ledger, and threads may act on
    it: each act first takes in what others have added. Who looks things up in one thread while another
    acts uses `as_of`, whose view stands still. `draw` gives random bytes, `clock` the time in UTC.
    """

    def __init__(
        self,
        path: Path,
        *,
        draw: ids.Draw = secrets.token_bytes,
        clock: Callable[[], datetime] = _now,
        progress: Progress = silent,
    ) -> None:
        """Open a ledger. Raises `Misused` where there is none, or `LedgerDamaged`."""
        self._store, self._draw, self._clock = Store(path), draw, clock
        self._lock = RLock()
        self._kind = self._store.kind()
        self._state: State | None = None
        self._head = Head()
        self._read(progress)

    @classmethod
    def create(
        cls,
        path: Path,
        kind: ids.EntityKind,
        *,
        draw: ids.Draw = secrets.token_bytes,
        clock: Callable[[], datetime] = _now,
    ) -> "Ledger":
        """Make a ledger in a new file. Raises `Misused` where one is there."""
        Store(path).create(kind)
        return cls(path, draw=draw, clock=clock)

    @property
    def now(self) -> View:
        """The ledger as it is: a view that goes along with this process's acts."""
        return View(self._current())

    @property
    def head(self) -> Head:
        """The last act's number and hash. Noted elsewhere it shows whether acts were cut off."""
        return self._head

    def add(self, batch: Batch, who: str, reason: str) -> int:
        """Add records with their clusters, and take some away.

        Raises `ConstraintsBroken` where the clusters go against what people have said.
        """
        return self._do(
            Cause.BATCH, who, reason, lambda state: batch_change(state, batch, self._draw)
        )

    def same(self, one: Pair, other: Pair, who: str, reason: str) -> int:
        """Say that two records are of one entity: now, and in every later batch."""
        return self._do(Cause.OVERRIDE, who, reason, lambda state: same_change(state, one, other))

    def apart(
        self, one: Pair, other: Pair, who: str, reason: str, going: Iterable[Pair] = ()
    ) -> int:
        """Say that two records are of two entities: now, and in every later batch.

        `going`: records of the same entity that go along with the second.
        """
        along = list(going)
        return self._do(
            Cause.OVERRIDE,
            who,
            reason,
            lambda state: apart_change(state, one, other, along, self._draw),
        )

    def undo(self, events: Sequence[int], who: str, reason: str) -> int:
        """Undo events, or undoings. Raises `LaterEventsDepend` with what must be undone first."""
        return self._do(Cause.UNDO, who, reason, lambda state: undo_change(state, events))

    def undo_act(self, act: int, who: str, reason: str) -> int:
        """Undo all events of an act together."""
        return self._do(
            Cause.UNDO, who, reason, lambda state: undo_change(state, _events_of(state, act))
        )

    def conflicts(self, batch: Batch) -> list[int]:
        """The overrides that a batch would go against; `add` refuses it unless there are none."""
        try:
            with self._lock:
                batch_change(self._current(), batch, self._draw)
        except ConstraintsBroken as refusal:
            return list(refusal.events)
        return []

    def refresh(self, progress: Progress = silent) -> None:
        """Take in what other processes have added."""
        with self._lock:
            self._read(progress)

    def as_of(self, moment: Moment, progress: Progress = silent) -> View:
        """The ledger as it was after an act (0: before the first), or at a time."""
        return View(self._replayed(self._act_at(moment), progress))

    def changes_since(self, moment: Moment) -> Changes:
        """What has changed since an act, or since a time."""
        with self._lock:
            return changes_since(self._current(), self._act_at(moment))

    def alarms(self, act: int | None = None, limits: Limits = USUAL) -> list[Alarm]:
        """The alarms about a batch: the last one, or the one that was this act."""
        history = self._current().figures
        kept = [one for one in history if act is None or one.act <= act]
        if act is not None and (not kept or kept[-1].act != act):
            raise Misused("This act is no batch", remedy="Name one of the batches.")
        return alarms(kept, limits)

    def check(self, witnesses: Iterable[Head] = (), progress: Progress = silent) -> list[str]:
        """What is wrong with the ledger, in words; empty where all is well.

        The file is read again from nothing and held against its hashes, its rules, the state in
        memory, and heads noted elsewhere.
        """
        try:
            with self._lock:
                self._read(progress)
                replayed = self._replayed(self._head.seq, progress)
                found = problems(self._current()) + differences(self._current(), replayed)
                return found + self._store.against(witnesses)
        except Refusal as refusal:
            return [refusal.cause]

    def _current(self) -> State:
        with self._lock:
            return self._state or self._read(silent)

    def _do(self, cause: Cause, who: str, reason: str, rule: Callable[[State], Change]) -> int:
        if not who.strip() or not reason.strip():
            raise Misused(
                "An act needs who does it and why",
                remedy="Say both; they stand in the ledger for ever.",
            )
        with self._lock:
            with self._store.writing() as writing:
                state = self._caught_up(writing, silent)
                change = rule(state)
                number, when = len(state.acts) + 1, self._time_after(state)
                act = Act(number, cause, storable(who), when, storable(reason))
                head = writing.append(act, packed(change))
            self._apply(state, act, change, head)
        return act.number

    def _time_after(self, state: State) -> datetime:
        """Now, but never before the last act: a clock may be set back."""
        now = self._clock().astimezone(UTC)
        return max(now, state.acts[-1].when) if state.acts else now

    def _read(self, progress: Progress) -> State:
        with self._store.reading() as reading:
            return self._caught_up(reading, progress)

    def _caught_up(self, contents: Contents, progress: Progress) -> State:
        """The state with all acts in the file, some of which other processes may have added."""
        if self._state is None:
            self._head = Head()
        if contents.hash_of(self._head.seq) != self._head.hash:
            raise self._store.damaged("isn't the one that was open: acts are gone or others")
        state = self._state or State(self._kind)
        last = contents.head().seq
        for stored in contents.since(self._head.seq):
            self._apply(state, stored.act, unpacked(stored.parts), stored.head)
            progress(Step("reading the ledger", stored.act.number, last))
        self._state = state
        return state

    def _apply(self, state: State, act: Act, change: Change, head: Head) -> None:
        """Apply what is stored. What stops half-way leaves nothing in memory, to be read again."""
        self._state = None
        apply(state, act, change)
        self._state, self._head = state, head

    def _replayed(self, until: int, progress: Progress) -> State:
        state = State(self._kind)
        with self._store.reading() as reading:
            for stored in reading.since(0, until):
                apply(state, stored.act, unpacked(stored.parts))
                progress(Step("replaying the ledger", stored.act.number, until))
        return state

    def _act_at(self, moment: Moment) -> int:
        """The number of the last act done by then."""
        acts = self._current().acts
        if isinstance(moment, datetime):
            return bisect_right([act.when for act in acts], moment.astimezone(UTC))
        if not 0 <= moment <= len(acts):
            raise Misused(
                f"There is no act {moment}",
                remedy=f"Acts are numbered from 1 to {len(acts)}; 0 is before the first.",
            )
        return moment


def _events_of(state: State, act: int) -> list[int]:
    found = state.events.of_act(act)
    if found.start == found.stop:
        raise Misused("This act has no events to undo", remedy="Name an act that has some.")
    return list(range(found.start, found.stop))
