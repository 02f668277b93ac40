"""Similarity of two texts, byte by byte, equal to DuckDB's own functions to the last bit.

Bytes of UTF-8, as DuckDB counts them: an accented letter is two. Texts of the residents' columns are
folded to ASCII before they come here, so that seldom matters.

Sources: Jaro, "Advances in record-linkage methodology as applied to matching the 1985 census of Tampa,
Florida" (JASA 84, 1989); Winkler, "String comparator metrics and enhanced decision rules in the
Fellegi-Sunter model of record linkage" (1990), with a prefix weight of 0.1 up to four letters where
the similarity is above 0.7; Levenshtein (1966); Damerau (1964), adjacent swaps unrestricted.
"""

import numpy as np

from openoda.data.intake.compiled import Bytes, SmallRoom, compiled

WORD = 64
PREFIX_WEIGHT, PREFIX_MOST, PREFIX_FROM = 0.1, 4, 0.7
SPLITTER = 2.0**27 + 1
"""Parts a double into two halves whose products are exact."""


@compiled
def jaro_of(matches: int, swapped: int, long: int, short: int) -> float:
    """The mean of three shares, summed in the order that DuckDB sums them in."""
    found = matches / long
    found += matches / short
    found += (matches - swapped) / matches
    return found / 3.0


