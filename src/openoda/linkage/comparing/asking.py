"""Conditions asked of many pairs at once, and the levels that come of it.

Each test runs as one short loop over the pairs that are still open, so a level costs nothing for pairs
that an earlier one has settled, and a part of a condition nothing where another part has settled it.
"""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from openoda.linkage.comparing import ask_kernel as kernel
from openoda.linkage.comparing.encoding import Codes
from openoda.linkage.spec.conditions import (
    LIKENESSES,
    OF_TEXT,
    Alike,
    Condition,
    Every,
    Exact,
    Measure,
    Missing,
    Neither,
    Otherwise,
    Some,
)
from openoda.linkage.spec.model import Comparison

States = npt.NDArray[np.uint8]
_MEASURES = {
    Measure.JARO: kernel.JARO,
    Measure.JARO_WINKLER: kernel.JARO_WINKLER,
    Measure.LEVENSHTEIN: kernel.LEVENSHTEIN,
    Measure.DAMERAU: kernel.DAMERAU,
    Measure.DAYS: kernel.DIFFERENCE,
    Measure.NUMBER: kernel.DIFFERENCE,
    Measure.SHARE: kernel.SHARE,
    Measure.KILOMETRES: kernel.KILOMETRES,
    Measure.MEMBERS: kernel.OVERLAP,
}
_OPPOSITE = np.array([kernel.TRUE, kernel.FALSE, kernel.UNKNOWN], np.uint8)


class Asked:
    """Some pairs, ready to be asked; what has been measured of them is kept.

    `column`: a column's entries by its name, in the order in which `lefts` and `rights`, shape (pairs,),
    count the records. `values`: the entries'.
    """

    def __init__(
        self, column: Callable[[str], Codes], values: kernel.Values, lefts: Codes, rights: Codes
    ) -> None:
        self._column, self._values = column, values
        self._lefts, self._rights = lefts, rights
        self._known: dict[tuple[int, str, str], npt.NDArray[np.float64]] = {}

    def __len__(self) -> int:
        return len(self._lefts)

    def patterns(self, comparisons: Sequence[Comparison]) -> npt.NDArray[np.int64]:
        """The levels of all comparisons as one number a pair, shape (pairs,).

        Digits of mixed base, the last comparison's counting least.
        """
        found = np.zeros(len(self), np.int64)
        for comparison in comparisons:
            found *= len(comparison.levels)
            found += self.levels(comparison)
        return found

    def levels(self, comparison: Comparison) -> Codes:
        """The first level that holds of each pair, shape (pairs,); the last where none does."""
        last = len(comparison.levels) - 1
        found = np.full(len(self), last, np.int32)
        at = np.arange(len(self), dtype=np.int32)
        for place, level in enumerate(comparison.levels[:-1]):
            if not len(at):
                break
            rest = np.empty(len(at), np.int32)
            at = rest[: kernel.settle_levels(self.states(level.when, at), at, place, found, rest)]
        return found

    def states(self, condition: Condition, at: Codes) -> States:
        """What a condition says of the pairs at some places: FALSE, TRUE or UNKNOWN, as SQL would."""
        match condition:
            case Every(of):
                return self._joined(of, at, kernel.FALSE)
            case Some(of):
                return self._joined(of, at, kernel.TRUE)
            case Neither(of):
                return _OPPOSITE[self.states(of, at)]
            case Otherwise():
                return np.full(len(at), kernel.TRUE, np.uint8)
            case Missing(column):
                return self._test(kernel.missing, column, column, at)
            case Exact(column, other):
                return self._test(kernel.equal, column, other or column, at)
            case Alike():
                return self._alike(condition, at)

    def _joined(self, of: Sequence[Condition], at: Codes, settles: int) -> States:
        """AND (FALSE settles it) or OR (TRUE does): each part is asked where it isn't settled."""
        found = self.states(of[0], at)
        for part in of[1:]:
            open_ = np.flatnonzero(found != settles)
            if not len(open_):
                break
            said = self.states(part, at[open_])
            before = found[open_]
            unknown = (before == kernel.UNKNOWN) & (said != settles)
            found[open_] = np.where(unknown, np.uint8(kernel.UNKNOWN), said)
        return found

    def _test(self, test: Callable[..., None], column: str, other: str, at: Codes) -> States:
        states = np.empty(len(at), np.uint8)
        test(self._column(column), self._column(other), (self._lefts, self._rights, at), states)
        return states

    def _alike(self, condition: Alike, at: Codes) -> States:
        states = np.empty(len(at), np.uint8)
        measure, name, other = condition.measure, condition.column, condition.other
        columns = self._column(name), self._column(other or name)
        pairs, at_least = (self._lefts, self._rights, at), measure in LIKENESSES
        single = measure is Measure.KILOMETRES  # its distances are rounded to 32 bits
        bound = float(np.float32(condition.bound)) if single else float(condition.bound)
        asked = (
            *columns,
            pairs,
            _MEASURES[measure],
            bound,
            at_least,
            self._values,
        )
        if measure not in OF_TEXT:
            kernel.alike_figures(*asked, states)
            return states
        key = (_MEASURES[measure], name, other)
        if key not in self._known:
            self._known[key] = np.full(len(self), np.nan)
        kernel.alike_texts(*asked, self._known[key], states)
        return states
