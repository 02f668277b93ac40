"""Single tests over many pairs at once: each a short loop, with a state a pair.

Pairs are places of two records; `at` says which of them are asked. A column is the entry of each
record's value, -1 for null; equal values are one entry. States: FALSE, TRUE, and UNKNOWN where a value
is missing, as in SQL.
"""

import math

import numpy as np

from openoda.data.intake.compiled import (
    ByteRoom,
    Bytes,
    FloatRoom,
    Floats,
    Hashes,
    Longs,
    Small,
    SmallRoom,
    compiled,
)
from openoda.linkage.comparing.bag_kernel import bag_distance, most_shared
from openoda.linkage.comparing.similarity_kernel import (
    PREFIX_FROM,
    damerau,
    jaro,
    jaro_winkler,
    levenshtein,
)

FALSE, TRUE, UNKNOWN = 0, 1, 2
JARO, JARO_WINKLER, LEVENSHTEIN, DAMERAU, DIFFERENCE, SHARE, KILOMETRES, OVERLAP = range(8)
EARTH_KM = 6371.0
_ROOM = 5_000
_SLACK = 1e-9

Pairs = tuple[Small, Small, Small]
"""The left and the right record of every pair, and which pairs are asked."""
Values = tuple[Bytes, Longs, Floats, Longs, Small, Hashes]
"""Of every entry: bytes and where they begin, two figures, where members begin and they, its bag."""


@compiled
def fill_pairs(
    nexts: Small, ends: Small, first: int, last: int, lefts: SmallRoom, rights: SmallRoom
) -> None:
    """Every record from `first` to before `last` with each of its partners, `nexts` to before `ends`."""
    count = 0
    for left in range(first, last):
        for right in range(nexts[left], ends[left]):
            lefts[count] = left
            rights[count] = right
            count += 1


@compiled
def missing(mine: Small, theirs: Small, pairs: Pairs, states: ByteRoom) -> None:
    """TRUE where either record has no value."""
    lefts, rights, at = pairs
    for place in range(len(at)):
        pair = at[place]
        states[place] = TRUE if mine[lefts[pair]] < 0 or theirs[rights[pair]] < 0 else FALSE


@compiled
def equal(mine: Small, theirs: Small, pairs: Pairs, states: ByteRoom) -> None:
    """TRUE where both have the same value."""
    lefts, rights, at = pairs
    for place in range(len(at)):
        pair = at[place]
        left, right = mine[lefts[pair]], theirs[rights[pair]]
        if left < 0 or right < 0:
            states[place] = UNKNOWN
        else:
            states[place] = TRUE if left == right else FALSE


@compiled
def kilometres(figures: Floats, left: int, right: int) -> float:
    """Great-circle distance by the spherical law of cosines, radius 6,371 km; rounded as Splink's."""
    up, across = math.radians(figures[2 * left]), figures[2 * left + 1]
    up_right, across_right = math.radians(figures[2 * right]), figures[2 * right + 1]
    cosine = math.sin(up) * math.sin(up_right) + math.cos(up) * math.cos(up_right) * math.cos(
        math.radians(across_right - across)
    )
    return float(np.float32(math.acos(min(1.0, max(-1.0, cosine))) * EARTH_KM))


@compiled
def share(one: float, other: float) -> float:
    """How far apart two numbers are, as a share of the larger; infinite where that is nought."""
    larger = max(one, other)
    return math.inf if larger == 0.0 else abs(one - other) / larger


@compiled
def overlap(offsets: Longs, members: Small, left: int, right: int) -> float:
    """How many members two lists share; a list holds each member once, in order."""
    at, other, found = offsets[left], offsets[right], 0
    while at < offsets[left + 1] and other < offsets[right + 1]:
        if members[at] == members[other]:
            found += 1
            at += 1
            other += 1
        elif members[at] < members[other]:
            at += 1
        else:
            other += 1
    return float(found)


