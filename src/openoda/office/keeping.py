"""Looking after the office: what the vault holds, whether it is sound, who did what."""

from dataclasses import asdict
from typing import Any

from openoda.custody.workspace import Workspace
from openoda.vocabulary.progress import Progress, silent


def datasets(workspace: Workspace) -> list[dict[str, Any]]:
    """Every snapshot, oldest first: names and counts."""
    return [
        {
            "dataset": one.dataset.name,
            "class": one.dataset.data_class.value,
            "licence": one.dataset.licence,
            "source": one.dataset.source,
            "taken_at": one.taken_at,
            "rows": one.parts["accepted"].rows if "accepted" in one.parts else 0,
            "quarantined": one.parts["quarantined"].rows if "quarantined" in one.parts else 0,
            "snapshot": one.id,
        }
        for one in workspace.vault.snapshots()
    ]


def verify(workspace: Workspace, progress: Progress = silent) -> dict[str, Any]:
    """Whether every file and every audit entry is as it was written; what isn't is in `faults`."""
    vault = workspace.vault.verify(progress)
    audit = workspace.audit.verify()
    return {
        "sound": vault.sound and audit.sound,
        "files": len(vault.files),
        "entries": audit.entries,
        "faults": [*(f"{one.file} is {one.state.value}" for one in vault.faults), *audit.findings],
        "interrupted": [f"{one.action} {one.subject} at {one.at}" for one in audit.interrupted],
    }


def audit(workspace: Workspace, last: int) -> list[dict[str, Any]]:
    """The last entries of the audit log, newest last."""
    return [
        {**asdict(entry), "detail": entry.facts, "outcome": str(entry.facts.get("outcome", ""))}
        for entry in workspace.audit.entries()[-last:]
    ]
