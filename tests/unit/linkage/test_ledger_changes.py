"""What changed since: every event, and what became of each id that was known then."""

from pathlib import Path

import numpy as np
import pytest

from openoda.linkage.ledger.applying import apply
from openoda.linkage.ledger.checking import differences, problems
from openoda.linkage.ledger.ids import EntityKind
from openoda.linkage.ledger.payload import unpacked
from openoda.linkage.ledger.state import State
from openoda.linkage.ledger.store import Store
from tests.unit.linkage.ledger_cases import WHO, WHY, add, id_of, key, new_ledger


def test_the_report_names_what_became_of_each_old_id(tmp_path: Path) -> None:
    """Proves that merged, split, retired and new ids are told, with counts of events and records."""
    ledger = new_ledger(tmp_path, "a b | c | d e f | g")
    old = {record: id_of(ledger, record) for record in "abcdefg"}
    add(ledger, "a b c | d e | f | n", withdrawn="g")
    ledger.same(key("n"), key("f"), WHO, WHY)
    changes = ledger.changes_since(1)
    assert (changes.since, changes.until) == (1, 3)
    found = {kind: count for kind, count in changes.counts.items() if count}
    assert found == {"merged": 1, "split": 1, "created": 1, "withdrawn": 1, "overridden": 1}
    assert changes.renamed.to_pylist() == [
        {"old_id": old["c"], "new_id": old["a"], "records": 1, "old_lives": False},
        {"old_id": old["d"], "new_id": id_of(ledger, "f"), "records": 1, "old_lives": True},
    ]
    assert changes.new_ids == (id_of(ledger, "f"),)
    assert changes.retired == (old["g"],)
    assert [row["act"] for row in changes.events.to_pylist()] == [2, 2, 2, 2, 3]


def test_what_was_done_and_undone_since_is_told_but_renames_nothing(tmp_path: Path) -> None:
    """Proves that events that cancel out are listed, and that no id is reported as changed."""
    ledger = new_ledger(tmp_path, "a | b")
    act = add(ledger, "a b")
    ledger.undo_act(act, WHO, WHY)
    changes = ledger.changes_since(1)
    assert changes.events.column("kind").to_pylist() == ["merged", "undone"]
    assert changes.events.column("undone_by").to_pylist() == [3, None]
    assert changes.events.column("subject").to_pylist() == [None, 2]
    assert (changes.renamed.num_rows, changes.new_ids, changes.retired) == (0, (), ())


def test_nothing_has_changed_since_the_last_act(tmp_path: Path) -> None:
    """Proves that the report since now is empty, and since nothing holds everything."""
    ledger = new_ledger(tmp_path, "a | b")
    assert ledger.changes_since(1).events.num_rows == 0
    assert ledger.changes_since(1).counts["created"] == 0
    assert ledger.changes_since(0).new_ids == (id_of(ledger, "a"), id_of(ledger, "b"))


def test_a_silent_renaming_cannot_happen(tmp_path: Path) -> None:
    """Proves that every record whose id differs between two acts is in an event of those between."""
    ledger = new_ledger(tmp_path, "a b c | d e", "a b | c d | e f", "a b c d | e g", "h | a b")
    last = len(ledger.now.acts)
    for act in range(last):
        then = {row["record"]: row["id"] for row in ledger.as_of(act).table().to_pylist()}
        now = {row["record"]: row["id"] for row in ledger.now.table().to_pylist()}
        moved = sum(ledger.changes_since(act).events.column("records").to_pylist())
        renamed = ledger.changes_since(act).renamed
        different = sum(then[record] != now[record] for record in then)
        assert sum(renamed.column("records").to_pylist()) == different <= moved


def test_an_ids_history_is_told(tmp_path: Path) -> None:
    """Proves that an id's own events are listed, oldest first, with the ids on either side."""
    ledger = new_ledger(tmp_path, "a | b", "a b", "c")
    one, other = id_of(ledger, "a"), ledger.now.all_ids()[1]
    told = [(event.kind, event.left, event.entered) for event in ledger.now.history(other)]
    assert told == [("created", "", other), ("merged", other, one)]


def replayed(folder: Path) -> State:
    state = State(EntityKind.PERSON)
    with Store(folder / "people.sqlite3").reading() as reading:
        for stored in reading.since(0):
            apply(state, stored.act, unpacked(stored.parts))
    return state


SPOILT = {
    "sizes of 1 entities": lambda s: np.add.at(s.entities.sizes.all, 0, 1),
    "entities that don't exist": lambda s: s.places.all.__setitem__(0, 99),
    "isn't where its event put it": lambda s: s.places.all.__setitem__([0, 3], [2, 0]),
    "an event that was undone": lambda s: s.events.undone_by.all.__setitem__(0, 1),
    "without an event": lambda s: s.standing.all.__setitem__(0, -1),
    "another's move": lambda s: s.standing.all.__setitem__(0, 1),
    "living id redirects": lambda s: s.entities.heirs.all.__setitem__(0, 2),
    "to several and to none": lambda s: s.entities.more_heirs.update({0: (1, 2)}),
    "in a circle": lambda s: s.entities.more_heirs.update({1: (1, 0)}),
    "id was given twice": lambda s: s.entities.bodies.all.__setitem__(0, s.entities.bodies.all[1]),
    "overrides don't hold": lambda s: s.events.aparts.all.__setitem__(s.overrides[0], True),
    "keys, and": lambda s: s.places.extend_with(-1, 1),
}


@pytest.mark.parametrize(("said", "spoil"), SPOILT.items(), ids=list(SPOILT))
def test_every_inconsistency_is_found(tmp_path: Path, said: str, spoil: object) -> None:
    """Proves that the check says what is wrong with a state in which one thing is."""
    ledger = new_ledger(tmp_path, "a b | c | d", "a c")
    ledger.same(key("a"), key("b"), WHO, WHY)
    state = replayed(tmp_path)
    assert problems(state) == []
    spoil(state)  # type: ignore[operator]
    assert said in " ".join(problems(state))


def test_two_states_that_differ_are_told_apart(tmp_path: Path) -> None:
    """Proves that the comparison with a replay sees a difference in each part of the state."""
    new_ledger(tmp_path, "a b | c", "a c | d")
    assert differences(replayed(tmp_path), replayed(tmp_path)) == []
    spoils = {
        "records' entities": lambda s: s.places.all.__setitem__(0, 2),
        "records' last events": lambda s: s.standing.all.__setitem__(0, 2),
        "sizes of entities": lambda s: s.entities.sizes.all.__setitem__(0, 9),
        "ids": lambda s: s.entities.bodies.all.__setitem__(
            (0, 0), 22 - s.entities.bodies.all[0, 0]
        ),
        "redirects": lambda s: s.entities.heirs.all.__setitem__(1, 2),
        "events": lambda s: s.events.kinds.all.__setitem__(0, 4),
        "undone events": lambda s: s.events.undone_by.all.__setitem__(0, 1),
        "acts": lambda s: s.acts.pop(),
        "redirects to several": lambda s: s.entities.more_heirs.update({1: (1, 2)}),
        "figures of batches": lambda s: s.figures.pop(),
    }
    for name, spoil in spoils.items():
        spoilt = replayed(tmp_path)
        spoil(spoilt)
        assert differences(replayed(tmp_path), spoilt) == [f"The {name} differ"]
