"""What a batch does to ids: each rule of the package's docstring in a small drawn case."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from openoda.linkage.ledger.batches import Batch
from openoda.linkage.ledger.keys import RecordKeys
from openoda.linkage.ledger.view import Standing
from openoda.vocabulary.refusals import Misused
from tests.unit.linkage.ledger_cases import (
    WHO,
    WHY,
    add,
    batch_of,
    drawn,
    id_of,
    keys,
    kinds,
    new_ledger,
)  # fmt: skip

CASES = {
    "clusters without a known record get new ids": (
        ["a b | c"], "d e | f", "a b | c | d e | f", ["created 2", "created 1"],
    ),
    "a record with known ones joins their id": (["a b"], "a c", "a b c", ["joined 1"]),
    "a batch that says the same changes nothing": (["a b | c"], "c | b a", "a b | c", []),
    "records that aren't listed follow their id": (
        ["a b c | d e"], "a d", "a b c d e", ["merged 2"],
    ),
    "of two ids the older stays, though it is smaller": (
        ["a", "b c d"], "a b c d", "a b c d", ["merged 3"],
    ),
    "of two of one age the larger stays": (["a | b c"], "a b", "a b c", ["merged 1"]),
    "of two alike the first stays": (["a | b"], "b a", "a b", ["merged 1"]),
    "the part with most records keeps the id": (["a b c"], "a | b c", "b c | a", ["split 1"]),
    "of equal parts the one with the earliest record keeps it": (
        ["a b"], "b | a", "a | b", ["split 1"],
    ),
    "a part goes to another id's cluster": (
        ["a b | c d"], "a | b c d", "a | b c d", ["split 1"],
    ),
    "parts of two ids make a new one": (
        ["a b c | d e f"], "a b | c d | e f", "a b | e f | c d", ["split 1", "split 1"],
    ),
    "an id is merged at its home and split elsewhere": (
        ["a", "b c d"], "a b c | d", "a b c | d", ["merged 2", "split 1"],
    ),
    "new records with a part that is split off join its new id": (
        ["a b c"], "a b | c d", "a b | c d", ["split 1", "joined 1"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("before", "batch", "after", "events"), CASES.values(), ids=list(CASES))
def test_a_batch(
    tmp_path: Path, before: list[str], batch: str, after: str, events: list[str]
) -> None:
    """Proves the rule that the case is named after; ids stand in the order in which they were given."""
    ledger = new_ledger(tmp_path, *before)
    act = add(ledger, batch)
    assert drawn(ledger) == after
    assert kinds(ledger, act) == events
    assert ledger.check() == []


def test_ids_resolve_after_merge_and_split(tmp_path: Path) -> None:
    """Proves that an id that was merged leads to the other, and one merged and split to both."""
    ledger = new_ledger(tmp_path, "a", "b c d")
    old, merged = id_of(ledger, "a"), id_of(ledger, "b")
    add(ledger, "a b c | d")
    found = ledger.now.resolve(merged)
    assert found.standing is Standing.SPLIT
    assert found.living == (old, id_of(ledger, "d"))
    add(ledger, "a b c d")
    assert ledger.now.resolve(merged).living == (old,)
    assert ledger.now.resolve(merged).standing is Standing.MERGED
    assert ledger.now.resolve(old).standing is Standing.LIVING


def test_withdrawn_records_retire_their_id_and_bring_it_back(tmp_path: Path) -> None:
    """Proves that an empty id still resolves, to nobody, and lives again when a record comes back."""
    ledger = new_ledger(tmp_path, "a b | c")
    mine = id_of(ledger, "a")
    act = add(ledger, "", withdrawn="a b")
    assert kinds(ledger, act) == ["withdrawn 2"]
    assert ledger.now.resolve(mine).standing is Standing.RETIRED
    assert ledger.now.resolve(mine).living == ()
    assert ledger.now.ids_of(keys("a", "c", "never seen")) == [None, id_of(ledger, "c"), None]
    assert ledger.changes_since(1).retired == (mine,)
    act = add(ledger, "b d")
    assert kinds(ledger, act) == ["returned 2"]
    assert id_of(ledger, "d") == mine
    assert ledger.check() == []


def test_what_a_complete_delivery_lacks_is_found(tmp_path: Path) -> None:
    """Proves that the records of a delivery's own sources that it lacks are those to withdraw."""
    ledger = new_ledger(tmp_path, "a | b | c")
    rent = RecordKeys.of([("rent", "z")])
    ledger.add(Batch(rent, np.array([0])), WHO, WHY)
    add(ledger, "", withdrawn="c")
    missing = ledger.now.missing_from(keys("a", "new"))
    assert (missing.source.to_pylist(), missing.record.to_pylist()) == (["tax"], ["b"])
    ledger.add(Batch(keys("a"), np.array([0]), missing), WHO, WHY)
    assert len(ledger.now.missing_from(keys("a"))) == 0
    assert ledger.now.ids_of(rent) != [None]


