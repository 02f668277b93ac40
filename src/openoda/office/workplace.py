"""Which workspace a command works in."""

from pathlib import Path

from openoda.custody.workspace import Workspace


def open_workspace(given: Path | None) -> tuple[Workspace, bool]:
    """The workspace given (made if it isn't there), else the nearest upwards, else a temporary one.

    The second value says whether it is temporary.
    """
    if given is not None:
        return Workspace.create(given), False
    found = Workspace.find(Path.cwd())
    return (found, False) if found else (Workspace.temporary(), True)


def create_workspace(folder: Path, name: str = "") -> Workspace:
    """Make a workspace, or finish one half made."""
    return Workspace.create(folder, name)
