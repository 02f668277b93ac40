"""The loop that joins clusters by what all their pairs say together."""

import numpy as np

from openoda.data.intake.compiled import Floats, Longs, Small, SmallRoom, compiled
from openoda.linkage.clustering.union_kernel import root_of


@compiled
def between(
    small: int, large: int, parents: SmallRoom, nexts: SmallRoom,
    starts: Longs, others: Small, weights: Floats, absent: float, sizes: SmallRoom,
) -> float:  # fmt: skip
    """The sum of weights of all pairs between two clusters; `absent` for one that has none."""
    total, found = 0.0, 0
    member = small
    while True:
        for link in range(starts[member], starts[member + 1]):
            if root_of(parents, int(others[link])) == large:
                total += weights[link]
                found += 1
        member = int(nexts[member])
        if member == small:
            break
    pairs = np.int64(sizes[small]) * np.int64(sizes[large])
    return total + (pairs - found) * absent


@compiled
def join_by_mean(
    lefts: Small, rights: Small, order: Small, starts: Longs, others: Small, weights: Floats,
    absent: float, parents: SmallRoom, nexts: SmallRoom, sizes: SmallRoom,
) -> None:  # fmt: skip
    """Take links in order, and join the two clusters of one where their pairs' weights sum above 0.

    `starts`, `others`, `weights`: each record's links, both ways. `parents`, `nexts`, `sizes`: clusters
    under way: a root, a ring of members, and at a root the number of members.
    """
    for at in range(len(order)):
        link = order[at]
        left, right = root_of(parents, int(lefts[link])), root_of(parents, int(rights[link]))
        if left == right:
            continue
        small, large = (left, right) if sizes[left] < sizes[right] else (right, left)
        if between(small, large, parents, nexts, starts, others, weights, absent, sizes) <= 0.0:
            continue
        first, last = min(left, right), max(left, right)
        parents[last] = first
        sizes[first] += sizes[last]
        nexts[first], nexts[last] = nexts[last], nexts[first]