@compiled
def jaro_words(data: Bytes, a: int, long: int, b: int, short: int) -> float:
    """Jaro of two texts of at most 64 bytes: which bytes are matched is kept in two words."""
    reach = max(long, short) // 2 - 1
    mine, theirs, one = np.uint64(0), np.uint64(0), np.uint64(1)
    matches = 0
    for at in range(short):
        byte = data[b + at]
        for place in range(max(0, at - reach), min(long, at + reach + 1)):
            if data[a + place] == byte:
                bit = one << np.uint64(place)
                if not mine & bit:
                    mine |= bit
                    theirs |= one << np.uint64(at)
                    matches += 1
                    break
    if matches == 0:
        return 0.0
    swapped = place = 0
    for at in range(short):
        if theirs >> np.uint64(at) & one:
            while not mine >> np.uint64(place) & one:
                place += 1
            if data[a + place] != data[b + at]:
                swapped += 1
            place += 1
    return jaro_of(matches, swapped // 2, long, short)


@compiled
def jaro_long(data: Bytes, a: int, long: int, b: int, short: int) -> float:
    """Jaro of longer texts: which bytes are matched is kept in two arrays."""
    reach = max(long, short) // 2 - 1
    mine, theirs = np.zeros(long, np.bool_), np.zeros(short, np.bool_)
    matches = 0
    for at in range(short):
        byte = data[b + at]
        for place in range(max(0, at - reach), min(long, at + reach + 1)):
            if data[a + place] == byte and not mine[place]:
                mine[place] = theirs[at] = True
                matches += 1
                break
    if matches == 0:
        return 0.0
    swapped = place = 0
    for at in range(short):
        if theirs[at]:
            while not mine[place]:
                place += 1
            if data[a + place] != data[b + at]:
                swapped += 1
            place += 1
    return jaro_of(matches, swapped // 2, long, short)


@compiled
def jaro(data: Bytes, a: int, a_end: int, b: int, b_end: int) -> float:
    """Jaro similarity, 0 to 1, of `data[a:a_end]` and `data[b:b_end]`; 0 of two empty texts."""
    long, short = a_end - a, b_end - b
    if long == 0 or short == 0:
        return 0.0
    if long == 1 and short == 1:
        return 1.0 if data[a] == data[b] else 0.0
    if long > WORD or short > WORD:
        return jaro_long(data, a, long, b, short)
    return jaro_words(data, a, long, b, short)


@compiled
def multiplied_and_added(one: float, other: float, more: float) -> float:
    """`one * other + more`, rounded once, as the fused instruction that DuckDB is built with does.

    Rounded twice it differs in the last bit in one pair of a hundred, which counts where a level's
    bound is a round figure. By error-free arithmetic: Dekker, "A floating-point technique for extending
    the available precision" (Numerische Mathematik 18, 1971); Knuth's sum of two.
    """
    product = one * other
    high_one = SPLITTER * one - (SPLITTER * one - one)
    high_other = SPLITTER * other - (SPLITTER * other - other)
    low_one, low_other = one - high_one, other - high_other
    lost = high_one * high_other - product + high_one * low_other + low_one * high_other
    lost += low_one * low_other
    total = product + more
    part = total - product
    return total + (product - (total - part) + (more - part) + lost)


@compiled
def jaro_winkler(data: Bytes, a: int, a_end: int, b: int, b_end: int) -> float:
    """Jaro similarity, raised for a common beginning."""
    found = jaro(data, a, a_end, b, b_end)
    if found > PREFIX_FROM:
        alike = 0
        most = min(PREFIX_MOST, a_end - a, b_end - b)
        while alike < most and data[a + alike] == data[b + alike]:
            alike += 1
        found = multiplied_and_added(alike * PREFIX_WEIGHT, 1.0 - found, found)
    return found


@compiled
def trimmed(data: Bytes, a: int, a_end: int, b: int, b_end: int) -> tuple[int, int, int, int]:
    """Where two texts differ: without their common beginning and their common end."""
    while a < a_end and b < b_end and data[a] == data[b]:
        a += 1
        b += 1
    while a < a_end and b < b_end and data[a_end - 1] == data[b_end - 1]:
        a_end -= 1
        b_end -= 1
    return a, a_end, b, b_end


@compiled
def levenshtein(data: Bytes, a: int, a_end: int, b: int, b_end: int, room: SmallRoom) -> int:
    """The fewest bytes put in, taken out or changed; `room` holds a row of counts."""
    a, a_end, b, b_end = trimmed(data, a, a_end, b, b_end)
    long, short = a_end - a, b_end - b
    if short + 1 > len(room):
        room = np.empty(short + 1, np.int32)
    for at in range(short + 1):
        room[at] = at
    for row in range(1, long + 1):
        corner = np.int64(room[0])
        room[0] = row
        for at in range(1, short + 1):
            above = np.int64(room[at])
            cost = corner + (data[a + row - 1] != data[b + at - 1])
            room[at] = min(cost, above + 1, np.int64(room[at - 1]) + 1)
            corner = above
    return int(room[short])


@compiled
def damerau(data: Bytes, a: int, a_end: int, b: int, b_end: int, room: SmallRoom) -> int:
    """Levenshtein's distance where a swap of neighbours counts as one, unrestricted.

    `room` holds the table of counts, a row after another, and after it the last row of each byte.
    """
    a, a_end, b, b_end = trimmed(data, a, a_end, b, b_end)
    long, short = a_end - a, b_end - b
    if long == 0 or short == 0:
        return max(long, short)
    wide = short + 2
    last = (long + 2) * wide
    if last + 256 > len(room):
        room = np.empty(last + 256, np.int32)
    for at in range(256):
        room[last + at] = 0
    far = long + short
    room[0] = far
    for row in range(long + 1):
        room[(row + 1) * wide] = far
        room[(row + 1) * wide + 1] = row
    for at in range(short + 1):
        room[at + 1] = far
        room[wide + at + 1] = at
    for row in range(1, long + 1):
        last_match = 0
        above, here = row * wide, (row + 1) * wide
        for at in range(1, short + 1):
            from_row = np.int64(room[last + data[b + at - 1]])
            from_at = last_match
            cost = 1
            if data[a + row - 1] == data[b + at - 1]:
                cost = 0
                last_match = at
            swap = np.int64(room[from_row * wide + from_at]) + row - from_row + at - from_at - 1
            room[here + at + 1] = min(
                np.int64(room[above + at]) + cost,
                np.int64(room[here + at]) + 1,
                np.int64(room[above + at + 1]) + 1,
                swap,
            )
        room[last + data[a + row - 1]] = row
    return int(room[(long + 1) * wide + short + 1])
