"""The loops of expectation and maximisation, over counts of signs."""

import math

from openoda.data.intake.compiled import (
    ByteRoom,
    FloatRoom,
    Floats,
    LongRoom,
    Longs,
    compiled,
)

_FAR = 600.0


@compiled
def matching(log_odds: float) -> float:
    """The probability of log odds (natural)."""
    return 1.0 / (1.0 + math.exp(-max(-_FAR, min(_FAR, log_odds))))


@compiled
def expect_strata(
    levels: LongRoom, counts: Floats, met: Longs, compared: ByteRoom, prior: float,
    ratios: Floats, width: int, sums: FloatRoom, matches: FloatRoom, totals: FloatRoom,
) -> None:  # fmt: skip
    """Found pairs by how likely they match; each rule that has one counts what it doesn't hold equal.

    `levels`, shape (signs × comparisons,): each level's place in `ratios`, the log of m over u.
    `met`: a bit each rule. `compared`, (rules × comparisons,). Filled: `sums`, weights of matches by
    level; `matches`, `totals`, by rule.
    """
    rules = len(totals)
    before = math.log(prior / (1.0 - prior))
    for sign in range(len(counts)):
        odds = before
        for place in range(width):
            odds += ratios[levels[sign * width + place]]
        weight = counts[sign] * matching(odds)
        for rule in range(rules):
            if met[sign] >> rule & 1:
                matches[rule] += weight
                totals[rule] += counts[sign]
                for place in range(width):
                    if compared[rule * width + place]:
                        sums[levels[sign * width + place]] += weight


@compiled
def expect_whole(
    levels: LongRoom, counts: Floats, prior: float, ratios: Floats, width: int, others: FloatRoom
) -> float:
    """The expected number of matches; `others`: the pairs that don't match, by level."""
    found = 0.0
    before = math.log(prior / (1.0 - prior))
    for sign in range(len(counts)):
        odds = before
        for place in range(width):
            odds += ratios[levels[sign * width + place]]
        share = matching(odds)
        found += counts[sign] * share
        for place in range(width):
            others[levels[sign * width + place]] += counts[sign] * (1.0 - share)
    return found


@compiled
def offset_levels(patterns: Longs, counts: Longs, starts: Longs, found: LongRoom) -> None:
    """Each pattern's levels, as places in a table of all comparisons' levels one after another."""
    width = len(counts)
    for row in range(len(patterns)):
        rest = patterns[row]
        for back in range(width):
            place = width - 1 - back
            found[row * width + place] = starts[place] + rest % counts[place]
            rest //= counts[place]
