"""A disk that is full or read-only: a clear refusal, and the old state whole."""

import os
import subprocess
import sys

import pyarrow as pa
import pytest

from openoda.custody.atomic import new_folder, write_file
from openoda.custody.workspace import Workspace
from openoda.governance.permits import permit_to_load, permit_to_read
from openoda.vocabulary.refusals import AuditUnavailable, Refusal, StorageUnwritable
from tests.unit.custody.samples import FOOD, deposited, leftovers

READ = permit_to_read(FOOD, "to test")
SIZE = 2 << 20


@pytest.fixture
def disk(tmp_path):
    """A small disk of its own, mounted for the test."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("needs root on Linux, to mount a small disk")
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"a small disk can't be mounted here: {done.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(disk, leave):
    """Fill the disk but for about `leave` bytes; the file that fills it."""
    filler = disk / "filler"
    space = os.statvfs(disk)
    size = max(0, space.f_bavail * space.f_frsize - leave)
    with filler.open("wb") as handle:
        handle.write(bytes(size))
    return filler


def noise(kilobytes):
    """A batch that can't be compressed, of one row a kilobyte."""
    return pa.record_batch({"noise": [os.urandom(1024) for _ in range(kilobytes)]})


def assert_as_before(workspace, snapshot):
    """Assert that the one snapshot is there and sound, with nothing beside it."""
    reopened = Workspace(workspace.root)
    assert reopened.vault.snapshots() == [snapshot]
    assert [one.state for one in reopened.vault.verify().files] == ["sound", "sound"]
    assert leftovers(reopened) == []
    assert reopened.audit.verify().sound
    assert reopened.vault.read(snapshot, "accepted", READ).num_rows == 3


def test_a_deposit_larger_than_the_disk_is_refused(disk):
    """Proves that a disk that fills during a deposit gives a refusal and keeps the old state."""
    workspace = Workspace.create(disk / "office")
    snapshot = deposited(workspace)
    with pytest.raises(StorageUnwritable) as refusal:
        _deposit(workspace, noise(3 << 10))
    assert refusal.value.what == "The disk is full"
    assert "Free some space" in refusal.value.remedy
    assert_as_before(workspace, snapshot)


def _deposit(workspace, batch):
    with workspace.vault.deposit(FOOD, permit_to_load(FOOD)) as deposit:
        deposit.write("accepted", batch)
        return deposit.commit()


@pytest.mark.parametrize("leave", range(0, 120 << 10, 4 << 10))
def test_a_disk_that_fills_anywhere_leaves_all_or_nothing(disk, leave):
    """Proves that wherever in a deposit the disk fills, it is stored whole or refused whole."""
    workspace = Workspace.create(disk / "office")
    snapshot = deposited(workspace)
    filler = fill(disk, leave)
    try:
        second = _deposit(workspace, noise(40))
    except Refusal:
        filler.unlink()
        assert_as_before(workspace, snapshot)
    else:
        filler.unlink()
        reopened = Workspace(workspace.root)
        assert reopened.vault.latest("food") == second
        assert reopened.vault.verify().sound
        assert reopened.audit.verify().sound
        assert reopened.vault.read(second, "accepted", READ).num_rows == 40


def test_nothing_is_read_while_the_log_has_no_room(disk):
    """Proves that a full disk stops reads by the log's refusal, and that room lets them go on."""
    workspace = Workspace.create(disk / "office")
    snapshot = deposited(workspace)
    filler = fill(disk, 0)
    with pytest.raises(AuditUnavailable, match=r"[Tt]he disk is full"):
        workspace.vault.read(snapshot, "accepted", READ)
    filler.unlink()
    assert_as_before(workspace, snapshot)


def test_files_and_folders_on_a_full_disk_are_refused_whole(disk):
    """Proves that an atomic write that finds no room leaves the file that was there."""
    workspace = Workspace.create(disk / "office")
    target = workspace.root / "lists" / "list.csv"
    write_file(workspace.root, target, b"old")
    filler = fill(disk, 0)
    with pytest.raises(StorageUnwritable):
        write_file(workspace.root, target, bytes(1 << 20))
    with pytest.raises(StorageUnwritable), new_folder(workspace.root, workspace.runs / "r1") as new:
        (new / "page.html").write_bytes(bytes(1 << 20))
    filler.unlink()
    assert target.read_bytes() == b"old"
    assert list(workspace.runs.iterdir()) == []
    assert leftovers(workspace) == []


def test_a_workspace_is_not_half_made_on_a_full_disk(disk):
    """Proves that creating on a full disk refuses, and completes once there is room."""
    filler = fill(disk, 0)
    with pytest.raises(Refusal):
        Workspace.create(disk / "office")
    assert not (disk / "office" / "oda.toml").exists()
    filler.unlink()
    assert Workspace.create(disk / "office").audit.verify().sound


def test_a_read_only_workspace_can_be_verified_and_nothing_else(disk):
    """Proves that a read-only workspace opens and verifies; reads and deposits refuse, saying why."""
    workspace = Workspace.create(disk / "office")
    snapshot = deposited(workspace)
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    workspace = Workspace(workspace.root)
    assert workspace.vault.latest("food") == snapshot
    assert workspace.vault.verify().sound
    assert workspace.audit.verify().sound
    with pytest.raises(AuditUnavailable) as refusal:
        workspace.vault.read(snapshot, "accepted", READ)
    assert "writable" in refusal.value.remedy
    with pytest.raises(StorageUnwritable, match="read-only"):
        deposited(workspace)
    with pytest.raises(StorageUnwritable, match="read-only"):
        Workspace.create(disk / "another")
