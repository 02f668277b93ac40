"""A process made to be killed: it works on a workspace until it is, telling what it has finished.

`python victim.py WORK ROOT [STEP [EVENT WHERE]]`. With STEP it kills itself just before that step of
the file system (an opened file, a rename, a new folder and so on), counted from when the work begins;
with EVENT and WHERE only steps of that kind count, to files with WHERE in their path.
"""

import os
import signal
import sys
from itertools import count
from pathlib import Path

import pyarrow as pa

from openoda.custody.audit import Audit
from openoda.custody.workspace import Workspace
from openoda.governance.permits import permit_to_load, permit_to_read
from openoda.vocabulary.datasets import DataClass, Dataset

FOOD = Dataset("food", DataClass.OPEN, "OGL v3", "https://data.example.org/food")
ROWS = 20_000
STEPS = {
    "open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.scandir", "sqlite3.connect",
}  # fmt: skip


def delivery(number: int) -> pa.RecordBatch:
    """The rows of the numbered deposit: no two deposits share a part."""
    return pa.record_batch({"id": [number * ROWS + row for row in range(ROWS)]})


def deposit(workspace: Workspace, number: int) -> None:
    """Make the numbered deposit, in two parts."""
    with workspace.vault.deposit(FOOD, permit_to_load(FOOD)) as under_way:
        under_way.write("accepted", delivery(number))
        under_way.write("quarantine", delivery(-1 - number))
        under_way.commit({"number": number})


def deposits(root: Path) -> None:
    """Deposit after deposit, numbered on from what is there."""
    workspace = Workspace(root)
    ready()
    for number in count(len(workspace.vault.snapshots())):
        deposit(workspace, number)
        print(number, flush=True)


def creations(root: Path) -> None:
    """Workspace after workspace."""
    ready()
    for number in count():
        Workspace.create(root / str(number))
        print(number, flush=True)


def entries(root: Path) -> None:
    """Entry after entry of the audit log, now and then with its outcome."""
    audit = Audit(root)
    permit = permit_to_read(FOOD, "to test")
    ready()
    for number in count(audit.head().seq + 1):
        with audit.reading(permit, f"from {number}"):
            pass
        print(audit.head().seq, flush=True)


def ready() -> None:
    """Say that the work begins, and count the steps from here if one is to be the last."""
    print("ready", flush=True)
    if len(sys.argv) > 3:
        left = count(int(sys.argv[3]) - 1, -1)
        sys.addaudithook(lambda event, words: counts(event, words) and not next(left) and die())


def counts(event: str, words: tuple[object, ...]) -> bool:
    """Whether this event is one of the steps that are counted."""
    if len(sys.argv) < 6:
        return event in STEPS
    path = str(words[event == "os.rename"])  # of a rename, the new name
    return event == sys.argv[4] and sys.argv[5] in path


def die() -> None:
    """End as by kill -9, or stop (until told to go on) where the environment says so."""
    chosen = os.environ.get("VICTIM_SIGNAL", "SIGKILL")
    os.kill(os.getpid(), getattr(signal, chosen, signal.SIGTERM))


if __name__ == "__main__":
    {"deposits": deposits, "creations": creations, "entries": entries}[sys.argv[1]](
        Path(sys.argv[2])
    )
