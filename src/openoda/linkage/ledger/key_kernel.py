"""Compiled loops of the table of keys: open addressing, the place being the hash of a key's bytes.

The hash is FNV-1a (Fowler, Noll and Vo; draft-eastlake-fnv), its halves folded. Equal hashes are told
apart by comparing the bytes.
"""

import numpy as np

from openoda.data.intake.compiled import Bytes, Longs, Small, SmallRoom, compiled

EMPTY = -1


@compiled
def place_of(data: Bytes, begin: int, end: int, slots: int) -> np.int64:
    """Where to look first for a key among `slots` places, a power of two."""
    hashed = np.uint64(14695981039346656037)
    for at in range(begin, end):
        hashed = (hashed ^ np.uint64(data[at])) * np.uint64(1099511628211)
    hashed ^= hashed >> np.uint64(32)
    return np.int64(hashed & np.uint64(slots - 1))


@compiled
def alike(data: Bytes, begin: int, end: int, other: Bytes, first: int, last: int) -> bool:
    """Whether two keys have the same bytes."""
    if end - begin != last - first:
        return False
    for at in range(end - begin):  # noqa: SIM110  (a loop that compiles)
        if data[begin + at] != other[first + at]:
            return False
    return True


@compiled
def enter_keys(data: Bytes, offsets: Longs, first: int, last: int, slots: SmallRoom) -> int:
    """Enter keys `first` to before `last`; how many were there already (and weren't entered)."""
    twice = 0
    for number in range(first, last):
        begin, end = offsets[number], offsets[number + 1]
        at = place_of(data, begin, end, len(slots))
        while slots[at] != EMPTY:
            known = slots[at]
            if alike(data, begin, end, data, offsets[known], offsets[known + 1]):
                twice += 1
                break
            at = (at + 1) & (len(slots) - 1)
        if slots[at] == EMPTY:
            slots[at] = number
    return twice


@compiled
def find_keys(
    data: Bytes, offsets: Longs, slots: Small,
    asked: Bytes, asked_offsets: Longs, found: SmallRoom,
) -> int:  # fmt: skip
    """Fill `found`, shape (asked keys,), with each key's number, or -1; how many were found."""
    hits = 0
    for number in range(len(found)):
        begin, end = asked_offsets[number], asked_offsets[number + 1]
        at = place_of(asked, begin, end, len(slots))
        found[number] = EMPTY
        while slots[at] != EMPTY:
            known = slots[at]
            if alike(asked, begin, end, data, offsets[known], offsets[known + 1]):
                found[number] = known
                hits += 1
                break
            at = (at + 1) & (len(slots) - 1)
    return hits
