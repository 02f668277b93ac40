"""Undoing: any event, as long as nothing later stands on it; and undoing the undoing."""

from pathlib import Path

import pytest

from openoda.linkage.ledger.refusals import ConstraintsBroken, LaterEventsDepend
from openoda.linkage.ledger.view import Standing
from openoda.vocabulary.refusals import Misused
from tests.unit.linkage.ledger_cases import (
    WHO,
    WHY,
    add,
    drawn,
    id_of,
    key,
    kinds,
    new_ledger,
)  # fmt: skip


def test_a_merge_is_undone_though_others_joined_since(tmp_path: Path) -> None:
    """Proves that a merged id gets exactly its own records back, and what came later stays."""
    ledger = new_ledger(tmp_path, "a | b c")
    merged = id_of(ledger, "a")
    add(ledger, "a b")  # event 2
    add(ledger, "a new")
    act = ledger.undo([2], WHO, WHY)
    assert kinds(ledger, act) == ["undone 1"]
    assert drawn(ledger) == "a | b c new"
    assert ledger.now.resolve(merged).standing is Standing.LIVING
    assert ledger.check() == []


def test_a_merge_under_another_is_refused_until_that_is_undone(tmp_path: Path) -> None:
    """Proves that the refusal lists the later merge, and that then it can be undone."""
    ledger = new_ledger(tmp_path, "a a1 a2 | b b1 | c")
    add(ledger, "b c")  # event 3: c into b
    add(ledger, "a b")  # event 4: b, and c with it, into a
    with pytest.raises(LaterEventsDepend) as refusal:
        ledger.undo([3], WHO, WHY)
    assert refusal.value.events == (4,)
    assert "event 4" in refusal.value.where
    ledger.undo([4], WHO, WHY)
    ledger.undo([3], WHO, WHY)
    assert drawn(ledger) == "a a1 a2 | b b1 | c"


def test_a_creation_is_undone_only_when_nobody_else_is_there(tmp_path: Path) -> None:
    """Proves that an id whose beginning is undone must be empty but for that, and is then retired."""
    ledger = new_ledger(tmp_path, "a b")
    mine = id_of(ledger, "a")
    add(ledger, "a c")  # event 1
    with pytest.raises(LaterEventsDepend) as refusal:
        ledger.undo([0], WHO, WHY)
    assert refusal.value.events == (1,)
    ledger.undo([0, 1], WHO, WHY)
    assert drawn(ledger) == ""
    assert ledger.now.resolve(mine).standing is Standing.RETIRED
    assert ledger.check() == []


def test_an_id_that_was_split_off_leads_back_when_that_is_undone(tmp_path: Path) -> None:
    """Proves that a new id given by mistake isn't lost: it redirects to where its records came from."""
    ledger = new_ledger(tmp_path, "a b c")
    add(ledger, "a b | c")  # event 1
    mistaken = id_of(ledger, "c")
    ledger.undo([1], WHO, WHY)
    assert drawn(ledger) == "a b c"
    assert ledger.now.resolve(mistaken).living == (id_of(ledger, "a"),)


def test_an_id_emptied_by_undoing_a_merge_leads_nowhere(tmp_path: Path) -> None:
    """Proves that a wrong merge leaves no redirect from one person to another.

    The keeper's own record was withdrawn, so that it held the other's alone.
    """
    ledger = new_ledger(tmp_path, "a | b")
    keeper, other = id_of(ledger, "a"), id_of(ledger, "b")
    add(ledger, "a b")  # event 2
    add(ledger, "", withdrawn="a")
    ledger.undo([2], WHO, WHY)
    assert ledger.now.resolve(keeper).standing is Standing.RETIRED
    assert ledger.now.resolve(other).standing is Standing.LIVING


def test_records_go_back_only_to_an_id_that_can_hold_them(tmp_path: Path) -> None:
    """Proves that a split isn't undone into an id that was merged since, until that is undone."""
    ledger = new_ledger(tmp_path, "z z1 z2 | a b c")
    add(ledger, "a b | c")  # event 2
    add(ledger, "z a b")  # event 3
    with pytest.raises(LaterEventsDepend) as refusal:
        ledger.undo([2], WHO, WHY)
    assert refusal.value.events == (3,)
    ledger.undo([3], WHO, WHY)
    ledger.undo([2], WHO, WHY)
    assert drawn(ledger) == "z z1 z2 | a b c"


