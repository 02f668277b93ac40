"""The vault: immutable Parquet files named by the SHA-256 of their bytes, verified on each read."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa

from openoda.custody import commits, inspection
from openoda.custody.atomic import area
from openoda.custody.audit import Audit, Reading
from openoda.custody.damage import damaged
from openoda.custody.deposit import Delivery, Deposit
from openoda.custody.inspection import VaultReport
from openoda.custody.layout import VaultFiles
from openoda.custody.snapshots import Snapshot
from openoda.custody.verified import part_batches, part_table
from openoda.governance.permits import Permit, Right, must_cover
from openoda.vocabulary.dataset_names import require_dataset_name
from openoda.vocabulary.datasets import Dataset
from openoda.vocabulary.progress import Progress, silent
from openoda.vocabulary.refusals import Misused


class Vault:
    """The vault of one workspace. Readers and depositors may be many processes at once."""

    def __init__(self, files: VaultFiles, audit: Audit) -> None:
        self._files = files
        self._audit = audit

    @contextmanager
    def deposit(self, dataset: Dataset, permit: Permit) -> Iterator[Deposit]:
        """Store a delivery of `dataset`: write batches, then commit; without a commit, nothing.

        Needs a permit to load this dataset. Raises `NotPermitted`, `Misused`, `StorageUnwritable`.
        """
        must_cover(permit, dataset, Right.LOAD)
        require_dataset_name(dataset.name)

        def commit(delivery: Delivery) -> Snapshot:
            return commits.commit(self._files, self._audit, permit, delivery)

        with area(self._files.root) as folder:
            deposit = Deposit(dataset, folder, self._files.root, commit)
            try:
                yield deposit
            finally:
                deposit.close()

    def snapshots(self, name: str | None = None) -> list[Snapshot]:
        """The snapshots, of one dataset where its name is given; oldest first.

        Raises `VaultDamaged` where a snapshot's file isn't what was written.
        """
        found = self._files.snapshots.all()
        return [one for one in found if name is None or one.dataset.name == name]

    def latest(self, name: str) -> Snapshot:
        """The dataset's newest snapshot.

        Raises `Misused`, listing the names that exist, where there is none; `VaultDamaged` where a
        newer one was deposited and its file is gone.
        """
        deposited = inspection.deposited(self._audit, name)  # first: what it names has its file
        found = self.snapshots()
        mine = [snapshot for snapshot in found if snapshot.dataset.name == name]
        newest = mine[-1].head.seq if mine else 0
        for snapshot_id, seq in deposited.items():
            if seq > newest:
                raise damaged(self._files.snapshots.path(snapshot_id), "is missing")
        if not mine:
            raise _unknown("dataset", name, sorted({one.dataset.name for one in found}))
        return mine[-1]

    def scan(
        self, snapshot: Snapshot, part: str, permit: Permit, columns: Sequence[str] | None = None
    ) -> Iterator[pa.RecordBatch]:
        """The part's record batches, in the order written; memory is bounded by one row group.

        Everything, the log entry and the refusals too, happens as the batches are asked for. Raises
        `NotPermitted`, `AuditUnavailable`, `VaultDamaged`, `Misused`.
        """
        with self._audit.reading(permit, f"{snapshot.dataset.name}/{part}") as reading:
            path, sha256 = self._located(reading, snapshot, part)
            yield from part_batches(reading, path, sha256, columns)

    def read(
        self, snapshot: Snapshot, part: str, permit: Permit, columns: Sequence[str] | None = None
    ) -> pa.Table:
        """The part as one table. Raises as `scan` does."""
        with self._audit.reading(permit, f"{snapshot.dataset.name}/{part}") as reading:
            path, sha256 = self._located(reading, snapshot, part)
            return part_table(reading, path, sha256, columns)

    def verify(self, progress: Progress = silent) -> VaultReport:
        """Hash every file of the vault, and say of each whether it is sound."""
        return inspection.inspect(self._files, self._audit, progress)

    def recover(self) -> None:
        """Finish or undo the deposits whose process was killed while it committed."""
        commits.recover(self._files, self._audit)

    def _located(self, reading: Reading, given: Snapshot, part: str) -> tuple[Path, str]:
        """The part's file and hash. Believes the stored snapshot, never the one it was given."""
        snapshot = self._files.snapshots.get(given.id)
        must_cover(reading.permit, snapshot.dataset, Right.READ)
        reading.outcome["snapshot"] = snapshot.id
        if part not in snapshot.parts:
            raise _unknown("part", part, sorted(snapshot.parts))
        sha256 = snapshot.parts[part].sha256
        return self._files.part(sha256), sha256


def _unknown(kind: str, name: str, known: list[str]) -> Misused:
    remedy = f"Choose among: {', '.join(known)}." if known else "Load one with 'oda intake' first."
    return Misused(f"There is no {kind} called '{name}'", where="vault", remedy=remedy)
