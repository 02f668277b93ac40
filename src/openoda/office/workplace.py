"""Which workspace a command works in."""

from pathlib import Path

from openoda.custody.workspace import Workspace
from openoda.vocabulary.refusals import Misused

__all__ = ["Workspace", "create_workspace", "open_workspace"]


def open_workspace(given: Path | None, *, must_exist: bool = False) -> tuple[Workspace, bool]:
    """The workspace given (made if it isn't there), else the nearest upwards, else a temporary one.

    The second value says whether it is temporary. What only looks at an office says `must_exist`:
    a name mistyped is refused (Misused) and not made into a new, empty office.
    """
    if given is not None:
        if must_exist and not (given.is_dir() and any(given.iterdir())):
            raise Misused(
                "There is no office in this folder",
                where=str(given),
                remedy="Give the folder that holds oda.toml, or make one with: oda init FOLDER.",
            )
        return Workspace.create(given), False
    found = Workspace.find(Path.cwd())
    return (found, False) if found else (Workspace.temporary(), True)


def create_workspace(folder: Path, name: str = "") -> Workspace:
    """Make a workspace, or finish one half made."""
    return Workspace.create(folder, name)
