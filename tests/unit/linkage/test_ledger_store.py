"""The ledger's file: what was written is read again, shared, and every damage is noticed."""

import random
import shutil
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from openoda.custody.chain import Head
from openoda.linkage.ledger import store
from openoda.linkage.ledger.ids import EntityKind
from openoda.linkage.ledger.ledger import Ledger
from openoda.linkage.ledger.payload import packed, unpacked
from openoda.linkage.ledger.refusals import LedgerDamaged
from openoda.vocabulary.progress import Step
from openoda.vocabulary.refusals import Misused, StorageUnwritable
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

MIDNIGHT = datetime(2026, 1, 1, tzinfo=UTC)


def full_ledger(folder: Path) -> Ledger:
    """A ledger with every kind of act."""
    ledger = new_ledger(folder, "a b | c d e | f", "a c | b")
    ledger.same(key("b"), key("f"), WHO, WHY)
    ledger.apart(key("d"), key("e"), WHO, WHY)
    ledger.undo([5], WHO, WHY)
    add(ledger, "g h", withdrawn="f")
    return ledger


def test_a_ledger_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Proves that opening the file gives the same ids, events, acts and constraints."""
    ledger = full_ledger(tmp_path)
    steps: list[Step] = []
    again = Ledger(tmp_path / "people.sqlite3", progress=steps.append)
    assert again.now.table().equals(ledger.now.table())
    assert again.now.acts == ledger.now.acts
    assert again.now.constraints() == ledger.now.constraints()
    assert again.now.batches == ledger.now.batches
    assert again.head == ledger.head
    assert [kinds(again, act.number) for act in again.now.acts] == [
        kinds(ledger, act.number) for act in ledger.now.acts
    ]
    assert [step.done for step in steps] == [1, 2, 3, 4, 5, 6]
    assert again.check() == []


def test_any_text_may_be_a_reason(tmp_path: Path) -> None:
    """Proves that what can't be stored as text is stored in another writing, and read again."""
    ledger = new_ledger(tmp_path)
    ledger.add(batch_of("a"), "someone \udce9", "a\0b 'c' \n é")
    (act,) = Ledger(tmp_path / "people.sqlite3").now.acts
    assert (act.who, act.reason) == ("someone \\udce9", "a\\0b 'c' \n é")


def test_two_who_share_a_ledger_see_each_others_acts(tmp_path: Path) -> None:
    """Proves that an act first takes in what others added, so that neither works on an old state."""
    mine = new_ledger(tmp_path, "a | b")
    other = Ledger(tmp_path / "people.sqlite3", draw=random.Random(9).randbytes)
    add(mine, "a b")
    add(other, "b c")
    assert drawn(other) == "a b c"
    assert drawn(mine) == "a b"
    mine.refresh()
    assert drawn(mine) == "a b c"
    assert mine.head == other.head


def test_a_snapshot_at_an_act_and_at_a_time(tmp_path: Path) -> None:
    """Proves that a past state is found by its act and by any time until the next one."""
    times = iter(MIDNIGHT + timedelta(hours=hour) for hour in (1, 2, 1.5, 4))
    path = tmp_path / "people.sqlite3"
    ledger = Ledger.create(path, EntityKind.PERSON, clock=lambda: next(times))
    for batch in ("a | b", "a b", "a b c", "d"):
        add(ledger, batch)
    mine = id_of(ledger, "b")
    assert [act.when.hour for act in ledger.now.acts] == [
        1,
        2,
        2,
        4,
    ]  # a clock set back is not followed
    for moment, records in [(0, 0), (1, 2), (MIDNIGHT, 0), (MIDNIGHT + timedelta(hours=1.9), 2),
                            (MIDNIGHT + timedelta(hours=2), 3), (4, 4)]:  # fmt: skip
        assert ledger.as_of(moment).records == records
    assert ledger.as_of(1).entities == 2
    assert ledger.as_of(1).ids_of(keys("a")) == [mine]
    with pytest.raises(Misused):
        ledger.as_of(5)
    assert ledger.changes_since(MIDNIGHT + timedelta(hours=3)).counts["created"] == 1


