"""The vault: what is deposited comes back, whole, checked, logged, and only under a permit."""

import dataclasses
import hashlib

import pyarrow as pa
import pytest

from openoda.custody.workspace import Workspace
from openoda.governance.permits import permit_to_load, permit_to_read
from openoda.vocabulary.datasets import DataClass
from openoda.vocabulary.refusals import Misused, NotPermitted, Refusal, SchemaInvalid, VaultDamaged
from tests.unit.custody.samples import (
    FOOD,
    MADE_UP,
    RESIDENTS,
    deposited,
    flip,
    leftovers,
    part_file,
    rows,
    snapshot_file,
)  # fmt: skip

READ = permit_to_read(FOOD, "to test")


@pytest.fixture
def workspace(tmp_path):
    return Workspace.create(tmp_path / "office")


def put(workspace, parts, details=None, dataset=FOOD):
    """Deposit named lists of batches."""
    with workspace.vault.deposit(dataset, permit_to_load(dataset)) as deposit:
        for name, batches in parts.items():
            for batch in batches:
                deposit.write(name, batch)
        return deposit.commit(details or {})


def test_what_is_deposited_is_read_back(workspace):
    """Proves that rows, order, types, nulls and details of several parts come back unchanged."""
    accepted = pa.record_batch(
        {
            "id": pa.array(["007", None, "Null"]),
            "seen": pa.array([1, None, -(2**63)], pa.int64()),
            "at": pa.array([0, None, 86_400_000_000], pa.timestamp("us", "UTC")),
            "tags": pa.array([["a"], [], None]),
        }
    )
    snapshot = put(workspace, {"accepted": [accepted], "raw": [rows(2)]}, {"lines": 5, "ü": [1.5]})
    table = workspace.vault.read(snapshot, "accepted", READ)
    assert table.equals(pa.Table.from_batches([accepted]))
    assert workspace.vault.read(snapshot, "raw", READ).to_pylist() == rows(2).to_pylist()
    assert snapshot.details == {"lines": 5, "ü": [1.5]}
    assert snapshot.dataset == FOOD
    assert snapshot.taken_at.endswith("+00:00")
    assert {name: part.rows for name, part in snapshot.parts.items()} == {"accepted": 3, "raw": 2}


def test_files_are_named_by_the_hash_of_their_bytes(workspace):
    """Proves that part and snapshot files are named by their SHA-256, and sizes are true."""
    snapshot = deposited(workspace)
    for path in (part_file(workspace, snapshot), snapshot_file(workspace, snapshot)):
        assert hashlib.sha256(path.read_bytes()).hexdigest() == path.stem
    size = part_file(workspace, snapshot).stat().st_size
    assert snapshot.parts["accepted"].bytes == size


def test_scanning_gives_every_row_in_order(workspace):
    """Proves that many batches, over several row groups, come back as one sequence of rows."""
    batches = [rows(30_000, start) for start in range(0, 300_000, 30_000)]
    snapshot = put(workspace, {"accepted": batches})
    ids = [
        number
        for batch in workspace.vault.scan(snapshot, "accepted", READ, ["id"])
        for number in batch.column("id").to_pylist()
    ]
    assert ids == list(range(300_000))


def test_the_same_rows_are_stored_once_however_they_arrive(workspace):
    """Proves that batch sizes, slices and empty batches don't change a part's file."""
    whole = rows(200_000)
    slices = [whole.slice(at, 777) for at in range(0, 200_000, 777)]
    first = put(workspace, {"accepted": [whole]})
    second = put(workspace, {"other": [whole.slice(0, 0), *slices]})
    assert first.parts["accepted"] == second.parts["other"]
    parts = list((workspace.root / "vault").glob("??/*.parquet"))
    assert parts == [part_file(workspace, first)]
    assert len(workspace.vault.snapshots("food")) == 2


def test_an_empty_part_keeps_its_columns(workspace):
    """Proves that a part without rows is read, and scanned, with its schema."""
    snapshot = put(workspace, {"quarantine": [rows(0)]})
    assert workspace.vault.read(snapshot, "quarantine", READ).schema == rows(0).schema
    (batch,) = workspace.vault.scan(snapshot, "quarantine", READ, ["name"])
    assert (batch.num_rows, batch.schema.names) == (0, ["name"])


def test_columns_come_as_asked_for(workspace):
    """Proves that names with dots and one name beginning another don't bring extra columns."""
    batch = pa.record_batch({"a": [1], "a.b": [2], "c": [3]})
    snapshot = put(workspace, {"accepted": [batch]})
    table = workspace.vault.read(snapshot, "accepted", READ, ["c", "a"])
    assert list(table.to_pylist()[0].items()) == [("c", 3), ("a", 1)]
    (read,) = workspace.vault.scan(snapshot, "accepted", READ, ["a.b"])
    assert read.to_pylist() == [{"a.b": 2}]
    with pytest.raises(Misused, match="No such column: d"):
        workspace.vault.read(snapshot, "accepted", READ, ["d"])


