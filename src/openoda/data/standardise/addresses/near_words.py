"""Words of the addresses that aren't in the gazetteer, and the gazetteer's words they may stand for.

A word may be misspelt (one sign dropped, added, changed, or two swapped), cut short (BILLER), run
together (WHITEHORSE), written apart (WHITE HORSE), or a street's type may be misspelt in its short form
(VRES for CRES: CRESCENT).
"""

from bisect import bisect_left

import numpy as np
import numpy.typing as npt

from openoda.data.standardise.addresses.spelling import Slips
from openoda.data.standardise.addresses.vocabulary import Vocabulary
from openoda.data.standardise.addresses.words import FULL_FORMS, MEANINGS, Mark

LEAST_LENGTH = 3
LEAST_PREFIX = 3
MOST_NEAR = 4
LONGEST_SHORT = 5  # signs of a street type's short form with a slip
_TYPES = int(Mark.STRONG_STREET | Mark.WEAK_STREET)
SHORT_TYPES = {
    **{short: full for short, full in FULL_FORMS.items() if MEANINGS.get(full, 0) & _TYPES},
    "ST": "STREET",
}
"""Short form of a street's type -> its full form."""


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
        long = {word for word in strange if len(word) >= LEAST_LENGTH}
        self._slips = Slips(self._sorted, long)
        self._types = Slips(list(SHORT_TYPES), {word for word in strange if _short(word)})

    def near(self, word: str) -> list[int]:
        """The numbers of the known words that this one may stand for, the likeliest first."""
        found: dict[str, None] = {}
        misspelt = self._slips.near(word) if len(word) >= LEAST_LENGTH else []
        for other in misspelt or self._longer(word) or self._apart(word):
            found[other] = None
        kept = list(found)[:MOST_NEAR]
        kept += [each for each in self._street_types(word) if each not in kept]
        return [self._known[other] for other in kept[: 2 * MOST_NEAR]]

    def _street_types(self, word: str) -> list[str]:
        if not _short(word):
            return []
        full = dict.fromkeys(SHORT_TYPES[other] for other in self._types.near(word))
        return [each for each in full if each in self._known]

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


def _short(word: str) -> bool:
    return len(word) <= LONGEST_SHORT
