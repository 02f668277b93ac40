"""Who gets a place: most by rank, some by a seeded lottery open to every eligible case.

A list that only ever looks where it already looked learns nothing new. The lottery's draws come from
a hash of seed and case id, so they don't depend on the order of the file, and every case's chance of
a place is known beforehand: outcomes can later be weighted by its inverse (Horvitz and Thompson,
Journal of the American Statistical Association 47, 1952).
"""

from dataclasses import dataclass
from hashlib import sha256
from math import ceil

import numpy as np

from openoda.opportunities.cases import Floats, Ints, Mask, Texts
from openoda.opportunities.measures import rounded


@dataclass(frozen=True)
class Places:
    """The list: `chosen`, positions of cases in the order of their places; by lottery or not.

    `probability`, shape (cases,), is every case's chance of a place, on the list or not.
    """

    chosen: Ints
    by_lottery: Mask
    probability: Floats


def give_places(
    case: Texts, score: Floats, places: int, share: float, seed: int, made_on: int = 0
) -> Places:
    """Fill `places` from the cases, `share` of them (rounded up) by lottery.

    The lottery is drawn first, from all cases; the rest go by rank among those not drawn, ties in
    random order. The drawn stand where their rank puts them, so that the list is one order. The
    date of the list (`made_on`, a day) goes into the draw, so that each list is a draw of its own
    and a case that waits has its chance anew.
    """
    n = len(case)
    places = min(places, n)
    drawn_places = min(ceil(round(share * places, 9)), places)
    ticket = np.array([_ticket(seed, made_on, "lottery", c) for c in case.tolist()])
    tie_break = np.array([_ticket(seed, made_on, "tie", c) for c in case.tolist()])
    score = rounded(score)
    ranked = np.lexsort((tie_break, -score))
    drawn = np.zeros(n, dtype=bool)
    drawn[np.argsort(ticket, kind="stable")[:drawn_places]] = True
    by_rank = ranked[~drawn[ranked]][: places - drawn_places]
    on_list = drawn.copy()
    on_list[by_rank] = True
    chosen = ranked[on_list[ranked]]
    return Places(chosen, drawn[chosen], _chances(score, ranked, places, drawn_places))


def _ticket(seed: int, made_on: int, purpose: str, case: str) -> int:
    return int.from_bytes(sha256(f"{seed}|{made_on}|{purpose}|{case}".encode()).digest()[:7])


def _chances(score: Floats, ranked: Ints, places: int, drawn: int) -> Floats:
    """Each case's chance of a place, over draws of the lottery and of the order of ties.

    At rank r a case not drawn gets a place if at least r − (places − drawn) of the r − 1 above it
    were drawn, which is hypergeometric; tied cases share the mean over the ranks they hold.
    """
    from scipy.stats import hypergeom  # a second to import, so only where a list is made

    n = len(score)
    if not n:
        return np.zeros(0)
    rank = np.arange(1, n + 1)
    lottery = drawn / n
    by_rank = hypergeom.sf(rank - (places - drawn) - 1, max(n - 1, 1), min(drawn, n - 1), rank - 1)
    at_rank = lottery + (1 - lottery) * np.where(places > drawn, by_rank, 0.0)
    tie = np.cumsum(np.r_[True, np.diff(score[ranked]) != 0]) - 1
    chance = np.empty(n)
    chance[ranked] = (np.bincount(tie, at_rank) / np.bincount(tie))[tie]
    return chance