@compiled
def text_measure(
    measure: int, data: Bytes, offsets: Longs, left: int, right: int, room: SmallRoom
) -> float:
    """A measure of two texts."""
    a, a_end, b, b_end = offsets[left], offsets[left + 1], offsets[right], offsets[right + 1]
    if measure == JARO_WINKLER:
        return jaro_winkler(data, a, a_end, b, b_end)
    if measure == JARO:
        return jaro(data, a, a_end, b, b_end)
    if measure == LEVENSHTEIN:
        return float(levenshtein(data, a, a_end, b, b_end, room))
    return float(damerau(data, a, a_end, b, b_end, room))


@compiled
def too_far(
    measure: int, offsets: Longs, bags: Hashes, left: int, right: int, bound: float
) -> bool:
    """Whether lengths and bags alone show that two texts don't reach the bound; never where they do."""
    long, short = offsets[left + 1] - offsets[left], offsets[right + 1] - offsets[right]
    one, other = bags[left, 0], bags[right, 0]
    if measure in (LEVENSHTEIN, DAMERAU):
        return bool(abs(long - short) > bound or bag_distance(one, other) > bound)
    shared = most_shared(one, other)
    if shared < 0 or long == 0 or short == 0:
        return False
    most = (shared / long + shared / short + 1.0) / 3.0
    if measure == JARO_WINKLER and most > PREFIX_FROM:
        most += 0.4 * (1.0 - most)
    return bool(most < bound - _SLACK)


@compiled
def alike_texts(
    mine: Small, theirs: Small, pairs: Pairs, measure: int, bound: float, at_least: bool,
    values: Values, known: FloatRoom, states: ByteRoom,
) -> None:  # fmt: skip
    """TRUE where a measure of text reaches the bound.

    `known`: the measure of pairs; nan until it is taken, and less a bound (minus 1) that is known not
    to be reached.
    """
    lefts, rights, at = pairs
    data, offsets, bags = values[0], values[1], values[5]
    room = np.empty(_ROOM, np.int32)
    for place in range(len(at)):
        pair = at[place]
        left, right = int(mine[lefts[pair]]), int(theirs[rights[pair]])
        if left < 0 or right < 0:
            states[place] = UNKNOWN
            continue
        found = known[pair]
        if found < 0.0:
            failed = -found - 1.0
            if (bound >= failed) if at_least else (bound <= failed):
                states[place] = FALSE
                continue
        if not found >= 0.0:
            if too_far(measure, offsets, bags, left, right, bound):
                known[pair] = -bound - 1.0
                states[place] = FALSE
                continue
            found = text_measure(measure, data, offsets, left, right, room)
            known[pair] = found
        reached = found >= bound if at_least else found <= bound
        states[place] = TRUE if reached else FALSE


@compiled
def alike_figures(
    mine: Small, theirs: Small, pairs: Pairs, measure: int, bound: float, at_least: bool,
    values: Values, states: ByteRoom,
) -> None:  # fmt: skip
    """TRUE where a measure of numbers, days, places or lists reaches the bound."""
    lefts, rights, at = pairs
    figures, offsets, members = values[2], values[3], values[4]
    for place in range(len(at)):
        pair = at[place]
        left, right = int(mine[lefts[pair]]), int(theirs[rights[pair]])
        if left < 0 or right < 0:
            states[place] = UNKNOWN
            continue
        if measure == DIFFERENCE:
            found = abs(figures[2 * left] - figures[2 * right])
        elif measure == SHARE:
            found = share(figures[2 * left], figures[2 * right])
        elif measure == KILOMETRES:
            found = kilometres(figures, left, right)
        else:
            found = overlap(offsets, members, left, right)
        reached = found >= bound if at_least else found <= bound
        states[place] = TRUE if reached else FALSE


@compiled
def settle_levels(states: Bytes, at: Small, level: int, levels: SmallRoom, rest: SmallRoom) -> int:
    """Give pairs whose state is TRUE the level; how many are left, in `rest`."""
    count = 0
    for place in range(len(at)):
        if states[place] == TRUE:
            levels[at[place]] = level
        else:
            rest[count] = at[place]
            count += 1
    return count