def test_a_ledger_isnt_made_twice_nor_opened_where_none_is(tmp_path: Path) -> None:
    """Proves that an existing ledger isn't overwritten, and that other files are refused."""
    new_ledger(tmp_path, "a")
    path = tmp_path / "people.sqlite3"
    with pytest.raises(Misused, match="already"):
        Ledger.create(path, EntityKind.PERSON)
    assert drawn(Ledger(path)) == "a"
    with pytest.raises(Misused, match="no ledger"):
        Ledger(tmp_path / "absent.sqlite3")
    assert not (tmp_path / "absent.sqlite3").exists()
    (tmp_path / "text").write_text("not a database" * 100)
    with pytest.raises(LedgerDamaged):
        Ledger(tmp_path / "text")
    sqlite3.connect(tmp_path / "empty.sqlite3").execute("create table t (a)")
    with pytest.raises(Misused, match="no ledger"):
        Ledger(tmp_path / "empty.sqlite3")


def test_a_ledger_of_another_version_is_left_alone(tmp_path: Path) -> None:
    """Proves that a file in a format that isn't known is refused as such, not as damaged."""
    new_ledger(tmp_path, "a")
    with sqlite3.connect(tmp_path / "people.sqlite3") as db:
        db.execute("update ledger set format = 99")
    db.close()
    with pytest.raises(Misused, match="another version"):
        Ledger(tmp_path / "people.sqlite3")


def test_what_was_never_given_is_refused(tmp_path: Path) -> None:
    """Proves that ids of another ledger, and events that aren't there, are refused."""
    ledger = new_ledger(tmp_path, "a")
    (tmp_path / "other").mkdir()
    stranger = id_of(new_ledger(tmp_path / "other", "a", seed=2), "a")
    with pytest.raises(Misused, match="never gave"):
        ledger.now.resolve(stranger)
    with pytest.raises(Misused, match="no such event"):
        ledger.now.event(1)
    assert stranger not in str(ledger.now.all_ids())


def test_a_kind_has_ids_of_its_own(tmp_path: Path) -> None:
    """Proves that a household's ledger gives household ids, also after opening it again."""
    path = tmp_path / "h.sqlite3"
    add(Ledger.create(path, EntityKind.HOUSEHOLD), "a")
    assert id_of(Ledger(path), "a").startswith("HHD-")


@pytest.mark.parametrize(
    "damage",
    [
        "update act set reason = 'another' where number = 2",
        "update act set who = 'another' where number = 6",
        "update act set at = 'never' where number = 2",
        "update act set cause = 'whim' where number = 2",
        "delete from act where number = 2",
        "delete from part where act = 1 and name = 'moves'",
        "update part set content = zeroblob(length(content)) where act = 1 and name = 'ids'",
        "update part set name = 'moved' where name = 'moves' and act = 2",
        "update act set previous = hash where number = 3",
        "update ledger set kind = 'dog'",
        "update ledger set kind = 'household'",
        "update act set who = x'00' where number = 2",
        "update act set reason = cast(x'c328' as text) where number = 3",
    ],
)
def test_a_change_of_the_file_is_noticed(tmp_path: Path, damage: str) -> None:
    """Proves that whatever is altered in the file, it is refused, and said by a check."""
    ledger = full_ledger(tmp_path)
    path = tmp_path / "people.sqlite3"
    with sqlite3.connect(path) as db:
        db.execute(damage)
    db.close()
    with pytest.raises(LedgerDamaged) as refusal:
        Ledger(path)
    assert refusal.value.where == str(path)
    if "ledger" not in damage or "household" in damage:
        assert len(ledger.check()) == 1


def test_acts_cut_off_are_noticed_by_a_head_noted_elsewhere(tmp_path: Path) -> None:
    """Proves that a lost tail, which no chain shows, is seen by a witness and by an open ledger."""
    ledger = full_ledger(tmp_path)
    path, noted = tmp_path / "people.sqlite3", ledger.head
    with sqlite3.connect(path) as db:
        db.execute("delete from act where number = 6")
        db.execute("delete from part where act = 6")
    db.close()
    again = Ledger(path)
    assert again.check() == []
    assert again.check([noted, Head()]) == [
        "Act 6 is gone, or isn't the one that was noted elsewhere"
    ]
    assert len(ledger.check()) == 1
    with pytest.raises(LedgerDamaged):
        add(ledger, "z")


