"""Words of the addresses that aren't in the gazetteer, and the gazetteer's words they may stand for.

A word may be misspelt (one sign dropped, added, changed, or two swapped: one deletion on either side
makes them alike, the idea of symmetric deletion spelling correction by Garbe, 2012), cut short
(BILLER), run together (WHITEHORSE) or written apart (WHITE HORSE).
"""

from bisect import bisect_left

import numpy as np
import numpy.typing as npt

from openoda.data.standardise.addresses.spelling import one_slip
from openoda.data.standardise.addresses.vocabulary import Vocabulary

LEAST_LENGTH = 3
LEAST_PREFIX = 3
MOST_NEAR = 4


def near_words(
    given: npt.NDArray[np.int32], listed: npt.NDArray[np.int32], vocabulary: Vocabulary
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """For every word of the vocabulary where its near words start (one more at the end), and they.

    `given` are the addresses' words, `listed` the gazetteer's; only given words not listed have any.
    """
    words = vocabulary.words
    known = {words[at]: int(at) for at in listed}
    strange = [int(at) for at in given if words[at] not in known and words[at].isalpha()]
    found = _Finder(known, {words[at] for at in strange})
    lists = {at: found.near(words[at]) for at in strange}
    starts = np.zeros(len(words) + 1, np.int32)
    for at, near in lists.items():
        starts[at + 1] = len(near)
    flat = [other for at in sorted(lists) for other in lists[at]]
    return np.cumsum(starts, dtype=np.int32), np.array(flat, np.int32)


class _Finder:
    def __init__(self, known: dict[str, int], strange: set[str]) -> None:
        self._known = known
        self._sorted = sorted(word for word in known if word.isalpha())
        wanted = {part for word in strange for part in _shortened(word)}
        self._alike: dict[str, list[str]] = {}
        for word in self._sorted:
            for part in _shortened(word):
                if part in wanted:
                    self._alike.setdefault(part, []).append(word)

    def near(self, word: str) -> list[int]:
        """The numbers of the known words that this one may stand for, the likeliest first."""
        found: dict[str, None] = {}
        for other in self._misspelt(word) or self._longer(word) or self._apart(word):
            found[other] = None
        return [self._known[other] for other in list(found)[:MOST_NEAR]]

    def _misspelt(self, word: str) -> list[str]:
        if len(word) < LEAST_LENGTH:
            return []
        alike = {other for part in _shortened(word) for other in self._alike.get(part, [])}
        close = [other for other in alike if one_slip(word, other)]
        return sorted(close, key=lambda other: (other[0] != word[0], other))

    def _longer(self, word: str) -> list[str]:
        if len(word) < LEAST_PREFIX:
            return []
        at = bisect_left(self._sorted, word)
        begins = self._sorted[at : at + MOST_NEAR + 1]
        begins = [other for other in begins if other.startswith(word)]
        return begins if len(begins) <= MOST_NEAR else []

    def _apart(self, word: str) -> list[str]:
        for at in range(2, len(word) - 1):
            if word[:at] in self._known and word[at:] in self._known and len(word) >= 6:
                return [word[:at], word[at:]]
        return []


def _shortened(word: str) -> set[str]:
    """The word, and all that one sign less leaves of it."""
    if len(word) < LEAST_LENGTH - 1:
        return set()
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}
