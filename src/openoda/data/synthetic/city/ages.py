"""Ages, and how many die of them.

Decks of ages by role are chosen so that the city's ages come near the Census 2021 of England and
Wales (ONS): 18.6% aged 65 or over, 17.4% under 15, median 40. Yearly deaths by age are rounded from
ONS national life tables, and come to about 1% of people a year.
"""

import numpy as np

from openoda.data.synthetic.city.draws import Deck, Whole, deck


def ages(*spans: tuple[int, int, int]) -> Deck:
    """A deck of ages from spans (from, to, weight), each even between its ends."""
    weights = np.zeros(106, dtype=np.int64)
    for low, high, weight in spans:
        weights[low : high + 1] += weight * 1000 // (high + 1 - low)
    known = np.flatnonzero(weights)
    return known.astype(np.int32)[deck(weights[known])]


OLDER_ALONE = ages((66, 74, 40), (75, 84, 40), (85, 92, 17), (93, 99, 3))
ALONE = ages((19, 24, 6), (25, 34, 22), (35, 49, 30), (50, 65, 42))
COUPLE = ages((20, 29, 8), (30, 39, 9), (40, 54, 15), (55, 64, 24), (65, 74, 26), (75, 92, 18))
PARENT = ages((23, 29, 6), (30, 39, 31), (40, 49, 38), (50, 64, 25))
LONE_PARENT = ages((18, 24, 5), (25, 34, 20), (35, 49, 45), (50, 62, 30))
SHARER = ages((18, 22, 38), (23, 29, 38), (30, 45, 24))
CARED_FOR = ages((65, 74, 10), (75, 84, 30), (85, 94, 48), (95, 103, 12))

_DEATHS = (
    (0, 3), (1, 0), (40, 2), (50, 4), (60, 9), (65, 14), (70, 20), (75, 35), (80, 60), (85, 110),
    (90, 190), (95, 290),
)  # fmt: skip
DEATHS_A_THOUSAND = np.zeros(120, dtype=np.int64)
for _from, _rate in _DEATHS:
    DEATHS_A_THOUSAND[_from:] = _rate


def born(age: Whole, day: Whole, as_at: int) -> Whole:
    """The day of birth of who is `age` years old; `day` (0 to 364) is days since the last birthday.

    Ages in whole years of 365.25 days: a birthday may fall one day off its calendar date.
    """
    return as_at - 1 - age * 1461 // 4 - day