def test_another_ledger_in_its_place_is_noticed(tmp_path: Path) -> None:
    """Proves that a file exchanged for another ledger, of more acts, isn't read on from."""
    ledger = new_ledger(tmp_path, "a | b")
    (tmp_path / "other").mkdir()
    new_ledger(tmp_path / "other", "a b", "c", seed=2)
    for name in ("people.sqlite3-wal", "people.sqlite3-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    shutil.copy(tmp_path / "other" / "people.sqlite3", tmp_path / "people.sqlite3")
    with pytest.raises(LedgerDamaged):
        ledger.refresh()
    with pytest.raises(LedgerDamaged):
        add(ledger, "z")


def test_flipped_bits_are_never_taken_for_data(tmp_path: Path) -> None:
    """Proves that of 200 files with one flipped bit each is refused, or gives what was written."""
    expected = full_ledger(tmp_path).now.table()
    path, copy = tmp_path / "people.sqlite3", tmp_path / "copy.sqlite3"
    with sqlite3.connect(path) as db:
        db.execute("pragma wal_checkpoint(truncate)")
    db.close()
    sound, refused = path.read_bytes(), 0
    where = random.Random(11)
    for _ in range(200):
        content = bytearray(sound)
        content[where.randrange(len(content))] ^= 1 << where.randrange(8)
        for left_over in tmp_path.glob("copy*"):
            left_over.unlink()
        copy.write_bytes(content)
        try:
            assert Ledger(copy).now.table().equals(expected)
        except (LedgerDamaged, Misused, StorageUnwritable):
            refused += 1
    assert refused > 10


def test_a_ledger_in_a_folder_that_cant_be_written_is_read_and_refuses_acts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Proves that reading needs no right to write, and that an act without it is refused plainly."""
    new_ledger(tmp_path, "a b")
    monkeypatch.setattr(store.os, "access", lambda *_: False)  # root may write anywhere
    ledger = Ledger(tmp_path / "people.sqlite3")
    assert drawn(ledger) == "a b"
    shutil.move(tmp_path / "people.sqlite3", tmp_path / "moved")
    with pytest.raises(StorageUnwritable):
        add(ledger, "c")


def test_an_act_waits_for_another_process_only_so_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Proves that a ledger that somebody else is writing is refused, not waited for without end."""
    ledger = new_ledger(tmp_path, "a")
    monkeypatch.setattr(store, "_TIMEOUT_SECONDS", 0.05)
    other = sqlite3.connect(tmp_path / "people.sqlite3", isolation_level=None)
    other.execute("begin immediate")
    with pytest.raises(StorageUnwritable, match="another process"):
        add(ledger, "b")
    assert drawn(Ledger(tmp_path / "people.sqlite3")) == "a"  # reading goes on
    other.execute("rollback")
    other.close()
    add(ledger, "b")
    assert drawn(ledger) == "a | b"


def test_what_fails_while_it_is_applied_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Proves that an act stored but not taken in (memory ran out) is there at the next question."""
    ledger = new_ledger(tmp_path, "a")

    def fails(*_: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr("openoda.linkage.ledger.ledger.apply", fails)
        with pytest.raises(MemoryError):
            add(ledger, "a b")
    assert drawn(ledger) == "a b"
    assert ledger.check() == []


def test_large_parts_are_stored_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves that a part larger than SQLite takes in one value comes back whole."""
    cut = store.pieces
    monkeypatch.setattr(store, "pieces", lambda content: cut(content, 100))
    ledger = new_ledger(tmp_path, " | ".join(f"r{number}" for number in range(200)))
    with sqlite3.connect(tmp_path / "people.sqlite3") as db:
        assert db.execute("select max(piece) from part").fetchone()[0] > 10
    db.close()
    assert Ledger(tmp_path / "people.sqlite3").now.table().equals(ledger.now.table())


def test_a_change_is_the_same_after_packing(tmp_path: Path) -> None:
    """Proves that each array of every act's change comes back from its bytes, with its type."""
    full_ledger(tmp_path)
    with store.Store(tmp_path / "people.sqlite3").reading() as reading:
        for stored in reading.since(0):
            change = unpacked(stored.parts)
            again = unpacked(packed(change))
            for name, value in vars(change).items():
                other = getattr(again, name)
                if isinstance(value, np.ndarray):
                    assert value.dtype == other.dtype
                    assert np.array_equal(value, other), name
                else:
                    assert value == other, name
