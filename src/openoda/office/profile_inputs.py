"""What a profile stands on: deliveries in the vault, each with its permit, and the analyst's rules."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from openoda.custody.snapshots import Snapshot
from openoda.custody.workspace import Workspace
from openoda.data.quality.gathering import Read
from openoda.data.quality.profiling import Source
from openoda.data.quality.rule_files import Rules
from openoda.governance.permits import Permit
from openoda.office.intake import ACCEPTED
from openoda.vocabulary.refusals import Misused

NONE = "none"
_PARTS = (ACCEPTED, "quarantined", "flags")


@dataclass(frozen=True)
class Delivered:
    """One delivery with the means to read each of its parts, under a permit and in the audit log."""

    snapshot: Snapshot
    accepted: Read
    quarantined: Read
    flags: Read

    @property
    def source(self) -> Source:
        """The accepted rows, to profile."""
        files = self.snapshot.details["files"]
        rows = self.snapshot.parts[ACCEPTED].rows
        return Source(self.accepted, rows, tuple(files[0]["columns"]))

    @property
    def set_aside(self) -> int:
        """How many records were quarantined."""
        return self.snapshot.parts["quarantined"].rows


@dataclass(frozen=True)
class Inputs:
    """All that decides a profile."""

    now: Delivered
    before: Delivered | None
    reference: Delivered | None
    key: str
    rules: Rules
    as_at: date


def reader_of(workspace: Workspace, snapshot: Snapshot, permit: Permit) -> Delivered:
    """The delivery, readable under the permit."""

    def reading(part: str) -> Read:
        def read(columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
            return workspace.vault.scan(snapshot, part, permit, list(columns))

        return read

    return Delivered(snapshot, *(reading(part) for part in _PARTS))


def delivery_of(workspace: Workspace, name: str) -> Snapshot:
    """The newest delivery of a dataset. Refuses (Misused) what intake didn't make."""
    snapshot = workspace.vault.latest(name)
    if not _is_delivery(snapshot):
        raise Misused(
            "This dataset isn't a delivery that was taken in from a file",
            where=name,
            remedy="Profile a dataset that oda intake has loaded.",
        )
    return snapshot


def chosen_before(workspace: Workspace, now: Snapshot, wanted: str) -> Snapshot | None:
    """The delivery to compare with: the one named, or else the last one of other files.

    A file profiled twice isn't compared with itself.
    """
    if wanted == NONE:
        return None
    name = now.dataset.name
    earlier = [one for one in workspace.vault.snapshots(name) if _is_delivery(one)]
    earlier = [one for one in earlier if one.head.seq < now.head.seq]
    if wanted:
        named = [one for one in earlier if one.id.startswith(wanted)]
        if len(named) != 1:
            raise Misused(
                f"There is no one earlier delivery of '{name}' whose id begins so",
                where=f"--compare {wanted}",
                remedy="List the deliveries with: oda datasets.",
            )
        return named[0]
    others = [one for one in earlier if _hashes(one) != _hashes(now)]
    same_class = [one for one in others if one.dataset.data_class is now.dataset.data_class]
    return same_class[-1] if same_class else None


def _is_delivery(snapshot: Snapshot) -> bool:
    files = snapshot.details.get("files") or [{}]
    return set(_PARTS) <= set(snapshot.parts) and "columns" in files[0]


def _hashes(snapshot: Snapshot) -> set[str]:
    return {file["sha256"] for file in snapshot.details["files"]}
