"""kill -9 of the command itself, at random moments: the workspace stays readable, the next run right."""

import random
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest

from openoda.custody.workspace import Workspace
from openoda.office import keeping
from openoda.office.record import list_runs, read_record
from tests.faults.quick_package import quick_package

ODA = Path(sys.executable).with_name("oda")


@dataclass(frozen=True)
class Office:
    """What the commands need, and what an undisturbed run made of it."""

    package: Path
    data: Path
    filled: Path
    run: str
    outputs: dict[str, str]


def oda(*arguments: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [str(ODA), *map(str, arguments)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def seconds(*arguments: object) -> float:
    """How long the command takes when nobody kills it; it must end with 0 or 1."""
    started = time.monotonic()
    assert oda(*arguments).wait() in (0, 1), arguments
    return time.monotonic() - started


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    folder = tmp_path_factory.mktemp("kills")
    package, calm = quick_package(folder), folder / "calm"
    assert oda("synthetic", package, "--out", folder).wait() == 0
    data = next(folder.glob("synthetic-*.csv"))
    assert (
        oda("run", package, "--data", data, "--class", "synthetic", "--workspace", calm).wait() == 0
    )
    record = list_runs(calm / "runs")[0]
    filled = folder / "filled.xlsx"
    shutil.copy(calm / "runs" / record.run / "worklist.xlsx", filled)
    fill(filled)
    return Office(package, data, filled, record.run, record.outputs)


def fill(file: Path) -> None:
    """Every place found, whatever the sheet's layout: the cell under 'outcome' in each row."""
    book = openpyxl.load_workbook(file)
    sheet = book.worksheets[0]
    header = next(row for row in sheet.iter_rows() if any(cell.value == "outcome" for cell in row))
    column = next(cell.column for cell in header if cell.value == "outcome")
    for row in range(header[0].row + 1, sheet.max_row + 1):
        sheet.cell(row, column).value = "found"
    book.save(file)


def commands(office: Office, place: Path, seed: int) -> dict[str, tuple[object, ...]]:
    """One call of each command that writes; the seed makes every run a new one."""
    there = ("--workspace", place)
    run = ("run", office.package, "--data", office.data, "--class", "synthetic")
    return {
        "init": ("init", place),
        "intake": ("intake", office.data, "--class", "synthetic", *there),
        "run": (*run, "--seed", seed, *there),
        "outcomes": ("outcomes", office.filled, *there),
        "reproduce": ("reproduce", office.run, *there),
        "synthetic": ("synthetic", office.package, "--out", place.parent, "--seed", seed),
        "verify": ("verify", *there),
    }


def readable(place: Path) -> None:
    """The workspace opens, everything in it is as it was written, every run has its record."""
    workspace = Workspace.create(place)
    report = keeping.verify(workspace)
    assert report["sound"], report["faults"]
    for record in list_runs(workspace.runs):
        folder = workspace.runs / record.run
        assert all((folder / name).is_file() for name in record.outputs)


def kill_often(office: Office, place: Path, times: int, seed: int) -> None:
    rng = random.Random(seed)
    longest = {name: seconds(*call) for name, call in commands(office, place, 1).items()}
    for at in range(times):
        calls = commands(office, place, 100 + at)
        name = rng.choices(list(calls), weights=[1 + 3 * (key == "run") for key in calls])[0]
        process = oda(*calls[name])
        time.sleep(rng.uniform(0, longest[name]))
        process.kill()
        process.wait()
        readable(place)
    assert oda(*commands(office, place, 1)["run"]).wait() == 0
    assert read_record(place / "runs" / office.run).outputs == office.outputs
    assert oda("reproduce", office.run, "--workspace", place).wait() == 0
    assert not list((place / "tmp").glob("area-*/*")), "leftovers of killed commands were not swept"


def test_killed_commands_leave_the_workspace_right(office: Office, tmp_path: Path) -> None:
    """Ten kills at random moments of random commands."""
    kill_often(office, tmp_path / "office", 10, seed=1)


@pytest.mark.long
def test_two_hundred_kills(office: Office, tmp_path: Path) -> None:
    """Two hundred kills at random moments of random commands."""
    kill_often(office, tmp_path / "office", 200, seed=2)


def test_killed_init_is_finished_by_the_next(tmp_path: Path) -> None:
    """A folder half made by a killed init becomes a workspace when init is called again."""
    rng = random.Random(3)
    longest = seconds("init", tmp_path / "calm")
    for at in range(8):
        place = tmp_path / f"office-{at}"
        process = oda("init", place)
        time.sleep(rng.uniform(0.3, 1.0) * longest)
        process.kill()
        process.wait()
        assert oda("init", place).wait() == 0
        readable(place)
