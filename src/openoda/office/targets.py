"""What a person names to a command: a file on disk, or a dataset that the vault holds."""

from pathlib import Path

from openoda.custody.workspace import Workspace
from openoda.vocabulary.refusals import FileUnreadable, Misused


def file_named(workspace: Workspace, target: str) -> Path | None:
    """The file, or None where it can only be a dataset's name.

    Raises Misused for a folder, FileUnreadable for what is written like a file and isn't there.
    """
    path = Path(target)
    if path.is_file():
        return path
    if any(one.dataset.name == target for one in workspace.vault.snapshots()):
        return None
    if path.is_dir():
        raise Misused("This is a folder", where=target, remedy="Name one of the files in it.")
    if path.suffix or path.parent != Path():
        raise FileUnreadable(
            "There is no file of that name, and no dataset",
            where=target,
            remedy="Check its folder and spelling, or name a dataset from: oda datasets.",
        )
    return None
