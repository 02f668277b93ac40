"""Bridges: links on which a cluster hangs together, and the weak ones that hold two large parts."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from openoda.linkage.clustering import bridge_kernel as kernel
from openoda.linkage.clustering.components import EVERY
from openoda.linkage.clustering.links import Links, Places, must_be_clusters
from openoda.linkage.comparing.encoding import Codes
from openoda.linkage.scoring import Weights

LARGE_PART = 3
"""Records that make a part large: with three, a part is a cluster with a history of its own, while
one or two at a cluster's edge are what one poor record brings."""


@dataclass(frozen=True)
class Bridges:
    """Links whose removal would split their cluster.

    `places`, shape (n,): which links. `clusters`: the first record of each one's cluster. `lesser`,
    `greater`: the records of the smaller and the larger part. `weights`: of the links.
    """

    places: Places
    clusters: Codes
    lesser: Codes
    greater: Codes
    weights: Weights

    def __len__(self) -> int:
        return len(self.places)

    def between_large(self, part: int = LARGE_PART) -> "Bridges":
        """Those that hold two parts of `part` records or more together, weakest first.

        Of equal weights the one with the larger smaller part comes first.
        """
        large = np.flatnonzero(self.lesser >= part)
        order = np.lexsort((self.places[large], -self.lesser[large], self.weights[large]))
        return self._at(large[order])

    def _at(self, places: npt.NDArray[np.int64]) -> "Bridges":
        return Bridges(
            self.places[places], self.clusters[places], self.lesser[places],
            self.greater[places], self.weights[places],
        )  # fmt: skip


def bridges(links: Links, clusters: Codes, least: float = EVERY) -> Bridges:
    """The bridges among the links of `least` weight or more inside each cluster, by their places.

    `clusters`, shape (records,): the first record of each record's cluster. A pair that stands twice
    among the links isn't a bridge, since one removal leaves the other.
    """
    links.must_be_of(len(clusters))
    must_be_clusters(len(clusters), clusters)
    marks = np.empty(len(links), np.uint8)
    inside = kernel.mark_inside(clusters, links.lefts, links.rights, links.weights, least, marks)
    beyond = _beyond(links, len(clusters), marks, inside)
    places = np.flatnonzero(beyond).astype(np.int32)
    found = clusters[links.lefts[places]]
    one_side = beyond[places]
    other_side = np.bincount(clusters, minlength=1)[found].astype(np.int32) - one_side
    return Bridges(
        places, found, np.minimum(one_side, other_side), np.maximum(one_side, other_side),
        links.weights[places],
    )  # fmt: skip


def _beyond(links: Links, count: int, marks: npt.NDArray[np.uint8], inside: int) -> Codes:
    """Of each link that is a bridge, the records on one side; 0 of other links."""
    offsets = np.zeros(count + 1, np.int64)
    kernel.count_links(links.lefts, links.rights, marks, offsets)
    at_record = np.empty(2 * inside, np.int32)
    kernel.fill_links(links.lefts, links.rights, marks, offsets.copy(), at_record)
    entered, earliest, sizes, came_by = (np.zeros(count, np.int32) for _ in range(4))
    beyond = np.zeros(len(links), np.int32)
    walk = (entered, earliest, sizes, came_by, offsets.copy())
    kernel.find_bridges(links.lefts, links.rights, offsets, at_record, walk, beyond)
    return beyond
