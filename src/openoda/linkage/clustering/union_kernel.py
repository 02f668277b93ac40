"""Loops that join records into clusters: a forest in which every record points towards its first.

Source: union–find with path halving (Tarjan and van Leeuwen, "Worst-case analysis of set union
algorithms", JACM 31(2), 1984). Of two roots the smaller number becomes the root of both, so a
cluster's number is that of its first record whatever order pairs come in.
"""

import numpy as np

from openoda.data.intake.compiled import (
    ByteRoom,
    Floats,
    Hashes,
    LongRoom,
    Small,
    SmallRoom,
    compiled,
)

# What came of a pair: below the threshold, joined two clusters, in one already, kept apart.
UNUSED, JOINED, TOGETHER, REFUSED = range(4)
# Places of the running counts.
CLUSTERS, SINGLETONS, LARGEST, LINKS, IMPLIED = range(5)


@compiled
def first_bad(count: int, lefts: Small, rights: Small) -> int:
    """The place of the first pair that isn't of two different records of `count`; -1 if all are."""
    for at in range(len(lefts)):
        left, right = lefts[at], rights[at]
        if left < 0 or right < 0 or left >= count or right >= count or left == right:
            return at
    return -1


@compiled
def root_of(parents: SmallRoom, record: int) -> int:
    """The first record of a record's cluster; the way there is halved for those who come later."""
    while parents[record] != record:
        parents[record] = parents[parents[record]]
        record = int(parents[record])
    return record


@compiled
def join_pairs(
    parents: SmallRoom, lefts: Small, rights: Small, weights: Floats, least: float
) -> int:
    """Join the records of every pair of `least` weight or more; how many clusters became others'.

    No `weights` (shape (0,)): every pair counts.
    """
    joined = 0
    weighed = len(weights) > 0
    for at in range(len(lefts)):
        if weighed and not weights[at] >= least:
            continue
        left, right = root_of(parents, lefts[at]), root_of(parents, rights[at])
        if left != right:
            parents[max(left, right)] = min(left, right)
            joined += 1
    return joined


@compiled
def settle(parents: SmallRoom, clusters: SmallRoom) -> None:
    """Fill in every record's cluster: a parent is never later than its child, so one pass does."""
    for record in range(len(parents)):
        parent = parents[record]
        clusters[record] = record if parent == record else clusters[parent]


@compiled
def clash(masks: Hashes, left: int, right: int) -> bool:
    """Whether two clusters both hold a record of one clean source."""
    both = np.uint64(0)
    for word in range(masks.shape[1]):
        both |= masks[left, word] & masks[right, word]
    return bool(both != np.uint64(0))


@compiled
def unite(left: int, right: int, parents: SmallRoom, sizes: SmallRoom, masks: Hashes) -> int:
    """Join two clusters by their first records; the size of the whole."""
    first, second = min(left, right), max(left, right)
    parents[second] = first
    sizes[first] += sizes[second]
    for word in range(masks.shape[1]):
        masks[first, word] |= masks[second, word]
    return int(sizes[first])


Forest = tuple[SmallRoom, SmallRoom, Hashes]
"""Each record's parent; of each first record the cluster's size, and its clean sources as bits."""


@compiled
def grow(
    part: tuple[int, int], order: Small, lefts: Small, rights: Small,
    forest: Forest, outcomes: ByteRoom, counts: LongRoom,
) -> None:  # fmt: skip
    """Take pairs in turn, and join their clusters unless both hold a record of one clean source.

    `part`: from which place of `order` and to before which. `masks` of no width: nothing is refused.
    `outcomes`, shape (pairs,): what came of each; of shape (0,) where nobody asks. `counts`: running.
    """
    parents, sizes, masks = forest
    told = len(outcomes) > 0
    for place in range(part[0], part[1]):
        at = order[place]
        left, right = root_of(parents, lefts[at]), root_of(parents, rights[at])
        outcome = TOGETHER
        if left != right:
            outcome = REFUSED if clash(masks, left, right) else JOINED
        if outcome == JOINED:
            one, other = np.int64(sizes[left]), np.int64(sizes[right])
            whole = unite(left, right, parents, sizes, masks)
            counts[CLUSTERS] -= 1
            counts[SINGLETONS] -= (one == 1) + (other == 1)
            counts[LARGEST] = max(counts[LARGEST], whole)
            counts[IMPLIED] += one * other
        counts[LINKS] += 1
        if told:
            outcomes[at] = outcome


@compiled
def band_of(weight: float, bounds: Floats) -> int:
    """The first of the falling `bounds` that a weight reaches; their number if it reaches none."""
    first, last = 0, len(bounds)
    while first < last:
        middle = (first + last) // 2
        if weight >= bounds[middle]:
            last = middle
        else:
            first = middle + 1
    return first


@compiled
def count_bands(weights: Floats, bounds: Floats, ends: LongRoom) -> None:
    """Fill `ends`, shape (bounds + 1,), with the number of pairs before each band's beginning."""
    for at in range(len(weights)):
        band = band_of(weights[at], bounds)
        if band < len(bounds):
            ends[band + 1] += 1
    for band in range(len(bounds)):
        ends[band + 1] += ends[band]


@compiled
def fill_bands(weights: Floats, bounds: Floats, nexts: LongRoom, order: SmallRoom) -> None:
    """Fill `order` with the pairs band by band, in their own order inside one.

    `nexts`, shape (bounds + 1,): the place where each band's next pair goes.
    """
    for at in range(len(weights)):
        band = band_of(weights[at], bounds)
        if band < len(bounds):
            order[nexts[band]] = at
            nexts[band] += 1
