"""Loops that hold pairs and clusters against known truth."""

from openoda.data.intake.compiled import ByteRoom, Longs, Small, SmallRoom, compiled

# What the truth says of a pair: two people, one, or nothing that counts.
DIFFERENT, SAME, UNCOUNTED = range(3)


@compiled
def mark_pairs(lefts: Small, rights: Small, truths: Small, sources: Small, marks: ByteRoom) -> None:
    """Mark each pair by the truth; -1 in `truths` is unknown.

    `sources`, shape (records,), or (0,) where pairs inside one source count as well.
    """
    across = len(sources) > 0
    for at in range(len(lefts)):
        left, right = lefts[at], rights[at]
        if truths[left] < 0 or truths[right] < 0 or (across and sources[left] == sources[right]):
            marks[at] = UNCOUNTED
        else:
            marks[at] = SAME if truths[left] == truths[right] else DIFFERENT


@compiled
def pairs_together(clusters: Small, order: Small, starts: Longs, seen: SmallRoom) -> int:
    """Pairs of records in one group and one cluster: the sum over the table of groups by clusters.

    `order`: records group by group; `starts`, shape (groups + 1,): where each group begins. `seen`,
    shape (records,): all 0, and 0 again at the end.
    """
    count = 0
    for group in range(len(starts) - 1):
        for place in range(starts[group], starts[group + 1]):
            cluster = clusters[order[place]]
            count += seen[cluster]
            seen[cluster] += 1
        for place in range(starts[group], starts[group + 1]):
            seen[clusters[order[place]]] = 0
    return count
