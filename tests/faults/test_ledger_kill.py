"""kill -9 and a full disk in the middle of an act: the identity ledger is as before it, or has it whole.

Run as a program, this module is the victim: `python -m tests.faults.test_ledger_kill FILE [PIECE]` adds
batch after batch, telling what it has finished; with PIECE it kills itself before that piece of an act
is written, inside the act's transaction.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from openoda.linkage.ledger import store
from openoda.linkage.ledger.batches import Batch
from openoda.linkage.ledger.ids import EntityKind
from openoda.linkage.ledger.keys import RecordKeys
from openoda.linkage.ledger.ledger import Ledger
from openoda.vocabulary.refusals import StorageUnwritable
from tests.faults.test_disk import disk, fill

__all__ = ["disk"]
RECORDS = 20_000
LONG = pytest.param(60, marks=pytest.mark.long)


def batch(number: int) -> Batch:
    """The numbered batch: new records, and some of the batch before, which they split and join."""
    first = max(0, number * RECORDS - RECORDS // 4)
    records = pa.array(range(first, (number + 1) * RECORDS))
    clusters = np.random.default_rng(number).integers(0, RECORDS // 2, len(records))
    return Batch(RecordKeys.of_one_source("tax", records), clusters)


def add(ledger: Ledger, number: int) -> None:
    ledger.add(batch(number), "a program", f"batch {number}")


def work(path: Path, piece: int) -> None:
    """Batch after batch, numbered on from what is there."""
    ledger = Ledger(path)
    print("ready", flush=True)
    if piece:
        die_before(piece)
    for number in count(len(ledger.now.acts)):
        add(ledger, number)
        print(number, flush=True)


def die_before(piece: int) -> None:
    """Kill this process just before the numbered piece, counted from now, is written."""
    cut, left = store.pieces, count(piece - 1, -1)

    def pieces(content: bytes) -> Iterator[bytes]:
        for one in cut(content, 1 << 14):
            if not next(left):
                os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
            yield one

    store.pieces = pieces  # type: ignore[assignment]


def victim(path: Path, *piece: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.faults.test_ledger_kill", str(path), *piece]
    folder = Path(__file__).parents[2]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=folder)


def last(printed: str) -> int:
    """The number that the victim told last, or -1."""
    return int(printed.split()[-1]) if printed.split() else -1


def assert_whole(path: Path, told: int) -> None:
    """Assert that every batch told of is there, at most one besides, and nothing is wrong."""
    ledger = Ledger(path)
    acts = len(ledger.now.acts)
    assert told + 1 <= acts <= told + 2
    assert ledger.check() == []
    assert ledger.now.records == acts * RECORDS
    assert {act.reason for act in ledger.now.acts} == {f"batch {n}" for n in range(acts)}


def assert_next_is_right(path: Path) -> None:
    """Assert that the next batch, which may have been half written before, is added as it should be."""
    ledger = Ledger(path)
    number = len(ledger.now.acts)
    add(ledger, number)
    assert Ledger(path).now.records == (number + 1) * RECORDS
    assert ledger.check() == []


@pytest.mark.parametrize("kills", [5, LONG])
def test_killed_at_random_moments(tmp_path: Path, kills: int) -> None:
    """Proves that whenever the process is killed, the ledger has each batch whole or not at all."""
    path = tmp_path / "people.sqlite3"
    Ledger.create(path, EntityKind.PERSON)
    moments, done = random.Random(kills), -1
    for _ in range(kills):
        with victim(path) as process:
            assert process.stdout.readline() == "ready\n"
            time.sleep(moments.uniform(0, 0.6))
            process.kill()
            printed = process.stdout.read()
        done = last(printed) if printed.split() else len(Ledger(path).now.acts) - 1
        assert_whole(path, done)
        if (
            len(Ledger(path).now.acts) > 12
        ):  # reading a long history again is not what is tried here
            path.unlink()
            Ledger.create(path, EntityKind.PERSON)
    assert_next_is_right(path)


@pytest.mark.parametrize("piece", [1, 2, 5, 20, 45])
def test_killed_inside_an_act(tmp_path: Path, piece: int) -> None:
    """Proves that an act of which some pieces were written before the kill has left nothing."""
    path = tmp_path / "people.sqlite3"
    ledger = Ledger.create(path, EntityKind.PERSON)
    add(ledger, 0)
    with victim(path, str(piece)) as process:
        told = last(process.stdout.read().replace("ready", ""))
    assert process.returncode != 0
    acts = max(told, 0) + 1
    again = Ledger(path)
    assert len(again.now.acts) == acts
    if acts == 1:
        assert again.head == ledger.head
        assert again.now.table().equals(ledger.now.table())
    assert again.check() == []
    assert_next_is_right(path)


@pytest.mark.parametrize("leave", [0, 32 << 10, 100 << 10, 180 << 10, 260 << 10])
def test_a_full_disk_leaves_the_ledger_as_it_was(disk: Path, leave: int) -> None:
    """Proves that wherever in an act the disk fills it is refused, and done once there is room."""
    path = disk / "people.sqlite3"
    ledger = Ledger.create(path, EntityKind.PERSON)
    add(ledger, 0)
    before = ledger.now.table()
    filler = fill(disk, leave)
    with pytest.raises(StorageUnwritable, match="The disk is full") as refusal:
        add(ledger, 1)
    assert "Free some space" in refusal.value.remedy
    assert ledger.now.table().equals(before)
    filler.unlink()
    assert ledger.check() == []
    assert Ledger(path).now.table().equals(before)
    assert_next_is_right(path)


if __name__ == "__main__":
    work(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)
