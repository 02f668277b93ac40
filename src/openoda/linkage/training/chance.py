"""u: how often each level holds of two records that don't match, from pairs drawn at random."""

import numpy as np
import numpy.typing as npt

from openoda.linkage.comparing.encoding import Codes
from openoda.linkage.pairing import Pairing, levels_of
from openoda.linkage.spec.conditions import Exact
from openoda.linkage.spec.model import Comparison, LinkType

PAIRS_DRAWN = 300_000


def u_values(
    pairing: Pairing, seed: int, draws: int = PAIRS_DRAWN
) -> list[npt.NDArray[np.float64]]:
    """Each comparison's u by level, shape (levels,); nan for a level of missing values.

    Nearly all pairs drawn at random are of different entities, so what holds of them holds of
    non-matches. A level of equal values that comes first of those that say something needs no draw:
    its u is worked out from the counts of the values, which a draw would miss where it is rare. The
    others keep the drawn shares among what is left. A level never drawn counts as half a pair.
    """
    lefts, rights = drawn_pairs(pairing, seed, draws)
    patterns = pairing.signs(lefts, rights) % pairing.kinds
    levels = levels_of(patterns, pairing.level_counts)
    return [
        _of_comparison(comparison, levels[:, place], pairing)
        for place, comparison in enumerate(pairing.spec.comparisons)
    ]


def drawn_pairs(
    pairing: Pairing, seed: int, draws: int
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Pairs of different records (of different sources where only those are linked), at random."""
    rng = np.random.default_rng(seed)
    count = len(pairing.records)
    one, other = (rng.integers(0, max(count, 1), draws, np.int32) for _ in range(2))
    keep = one != other
    if pairing.spec.link_type is LinkType.LINK and pairing.sources is not None:
        keep &= pairing.sources[one] != pairing.sources[other]
    one, other = one[keep], other[keep]
    return np.minimum(one, other), np.maximum(one, other)


def _of_comparison(
    comparison: Comparison, drawn: npt.NDArray[np.int64], pairing: Pairing
) -> npt.NDArray[np.float64]:
    silent = np.array([level.missing for level in comparison.levels])
    counts = np.bincount(drawn, minlength=len(silent)).astype(np.float64)
    counts[silent] = 0.0
    counts[~silent & (counts == 0)] = 0.5
    found = counts / counts.sum() if counts.sum() else counts
    place, column = first_exact(comparison)
    if column:
        exact = chance_of_equal(pairing.records.column(column), pairing.sources_apart)
        if exact > 0:
            found = found / max(1 - found[place], 1e-12) * (1 - exact)
            found[place] = exact
    found[silent] = np.nan
    return np.asarray(found)


def chance_of_equal(column: Codes, sources: Codes | None) -> float:
    """The probability that two records drawn at random, both with a value, have the same one.

    `sources`: where given, the two records are of different sources.
    """
    equal, both = pairs_of_equal(column, sources)
    return equal / both if both else 0.0


def pairs_of_equal(column: Codes, sources: Codes | None) -> tuple[float, float]:
    """How many pairs of records have the same value, and how many have one each.

    `sources`: where given, pairs of different sources alone.
    """
    present = column >= 0
    values = column[present]
    equal, both = _pairs_within(values)
    if sources is not None:
        apart = sources[present]
        for one in np.unique(apart):
            its_equal, its_both = _pairs_within(values[apart == one])
            equal, both = equal - its_equal, both - its_both
    return equal, both


def _pairs_within(values: Codes) -> tuple[float, float]:
    sizes = np.bincount(values).astype(np.float64)
    total = float(len(values))
    return float((sizes * (sizes - 1) / 2).sum()), total * (total - 1) / 2


def first_exact(comparison: Comparison) -> tuple[int, str]:
    """The place and column of the level of equal values, where it is the first that says anything."""
    for place, level in enumerate(comparison.levels):
        if level.missing:
            continue
        match level.when:
            case Exact(column, ""):
                return place, column
        break
    return 0, ""