def test_a_batch_of_another_schema_is_refused_and_nothing_is_kept(workspace):
    """Proves that the first batch fixes a part's schema, and a refused deposit leaves no trace."""
    with pytest.raises(SchemaInvalid):
        put(workspace, {"accepted": [rows(1), pa.record_batch({"id": ["text"]})]})
    assert workspace.vault.verify().files == ()
    assert leftovers(workspace) == []


def test_a_deposit_without_commit_keeps_nothing(workspace):
    """Proves that leaving the block without committing is as if it had not begun."""
    with workspace.vault.deposit(FOOD, permit_to_load(FOOD)) as deposit:
        deposit.write("accepted", rows())
    assert workspace.vault.verify().files == ()
    assert leftovers(workspace) == []
    with pytest.raises(Misused, match="finished"):
        deposit.write("accepted", rows())


def test_a_commit_that_fails_takes_its_parts_out_again(workspace):
    """Proves that a commit stopped before its last write leaves the vault as it was, and is logged."""
    snapshots = workspace.root / "vault" / "snapshots"
    snapshots.rmdir()
    snapshots.write_text("a file in the way")
    with pytest.raises((Refusal, OSError)):
        put(workspace, {"accepted": [rows()], "quarantine": [rows(0)]})
    snapshots.unlink()
    assert workspace.vault.verify().files == ()
    assert [one.facts["outcome"] for one in workspace.audit.entries("deposit")] == [
        "awaited",
        "failed",
    ]
    assert leftovers(workspace) == []


def test_a_failing_commit_leaves_parts_that_others_hold(workspace):
    """Proves that undoing a commit never removes what an earlier snapshot refers to."""
    snapshot = deposited(workspace)
    head = workspace.audit.intend(
        "deposit", "food", "", {"parts": [snapshot.parts["accepted"].sha256]}
    )
    reopened = Workspace(workspace.root)  # settles the intent of a commit that never ended
    assert reopened.vault.read(snapshot, "accepted", READ).num_rows == 3
    assert reopened.audit.entries("deposit")[-1].facts["of"] == head.seq


@pytest.mark.parametrize("details", [{"x": float("nan")}, {"x": object()}])
def test_details_that_are_not_json_are_refused(workspace, details):
    """Proves that what couldn't be read back is refused before anything is committed."""
    with pytest.raises(Misused, match="JSON"):
        put(workspace, {"accepted": [rows()]}, details)
    assert workspace.vault.snapshots() == []


def test_an_empty_deposit_is_refused(workspace):
    """Proves that a snapshot without parts isn't made."""
    with pytest.raises(Misused, match="at least one part"):
        put(workspace, {})


def test_the_latest_snapshot_is_the_last_one_committed(workspace):
    """Proves that order follows the audit log, each dataset for itself, and not the clock."""
    deposited(workspace, count=1)
    middle = deposited(workspace, count=2)
    deposited(workspace, MADE_UP)
    last = deposited(workspace, count=1)
    assert workspace.vault.latest("food") == last
    assert workspace.vault.snapshots("food")[1] == middle
    assert [one.dataset.name for one in workspace.vault.snapshots()][2] == "made-up"


def test_an_unknown_dataset_or_part_is_refused_with_the_names_that_exist(workspace):
    """Proves that the remedy lists what there is."""
    with pytest.raises(Misused, match="oda intake"):
        workspace.vault.latest("food")
    snapshot = deposited(workspace)
    deposited(workspace, MADE_UP)
    with pytest.raises(Misused, match="food, made-up"):
        workspace.vault.latest("fod")
    with pytest.raises(Misused, match="accepted"):
        workspace.vault.read(snapshot, "quarantine", READ)


def test_a_read_needs_a_permit_for_that_dataset(workspace):
    """Proves that a permit for another dataset, or to load this one, reads nothing."""
    snapshot = deposited(workspace)
    for permit in (permit_to_read(MADE_UP, "to test"), permit_to_load(FOOD)):
        with pytest.raises(NotPermitted):
            workspace.vault.read(snapshot, "accepted", permit)
        with pytest.raises(NotPermitted):
            next(workspace.vault.scan(snapshot, "accepted", permit))


def test_personal_data_is_not_read_by_calling_it_open(workspace):
    """Proves that the class stored counts, not the class in the permit or the snapshot given."""
    snapshot = deposited(workspace, RESIDENTS)
    claimed = dataclasses.replace(RESIDENTS, data_class=DataClass.OPEN)
    forged = dataclasses.replace(snapshot, dataset=claimed)
    permit = permit_to_read(claimed, "to look")
    for given in (snapshot, forged):
        with pytest.raises(NotPermitted):
            workspace.vault.read(given, "accepted", permit)


def test_a_deposit_needs_a_permit_to_load_that_dataset(workspace):
    """Proves that neither a permit to read nor one for another dataset stores anything."""
    for permit in (READ, permit_to_load(MADE_UP)):
        with pytest.raises(NotPermitted), workspace.vault.deposit(FOOD, permit):
            pytest.fail("the block must not run")


