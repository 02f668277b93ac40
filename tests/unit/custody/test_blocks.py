"""Large files: parsed from checked blocks, at bounded memory, with no gap between check and use."""

import io

import pyarrow as pa
import pytest

from openoda.custody import blocks, verified
from openoda.custody.workspace import Workspace
from openoda.governance.permits import permit_to_load, permit_to_read
from openoda.vocabulary.refusals import VaultDamaged
from tests.unit.custody.samples import FOOD, flip, part_file, rows

READ = permit_to_read(FOOD, "to test")
ROWS = 400_000


@pytest.fixture
def stored(tmp_path, monkeypatch):
    """A workspace with a snapshot of many blocks, every file being treated as a large one."""
    monkeypatch.setattr(verified, "IN_MEMORY_BYTES", 0)
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 4096)
    workspace = Workspace.create(tmp_path / "office")
    with workspace.vault.deposit(FOOD, permit_to_load(FOOD)) as deposit:
        deposit.write("accepted", rows(ROWS))
        return workspace, deposit.commit()


def test_a_large_file_is_read_as_it_was_written(stored):
    """Proves that rows parsed through checked blocks are the rows deposited, scanned or read."""
    workspace, snapshot = stored
    expected = pa.Table.from_batches([rows(ROWS)])
    assert workspace.vault.read(snapshot, "accepted", READ).equals(expected)
    batches = list(workspace.vault.scan(snapshot, "accepted", READ))
    assert pa.Table.from_batches(batches).equals(expected)


def test_a_change_before_the_read_is_refused(stored):
    """Proves that a large file is hashed whole before a row is given out."""
    workspace, snapshot = stored
    path = part_file(workspace, snapshot)
    flip(path, 8 * path.stat().st_size - 100)
    with pytest.raises(VaultDamaged, match="isn't what was written"):
        next(workspace.vault.scan(snapshot, "accepted", READ, ["id"]))


def test_a_change_during_the_read_is_refused(stored):
    """Proves that bytes changed in place after the check are never parsed."""
    workspace, snapshot = stored
    path = part_file(workspace, snapshot)
    scan = workspace.vault.scan(snapshot, "accepted", READ)
    next(scan)
    with path.open("r+b") as handle:  # all but the start, which has been parsed
        handle.seek(path.stat().st_size // 2)
        handle.write(bytes(path.stat().st_size // 2))
    with pytest.raises(VaultDamaged, match="changed while it was being read"):
        list(scan)
    assert workspace.audit.entries("read")[-1].facts["refusal"] == "VaultDamaged"


def test_a_file_cut_short_during_the_read_is_refused(stored):
    """Proves that a vanished tail is damage too, not an end of the data."""
    workspace, snapshot = stored
    path = part_file(workspace, snapshot)
    scan = workspace.vault.scan(snapshot, "accepted", READ)
    next(scan)
    with path.open("r+b") as handle:
        handle.truncate(path.stat().st_size // 2)
    with pytest.raises(VaultDamaged):
        list(scan)


def test_any_range_is_the_files_own(stored):
    """Proves that seeks and reads across block borders give exactly the file's bytes."""
    workspace, snapshot = stored
    path = part_file(workspace, snapshot)
    content = path.read_bytes()
    with workspace.audit.reading(READ, "food/accepted") as reading, path.open("rb") as handle:
        source = blocks.VerifiedBlocks(reading, handle, path, path.stem)
        for start, size in [(0, 1), (4095, 2), (4096, 4096), (100, 20_000), (len(content) - 5, 50)]:
            assert source.seek(start) == start
            assert source.read(size) == content[start : start + size]
        source.seek(-8, io.SEEK_END)
        assert source.tell() == len(content) - 8
        assert source.read() == content[-8:]
        source.seek(-8, io.SEEK_CUR)
        assert source.read(4) == content[-8:-4]
