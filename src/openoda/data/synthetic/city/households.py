"""Households: how many of each kind, how large, in which dwelling, since when.

Kinds follow the Census 2021 of England and Wales (ONS): 30.2% of households one person (3.3 of 24.8
million aged 65 or over and alone), 63.0% one family, 6.8% other; 2.4 people a household. How the 63%
fall to couples with and without children and lone parents (11.1%), and sizes within a kind, are
chosen near the same census. Tenure: 62.5% owned, 17.1% social, 20.4% private (ONS TS054), the council
letting two thirds of the social. Moves: rates by tenure chosen so that a tenth of people moved in the
last year.
"""

from dataclasses import dataclass

import numpy as np

from openoda.data.synthetic.city.draws import Draws, Whole, deck
from openoda.data.synthetic.city.properties import HOUSE, Properties
from openoda.data.synthetic.city.scale import AS_AT, YEAR

KIND_NAMES = (
    "alone, 66 or over", "alone", "couple", "couple with children", "lone parent", "extended family",
    "shared house", "care home",
)  # fmt: skip
OLDER_ALONE, ALONE, COUPLE, FAMILY, LONE_PARENT, EXTENDED, SHARED, CARE_HOME = range(8)
_KIND = deck([1330, 1690, 2600, 2590, 1110, 420, 256, 4])
_CHILDREN_OF_TWO = deck([40, 41, 14, 5])
_CHILDREN_OF_ONE = deck([55, 32, 13])
TENURES = ("owned outright", "owned with a mortgage", "council", "housing association", "private")
OUTRIGHT, MORTGAGE, COUNCIL, ASSOCIATION, PRIVATE = range(5)
_TENURE = deck([328, 297, 115, 56, 204])
_MOVES_A_YEAR = np.array([35, 70, 65, 70, 270])
"""Moves a thousand households and year, by tenure (chosen)."""
FROM_WITHIN = 0.6
"""Share of the households that moved here from another dwelling of the city (chosen)."""


@dataclass(frozen=True)
class Households:
    """The households of a block, in order: what each is, and the place of its first member.

    `home` and `before` are positions among the block's properties; `before` is -1 for who came from
    elsewhere. `moved` is the day of the last move.
    """

    kind: Whole
    size: Whole
    first: Whole
    tenure: Whole
    home: Whole
    before: Whole
    moved: Whole

    def __len__(self) -> int:
        return len(self.kind)


def make_households(draws: Draws, people: int, properties: Properties) -> Households:
    """Households whose sizes add up to `people`; the last one is cut to fit."""
    most = people * 6 // 10 + 10
    kind = draws.pick("household/kind", most, _KIND)
    size = _sizes(draws, kind)
    ends = np.cumsum(size)
    count = int(np.searchsorted(ends, people)) + 1
    kind, size = kind[:count], size[:count]
    size[-1] -= ends[count - 1] - people
    tenure = draws.pick("household/tenure", count, _TENURE)
    tenure = np.where(kind >= SHARED, PRIVATE, tenure)
    home = _homes(draws, kind, properties)
    moved, before = _moves(draws, tenure, home, properties)
    return Households(kind, size, np.cumsum(size) - size, tenure, home, before, moved)


def _sizes(draws: Draws, kind: Whole) -> Whole:
    keys = np.arange(len(kind))
    two = 1 + draws.pick("household/children", keys, _CHILDREN_OF_TWO)
    one = 1 + draws.pick("household/children", keys, _CHILDREN_OF_ONE)
    elders = 1 + draws.below("household/elders", keys, 2)
    shared = 3 + draws.below("household/shared", keys, 5)
    care = 18 + draws.below("household/care", keys, 28)
    ones = np.ones(len(kind), dtype=np.int64)
    return np.choose(kind, [ones, ones, 2 * ones, 2 + two, 1 + one, 2 + two + elders, shared, care])


def _homes(draws: Draws, kind: Whole, properties: Properties) -> Whole:
    """A dwelling for each household; those that need a house get one."""
    dwellings = properties.dwellings
    mixed = dwellings[np.argsort(draws.bits("household/home", dwellings), kind="stable")]
    needs = np.flatnonzero(kind >= EXTENDED)
    houses = mixed[properties.kind[mixed] == HOUSE][: len(needs)]
    taken = np.zeros(len(properties), dtype=bool)
    taken[houses] = True
    rest = mixed[~taken[mixed]]
    home = np.empty(len(kind), dtype=np.int64)
    home[needs[: len(houses)]] = houses
    others = np.setdiff1d(np.arange(len(kind)), needs[: len(houses)], assume_unique=True)
    home[others] = rest[: len(others)]
    return home


def _moves(draws: Draws, tenure: Whole, home: Whole, properties: Properties) -> tuple[Whole, Whole]:
    """The day of each household's last move, and where it lived before (-1: elsewhere)."""
    years = np.zeros(len(home), dtype=np.int64)
    staying = np.ones(len(home), dtype=bool)
    for year in range(45):
        keys = np.arange(len(home)) * 64 + year
        staying &= ~draws.chance("household/move", keys, _MOVES_A_YEAR[tenure] / 1000)
        years += staying
    moved = AS_AT - years * YEAR - 1 - draws.below("household/day", len(home), YEAR)
    dwellings = properties.dwellings
    before = dwellings[draws.below("household/before", len(home), len(dwellings))]
    local = draws.chance("household/local", len(home), FROM_WITHIN) & (before != home)
    return moved, np.where(local, before, -1)
