"""Progress of long work: one kind of event, shown alike by every screen."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """`done` of `total` (in the unit that `task` implies); `total` is 0 where it isn't known."""

    task: str
    done: float = 0
    total: float = 0


Progress = Callable[[Step], None]


def silent(step: Step) -> None:
    """Show nothing: the default where nobody is watching."""
