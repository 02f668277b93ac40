"""A deposit: parts are staged, put in place under their hashes, committed by one snapshot file."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from openoda.custody.faults import storage_faults
from openoda.custody.parts import PartWriter, Staged
from openoda.custody.snapshots import Snapshot, must_be_json
from openoda.vocabulary.datasets import Dataset
from openoda.vocabulary.refusals import Misused


@dataclass(frozen=True)
class Delivery:
    """A deposit ready to commit: its parts by name, still in their staging folder."""

    dataset: Dataset
    taken_at: str
    staged: dict[str, Staged]
    details: dict[str, Any]


Commit = Callable[[Delivery], Snapshot]


class Deposit:
    """One deposit under way. Nothing is in the vault until `commit`, which is all or nothing."""

    def __init__(self, dataset: Dataset, folder: Path, root: Path, commit: Commit) -> None:
        self.dataset = dataset
        self._folder = folder
        self._root = root
        self._commit = commit
        self._writers: dict[str, PartWriter] = {}
        self._done = False

    def write(self, part: str, batch: pa.RecordBatch) -> None:
        """Add a batch to a part; its first batch fixes its schema (an empty one will do).

        Raises `SchemaInvalid` where the schema differs, `StorageUnwritable` where the disk is full.
        """
        self._must_be_open()
        with storage_faults(self._root):
            if part not in self._writers:
                path = self._folder / f"{len(self._writers)}.parquet"
                self._writers[part] = PartWriter(part, path, batch.schema)
            self._writers[part].write(batch)

    def commit(self, details: dict[str, Any] | None = None) -> Snapshot:
        """Put the parts in the vault and write the snapshot, last. `details` is JSON, kept with it.

        Raises `Misused` where nothing was written, `StorageUnwritable`, `AuditUnavailable`; the
        vault is then as it was.
        """
        self._must_be_open()
        must_be_json(details or {})
        if not self._writers:
            raise Misused(
                "A deposit needs at least one part, and nothing was written",
                where=self.dataset.name,
                remedy="Write one batch at least (an empty one keeps the columns).",
            )
        self._done = True
        taken_at = datetime.now(UTC).isoformat(timespec="seconds")
        with storage_faults(self._root):
            staged = {name: writer.finish() for name, writer in self._writers.items()}
            return self._commit(Delivery(self.dataset, taken_at, staged, details or {}))

    def close(self) -> None:
        """Close the staged files; what wasn't committed is discarded with its folder."""
        self._done = True
        for writer in self._writers.values():
            writer.abandon()

    def _must_be_open(self) -> None:
        if self._done:
            raise Misused(
                "This deposit is finished",
                where=self.dataset.name,
                remedy="Begin another deposit for more data.",
            )
