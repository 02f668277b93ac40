"""Snapshots: what one deposit holds, in a JSON file named by the SHA-256 of its own bytes."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from openoda.custody.atomic import write_file
from openoda.custody.chain import Head, canonical
from openoda.custody.damage import damaged, unreadable_said
from openoda.vocabulary.datasets import DataClass, Dataset
from openoda.vocabulary.refusals import Misused, VaultDamaged


@dataclass(frozen=True)
class Part:
    """One Parquet file of a snapshot: the SHA-256 of its bytes (hex), its rows, its size."""

    sha256: str
    rows: int
    bytes: int


@dataclass(frozen=True)
class Snapshot:
    """A dataset as it was deposited: immutable. `taken_at` is UTC, ISO 8601.

    `head` is the audit entry of the deposit's intent: it orders snapshots without trusting a clock,
    and is a witness of the audit chain.
    """

    id: str
    dataset: Dataset
    taken_at: str
    parts: dict[str, Part]
    details: dict[str, Any]
    head: Head


class SnapshotStore:
    """The snapshot files of one vault. They hold names, hashes and counts, never records."""

    def __init__(self, folder: Path, root: Path) -> None:
        self._folder = folder
        self._root = root

    def path(self, snapshot_id: str) -> Path:
        """Where the snapshot's file is."""
        return self._folder / f"{snapshot_id}.json"

    def files(self) -> list[Path]:
        """The snapshot files, sound or not."""
        return sorted(self._folder.glob("*.json"))

    def get(self, snapshot_id: str) -> Snapshot:
        """The snapshot, checked. Raises `VaultDamaged` where its file is missing or changed."""
        path = self.path(snapshot_id)
        with unreadable_said(path):
            content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != snapshot_id:
            raise damaged(path, "isn't what was written")
        try:
            return _parsed(snapshot_id, json.loads(content))
        except (ValueError, KeyError, TypeError) as error:
            raise damaged(path, "can't be parsed") from error

    def all(self) -> list[Snapshot]:
        """Every snapshot, oldest first. Raises `VaultDamaged` at the first one that isn't sound."""
        return sorted((self.get(file.stem) for file in self.files()), key=_by_age)

    def heads(self) -> Iterator[Head]:
        """The audit heads that sound snapshots witness; damaged ones are the vault's findings."""
        for file in self.files():
            try:
                yield self.get(file.stem).head
            except VaultDamaged:
                continue

    def write(
        self,
        dataset: Dataset,
        taken_at: str,
        parts: dict[str, Part],
        details: dict[str, Any],
        head: Head,
    ) -> Snapshot:
        """Write a snapshot's file in one step: the commit point of its deposit."""
        content = {
            "dataset": asdict(dataset),
            "taken_at": taken_at,
            "parts": {name: asdict(part) for name, part in parts.items()},
            "details": details,
            "head": asdict(head),
        }
        written = canonical(content)
        snapshot_id = hashlib.sha256(written).hexdigest()
        write_file(self._root, self.path(snapshot_id), written)
        return self.get(snapshot_id)


def must_be_json(details: dict[str, Any]) -> None:
    """Raise `Misused` unless `details` can be written as JSON."""
    try:
        canonical(details)
    except (TypeError, ValueError) as error:
        raise Misused(
            f"The details of a snapshot must be JSON: {error}",
            remedy="Give text, whole or finite numbers, lists and dictionaries only.",
        ) from error


def _by_age(snapshot: Snapshot) -> tuple[int, str]:
    return snapshot.head.seq, snapshot.id


def _parsed(snapshot_id: str, content: dict[str, Any]) -> Snapshot:
    dataset = dict(content["dataset"])
    dataset["data_class"] = DataClass(dataset["data_class"])
    return Snapshot(
        snapshot_id,
        Dataset(**dataset),
        content["taken_at"],
        {name: Part(**part) for name, part in content["parts"].items()},
        content["details"],
        Head(**content["head"]),
    )
