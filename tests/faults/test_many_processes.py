"""Many processes on one workspace: each deposit is kept, none is swept from under its process."""

import subprocess
import sys

from openoda.custody.workspace import Workspace
from openoda.governance.permits import permit_to_read
from openoda.vocabulary.datasets import DataClass, Dataset
from tests.unit.custody.samples import leftovers

DEPOSITOR = """
import sys
from pathlib import Path
import pyarrow as pa
from openoda.custody.workspace import Workspace
from openoda.governance.permits import permit_to_load
from openoda.vocabulary.datasets import DataClass, Dataset
for number in range(int(sys.argv[3])):
    workspace = Workspace.create(Path(sys.argv[1]))
    dataset = Dataset(sys.argv[2], DataClass.OPEN)
    with workspace.vault.deposit(dataset, permit_to_load(dataset)) as deposit:
        for start in range(3):
            deposit.write("accepted", pa.record_batch({"id": [number, start]}))
        deposit.commit({"number": number})
"""
DEPOSITS = 12


def test_processes_that_create_open_and_deposit_at_once(tmp_path):
    """Proves that processes making, opening (and sweeping) and filling one workspace get along."""
    root = tmp_path / "office"
    commands = [[sys.executable, "-c", DEPOSITOR, str(root), name, str(DEPOSITS)] for name in "abc"]
    running = [subprocess.Popen(command) for command in commands]
    assert [process.wait(120) for process in running] == [0, 0, 0]
    workspace = Workspace(root)
    for name in "abc":
        permit = permit_to_read(Dataset(name, DataClass.OPEN), "to test")
        snapshots = workspace.vault.snapshots(name)
        assert [one.details["number"] for one in snapshots] == list(range(DEPOSITS))
        table = workspace.vault.read(workspace.vault.latest(name), "accepted", permit)
        assert table.column("id").to_pylist() == [11, 0, 11, 1, 11, 2]
    assert {one.state for one in workspace.vault.verify().files} == {"sound"}
    assert workspace.audit.verify().sound
    assert workspace.audit.verify().interrupted == ()
    assert len(workspace.audit.entries("create")) == 1
    assert leftovers(workspace) == []
