"""Alarms: clusters that are larger, sparser or more repetitive than one person's records should be.

They name clusters to look at; they don't say that these are wrong.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from openoda.linkage.clustering.bridges import LARGE_PART
from openoda.linkage.clustering.figures import ClusterFigures, Counts
from openoda.linkage.clustering.source_aware import Sources
from openoda.linkage.comparing.encoding import Codes

CHANCE = 0.01
"""How many clusters beyond the limit of size an orderly linkage would have on average."""
MOST_SHARE = 0.1
"""No cluster of an orderly linkage holds a greater share of all records."""
SMALLEST_LIMIT = 10
"""Clusters of so few records are never called too large."""


class Kind(StrEnum):
    """What is odd about a cluster."""

    LARGE = "larger than expected"
    SPARSE = "large and sparse"
    REPEATED = "several records of a clean source"


@dataclass(frozen=True)
class Alarm:
    """Clusters that are odd in one way, the worst first.

    `clusters`, shape (n,): their first records. `figures`, shape (n,): for LARGE the records, for
    SPARSE the share of pairs linked, for REPEATED the records of clean sources beyond one of each.
    `rule`: why they are odd, in words and with the limit.
    """

    kind: Kind
    clusters: Codes
    figures: Sequence[float]
    rule: str

    def __len__(self) -> int:
        return len(self.clusters)


def alarms(figures: ClusterFigures, clusters: Codes, sources: Sources | None = None) -> list[Alarm]:
    """Every alarm that any cluster raises; a kind that none raises is left out.

    `clusters`, shape (records,): each record's, which `figures` are of.
    """
    found = [larger_than_expected(figures), sparse(figures)]
    if sources is not None and sources.clean:
        found.append(repeated(clusters, sources))
    return [each for each in found if len(each)]


def size_limit(sizes: Counts) -> int:
    """The most records that a cluster is expected to have.

    Of all laws of sizes with a given mean the geometric one assumes least (its entropy is greatest);
    the real sizes of people's clusters fall faster, since sources are few. The limit is the size that
    fewer than CHANCE clusters would exceed by that law. The mean is of the clusters within the limit,
    so clusters that are wrong don't hide themselves by raising it. And no cluster is expected to hold
    over MOST_SHARE of the records, unless that is fewer than SMALLEST_LIMIT.
    """
    most = int(max(SMALLEST_LIMIT, MOST_SHARE * sizes.sum()))
    limit = most
    while True:
        within = sizes[sizes <= limit]
        lower = min(most, max(SMALLEST_LIMIT, _geometric_limit(within)))
        if lower >= limit:
            return limit
        limit = lower


def _geometric_limit(sizes: Counts) -> int:
    """The size that fewer than CHANCE of so many clusters of such a mean size would exceed."""
    mean = float(sizes.mean()) if len(sizes) else 1.0
    if mean <= 1.0:
        return 1
    return math.ceil(math.log(CHANCE / len(sizes)) / math.log(1 - 1 / mean))


def larger_than_expected(figures: ClusterFigures) -> Alarm:
    """Clusters of more records than `size_limit`, largest first."""
    limit = size_limit(figures.sizes)
    odd = np.flatnonzero(figures.sizes > limit)
    odd = odd[np.argsort(-figures.sizes[odd], kind="stable")]
    rule = f"more than {limit} records, where sizes otherwise fall as they do here"
    return Alarm(Kind.LARGE, figures.firsts[odd], figures.sizes[odd].tolist(), rule)


def sparse(figures: ClusterFigures) -> Alarm:
    """Clusters no denser than two complete halves that one link joins, sparsest first.

    Only of twice LARGE_PART records or more, so that each half would be a large part.
    """
    half = figures.sizes // 2
    rest = figures.sizes - half
    as_halves = (half * (half - 1) + rest * (rest - 1)) // 2 + 1
    odd = np.flatnonzero((figures.sizes >= 2 * LARGE_PART) & (figures.links <= as_halves))
    density = figures.density[odd]
    order = np.lexsort((-figures.sizes[odd], density))
    rule = (
        f"{2 * LARGE_PART} records or more, with no more links than two complete halves "
        "that a single link joins"
    )
    return Alarm(Kind.SPARSE, figures.firsts[odd[order]], density[order].tolist(), rule)


def repeated(clusters: Codes, sources: Sources) -> Alarm:
    """Clusters with several records of a source that should have one a person, most first."""
    rows = np.flatnonzero(sources.in_clean())
    both = clusters[rows].astype(np.int64) << 32 | sources.numbers[rows]
    places, counts = np.unique(both[both >= 0], return_counts=True)
    extra = np.bincount(places >> 32, weights=counts - 1, minlength=len(clusters))
    odd = np.flatnonzero(extra)
    odd = odd[np.argsort(-extra[odd], kind="stable")]
    rule = "more than one record of a source that is said to have one a person"
    return Alarm(Kind.REPEATED, odd.astype(np.int32), extra[odd].tolist(), rule)
