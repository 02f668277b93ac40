"""Which office a command works in, and the line that says so where nobody named one."""

from pathlib import Path
from typing import TYPE_CHECKING

from openoda_cli import screen

if TYPE_CHECKING:
    from openoda.office.workplace import Workspace


def opened(given: Path | None, *, must_exist: bool = False) -> "tuple[Workspace, bool]":
    """The workspace, and whether it is a temporary one, which is said after the answer."""
    from openoda.office.workplace import open_workspace

    place, temporary = open_workspace(given, must_exist=must_exist)
    if temporary:
        screen.after_answer(
            f"No office here or above, so a temporary one was made: {place.root}",
            "To work in an office that stays, name its folder with --workspace.",
        )
    return place, temporary
