"""Ledgers drawn as text, for tests: a line of records, bars between clusters."""

import random
from pathlib import Path

import numpy as np

from openoda.linkage.ledger.batches import Batch
from openoda.linkage.ledger.ids import EntityKind
from openoda.linkage.ledger.keys import Pair, RecordKeys
from openoda.linkage.ledger.ledger import Ledger

WHO, WHY = "an officer", "to test"


def new_ledger(folder: Path, *batches: str, seed: int = 1) -> Ledger:
    """A ledger after some batches, each drawn like "a b | c"."""
    ledger = Ledger.create(
        folder / "people.sqlite3", EntityKind.PERSON, draw=random.Random(seed).randbytes
    )
    for batch in batches:
        add(ledger, batch)
    return ledger


def add(ledger: Ledger, drawn: str, withdrawn: str = "") -> int:
    """Add a batch; the number of its act."""
    return ledger.add(batch_of(drawn, withdrawn), WHO, WHY)


def batch_of(drawn: str, withdrawn: str = "") -> Batch:
    clusters = [cluster.split() for cluster in drawn.split("|")]
    records = [record for cluster in clusters for record in cluster]
    numbers = [number for number, cluster in enumerate(clusters) for _ in cluster]
    return Batch(keys(*records), np.array(numbers, np.int64), keys(*withdrawn.split()))


def key(record: str) -> Pair:
    return "tax", record


def keys(*records: str) -> RecordKeys:
    return RecordKeys.of(key(record) for record in records)


def id_of(ledger: Ledger, record: str) -> str:
    """A record's id; it must have one."""
    found = ledger.now.ids_of(keys(record))[0]
    assert found
    return found


def drawn(ledger: Ledger) -> str:
    """The ledger as text: entities in the order in which their ids were given, records sorted."""
    groups: dict[str, list[str]] = {one: [] for one in ledger.now.all_ids()}
    for row in ledger.now.table().to_pylist():
        groups[row["id"]].append(row["record"])
    return " | ".join(" ".join(sorted(group)) for group in groups.values() if group)


def kinds(ledger: Ledger, act: int) -> list[str]:
    """The kinds of an act's events, with how many records each moved."""
    view = ledger.now
    events = [view.event(number) for number in range(view.events)]
    return [f"{event.kind} {event.records}" for event in events if event.act == act]
