"""Bags of bytes: what two texts can at best have in common, told without reading them.

A bag counts a text's bytes in sixteen heaps, by their last four bits; a heap of n bytes has its lowest n
bits set, four at most. So bits that one bag has and the other hasn't are bytes too many, and bits in
both are bytes that can be shared. The larger of what one bag has too many and too few never exceeds the
edit distance (with or without swaps), which costs ten to a hundred times as much (the bag distance:
Bartolini, Ciaccia and Patella, "String matching with metric trees using an approximate distance",
SPIRE 2002).
"""

import numpy as np

from openoda.data.intake.compiled import Bytes, Hashes, Longs, compiled

HEAP_BITS = 4
_FULL = 0x8888888888888888
_ODD, _PAIRS, _FOURS, _ONES = (
    0x5555555555555555, 0x3333333333333333, 0x0F0F0F0F0F0F0F0F, 0x0101010101010101,
)  # fmt: skip


@compiled
def fill_bags(data: Bytes, offsets: Longs, bags: Hashes) -> None:
    """The bag of each entry; `bags`, shape (entries, 1)."""
    one = np.uint64(1)
    for entry in range(len(offsets) - 1):
        bag = np.uint64(0)
        for at in range(offsets[entry], offsets[entry + 1]):
            heap = np.uint64(HEAP_BITS) * (np.uint64(data[at]) & np.uint64(15))
            held = bag >> heap & np.uint64(15)
            bag |= (held << one | one) << heap & (np.uint64(15) << heap)
        bags[entry, 0] = bag


@compiled
def bits_in(word: np.uint64) -> int:
    """How many bits are set (Warren, Hacker's Delight, 2nd ed., section 5-1)."""
    word -= word >> np.uint64(1) & np.uint64(_ODD)
    word = (word & np.uint64(_PAIRS)) + (word >> np.uint64(2) & np.uint64(_PAIRS))
    word = (word + (word >> np.uint64(4))) & np.uint64(_FOURS)
    return int(word * np.uint64(_ONES) >> np.uint64(56))


@compiled
def bag_distance(one: np.uint64, other: np.uint64) -> int:
    """The least that the edit distance of two texts with these bags can be."""
    return max(bits_in(one & ~other), bits_in(other & ~one))


@compiled
def most_shared(one: np.uint64, other: np.uint64) -> int:
    """The most bytes that two texts with these bags can share; -1 where a heap is full in both."""
    both = one & other
    return -1 if both & np.uint64(_FULL) else bits_in(both)
