"""From levels to match weights: what a trained spec says of each pair.

The match weight is log2 of the odds that a pair matches (Fellegi and Sunter 1969, as in Splink): the
prior's, plus log2(m/u) of each comparison's level, plus what the values' frequencies add.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from openoda.linkage.comparing.encoding import Codes, Encoded
from openoda.linkage.pairing import Pairs, distinct, levels_of
from openoda.linkage.spec.conditions import Exact
from openoda.linkage.spec.model import Comparison, Level, Spec, TermFrequency

Weights = npt.NDArray[np.float64]
LEAST = 1e-300
"""No m or u counts as smaller, so that weights stay finite; Splink's own limit."""


@dataclass(frozen=True)
class Adjustment:
    """What the frequency of a value adds to one level of one comparison.

    `shares`, shape (entries,): the share of records with a value that have this one. `u`: how often
    the level of exactly equal values holds of pairs that don't match.
    """

    comparison: int
    level: int
    column: str
    shares: Weights
    u: float
    weight: float
    least_u: float

    def added(self, left: Codes, right: Codes) -> Weights:
        """What it adds to the weights of pairs with these entries; nothing where one is missing."""
        common = np.fmax(self.shares[left], self.shares[right])
        found = self.weight * (np.log2(self.u) - np.log2(np.maximum(common, self.least_u)))
        found[(left < 0) & (right < 0)] = 0.0
        return np.asarray(found)


def level_weights(comparison: Comparison) -> Weights:
    """log2(m/u) of each level; 0 for a level of missing values."""
    return np.array([_level_weight(level) for level in comparison.levels])


def _level_weight(level: Level) -> float:
    if level.missing or level.m is None or level.u is None:
        return 0.0
    return float(np.log2(max(level.m, LEAST) / max(level.u, LEAST)))


def prior_weight(prior: float) -> float:
    """log2 of the odds."""
    return float(np.log2(prior / (1 - prior)))


def probability(weights: Weights) -> Weights:
    """The probability that pairs of these weights match."""
    with np.errstate(over="ignore"):
        return np.asarray(1.0 / (1.0 + np.exp2(-weights)))


class Scorer:
    """A trained spec over some records."""

    def __init__(self, spec: Spec, records: Encoded) -> None:
        if spec.prior is None:
            raise ValueError("the spec isn't trained: it has no prior")
        self._spec, self._records = spec, records
        self._level_counts = tuple(len(each.levels) for each in spec.comparisons)
        self._tables = [level_weights(each) for each in spec.comparisons]
        self._prior = prior_weight(spec.prior)
        self.adjustments = adjustments_of(spec, records)

    def pattern_weights(self, patterns: npt.NDArray[np.int64]) -> Weights:
        """The weights of patterns, without what frequencies add."""
        levels = levels_of(patterns, self._level_counts)
        found = np.full(len(patterns), self._prior)
        for place, table in enumerate(self._tables):
            found += table[levels[:, place]]
        return found

    def weights(self, pairs: Pairs) -> Weights:
        """The match weight of each pair."""
        signs, which = distinct(pairs.signs)
        different = signs % math.prod(self._level_counts)
        found = self.pattern_weights(different)[which]
        levels = levels_of(different, self._level_counts)
        for each in self.adjustments:
            at = np.flatnonzero((levels[:, each.comparison] == each.level)[which])
            column = self._records.column(each.column)
            found[at] += each.added(column[pairs.lefts[at]], column[pairs.rights[at]])
        return found


def adjustments_of(spec: Spec, records: Encoded) -> tuple[Adjustment, ...]:
    """Every level's adjustment by term frequency, with the shares of values among these records."""
    shares: dict[str, Weights] = {}
    found = []
    for place, comparison in enumerate(spec.comparisons):
        for number, level in enumerate(comparison.levels):
            wanted = level.term_frequency
            if wanted is None:
                continue
            if wanted.column not in shares:
                shares[wanted.column] = _shares(records, wanted.column)
            u = exact_u(comparison, wanted)
            found.append(Adjustment(place, number, wanted.column, shares[wanted.column], u,
                                    wanted.weight, wanted.least_u))  # fmt: skip
    return tuple(found)


def exact_u(comparison: Comparison, wanted: TermFrequency) -> float:
    """u of the level where the column's values are equal, which a frequency stands in for."""
    for level in comparison.levels:
        if level.when == Exact(wanted.column) and level.u is not None:
            return level.u
    raise ValueError(f"no level of {comparison.name!r} has equal values of {wanted.column!r}")


def _shares(records: Encoded, name: str) -> Weights:
    """The share of each entry among the records that have a value."""
    column = records.column(name)
    counts = np.bincount(column[column >= 0], minlength=records.entries + 1)
    return np.append(counts / max(1, counts.sum()), np.nan)[: records.entries + 1]
