"""Why the ledger says no. Refusals name events and counts, never a record's key."""

from collections.abc import Sequence

from openoda.vocabulary.refusals import Refusal

_MOST_LISTED = 10


class LedgerDamaged(Refusal):
    """The ledger's file is not what was written."""


class ConstraintsBroken(Refusal):
    """What is asked goes against what a person has said. `events`: the overrides, oldest first."""

    def __init__(self, what: str, events: Sequence[int], *, remedy: str) -> None:
        self.events = tuple(sorted(set(events)))
        super().__init__(what, where=listed(self.events), remedy=remedy)


class LaterEventsDepend(Refusal):
    """An event can't be undone while later ones stand on it. `events`: those, newest first."""

    def __init__(self, what: str, events: Sequence[int]) -> None:
        self.events = tuple(sorted(set(events), reverse=True))
        super().__init__(
            what,
            where=listed(self.events),
            remedy="Undo these events first, in this order.",
        )


def listed(events: Sequence[int]) -> str:
    """Numbers of events in words, the first few of them."""
    shown = ", ".join(str(event) for event in events[:_MOST_LISTED])
    more = len(events) - _MOST_LISTED
    said = f"{shown} and {more:,} more" if more > 0 else shown
    return f"event {said}" if len(events) == 1 else f"events {said}"
