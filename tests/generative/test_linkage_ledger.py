"""Random sequences of acts, held against a slow model of the ledger's rules."""

import random
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from openoda.linkage.ledger.batches import Batch
from openoda.linkage.ledger.ids import EntityKind
from openoda.linkage.ledger.keys import RecordKeys
from openoda.linkage.ledger.ledger import Ledger
from openoda.linkage.ledger.refusals import ConstraintsBroken, LaterEventsDepend
from openoda.linkage.ledger.view import Event, Standing, View
from openoda.vocabulary.refusals import Misused, Refusal
from tests.generative.ledger_model import Model, Refused

IN_MEMORY = Path("/dev/shm")  # where there is such a folder: waiting for a disk proves nothing here
NAMES = [f"r{number}" for number in range(9)]
RECORD = st.sampled_from(NAMES)
SOME = st.lists(RECORD, unique=True, max_size=3)
WHY = {Misused: "nonsense", ConstraintsBroken: "broken", LaterEventsDepend: "depends"}


def pair(record: str) -> tuple[str, str]:
    """A record's key: every third one is of another source."""
    return ("tax" if int(record[1:]) % 3 else "rent"), record


def keys(records: list[str]) -> RecordKeys:
    return RecordKeys.of(pair(record) for record in records)


class LedgerMachine(RuleBasedStateMachine):
    """A ledger and its model do the same; whatever one refuses, the other does, for the same events."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir=IN_MEMORY if IN_MEMORY.is_dir() else None))
        self.path = self.folder / "people.sqlite3"
        self.model = Model()
        self.shots: list[tuple[int, dict[str, str | None]]] = []

    def teardown(self) -> None:
        """At the end the file, read again from nothing, gives the state, and nothing is wrong."""
        try:
            if hasattr(self, "ledger"):
                assert self.ledger.check([self.ledger.head]) == []
        finally:
            shutil.rmtree(self.folder)

    @initialize(seed=st.integers(0, 1 << 32), first=st.lists(st.integers(0, 4), max_size=7))
    def create(self, seed: int, first: list[int]) -> None:
        """A ledger with a first batch, since some sequences have no other."""
        self.draw = random.Random(seed).randbytes
        self.ledger = Ledger.create(self.path, EntityKind.PERSON, draw=self.draw)
        self.add(dict(zip(NAMES, first, strict=False)), [])

    # Acts.

    @rule(clusters=st.dictionaries(RECORD, st.integers(0, 3), max_size=9), withdrawn=SOME)
    def add(self, clusters: dict[str, int], withdrawn: list[str]) -> None:
        withdrawn = [r for r in withdrawn if self.model.places.get(r) and r not in clusters]
        batch = Batch(keys(list(clusters)), np.array([*clusters.values()], int), keys(withdrawn))
        self.both(
            lambda: self.ledger.add(batch, "a program", "a delivery"),
            lambda: self.model.batch(clusters, withdrawn, self.new_id),
        )

    @rule(data=st.data(), cluster=st.integers(0, 2))
    def add_as_it_is(self, data: st.DataObject, cluster: int) -> None:
        """A batch that keeps all entities but for one record: what a later delivery is mostly like."""
        ids = {place: number for number, place in enumerate(self.model.given, start=3)}
        clusters = {one: ids[place] for one, place in self.model.places.items() if place}
        clusters[data.draw(RECORD)] = cluster
        self.add(clusters, [])

    @rule(one=RECORD, other=RECORD)
    def same(self, one: str, other: str) -> None:
        if self.known(one, other):
            self.both(
                lambda: self.ledger.same(pair(one), pair(other), "an officer", "knows them"),
                lambda: self.model.same(one, other),
            )

    @rule(one=RECORD, other=RECORD, going=SOME)
    def apart(self, one: str, other: str, going: list[str]) -> None:
        if self.known(one, other, *going):
            self.both(
                lambda: self.ledger.apart(
                    pair(one), pair(other), "an officer", "knows them", map(pair, going)
                ),
                lambda: self.model.apart(one, other, going, self.new_id),
            )

    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        if self.model.events:
            numbers = st.integers(0, len(self.model.events) - 1)
            wanted = data.draw(st.lists(numbers, min_size=1, max_size=2, unique=True))
            self.both(
                lambda: self.ledger.undo(wanted, "an officer", "it was wrong"),
                lambda: self.model.undo(wanted),
            )

    @rule(data=st.data())
    def undo_with_all_that_stands_on_it(self, data: st.DataObject) -> None:
        """What a refusal lists can be undone first, until the event itself can."""
        if self.model.events:
            self.undo_at_last(data.draw(st.integers(0, len(self.model.events) - 1)))

    def undo_at_last(self, number: int, depth: int = 0) -> None:
        assert depth < 50, "refusals lead in a circle"
        for _ in range(200):
            refused = self.both(
                lambda: self.ledger.undo([number], "an officer", "it was wrong"),
                lambda: self.model.undo([number]),
            )
            if not refused or refused.why == "nonsense":
                return  # done, or undone already on the way
            if self.restores_an_override(number):
                return  # it can't hold again, whatever is undone
            self.undo_at_last(max(refused.events), depth + 1)
        pytest.fail("an event could never be undone")

    def restores_an_override(self, number: int) -> bool:
        mine = self.model.events[number]
        return mine.kind == "undone" and self.model.events[mine.base].said is not None

    @rule(data=st.data())
    def undo_an_act(self, data: st.DataObject) -> None:
        if self.model.acts:
            act = data.draw(st.integers(1, self.model.acts))
            events = [n for n, one in enumerate(self.model.events) if one.act == act]
            if events:
                self.both(
                    lambda: self.ledger.undo_act(act, "an officer", "it was wrong"),
                    lambda: self.model.undo(events),
                )

    @rule()
    def take_a_snapshot(self) -> None:
        self.shots.append((self.model.acts, dict(self.model.places)))

    @rule()
    def open_again(self) -> None:
        self.ledger = Ledger(self.path, draw=self.draw)

    # Questions.

    @rule(data=st.data())
    def look_back(self, data: st.DataObject) -> None:
        """A snapshot is as it was, and the report of changes since leads from it to what is."""
        if not self.shots:
            return
        act, then = data.draw(st.sampled_from(self.shots))
        before = self.ledger.as_of(act)
        assert placed(before) == {one: place for one, place in then.items() if place}
        self.compare_changes(act, then)

    def compare_changes(self, act: int, then: dict[str, str | None]) -> None:
        changes, now = self.ledger.changes_since(act), self.model.places
        moves = [(then[one], now[one]) for one in then if then[one] and now[one]]
        expected = {(old, new): moves.count((old, new)) for old, new in moves if old != new}
        rows = changes.renamed.to_pylist()
        assert {(row["old_id"], row["new_id"]): row["records"] for row in rows} == expected
        lived, lives = ({p for p in places.values() if p} for places in (then, now))
        assert set(changes.new_ids) == lives - lived
        gone = {one for one in lived - lives if not self.model.resolve(one)}
        heirless = {one for one in gone if one not in self.model.heirs}
        assert set(changes.retired) == heirless
        since = [one for one in self.model.events if one.act > act]
        assert sum(changes.counts.values()) == changes.events.num_rows == len(since)

    @invariant()
    def check(self) -> None:
        if not hasattr(self, "ledger"):
            return
        model, view = self.model, self.ledger.now
        assert placed(view) == {one: place for one, place in model.places.items() if place}
        assert view.all_ids() == model.given
        for entity in model.given:
            found = view.resolve(entity)
            assert found.id == entity
            assert set(found.living) == model.resolve(entity)
            assert (found.standing is Standing.LIVING) == model.living(entity)
        said = {c.event: (c.one[1], c.other[1], c.same) for c in view.constraints()}
        assert said == model.said()
        self.compare_newest_events(view)

    def compare_newest_events(self, view: View) -> None:
        model = self.model
        assert view.events == len(model.events)
        newest = [n for n, one in enumerate(model.events) if one.act == model.acts]
        ours = [describe(view.event(number)) for number in newest]
        assert ours == [describe(expected(model, number)) for number in newest]

    # How the two are run side by side.

    def both(self, ours: Callable[[], object], its: Callable[[], None]) -> Refused | None:
        """Let the ledger act, then the model; they must both do it, or both refuse alike."""
        said, refused = None, None
        try:
            ours()
        except Refusal as refusal:
            said = (WHY[type(refusal)], set(getattr(refusal, "events", ())))
        try:
            its()
        except Refused as error:
            refused = error
        assert said == (refused and (refused.why, refused.events))
        event(refused.why if refused else "done")
        return refused

    def new_id(self, record: str) -> str:
        found = self.ledger.now.ids_of(keys([record]))[0]
        assert found, "a record was to get an id"
        return found

    def known(self, *records: str) -> bool:
        return all(self.model.places.get(record) for record in records)


@pytest.mark.parametrize("seed", range(4))
def test_larger_batches_agree_with_the_model(tmp_path: Path, seed: int) -> None:
    """Proves that batches of hundreds of records, moved about at will, give the events of the rules."""
    chance, model = random.Random(seed), Model()
    ledger = Ledger.create(tmp_path / "people.sqlite3", EntityKind.PERSON, draw=chance.randbytes)
    names = [f"r{number}" for number in range(300)]
    for _ in range(12):
        listed = chance.sample(names, chance.randrange(1, 300))
        spread = chance.choice([3, 100, 300])
        clusters = {name: chance.randrange(spread) for name in listed}
        held = [name for name, place in model.places.items() if place and name not in clusters]
        withdrawn = chance.sample(held, min(len(held), chance.choice([0, 5, 50])))
        numbers = np.array([*clusters.values()])
        ledger.add(Batch(keys(listed), numbers, keys(withdrawn)), "a program", "a delivery")
        model.batch(clusters, withdrawn, lambda name: str(ledger.now.ids_of(keys([name]))[0]))
        first = len(model.events) - sum(one.act == model.acts for one in model.events)
        for number in range(first, len(model.events)):
            assert describe(ledger.now.event(number)) == describe(expected(model, number))
        assert placed(ledger.now) == {one: place for one, place in model.places.items() if place}
        for one in model.given:
            assert set(ledger.now.resolve(one).living) == model.resolve(one)
    assert ledger.check() == []


def placed(view: View) -> dict[str, str]:
    """The id of each record that has one."""
    rows = view.table().to_pylist()
    assert [(row["source"], row["record"]) for row in rows] == [pair(row["record"]) for row in rows]
    return {row["record"]: row["id"] for row in rows}


def expected(model: Model, number: int) -> SimpleNamespace:
    """An event of the model, as the ledger tells of one."""
    one = model.events[number]
    return SimpleNamespace(
        kind=one.kind, left=one.left or "", entered=one.entered or "",
        records=len(one.records), subject=one.base, undone_by=model.undone_by.get(number),
    )  # fmt: skip


def describe(one: Event | SimpleNamespace) -> tuple[object, ...]:
    return one.kind, one.left, one.entered, one.records, one.subject, one.undone_by


def run(sequences: int, steps: int) -> None:
    run_state_machine_as_test(
        LedgerMachine,
        settings=settings(
            max_examples=sequences, stateful_step_count=steps, deadline=None,
            suppress_health_check=list(HealthCheck), database=None,
        ),
    )  # fmt: skip


def test_random_sequences_agree_with_the_model() -> None:
    """Proves that random acts leave the ledger as its rules say, whole, with every id resolvable."""
    run(60, 12)


@pytest.mark.long
def test_ten_thousand_random_sequences_agree_with_the_model() -> None:
    """Proves the same of 10,000 sequences of add, merge, split, override, undo and snapshot."""
    run(10_000, 15)
