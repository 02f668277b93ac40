"""Atomic writes: whole or not at all, and leftovers known from live work."""

import shutil
import subprocess
import sys

import pytest

from openoda.custody.atomic import area, new_folder, sweep, write_file
from openoda.vocabulary.refusals import Misused

HOLDER = """
import sys, time
from pathlib import Path
from openoda.custody.atomic import area
with area(Path(sys.argv[1])) as folder:
    (folder / "work").write_text("under way")
    print(folder.name, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path):
    """A live process that holds an area open; killed at the end if the test didn't."""
    command = [sys.executable, "-c", HOLDER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        process.area = tmp_path / "tmp" / process.stdout.readline().strip()
        yield process
        process.kill()


def areas(root):
    return sorted(path.name for path in (root / "tmp").iterdir() if path.name.startswith("area-"))


def test_a_file_is_written_and_replaced(tmp_path):
    """Proves that a file is written into a folder that isn't there yet, and replaced whole."""
    target = tmp_path / "outputs" / "deep" / "list.csv"
    write_file(tmp_path, target, b"first")
    write_file(tmp_path, target, b"second, longer")
    assert target.read_bytes() == b"second, longer"
    assert areas(tmp_path) == []


def test_a_folder_appears_whole(tmp_path):
    """Proves that a folder with folders in it becomes its target with all its files."""
    target = tmp_path / "runs" / "r1"
    with new_folder(tmp_path, target) as staged:
        (staged / "pages").mkdir()
        (staged / "pages" / "index.html").write_text("page")
        (staged / "run.json").write_text("{}")
        assert not target.exists()
    assert (target / "pages" / "index.html").read_text() == "page"
    assert (target / "run.json").exists()
    assert areas(tmp_path) == []


def test_a_folder_whose_filling_fails_leaves_nothing(tmp_path):
    """Proves that an error while filling a folder leaves neither the target nor a staging area."""
    target = tmp_path / "runs" / "r1"
    with pytest.raises(FileNotFoundError), new_folder(tmp_path, target) as staged:
        (staged / "no such folder" / "run.json").touch()
    assert not target.exists()
    assert areas(tmp_path) == []


def test_an_existing_folder_is_never_overwritten(tmp_path):
    """Proves that a target that exists is refused, at the start and if it came meanwhile."""
    target, theirs = tmp_path / "r1", tmp_path / "r2"
    theirs.mkdir()
    (theirs / "theirs").touch()
    with pytest.raises(Misused), new_folder(tmp_path, target):
        shutil.copytree(theirs, target)
    with pytest.raises(Misused), new_folder(tmp_path, target):
        pytest.fail("the block must not run")
    assert [path.name for path in target.iterdir()] == ["theirs"]


def test_a_sweep_leaves_live_areas_alone(tmp_path, holder):
    """Proves that neither another process's area nor this one's is swept while it works."""
    with area(tmp_path) as mine:
        assert sweep(tmp_path) == 0
        assert areas(tmp_path) == sorted(
            [mine.name, f"{mine.name}.lock", holder.area.name, f"{holder.area.name}.lock"]
        )
    assert (holder.area / "work").read_text() == "under way"


def test_a_sweep_removes_what_a_killed_process_left(tmp_path, holder):
    """Proves that kill -9 frees the lock, and that the area is then removed with it."""
    holder.kill()
    holder.wait()
    assert holder.area.exists()
    assert sweep(tmp_path) == 1
    assert areas(tmp_path) == []


def test_a_sweep_removes_an_area_without_a_lock_and_a_lock_without_an_area(tmp_path):
    """Proves that what a kill between two steps leaves is swept as well."""
    (tmp_path / "tmp" / "area-1").mkdir(parents=True)
    (tmp_path / "tmp" / "area-2.lock").touch()
    assert sweep(tmp_path) == 2
    assert areas(tmp_path) == []


def test_a_sweep_where_nothing_was_ever_staged(tmp_path):
    """Proves that a folder without tmp is swept without complaint, and isn't given one."""
    assert sweep(tmp_path) == 0
    assert list(tmp_path.iterdir()) == []
