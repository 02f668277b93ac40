"""Clusters at a list of thresholds, in one pass: links are added from the highest threshold down."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from openoda.linkage.clustering import union_kernel as kernel
from openoda.linkage.clustering.links import Links, Places
from openoda.linkage.clustering.source_aware import Sources, new_counts
from openoda.linkage.comparing.encoding import Codes


@dataclass(frozen=True)
class Sizes:
    """The clusters at one threshold, in numbers.

    `links`: how many reach the threshold. `implied`: pairs of records in one cluster, linked or not.
    `largest`: records of the largest cluster.
    """

    threshold: float
    clusters: int
    singletons: int
    largest: int
    links: int
    implied: int


class Stage:
    """The clusters at one threshold: their numbers, and on request each record's cluster."""

    def __init__(self, sizes: Sizes, parents: Codes) -> None:
        self.sizes = sizes
        self._parents = parents

    def clusters(self) -> Codes:
        """Each record's cluster; to be asked before the next stage is."""
        found = np.empty(len(self._parents), np.int32)
        kernel.settle(self._parents, found)
        return found


def stages(
    count: int, links: Links, thresholds: Sequence[float], sources: Sources | None = None
) -> Iterator[Stage]:
    """The clusters at each different threshold, highest first, each grown from the one before.

    With clean `sources` they are those of `source_aware`: what a lower threshold adds comes after
    all heavier links, so each stage is what clustering at its threshold alone would give.
    """
    links.must_be_of(count)
    if sources is not None and len(sources) != count:
        raise ValueError("there must be one source for each record")
    bounds = np.unique(np.asarray(thresholds, np.float64))[::-1].copy()
    if np.isnan(bounds).any():
        raise ValueError("a threshold must be a number")
    order, ends = _by_band(links, bounds)
    masks = np.zeros((count, 0), np.uint64)
    if sources is not None and sources.clean and len(bounds):
        order, masks = links.falling(float(bounds[-1])), sources.masks()
    parents = np.arange(count, dtype=np.int32)
    forest = (parents, np.ones(count, np.int32), masks)
    counts, untold = new_counts(count), np.zeros(0, np.uint8)
    for place, bound in enumerate(bounds):
        part = (int(ends[place]), int(ends[place + 1]))
        kernel.grow(part, order, links.lefts, links.rights, forest, untold, counts)
        yield Stage(Sizes(float(bound), *(int(each) for each in counts)), parents)


def sweep(
    count: int, links: Links, thresholds: Sequence[float], sources: Sources | None = None
) -> list[Sizes]:
    """The numbers at each different threshold, highest first, in one pass over the links."""
    return [each.sizes for each in stages(count, links, thresholds, sources)]


def _by_band(links: Links, bounds: npt.NDArray[np.float64]) -> tuple[Places, npt.NDArray[np.int64]]:
    """Links in the order of the bounds they reach, and where each bound's begin."""
    ends = np.zeros(len(bounds) + 1, np.int64)
    kernel.count_bands(links.weights, bounds, ends)
    order = np.empty(int(ends[-1]), np.int32)
    kernel.fill_bands(links.weights, bounds, ends.copy(), order)
    return order, ends
