"""Single flipped bits in the vault: every one is noticed, and the file is named."""

import random
from pathlib import Path

import pytest

from openoda.custody.inspection import State
from openoda.custody.snapshots import Snapshot, SnapshotStore
from openoda.custody.workspace import Workspace
from openoda.governance.permits import permit_to_load, permit_to_read
from openoda.vocabulary.refusals import VaultDamaged
from tests.unit.custody.samples import FOOD, MADE_UP, RESIDENTS, deposited, flip, rows

SEED = 20_260_101
FLIPS = 1_000
READS = 250


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """A vault of three datasets, of parts of several sizes, one of them empty."""
    workspace = Workspace.create(tmp_path_factory.mktemp("flips") / "office")
    for count, dataset in [(1, FOOD), (4_000, FOOD), (700, MADE_UP), (50, RESIDENTS)]:
        deposited(workspace, dataset, count)
    with workspace.vault.deposit(FOOD, permit_to_load(FOOD)) as deposit:
        deposit.write("accepted", rows(300, 9))
        deposit.write("quarantine", rows(0))
        deposit.commit({"lines": 300})
    return workspace


def flips(workspace: Workspace, seed: int, count: int) -> list[tuple[Path, int]]:
    """`count` bits drawn evenly from all bits of all files of the vault."""
    files = sorted(path for path in (workspace.root / "vault").rglob("*") if path.is_file())
    bits = [path.stat().st_size * 8 for path in files]
    draw = random.Random(seed)
    chosen = draw.choices(files, weights=bits, k=count)
    sizes = dict(zip(files, bits, strict=True))
    return [(path, draw.randrange(sizes[path])) for path in chosen]


def test_a_thousand_flips_are_each_found_by_verifying(workspace):
    """Proves that each of 1,000 seeded flips is found, and just that file called damaged."""
    assert workspace.vault.verify().sound
    for path, bit in flips(workspace, SEED, FLIPS):
        flip(path, bit)
        damaged = [one for one in workspace.vault.verify().faults if one.state is State.DAMAGED]
        flip(path, bit)
        assert [one.file for one in damaged] == [path.relative_to(workspace.root).as_posix()], bit
    assert workspace.vault.verify().sound


def test_flips_are_each_refused_by_a_read(workspace):
    """Proves that reading the snapshot that a flipped file belongs to refuses, naming the file."""
    by_file = {}
    for snapshot in workspace.vault.snapshots():
        for name in _readable(snapshot):
            sha256 = snapshot.parts[name].sha256
            by_file[f"{sha256}.parquet"] = by_file[f"{snapshot.id}.json"] = (snapshot, name)
    drawn = flips(workspace, SEED + 1, 2 * READS)
    tried = [(path, bit) for path, bit in drawn if path.name in by_file][:READS]
    assert len({path for path, _ in tried}) >= 4
    for path, bit in tried:
        snapshot, name = by_file[path.name]
        flip(path, bit)
        with pytest.raises(VaultDamaged) as refusal:
            workspace.vault.read(snapshot, name, permit_to_read(snapshot.dataset, "to test"))
        flip(path, bit)
        assert refusal.value.where == str(path)


def _readable(snapshot: Snapshot) -> list[str]:
    return [] if snapshot.dataset == RESIDENTS else list(snapshot.parts)


def test_every_bit_of_a_snapshots_file_counts(workspace):
    """Proves that no bit at all of the record that names the parts can flip unnoticed."""
    snapshot = workspace.vault.latest("food")
    store = SnapshotStore(workspace.root / "vault" / "snapshots", workspace.root)
    path = store.path(snapshot.id)
    content = path.read_bytes()
    for bit in range(8 * len(content)):
        flipped = bytearray(content)
        flipped[bit // 8] ^= 1 << bit % 8
        path.write_bytes(flipped)
        with pytest.raises(VaultDamaged):
            store.get(snapshot.id)
    path.write_bytes(content)
    assert store.get(snapshot.id) == snapshot
