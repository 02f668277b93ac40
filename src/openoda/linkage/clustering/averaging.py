"""Clusters that all their pairs together speak for, not only a chain of single links.

Links are taken by falling weight. Two clusters are joined where the match weights of all pairs between
them sum above 0: in words, where the evidence for it outweighs that against. A chain of doubtful links
through namesakes doesn't hold, which in connected components makes thousands of people one.

This is average linkage (Sokal and Michener, "A statistical method for evaluating systematic
relationships", University of Kansas Science Bulletin 38, 1958) on match weights, a greedy way to what
correlation clustering asks for (Bansal, Blum and Chawla, Machine Learning 56, 2004).
"""

import numpy as np

from openoda.linkage.clustering import averaging_kernel as kernel
from openoda.linkage.clustering.components import components
from openoda.linkage.clustering.links import Links
from openoda.linkage.clustering.union_kernel import settle
from openoda.linkage.comparing.encoding import Codes

NEVER_FOUND = -2.0
"""The weight of a pair that no blocking rule found: a quarter as likely as not to match."""
_MOST = 20.0
"""No single pair says more, either way, so that one slip can't outvote a cluster."""
_STEPS = 1 << 20
"""Weights count in millionths: sums of such are exact, whatever the order in which they are added."""


def averaged(
    count: int, links: Links, least: float, absent: float = NEVER_FOUND, most: float = _MOST
) -> Codes:
    """The cluster of each record, numbered by its first record; shape (count,).

    `links`: every pair that was scored, light ones too, since they speak against. `least`: only links
    of this weight or more bring clusters together.
    """
    near = _near(count, links, least)
    weights = np.rint(np.clip(near.weights, -most, most) * _STEPS) / _STEPS
    ends = np.concatenate([near.lefts, near.rights])
    order = np.argsort(ends, kind="stable")
    others = np.concatenate([near.rights, near.lefts])[order]
    starts = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(ends, minlength=count), out=starts[1:])
    parents = np.arange(count, dtype=np.int32)
    kernel.join_by_mean(
        near.lefts, near.rights, near.falling(least), starts, others,
        np.concatenate([weights, weights])[order], round(absent * _STEPS) / _STEPS, parents,
        np.arange(count, dtype=np.int32), np.ones(count, np.int32),
    )  # fmt: skip
    clusters = np.empty(count, np.int32)
    settle(parents, clusters)
    return clusters


def _near(count: int, links: Links, least: float) -> Links:
    """The links inside one connected component: those between two can't bring clusters together."""
    whole = components(count, links.lefts, links.rights, links.weights, least)
    at = np.flatnonzero(whole[links.lefts] == whole[links.rights])
    return Links(links.lefts[at], links.rights[at], links.weights[at])
