"""Small datasets and deposits that the custody tests share."""

from pathlib import Path

import pyarrow as pa

from openoda.custody.snapshots import Snapshot
from openoda.custody.workspace import Workspace
from openoda.governance.permits import permit_to_load
from openoda.vocabulary.datasets import DataClass, Dataset

FOOD = Dataset("food", DataClass.OPEN, "OGL v3", "https://data.example.org/food")
MADE_UP = Dataset("made-up", DataClass.SYNTHETIC)
RESIDENTS = Dataset("residents")


def rows(count: int = 3, start: int = 0) -> pa.RecordBatch:
    """`count` rows of a whole number and a text, numbered from `start`."""
    numbers = range(start, start + count)
    return pa.record_batch({"id": list(numbers), "name": [f"case {n}" for n in numbers]})


def deposited(
    workspace: Workspace, dataset: Dataset = FOOD, count: int = 3, start: int = 0
) -> Snapshot:
    """A snapshot of one part, `accepted`, just deposited."""
    with workspace.vault.deposit(dataset, permit_to_load(dataset)) as deposit:
        deposit.write("accepted", rows(count, start))
        return deposit.commit({"source": "test"})


def part_file(workspace: Workspace, snapshot: Snapshot, part: str = "accepted") -> Path:
    """The Parquet file that holds a part."""
    sha256 = snapshot.parts[part].sha256
    return workspace.root / "vault" / sha256[:2] / f"{sha256}.parquet"


def snapshot_file(workspace: Workspace, snapshot: Snapshot) -> Path:
    """The JSON file of a snapshot."""
    return workspace.root / "vault" / "snapshots" / f"{snapshot.id}.json"


def flip(path: Path, bit: int) -> None:
    """Flip one bit of a file, in place."""
    with path.open("r+b") as handle:
        handle.seek(bit // 8)
        byte = handle.read(1)[0]
        handle.seek(bit // 8)
        handle.write(bytes([byte ^ (1 << bit % 8)]))


def leftovers(workspace: Workspace) -> list[str]:
    """What lies in the workspace's tmp besides the lock files that stay."""
    return sorted(path.name for path in (workspace.root / "tmp").iterdir() if "area" in path.name)
