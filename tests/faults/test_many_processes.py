"""Many processes on one workspace: each deposit is kept, none is swept from under its process."""

import os
import signal
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from openoda.custody.workspace import Workspace
from openoda.governance.permits import permit_to_read
from openoda.vocabulary.datasets import DataClass, Dataset
from tests.faults import victim
from tests.unit.custody.samples import deposited, leftovers

DEPOSITOR = """
import sys
from pathlib import Path
import pyarrow as pa
from openoda.custody.workspace import Workspace
from openoda.governance.permits import permit_to_load
from openoda.vocabulary.datasets import DataClass, Dataset
print("ready", flush=True)
sys.stdin.readline()
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
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    running = [subprocess.Popen(command, **pipes) for command in commands]
    assert [process.stdout.readline() for process in running] == ["ready\n"] * 3
    for process in running:
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in running:
        process.communicate(timeout=120)
    assert [process.returncode for process in running] == [0, 0, 0]
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


OPENER = """
import sys
from pathlib import Path
from openoda.custody.workspace import Workspace
Workspace(Path(sys.argv[1]))
"""


stoppable = pytest.mark.skipif(
    not hasattr(signal, "SIGSTOP"), reason="processes can't be stopped here"
)


@contextmanager
def stopped(work, root, step, *where):
    """A process at work that has stopped itself at a step; it is killed at the end."""
    command = [sys.executable, "-m", "tests.faults.victim", work, str(root), str(step), *where]
    environment = {**os.environ, "VICTIM_SIGNAL": "SIGSTOP"}
    folder = Path(__file__).parents[2]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=folder, env=environment
    ) as process:
        os.waitpid(process.pid, os.WUNTRACED)
        yield process
        process.kill()


def told_after_going_on(process):
    """Let a stopped process go on; what it tells next of what it has finished."""
    process.send_signal(signal.SIGCONT)
    assert process.stdout.readline() == "ready\n"
    return process.stdout.readline()


@stoppable
def test_opening_during_a_commit_does_not_take_its_parts(tmp_path):
    """Proves that a commit under way in a slow process is never settled as a dead one's.

    A depositor is stopped between its parts and its snapshot; another process opens the workspace.
    """
    root = Workspace.create(tmp_path / "office").root
    with stopped("deposits", root, 1, "os.rename", f"snapshots{os.sep}") as depositor:
        with suppress(subprocess.TimeoutExpired):  # it waits for the commit, as it should
            subprocess.run([sys.executable, "-c", OPENER, str(root)], timeout=4, check=True)
        assert told_after_going_on(depositor) == "0\n"
    workspace = Workspace(root)
    snapshot = workspace.vault.snapshots()[0]
    assert snapshot.details == {"number": 0}
    assert workspace.vault.verify().sound
    permit = permit_to_read(victim.FOOD, "to test")
    assert workspace.vault.read(snapshot, "accepted", permit).num_rows == victim.ROWS


@stoppable
def test_a_workspace_made_meanwhile_is_opened_not_refused(tmp_path):
    """Proves that a process that found no workspace, and then its files, takes it as it is.

    A creator is stopped after it saw an empty folder; another makes the workspace and fills it.
    """
    root = tmp_path / "0"
    root.mkdir()
    with stopped("creations", tmp_path, 1, "os.scandir", str(root)) as creator:
        deposited(Workspace.create(root))
        assert told_after_going_on(creator) == "0\n"
    workspace = Workspace(root)
    assert len(workspace.audit.entries("create")) == 1
    assert workspace.vault.latest("food").parts["accepted"].rows == 3
