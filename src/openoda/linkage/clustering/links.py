"""Links: pairs of records with their weights, as clustering takes them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from openoda.linkage.clustering import union_kernel as kernel
from openoda.linkage.comparing.encoding import Codes
from openoda.linkage.pairing import Pairs
from openoda.linkage.scoring import Weights

Places = npt.NDArray[np.int32]
MOST = np.iinfo(np.int32).max


@dataclass(frozen=True)
class Links:
    """Pairs of two different records, each pair once, and the match weight of each.

    `lefts`, `rights`, shape (n,): places of records; `weights`, shape (n,). Nothing is copied.
    """

    lefts: Codes
    rights: Codes
    weights: Weights

    def __post_init__(self) -> None:
        if not len(self.lefts) == len(self.rights) == len(self.weights):
            raise ValueError("there must be one weight for each pair")
        if len(self.lefts) > MOST:
            raise ValueError("more pairs than one piece may hold: cluster them piece by piece")
        if len(self.weights) and np.isnan(self.weights.min()):
            raise ValueError("a weight must be a number")

    def __len__(self) -> int:
        return len(self.lefts)

    @classmethod
    def of(cls, pairs: Pairs, weights: Weights) -> "Links":
        """Pairs as they come from blocking, with their weights."""
        return cls(pairs.lefts, pairs.rights, weights)

    def must_be_of(self, count: int) -> None:
        """Raise ValueError unless every pair is of two different records among `count`."""
        must_be_pairs(count, self.lefts, self.rights)

    def falling(self, least: float) -> Places:
        """Places of the links of `least` weight or more, heaviest first.

        Equal weights stand by their earlier record and then by their later one, so that the order
        doesn't depend on that in which pairs were found.
        """
        places = np.flatnonzero(self.weights >= least)
        lefts, rights = self.lefts[places], self.rights[places]
        by_records = np.minimum(lefts, rights).astype(np.int64) << 32 | np.maximum(lefts, rights)
        return places[np.lexsort((by_records, -self.weights[places]))].astype(np.int32)


def must_be_pairs(count: int, lefts: Codes, rights: Codes) -> None:
    """Raise ValueError unless every pair is of two different records among `count`.

    Loops over clusters trust their pairs: a record out of range would be read beyond an array.
    """
    bad = kernel.first_bad(count, lefts, rights)
    if bad >= 0:
        raise ValueError(
            f"pair {bad} is of records {lefts[bad]} and {rights[bad]}, among {count} records"
        )


def must_be_clusters(count: int, clusters: Codes) -> None:
    """Raise ValueError unless each of `count` records has a cluster, numbered by a record."""
    if len(clusters) != count or (count and not 0 <= clusters.min() <= clusters.max() < count):
        raise ValueError(
            f"there must be a cluster for each of {count} records, numbered by a record"
        )
