"""Each cluster in figures: its records, its links, how dense and how strong they are."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from openoda.linkage.clustering import bridge_kernel as kernel
from openoda.linkage.clustering.components import EVERY
from openoda.linkage.clustering.links import Links, must_be_clusters
from openoda.linkage.comparing.encoding import Codes
from openoda.linkage.scoring import Weights

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class ClusterFigures:
    """Figures of every cluster, in the order of their first records, all of shape (clusters,).

    `firsts`: the first record, which is the cluster's number. `sizes`: records. `links`: how many of
    its pairs are linked. `weakest`, `mean`: of the links' weights, NaN where a cluster has none.
    """

    firsts: Codes
    sizes: Counts
    links: Counts
    weakest: Weights
    mean: Weights

    def __len__(self) -> int:
        return len(self.firsts)

    @property
    def pairs(self) -> Counts:
        """The pairs of records in each cluster, linked or not."""
        return self.sizes * (self.sizes - 1) // 2

    @property
    def density(self) -> Weights:
        """The share of a cluster's pairs that are linked; NaN for a single record."""
        return _share(self.links, self.pairs)

    def of_sizes(self) -> dict[int, int]:
        """How many clusters have each size, smallest first."""
        sizes, counts = np.unique(self.sizes, return_counts=True)
        return dict(zip(sizes.tolist(), counts.tolist(), strict=True))


def cluster_figures(links: Links, clusters: Codes, least: float = EVERY) -> ClusterFigures:
    """Figures of clusters, over their links of `least` weight or more.

    `clusters`, shape (records,): the first record of each record's cluster.
    """
    count = len(clusters)
    links.must_be_of(count)
    must_be_clusters(count, clusters)
    found, sums, weakest = np.zeros(count, np.int64), np.zeros(count), np.full(count, np.inf)
    kernel.add_up(clusters, links.lefts, links.rights, links.weights, least, found, sums, weakest)
    sizes = np.bincount(clusters, minlength=count)
    firsts = np.flatnonzero(sizes).astype(np.int32)
    linked = found[firsts]
    lowest = np.where(linked > 0, weakest[firsts], np.nan)
    return ClusterFigures(firsts, sizes[firsts], linked, lowest, _share(sums[firsts], linked))


def _share(part: Counts | Weights, whole: Counts) -> Weights:
    """Part of whole; NaN where there is no whole."""
    found = np.full(len(whole), np.nan)
    np.divide(part, whole, out=found, where=whole > 0)
    return found
