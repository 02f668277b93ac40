"""Connected components: records that links join, directly or by way of others."""

from collections.abc import Iterable

import numpy as np

from openoda.linkage.clustering import union_kernel as kernel
from openoda.linkage.clustering.links import Links, must_be_pairs
from openoda.linkage.comparing.encoding import Codes
from openoda.linkage.scoring import Weights

EVERY = -np.inf
"""The threshold that every weight reaches."""


def components(
    count: int,
    lefts: Codes,
    rights: Codes,
    weights: Weights | None = None,
    least: float = EVERY,
) -> Codes:
    """Each record's cluster, shape (count,), its number being that of its first record.

    Pairs count where their weight is `least` or more; all of them where there are no weights. Takes
    4 bytes a record besides the pairs. Raises ValueError for a record that isn't among `count`.
    """
    parents = np.arange(count, dtype=np.int32)
    _join(parents, lefts, rights, weights, least)
    kernel.settle(parents, parents)
    return parents


def components_of_pieces(count: int, pieces: Iterable[Links], least: float = EVERY) -> Codes:
    """The same for links that come a piece at a time, from disk; only one is held."""
    parents = np.arange(count, dtype=np.int32)
    for piece in pieces:
        _join(parents, piece.lefts, piece.rights, piece.weights, least)
    kernel.settle(parents, parents)
    return parents


def _join(
    parents: Codes, lefts: Codes, rights: Codes, weights: Weights | None, least: float
) -> None:
    must_be_pairs(len(parents), lefts, rights)
    if weights is None:
        weights = np.zeros(0)
    elif len(weights) != len(lefts):
        raise ValueError("there must be one weight for each pair")
    kernel.join_pairs(parents, lefts, rights, weights, least)