def test_undoing_is_undone_and_done_again(tmp_path: Path) -> None:
    """Proves that an undoing can be undone, which restores, and a restored event undone again."""
    ledger = new_ledger(tmp_path, "a | b")
    merged = id_of(ledger, "b")
    add(ledger, "a b")  # event 2
    ledger.undo([2], WHO, WHY)  # event 3
    act = ledger.undo([3], WHO, WHY)  # event 4
    assert kinds(ledger, act) == ["restored 1"]
    assert ledger.now.resolve(merged).living == (id_of(ledger, "a"),)
    ledger.undo([4], WHO, WHY)
    assert drawn(ledger) == "a | b"
    assert ledger.now.event(2).undone_by == 5
    assert ledger.check() == []


@pytest.mark.parametrize("events", [[2], [2, 3], [-1], [99], []])
def test_what_does_not_stand_is_not_undone(tmp_path: Path, events: list[int]) -> None:
    """Proves that an event undone already, or absent, is refused."""
    ledger = new_ledger(tmp_path, "a | b")
    add(ledger, "a b")  # event 2
    ledger.undo([2], WHO, WHY)  # event 3
    with pytest.raises(Misused):
        ledger.undo(events, WHO, WHY)
    assert drawn(ledger) == "a | b"


def test_what_an_undoing_uncovers_is_not_undone_with_it(tmp_path: Path) -> None:
    """Proves that two events that would both move a record are refused together, not one by one."""
    ledger = new_ledger(tmp_path, "a")
    add(ledger, "", withdrawn="a")  # event 1
    ledger.undo([1], WHO, WHY)  # event 2: a is back
    with pytest.raises(Misused, match="same records"):
        ledger.undo([0, 2], WHO, WHY)
    ledger.undo([2], WHO, WHY)
    assert drawn(ledger) == ""


def test_a_whole_batch_is_undone(tmp_path: Path) -> None:
    """Proves that all events of an act go together, and that everything is as before it."""
    ledger = new_ledger(tmp_path, "a | b | c d e | x")
    before = ledger.now.table()
    act = add(ledger, "a b new | c | d e | newer", withdrawn="x")
    ledger.undo_act(act, WHO, WHY)
    assert ledger.now.table().equals(before)
    assert ledger.check() == []
    with pytest.raises(Misused):
        ledger.undo_act(act, WHO, WHY)
    with pytest.raises(Misused, match="no events"):
        ledger.undo_act(99, WHO, WHY)


def test_an_override_is_lifted_with_what_it_did(tmp_path: Path) -> None:
    """Proves that undoing an override parts what it joined, and that batches may then differ."""
    ledger = new_ledger(tmp_path, "a | b")
    ledger.same(key("a"), key("b"), WHO, WHY)  # event 2
    ledger.undo([2], WHO, WHY)
    assert drawn(ledger) == "a | b"
    assert ledger.now.constraints() == []
    add(ledger, "a | b | c")
    ledger.undo([3], WHO, WHY)
    assert drawn(ledger) == "a b | c"
    assert len(ledger.now.constraints()) == 1


def test_nothing_is_undone_against_a_persons_word(tmp_path: Path) -> None:
    """Proves that a merge which a person confirmed is undone only after that word."""
    ledger = new_ledger(tmp_path, "a | b")
    add(ledger, "a b")  # event 2
    ledger.same(key("a"), key("b"), WHO, WHY)  # event 3
    with pytest.raises(ConstraintsBroken) as refusal:
        ledger.undo([2], WHO, WHY)
    assert refusal.value.events == (3,)
    ledger.undo([2, 3], WHO, WHY)
    assert drawn(ledger) == "a | b"


def test_a_word_that_no_longer_holds_is_not_restored(tmp_path: Path) -> None:
    """Proves that lifting an override isn't undone where another word contradicts it by now."""
    ledger = new_ledger(tmp_path, "a b")
    ledger.same(key("a"), key("b"), WHO, WHY)  # event 1
    ledger.undo([1], WHO, WHY)  # event 2
    ledger.apart(key("a"), key("b"), WHO, WHY)  # event 3
    with pytest.raises(ConstraintsBroken) as refusal:
        ledger.undo([2], WHO, WHY)
    assert refusal.value.events == (3,)
