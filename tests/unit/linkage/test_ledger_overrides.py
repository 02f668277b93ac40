"""What a person says of two records: it is done at once, and every later batch must respect it."""

from pathlib import Path

import pytest

from openoda.linkage.ledger.constraints import Constraint
from openoda.linkage.ledger.refusals import ConstraintsBroken
from openoda.vocabulary.refusals import Misused
from tests.unit.linkage.ledger_cases import (
    WHO,
    WHY,
    add,
    batch_of,
    drawn,
    id_of,
    key,
    keys,
    kinds,
    new_ledger,
)  # fmt: skip


def test_two_records_said_to_be_of_one_become_one(tmp_path: Path) -> None:
    """Proves that entities are merged by a person's word, by the rule of batches, and redirect."""
    ledger = new_ledger(tmp_path, "a", "b c")
    old, merged = id_of(ledger, "a"), id_of(ledger, "c")
    act = ledger.same(key("c"), key("a"), WHO, WHY)
    assert kinds(ledger, act) == ["overridden 2"]
    assert drawn(ledger) == "a b c"
    assert ledger.now.resolve(merged).living == (old,)
    assert ledger.now.constraints() == [Constraint(2, key("c"), key("a"), True)]


def test_two_records_said_to_be_of_two_are_parted(tmp_path: Path) -> None:
    """Proves that the second leaves with those tied to it and those named, and the rest stays."""
    ledger = new_ledger(tmp_path, "a b c d e f g")
    ledger.same(key("b"), key("c"), WHO, WHY)
    act = ledger.apart(key("a"), key("b"), WHO, WHY, going=[key("d")])
    assert kinds(ledger, act) == ["overridden 3"]
    assert drawn(ledger) == "a e f g | b c d"
    assert ledger.check() == []


def test_the_larger_part_keeps_the_id(tmp_path: Path) -> None:
    """Proves that it is the first record that gets a new id where its part is the smaller one."""
    ledger = new_ledger(tmp_path, "a b c")
    mine = id_of(ledger, "a")
    ledger.apart(key("a"), key("b"), WHO, WHY, going=[key("c")])
    assert id_of(ledger, "b") == mine
    assert drawn(ledger) == "b c | a"


def test_what_is_so_already_is_only_written_down(tmp_path: Path) -> None:
    """Proves that an override of what holds moves nothing, and holds from now on."""
    ledger = new_ledger(tmp_path, "a b | c")
    ledger.same(key("a"), key("b"), WHO, WHY)
    act = ledger.apart(key("a"), key("c"), WHO, WHY)
    assert kinds(ledger, act) == ["overridden 0"]
    assert drawn(ledger) == "a b | c"
    assert [one.same for one in ledger.now.constraints()] == [True, False]


@pytest.mark.parametrize(
    ("batch", "broken"),
    [("a | b | c", (2,)), ("a b c", (3,)), ("a c | b", (2, 3)), ("a c d", (3,))],
)
def test_a_batch_against_a_persons_word_is_refused(
    tmp_path: Path, batch: str, broken: tuple[int, ...]
) -> None:
    """Proves that a batch is refused, whole, with the overrides that it goes against, and no keys."""
    ledger = new_ledger(tmp_path, "a b | c")
    ledger.same(key("a"), key("b"), WHO, WHY)
    ledger.apart(key("c"), key("a"), WHO, WHY)
    with pytest.raises(ConstraintsBroken) as refusal:
        add(ledger, batch)
    assert refusal.value.events == broken
    assert ledger.conflicts(batch_of(batch)) == list(broken)
    assert ledger.conflicts(batch_of("a b d | c")) == []
    assert drawn(ledger) == "a b | c"
    assert str(broken[0]) in refusal.value.where
    assert ledger.check() == []


def test_a_clustering_is_told_what_it_must_respect(tmp_path: Path) -> None:
    """Proves that constraints are given as places among any records, those of others left out."""
    ledger = new_ledger(tmp_path, "a b | c | d")
    ledger.same(key("a"), key("b"), WHO, WHY)
    ledger.apart(key("c"), key("a"), WHO, WHY)
    ledger.apart(key("c"), key("d"), WHO, WHY)
    must, must_not = ledger.now.constraints_among(keys("new", "c", "b", "newer", "a"))
    assert must.tolist() == [[4, 2]]
    assert must_not.tolist() == [[1, 4]]


def test_words_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    """Proves that what follows from earlier words can't be denied, and which words those are."""
    ledger = new_ledger(tmp_path, "a b c | d")
    ledger.same(key("a"), key("b"), WHO, WHY)
    ledger.same(key("b"), key("c"), WHO, WHY)
    with pytest.raises(ConstraintsBroken) as refusal:
        ledger.apart(key("a"), key("c"), WHO, WHY)
    assert refusal.value.events == (2, 3)
    ledger.apart(key("c"), key("d"), WHO, WHY)
    with pytest.raises(ConstraintsBroken) as refusal:
        ledger.same(key("d"), key("a"), WHO, WHY)
    assert refusal.value.events == (4,)


def test_joining_two_entities_may_not_join_others_that_are_apart(tmp_path: Path) -> None:
    """Proves that a merge by a person's word is refused where it would break another's."""
    ledger = new_ledger(tmp_path, "a b | c d")
    ledger.apart(key("a"), key("c"), WHO, WHY)
    with pytest.raises(ConstraintsBroken) as refusal:
        ledger.same(key("b"), key("d"), WHO, WHY)
    assert refusal.value.events == (2,)
    assert drawn(ledger) == "a b | c d"


def test_words_about_withdrawn_records_wait_for_them(tmp_path: Path) -> None:
    """Proves that an override says nothing while its record is away, and holds when it is back."""
    ledger = new_ledger(tmp_path, "a b | c")
    ledger.apart(key("a"), key("c"), WHO, WHY)
    add(ledger, "", withdrawn="c")
    add(ledger, "a b d")
    with pytest.raises(ConstraintsBroken):
        add(ledger, "a c")
    add(ledger, "c e")
    assert drawn(ledger) == "a b d | c e"


REFUSED = {
    "an unknown record": (("a", "new"), []),
    "a withdrawn record": (("a", "gone"), []),
    "one record twice": (("a", "a"), []),
    "going along from elsewhere": (("a", "b"), ["c"]),
    "the first going along": (("a", "b"), ["a"]),
}


@pytest.mark.parametrize(("pair", "going"), REFUSED.values(), ids=list(REFUSED))
def test_overrides_that_make_no_sense_are_refused(
    tmp_path: Path, pair: tuple[str, str], going: list[str]
) -> None:
    """Proves that such an override is refused and changes nothing."""
    ledger = new_ledger(tmp_path, "a b | c | gone")
    add(ledger, "", withdrawn="gone")
    with pytest.raises(Misused):
        ledger.apart(key(pair[0]), key(pair[1]), WHO, WHY, going=map(key, going))
    if not going:
        with pytest.raises(Misused):
            ledger.same(key(pair[0]), key(pair[1]), WHO, WHY)
    assert drawn(ledger) == "a b | c"
    assert ledger.now.constraints() == []