def test_each_read_is_logged_before_and_after(workspace):
    """Proves that the intent, with purpose and basis, precedes the outcome with the rows given."""
    snapshot = deposited(workspace, count=5)
    workspace.vault.read(snapshot, "accepted", READ)
    intent, outcome = workspace.audit.entries("read", "food/accepted")
    assert intent.purpose == "to test"
    assert intent.facts["basis"] == READ.basis
    assert outcome.facts == {
        "of": intent.seq, "outcome": "done", "rows": 5, "snapshot": snapshot.id,
    }  # fmt: skip


def test_a_refused_read_is_logged_with_its_class_alone(workspace):
    """Proves that an attempt without the right permit stays in the log."""
    snapshot = deposited(workspace)
    with pytest.raises(NotPermitted):
        workspace.vault.read(snapshot, "accepted", permit_to_read(MADE_UP, "to test"))
    outcome = workspace.audit.entries("read")[-1]
    assert outcome.facts == {
        "of": outcome.seq - 1, "outcome": "failed", "refusal": "NotPermitted",
    }  # fmt: skip


def test_a_scan_that_is_left_early_is_logged_as_stopped(workspace):
    """Proves that the log tells how many rows were given out when a reader stops half-way."""
    snapshot = put(workspace, {"accepted": [rows(200_000)]})
    scan = workspace.vault.scan(snapshot, "accepted", READ)
    given = next(scan).num_rows
    scan.close()
    facts = workspace.audit.entries("read")[-1].facts
    assert (facts["outcome"], facts["rows"]) == ("stopped", given)
    assert 0 < given < 200_000


def test_a_damaged_part_is_named_and_restored_by_depositing_again(workspace):
    """Proves that a flipped bit refuses the read, and that the same content put again heals it."""
    snapshot = deposited(workspace)
    path = part_file(workspace, snapshot)
    flip(path, 100)
    with pytest.raises(VaultDamaged) as refusal:
        workspace.vault.read(snapshot, "accepted", READ)
    assert refusal.value.where == str(path)
    assert "backup" in refusal.value.remedy
    assert [one.state for one in workspace.vault.verify().faults] == ["damaged"]
    deposited(workspace)
    assert workspace.vault.verify().sound
    assert workspace.vault.read(snapshot, "accepted", READ).num_rows == 3


def test_a_missing_part_is_noticed(workspace):
    """Proves that a removed part refuses the read and is listed as missing."""
    snapshot = deposited(workspace)
    part_file(workspace, snapshot).unlink()
    with pytest.raises(VaultDamaged, match="is missing"):
        next(workspace.vault.scan(snapshot, "accepted", READ))
    assert [one.state for one in workspace.vault.verify().faults] == ["missing"]


def test_a_missing_snapshot_is_noticed(workspace):
    """Proves that removing the newest snapshot's file doesn't quietly give an older one."""
    older = deposited(workspace, count=1)
    newer = deposited(workspace, count=2)
    snapshot_file(workspace, newer).unlink()
    with pytest.raises(VaultDamaged, match=newer.id):
        workspace.vault.latest("food")
    with pytest.raises(VaultDamaged):
        workspace.vault.read(newer, "accepted", READ)
    states = {one.file: one.state for one in workspace.vault.verify().files}
    assert states[f"vault/snapshots/{newer.id}.json"] == "missing"
    assert workspace.vault.read(older, "accepted", READ).num_rows == 1
    assert workspace.vault.latest("food") if deposited(workspace, count=4) else None


def test_the_only_snapshot_missing_is_noticed(workspace):
    """Proves that a dataset doesn't become unknown by losing its one file."""
    snapshot_file(workspace, deposited(workspace)).unlink()
    with pytest.raises(VaultDamaged):
        workspace.vault.latest("food")


def test_a_damaged_snapshot_is_named(workspace):
    """Proves that a flipped bit in a snapshot's file refuses listing, and is found by verifying."""
    snapshot = deposited(workspace)
    flip(snapshot_file(workspace, snapshot), 8 * 20)
    with pytest.raises(VaultDamaged, match=snapshot.id):
        workspace.vault.snapshots()
    states = {one.file: one.state for one in workspace.vault.verify().files}
    assert states[f"vault/snapshots/{snapshot.id}.json"] == "damaged"


def test_a_file_nobody_refers_to_is_listed_and_no_fault(workspace):
    """Proves that verifying lists strangers in the vault, and sound files as sound."""
    deposited(workspace)
    (workspace.root / "vault" / "aa").mkdir(exist_ok=True)
    (workspace.root / "vault" / "aa" / "stranger.txt").write_text("?")
    report = workspace.vault.verify()
    assert report.sound
    states = [one.state for one in report.files]
    assert sorted(states) == ["not referenced", "sound", "sound"]


def test_verifying_tells_its_progress(workspace):
    """Proves that a long verification can be watched."""
    deposited(workspace)
    steps = []
    workspace.vault.verify(steps.append)
    assert [(step.done, step.total) for step in steps] == [(0, 1), (1, 1)]
