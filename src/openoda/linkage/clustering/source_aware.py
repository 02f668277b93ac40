"""Clusters that hold at most one record of each clean source, and one-to-one linking.

A source is clean where it has one record a person. Links are taken heaviest first, as Kruskal's
algorithm takes edges (1956), and one is refused where it would put two records of a clean source
into one cluster. So a record goes where its heaviest links lead; it isn't the clustering of greatest
total weight, which is far dearer to find and hangs more on small differences of weights.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from openoda.linkage.clustering import union_kernel as kernel
from openoda.linkage.clustering.components import EVERY
from openoda.linkage.clustering.links import Links, Places
from openoda.linkage.comparing.encoding import Codes

Masks = npt.NDArray[np.uint64]
_BITS = 64


@dataclass(frozen=True)
class Sources:
    """Where each record comes from, and which sources are clean.

    `numbers`, shape (records,): each record's source. `clean`: numbers of sources with one record a
    person.
    """

    numbers: Codes
    clean: frozenset[int] = frozenset()

    def __len__(self) -> int:
        return len(self.numbers)

    def masks(self) -> Masks:
        """Each record's clean source as a bit, shape (records, words); no bit for other sources."""
        words = -(-len(self.clean) // _BITS)
        found = np.zeros((len(self), words), np.uint64)
        for place, number in enumerate(sorted(self.clean)):
            word, bit = divmod(place, _BITS)
            found[self.numbers == number, word] = np.uint64(1) << np.uint64(bit)
        return found

    def in_clean(self) -> npt.NDArray[np.bool_]:
        """Whether each record is of a clean source."""
        return np.isin(self.numbers, sorted(self.clean))


@dataclass(frozen=True)
class Clustered:
    """Clusters, and what came of each link.

    `clusters`, shape (records,): the number of each one's first record. `outcomes`, shape (links,):
    UNUSED, JOINED, TOGETHER or REFUSED of `union_kernel`.
    """

    clusters: Codes
    outcomes: npt.NDArray[np.uint8]

    @property
    def joining(self) -> npt.NDArray[np.int64]:
        """Places of the links that joined two clusters: each cluster's heaviest tree."""
        return np.flatnonzero(self.outcomes == kernel.JOINED)

    @property
    def refused(self) -> npt.NDArray[np.int64]:
        """Places of the links that a clean source forbids."""
        return np.flatnonzero(self.outcomes == kernel.REFUSED)


def source_aware(links: Links, sources: Sources, least: float = EVERY) -> Clustered:
    """Clusters of links of `least` weight or more, with at most one record of each clean source.

    The same whatever order the links come in. Where no source is clean they are the connected
    components, which `components` finds without sorting.
    """
    count = len(sources)
    links.must_be_of(count)
    order = links.falling(least)
    parents = np.arange(count, dtype=np.int32)
    forest = (parents, np.ones(count, np.int32), sources.masks())
    outcomes = np.full(len(links), kernel.UNUSED, np.uint8)
    kernel.grow(
        (0, len(order)), order, links.lefts, links.rights, forest, outcomes, new_counts(count)
    )
    kernel.settle(parents, parents)
    return Clustered(parents, outcomes)


def one_to_one(links: Links, files: Codes, least: float = EVERY) -> Places:
    """Places of the links that stay where each record of two files has at most one partner.

    `files`, shape (records,): the number of each record's file. Heaviest first: a link stays where
    both its records are still free. Raises ValueError for more than two files.
    """
    numbers = frozenset(np.unique(files).tolist())
    if len(numbers) > 2:
        raise ValueError(f"one-to-one linking is of two files, not {len(numbers)}")
    return source_aware(links, Sources(files, numbers), least).joining.astype(np.int32)


def new_counts(count: int) -> npt.NDArray[np.int64]:
    """The running counts before any link: every record is a cluster by itself."""
    counts = np.zeros(5, np.int64)
    counts[[kernel.CLUSTERS, kernel.SINGLETONS]] = count
    counts[kernel.LARGEST] = min(1, count)
    return counts
