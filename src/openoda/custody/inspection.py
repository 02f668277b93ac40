"""Inspecting the vault: of every file, whether it is sound, damaged, missing or not referred to."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from openoda.custody.audit import Audit
from openoda.custody.commits import ACTION
from openoda.custody.damage import is_sound
from openoda.custody.layout import VaultFiles
from openoda.custody.snapshots import Snapshot
from openoda.vocabulary.progress import Progress, Step
from openoda.vocabulary.refusals import VaultDamaged


class State(StrEnum):
    """What verifying found of one file. Only damaged and missing are faults."""

    SOUND = "sound"
    DAMAGED = "damaged"
    MISSING = "missing"
    NOT_REFERENCED = "not referenced"


@dataclass(frozen=True)
class FileFinding:
    """One file, named from the workspace's folder down, and its state."""

    file: str
    state: State


@dataclass(frozen=True)
class VaultReport:
    """Every file of the vault with its state, sorted by name."""

    files: tuple[FileFinding, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing is damaged or missing."""
        return not self.faults

    @property
    def faults(self) -> tuple[FileFinding, ...]:
        """The files that are damaged or missing."""
        return tuple(one for one in self.files if one.state in (State.DAMAGED, State.MISSING))


def inspect(files: VaultFiles, audit: Audit, progress: Progress) -> VaultReport:
    """Hash every file of the vault; hold it against its name, the snapshots and the audit log."""
    snapshots, states = _snapshots(files, audit)
    referred = {files.part(part.sha256) for one in snapshots for part in one.parts.values()}
    states |= dict.fromkeys(files.others(), State.NOT_REFERENCED)
    for done, path in enumerate(sorted(referred)):
        progress(Step("Verifying the vault's files", done, len(referred)))
        states[path] = _state(path)
    progress(Step("Verifying the vault's files", len(referred), len(referred)))
    findings = (FileFinding(files.named(path), states[path]) for path in sorted(states))
    return VaultReport(tuple(findings))


def deposited(audit: Audit, name: str = "") -> dict[str, int]:
    """The snapshots that the log says were deposited (of one dataset, if named), oldest first.

    Each id with the number of its intent's entry, which the snapshot holds too.
    """
    facts = (entry.facts for entry in audit.entries(ACTION, name))
    return {one["snapshot"]: one["of"] for one in facts if "snapshot" in one}


def _snapshots(files: VaultFiles, audit: Audit) -> tuple[list[Snapshot], dict[Path, State]]:
    expected = {files.snapshots.path(snapshot_id) for snapshot_id in deposited(audit)}
    found, states = [], {}
    for path in expected | set(files.snapshots.files()):
        try:
            found.append(files.snapshots.get(path.stem))
            states[path] = State.SOUND
        except VaultDamaged:
            states[path] = State.DAMAGED if path.exists() else State.MISSING
    return found, states


def _state(path: Path) -> State:
    try:
        return State.SOUND if is_sound(path, path.stem) else State.DAMAGED
    except FileNotFoundError:
        return State.MISSING
    except OSError:  # the disk can't read it
        return State.DAMAGED
