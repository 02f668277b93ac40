"""Loops over links inside clusters: the bridges among them, and each cluster's sums.

Source of the bridges: Tarjan, "A note on finding the bridges of a graph" (Information Processing
Letters 2, 1974). A walk in depth enters each record once; the link by which it came is a bridge where
nothing entered from there on leads back to before it. Time grows as records and links do.
"""

from openoda.data.intake.compiled import (
    ByteRoom,
    Bytes,
    FloatRoom,
    Floats,
    LongRoom,
    Longs,
    Small,
    SmallRoom,
    compiled,
)

NO_LINK = -1


@compiled
def mark_inside(
    clusters: Small, lefts: Small, rights: Small, weights: Floats, least: float, marks: ByteRoom
) -> int:
    """Mark the links of `least` weight or more whose records share a cluster; how many there are."""
    count = 0
    for at in range(len(lefts)):
        inside = weights[at] >= least and clusters[lefts[at]] == clusters[rights[at]]
        marks[at] = inside
        count += inside
    return count


@compiled
def count_links(lefts: Small, rights: Small, marks: Bytes, offsets: LongRoom) -> None:
    """Fill `offsets`, shape (records + 1,), with the marked links of the records before each."""
    for at in range(len(lefts)):
        if marks[at]:
            offsets[lefts[at] + 1] += 1
            offsets[rights[at] + 1] += 1
    for record in range(len(offsets) - 1):
        offsets[record + 1] += offsets[record]


@compiled
def fill_links(
    lefts: Small, rights: Small, marks: Bytes, nexts: LongRoom, at_record: SmallRoom
) -> None:
    """Fill `at_record` with the marked links of each record; `nexts`: where its next one goes."""
    for at in range(len(lefts)):
        if marks[at]:
            at_record[nexts[lefts[at]]] = at
            nexts[lefts[at]] += 1
            at_record[nexts[rights[at]]] = at
            nexts[rights[at]] += 1


Walk = tuple[SmallRoom, SmallRoom, SmallRoom, SmallRoom, LongRoom]
"""Of each record: when it was entered (0: not yet), the earliest that can be reached from there on
without the link by which it was entered, how many records were entered from there on, that link, and
the place of its next link to look at."""


@compiled
def enter(record: int, link: int, clock: int, walk: Walk) -> None:
    """Enter a record by a link."""
    entered, earliest, sizes, came_by, _ = walk
    entered[record] = earliest[record] = clock
    sizes[record] = 1
    came_by[record] = link


@compiled
def leave(record: int, parent: int, walk: Walk, beyond: SmallRoom) -> None:
    """Go back from a record by the link by which it was entered, which may prove a bridge."""
    entered, earliest, sizes, came_by, _ = walk
    earliest[parent] = min(earliest[parent], earliest[record])
    sizes[parent] += sizes[record]
    if earliest[record] == entered[record]:
        beyond[came_by[record]] = sizes[record]


@compiled
def find_bridges(
    lefts: Small, rights: Small, offsets: Longs, at_record: Small, walk: Walk, beyond: SmallRoom
) -> None:
    """Fill `beyond`, shape (links,): of a bridge, the records on one side; 0 of other links.

    `offsets`, `at_record`: each record's links. `walk`: all 0, but `nexts` a copy of the offsets.
    """
    entered, earliest, _, came_by, nexts = walk
    clock = 0
    for start in range(len(offsets) - 1):
        if entered[start] or offsets[start] == offsets[start + 1]:
            continue
        clock += 1
        enter(start, NO_LINK, clock, walk)
        record = start
        while record >= 0:
            if nexts[record] < offsets[record + 1]:
                link = int(at_record[nexts[record]])
                nexts[record] += 1
                if link == came_by[record]:
                    continue
                other = int(lefts[link]) + int(rights[link]) - record
                if entered[other]:
                    earliest[record] = min(earliest[record], entered[other])
                else:
                    clock += 1
                    enter(other, link, clock, walk)
                    record = other
            elif came_by[record] == NO_LINK:
                record = NO_LINK
            else:
                link = int(came_by[record])
                parent = int(lefts[link]) + int(rights[link]) - record
                leave(record, parent, walk, beyond)
                record = parent


@compiled
def add_up(
    clusters: Small, lefts: Small, rights: Small, weights: Floats, least: float,
    links: LongRoom, sums: FloatRoom, weakest: FloatRoom,
) -> None:  # fmt: skip
    """Of each cluster, at its first record: its links of `least` weight or more, their sum, the least.

    All shapes (records,); `weakest` begins as infinity.
    """
    for at in range(len(lefts)):
        cluster = clusters[lefts[at]]
        if weights[at] >= least and cluster == clusters[rights[at]]:
            links[cluster] += 1
            sums[cluster] += weights[at]
            weakest[cluster] = min(weakest[cluster], weights[at])