def test_a_record_back_in_another_cluster_takes_that_id(tmp_path: Path) -> None:
    """Proves that a retired id isn't given to a cluster that has a living one."""
    ledger = new_ledger(tmp_path, "a | c")
    retired, living = id_of(ledger, "a"), id_of(ledger, "c")
    add(ledger, "", withdrawn="a")
    add(ledger, "a c")
    assert id_of(ledger, "a") == living
    assert ledger.now.resolve(retired).standing is Standing.RETIRED


def test_records_of_several_sources_are_told_apart(tmp_path: Path) -> None:
    """Proves that equal ids of two sources are two records, and that keys come back as given."""
    ledger = new_ledger(tmp_path)
    both = RecordKeys(pa.array(["tax", "rent", "tax"]), pa.array(["1", "1", "1:2"]))
    ledger.add(Batch(both, np.array([0, 1, 0])), WHO, WHY)
    one, other, third = ledger.now.ids_of(both)
    assert one
    assert one == third != other
    assert ledger.now.records_of(one) == [("tax", "1"), ("tax", "1:2")]


def test_numbers_and_chunked_columns_are_taken_as_keys(tmp_path: Path) -> None:
    """Proves that record ids may be whole numbers, and columns come in chunks or cut out of others."""
    ledger = new_ledger(tmp_path)
    numbers = pa.chunked_array([[1, 2], [3]])
    ledger.add(Batch(RecordKeys.of_one_source("tax", numbers), np.array([0, 0, 1])), WHO, WHY)
    cut = pa.array(["x", "3", "1", "y"]).slice(1, 2)
    three, one = ledger.now.ids_of(RecordKeys.of_one_source("tax", cut))
    assert (three, one) == (id_of(ledger, "3"), id_of(ledger, "1"))
    assert three != one


def test_long_and_odd_keys_are_kept(tmp_path: Path) -> None:
    """Proves that keys of any text, the empty one included, are found again."""
    odd = ["", " ", ":", "é", "a\nb", "x" * 5000, "0", "00"]
    ledger = new_ledger(tmp_path)
    ledger.add(Batch(keys(*odd), np.arange(len(odd))), WHO, WHY)
    assert len(set(ledger.now.ids_of(keys(*odd)))) == len(odd)
    rows = ledger.now.table().to_pylist()
    assert [row["record"] for row in rows] == odd


REFUSED = {
    "a record twice": (batch_of("a | a"), "more than once"),
    "a known record twice": (batch_of("k | k b"), "more than once"),
    "a record without a cluster": (
        Batch(keys("a", "b"), np.array([1])),
        "2 records and 1 clusters",
    ),
    "clusters that aren't whole numbers": (Batch(keys("a"), np.array([0.5])), "whole numbers"),
    "an unknown record withdrawn": (batch_of("a", "b"), "doesn't hold"),
    "a record listed and withdrawn": (batch_of("k", "k"), "both listed and to be withdrawn"),
}


@pytest.mark.parametrize(("batch", "said"), REFUSED.values(), ids=list(REFUSED))
def test_a_batch_that_makes_no_sense_is_refused_whole(
    tmp_path: Path, batch: Batch, said: str
) -> None:
    """Proves that such a batch is refused, says why without a record's key, and changes nothing."""
    ledger = new_ledger(tmp_path, "k l")
    with pytest.raises(Misused, match=said):
        ledger.add(batch, WHO, WHY)
    assert drawn(ledger) == "k l"
    assert len(ledger.now.acts) == 1
    assert ledger.check() == []


def test_keys_that_are_missing_are_refused() -> None:
    """Proves that a null in a key column is refused with the column's name and the count."""
    with pytest.raises(Misused, match="1 records have no key") as refusal:
        RecordKeys(pa.array(["tax", "tax"]), pa.array(["a", None]))
    assert refusal.value.where == "column record"
    with pytest.raises(Misused, match="1 sources and 2 record ids"):
        RecordKeys(pa.array(["tax"]), pa.array(["a", "b"]))


@pytest.mark.parametrize(("who", "why"), [("", WHY), (WHO, " ")])
def test_an_act_without_who_or_why_is_refused(tmp_path: Path, who: str, why: str) -> None:
    """Proves that nothing is done to a ledger that nobody answers for."""
    ledger = new_ledger(tmp_path)
    with pytest.raises(Misused, match="who does it and why"):
        ledger.add(batch_of("a"), who, why)
    assert ledger.now.acts == ()
