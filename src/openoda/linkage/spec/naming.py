"""Names as people write them: what doesn't tell two apart, and which was probably meant."""

from collections.abc import Collection
from difflib import get_close_matches

_NEAR = 0.65
"""Likeness (0 to 1; Ratcliff and Obershelp, in Python's difflib) from which a word may be another."""


def folded(name: str) -> str:
    """A name without what people write differently: capitals, spaces, underscores, hyphens."""
    return "".join(each for each in name.casefold() if not each.isspace() and each not in "_-")


def nearest(word: str, known: Collection[str]) -> str:
    """The known word that was probably meant; empty if none is near."""
    by_fold = {folded(each): each for each in known}
    found = get_close_matches(folded(word), list(by_fold), 1, _NEAR)
    return by_fold[found[0]] if found else ""
