"""What an officer can report of a visit, and what each word may teach a model.

The one place where the six words live: the drop-down, the reader of filled worklists, and the
evaluation all take them from here.
"""

from enum import StrEnum


class Outcome(StrEnum):
    """What came of one row of a worklist.

    Only two words are evidence about the place itself: *found* and *not found*. Every other word
    leaves the truth unknown, so it never counts as negative.
    """

    FOUND = "found"
    NOT_FOUND = "not found"
    NO_ACCESS = "no access"
    WRONG_ADDRESS = "wrong address"
    ALREADY_KNOWN = "already known"
    NOT_VISITED = "not visited"

    @property
    def meaning(self) -> str:
        """One sentence that tells an officer when to choose this word."""
        return _MEANINGS[self]

    @property
    def visited(self) -> bool:
        """Whether an officer made the journey, so that a visit was used up.

        *Already known* is not a visit: the file settled it before anyone set out.
        """
        return self not in (Outcome.ALREADY_KNOWN, Outcome.NOT_VISITED)

    @property
    def positive(self) -> bool:
        """Whether the visit found what the list was looking for."""
        return self is Outcome.FOUND

    @property
    def negative(self) -> bool:
        """Whether somebody looked and it was not there."""
        return self is Outcome.NOT_FOUND

    @property
    def unknown(self) -> bool:
        """Whether the truth about this row is still unknown to the list: neither of the two above.

        *Already known* counts here too: it was true, but this list didn't find it.
        """
        return not (self.positive or self.negative)


_MEANINGS = {
    Outcome.FOUND: "You visited and found what the list was looking for.",
    Outcome.NOT_FOUND: "You visited, looked, and it was not there.",
    Outcome.NO_ACCESS: "You went, but could not get in or nobody was there.",
    Outcome.WRONG_ADDRESS: "You went, but the address was wrong or the place is no longer there.",
    Outcome.ALREADY_KNOWN: "Your team already knew about it before this list was made.",
    Outcome.NOT_VISITED: "Nobody has been yet. An empty outcome means the same.",
}
