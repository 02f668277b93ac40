"""Bags of bytes: what two texts can at best have in common, told without reading them.

A bag counts a text's bytes in sixteen heaps of four bits, by their last four bits; a heap holds fifteen
at most. The larger of what one bag has too many and too few never exceeds the edit distance (with or
without swaps), which costs ten to a hundred times as much (the bag distance: Bartolini, Ciaccia and
Patella, "String matching with metric trees using an approximate distance", SPIRE 2002).
"""

import numpy as np

from openoda.data.intake.compiled import Bytes, Hashes, Longs, compiled

HEAPS, MOST = 16, 15


@compiled
def fill_bags(data: Bytes, offsets: Longs, bags: Hashes) -> None:
    """The bag of each entry; `bags`, shape (entries, 1)."""
    for entry in range(len(offsets) - 1):
        bag = np.uint64(0)
        for at in range(offsets[entry], offsets[entry + 1]):
            heap = np.uint64(4) * (np.uint64(data[at]) & np.uint64(15))
            if bag >> heap & np.uint64(15) < np.uint64(MOST):
                bag += np.uint64(1) << heap
        bags[entry, 0] = bag


@compiled
def bag_distance(bags: Hashes, left: int, right: int) -> int:
    """The least that the edit distance of two entries can be."""
    one, other = bags[left, 0], bags[right, 0]
    more, less = 0, 0
    for heap in range(HEAPS):
        place = np.uint64(4 * heap)
        apart = int(one >> place & np.uint64(15)) - int(other >> place & np.uint64(15))
        if apart > 0:
            more += apart
        else:
            less -= apart
    return max(more, less)


@compiled
def most_shared(bags: Hashes, left: int, right: int) -> int:
    """The most bytes that two entries can share, if neither has over fifteen."""
    one, other = bags[left, 0], bags[right, 0]
    shared = 0
    for heap in range(HEAPS):
        place = np.uint64(4 * heap)
        shared += min(int(one >> place & np.uint64(15)), int(other >> place & np.uint64(15)))
    return shared
