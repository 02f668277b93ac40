"""Different values in order, and how many rows have each: all that most measures need."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from openoda.data.quality.findings import Mask

Numbers = npt.NDArray[Any]
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Runs:
    """`values` ascending, each once; `counts` the rows that have it. Both of shape (n,)."""

    values: Numbers
    counts: Counts

    @property
    def rows(self) -> int:
        """How many rows there are in all."""
        return int(self.counts.sum())

    def without(self, mask: Mask) -> "Runs":
        """The same less the values where `mask` is true."""
        return Runs(self.values[~mask], self.counts[~mask]) if mask.any() else self


def runs_of(values: Numbers) -> Runs:
    """The runs of numbers in any order, shape (rows,), none of them NaN."""
    ordered = np.sort(values)
    if not len(ordered):
        return Runs(ordered, np.zeros(0, dtype=np.int64))
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    return Runs(ordered[starts], np.diff(np.append(starts, len(ordered))).astype(np.int64))


def weighted_runs(values: Numbers, counts: Counts) -> Runs:
    """The runs of values, shape (n,), of which each stands for `counts` rows; equal ones are joined."""
    different, place = np.unique(values, return_inverse=True)
    totals = np.bincount(place, weights=counts, minlength=len(different)).astype(np.int64)
    return Runs(different, totals)
