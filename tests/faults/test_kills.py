"""kill -9 at random moments: the workspace opens, is whole, and the next act is right."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from openoda.custody.atomic import sweep
from openoda.custody.audit import Audit
from openoda.custody.chain import open_intents
from openoda.custody.workspace import Workspace
from openoda.governance.permits import permit_to_read
from tests.faults import victim
from tests.unit.custody.samples import leftovers

READ = permit_to_read(victim.FOOD, "to test")
LONG = pytest.param(70, marks=pytest.mark.long)


def killed(work: str, root: Path, within: float) -> int:
    """Let a process work, kill it at a moment within so many seconds; its last finished number."""
    command = [sys.executable, "-m", "tests.faults.victim", work, str(root)]
    folder = Path(__file__).parents[2]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=folder) as process:
        assert process.stdout.readline() == "ready\n"
        time.sleep(within)
        process.kill()
        return _last(process.stdout.read())


def killed_at(work: str, root: Path, step: int, *where: str) -> int:
    """Let a process work until it kills itself at a step; its last finished number, or -1."""
    command = [sys.executable, "-m", "tests.faults.victim", work, str(root), str(step), *where]
    folder = Path(__file__).parents[2]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, timeout=120)
    assert done.returncode != 0, "it was to be killed"
    assert "Traceback" not in done.stderr
    return _last(done.stdout)


def _last(printed: str) -> int:
    numbers = printed.split()
    return int(numbers[-1]) if numbers and numbers[-1] != "ready" else -1


def assert_whole(root: Path, told: int) -> None:
    """Assert that every snapshot told of is there, whole, and nothing besides but perhaps one."""
    workspace = Workspace(root)
    assert leftovers(workspace) == []
    snapshots = workspace.vault.snapshots()
    assert [one.details["number"] for one in snapshots] == list(range(len(snapshots)))
    assert told < len(snapshots) or told == -1
    assert told == -1 or len(snapshots) <= told + 2
    assert {one.state for one in workspace.vault.verify().files} <= {"sound"}
    report = workspace.audit.verify()
    assert report.sound, report.findings
    assert open_intents(workspace.audit.entries("deposit")) == []
    for number in range(max(0, len(snapshots) - 2), len(snapshots)):
        assert_read(workspace, number)


def assert_read(workspace: Workspace, number: int) -> None:
    """Assert that the numbered snapshot gives exactly the rows that were deposited."""
    snapshot = workspace.vault.snapshots("food")[number]
    for part, rows in [("accepted", number), ("quarantine", -1 - number)]:
        table = workspace.vault.read(snapshot, part, READ)
        assert table.column("id").to_pylist() == victim.delivery(rows).column("id").to_pylist()


def assert_next_is_right(root: Path) -> None:
    """Assert that the next deposit, of what may have been half stored, is stored and read."""
    workspace = Workspace(root)
    number = len(workspace.vault.snapshots())
    victim.deposit(workspace, number)
    assert_read(workspace, number)
    assert workspace.vault.verify().sound


@pytest.mark.parametrize("rounds", [6, LONG])
def test_killed_while_depositing(tmp_path, rounds):
    """Proves that after kill -9 at random moments each snapshot is there whole or not at all."""
    draw = random.Random(rounds)
    root = Workspace.create(tmp_path / "office").root
    for _ in range(rounds):
        assert_whole(root, killed("deposits", root, draw.uniform(0, 0.4)))
        assert_next_is_right(root)


@pytest.mark.parametrize("rounds", [6, LONG])
def test_killed_at_a_step_of_a_deposit(tmp_path, rounds):
    """Proves the same at chosen steps: between any two changes of the file system in a deposit."""
    draw = random.Random(rounds)
    root = Workspace.create(tmp_path / "office").root
    for _ in range(rounds):
        assert_whole(root, killed_at("deposits", root, draw.randrange(1, 140)))
        assert_next_is_right(root)


@pytest.mark.parametrize(
    ("step", "where", "kept", "logged"),
    [
        (1, ("os.rename", ".parquet"), 0, "failed"),
        (2, ("os.rename", ".parquet"), 0, "failed"),
        (1, ("os.rename", f"snapshots{os.sep}"), 0, "failed"),
        (1, ("open", f"snapshots{os.sep}"), 1, "done"),
        (2, ("os.rename", "audit.head.json"), 1, "done"),
    ],
    ids=["no part", "one part", "all parts", "no outcome", "no note of the outcome"],
)
def test_killed_between_two_steps_of_a_commit(tmp_path, step, where, kept, logged):
    """Proves that each gap in a commit is settled on opening: parts out again, or logged as done."""
    root = Workspace.create(tmp_path / "office").root
    killed_at("deposits", root, step, *where)
    workspace = Workspace(root)
    assert len(workspace.vault.snapshots()) == kept
    assert [one.facts["outcome"] for one in workspace.audit.entries("deposit")] == [
        "awaited",
        logged,
    ]
    assert_whole(root, -1)
    assert_next_is_right(root)


@pytest.mark.parametrize("rounds", [4, pytest.param(30, marks=pytest.mark.long)])
def test_killed_while_creating(tmp_path, rounds):
    """Proves that a half-made workspace is completed by creating it again, and a whole one opens."""
    draw = random.Random(rounds)
    for at in range(rounds):
        folder = tmp_path / str(at)
        told = killed_at("creations", folder, draw.randrange(1, 120))
        made = len(list(folder.iterdir())) if folder.exists() else 0
        assert told + 1 <= made <= told + 2
        for number in range(told + 1):
            assert (folder / str(number) / "oda.toml").exists()
        workspace = Workspace.create(folder / str(told + 1))
        assert leftovers(workspace) == []
        assert len(workspace.audit.entries("create")) == 1
        assert workspace.audit.verify().sound
        victim.deposit(workspace, 0)
        assert_read(workspace, 0)


@pytest.mark.parametrize("rounds", [4, pytest.param(30, marks=pytest.mark.long)])
def test_killed_while_appending_to_the_log(tmp_path, rounds):
    """Proves that what was told is in the chain, the chain is sound, and the next entry follows."""
    draw = random.Random(rounds)
    audit = Audit(tmp_path)
    audit.create()
    for _ in range(rounds):
        told = killed("entries", tmp_path, draw.uniform(0, 0.2))
        report = audit.verify()
        assert report.sound, report.findings
        assert told <= report.entries
        entry = audit.record("count", "after")
        assert entry.seq == report.entries + 1
        assert audit.verify().sound
        sweep(tmp_path)
        assert [path for path in (tmp_path / "tmp").iterdir() if "area" in path.name] == []
