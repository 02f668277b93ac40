"""People: role in the household, age, sex, origin, and what happened to them.

Twins: 14.6 of 1,000 maternities were multiple in 2022 (ONS birth characteristics). Ages of couples:
about a third differ by five years or more (ONS, living arrangements, Census 2021). Deaths: see `ages`.
Same-sex and mixed couples, and people who left the city (most of them young), are chosen.
"""

from dataclasses import dataclass

import numpy as np

from openoda.data.synthetic.city import ages
from openoda.data.synthetic.city.draws import Draws, Flags, Whole
from openoda.data.synthetic.city.households import (
    ALONE,
    CARE_HOME,
    COUPLE,
    EXTENDED,
    FAMILY,
    LONE_PARENT,
    OLDER_ALONE,
    Households,
)
from openoda.data.synthetic.city.names import load_names
from openoda.data.synthetic.city.scale import AS_AT, BLOCK, YEAR

HEAD, PARTNER, CHILD, ELDER, SHARER = range(5)
ROLES = ("head", "partner", "child", "elder", "sharer or resident")
WOMAN, MAN = 0, 1
SAME_SEX, OTHER_ORIGIN = 0.02, 0.10
TWIN = 0.033
"""Chance that a child with an older sibling at home is its twin: about 1.4% of maternities."""
WINDOW = 3 * YEAR
"""Who died or left did so in the last three years; nobody who did so earlier is in the city."""
LEAVES_YOUNG, LEAVES = 0.05, 0.012
"""Chance to have left in those years, from 18 to 34 and at other ages."""
OLDEST = 104


@dataclass(frozen=True)
class People:
    """The people of a block, household by household.

    `household` and `twin` are positions within the block, `born`, `died` and `left` days; -1 is none.
    `kind` is the household's kind, `place` the position in it.
    """

    index: Whole
    household: Whole
    kind: Whole
    place: Whole
    role: Whole
    sex: Whole
    age: Whole
    born: Whole
    origin: Whole
    twin: Whole
    died: Whole
    left: Whole

    def __len__(self) -> int:
        return len(self.index)

    @property
    def here(self) -> Flags:
        """Whether the person lives in the city on the day as at which it stands."""
        return np.asarray((self.died < 0) & (self.left < 0))


def make_people(draws: Draws, block: int, homes: Households) -> People:
    """The people of these households, in their order."""
    household = np.repeat(np.arange(len(homes)), homes.size)
    count = len(household)
    place = np.arange(count) - homes.first[household]
    kind = homes.kind[household]
    role = _roles(kind, place)
    head = homes.first[household]
    twin = _twins(draws, role, place)
    age = _ages(draws, kind, role, head)
    born = ages.born(age, draws.below("person/birthday", count, YEAR), AS_AT)
    older = np.where(twin >= 0, twin, np.arange(count))
    age, born = age[older], born[older]
    died, left = _ends(draws, age)
    return People(
        index=block * BLOCK + np.arange(count),
        household=household,
        kind=kind,
        place=place,
        role=role,
        sex=_sexes(draws, kind, role, head, household),
        age=age,
        born=born,
        origin=_origins(draws, role, household),
        twin=twin,
        died=np.where((died >= 0) & (died < born), born, died),
        left=np.where((left >= 0) & (left < born), born, left),
    )


def _roles(kind: Whole, place: Whole) -> Whole:
    """Head, then a partner where the kind has one, then children; an extended family's elder last."""
    coupled = (kind == COUPLE) | (kind == FAMILY) | (kind == EXTENDED)
    role = np.where(place == 0, HEAD, np.where(coupled & (place == 1), PARTNER, CHILD))
    role[(kind == EXTENDED) & (place == 2)] = ELDER
    role[kind > EXTENDED] = SHARER
    return role


def _twins(draws: Draws, role: Whole, place: Whole) -> Whole:
    """The position of the twin born just before each child that is one, else -1. No triplets."""
    count = len(role)
    sibling = np.zeros(count, dtype=bool)
    sibling[1:] = (role[1:] == CHILD) & (role[:-1] == CHILD) & (place[1:] > place[:-1])
    twin = sibling & draws.chance("person/twin", count, TWIN)
    twin[1:] &= ~twin[:-1]
    return np.where(twin, np.arange(count) - 1, -1)


def _ages(draws: Draws, kind: Whole, role: Whole, head: Whole) -> Whole:
    """Heads by the kind of household; the others by their head's age."""
    count = len(kind)
    age = draws.pick("person/age", count, ages.PARENT)
    for which, cards in (
        (kind == OLDER_ALONE, ages.OLDER_ALONE),
        (kind == ALONE, ages.ALONE),
        (kind == COUPLE, ages.COUPLE),
        (kind == LONE_PARENT, ages.LONE_PARENT),
        ((role == SHARER) & (kind != CARE_HOME), ages.SHARER),
        (kind == CARE_HOME, ages.CARED_FOR),
    ):
        at = np.flatnonzero(which)
        age[at] = draws.pick("person/age", at, cards)
    first = age[head]
    partner = np.maximum(18, first + draws.below("person/partner", count, 13) - 6)
    second = np.minimum(head + 1, count - 1)
    younger = np.where(role[second] == PARTNER, np.minimum(first, partner[second]), first)
    least = np.maximum(0, younger - 45)
    most = np.maximum(np.minimum(younger - 17, 26), least + 1)
    child = least + draws.below("person/child", count, most - least)
    elder = first + 20 + draws.below("person/elder", count, 14)
    found = np.where(role == CHILD, child, np.where(role == PARTNER, partner, age))
    return np.minimum(np.where(role == ELDER, elder, found), OLDEST)


def _sexes(draws: Draws, kind: Whole, role: Whole, head: Whole, household: Whole) -> Whole:
    """Even but for those who live alone when old, lone parents and care homes; couples differ."""
    count = len(kind)
    men = np.full(count, 0.49)
    for which, share in (
        (OLDER_ALONE, 0.34),
        (LONE_PARENT, 0.15),
        (CARE_HOME, 0.30),
        (ALONE, 0.55),
    ):
        men[(kind == which) & (role != CHILD)] = share
    men[role == CHILD] = 0.512
    sex = np.where(draws.chance("person/sex", count, men), MAN, WOMAN)
    alike = draws.chance("household/same-sex", household, SAME_SEX)
    partner = np.where(alike, sex[head], 1 - sex[head])
    return np.where(role == PARTNER, partner, sex)


def _origins(draws: Draws, role: Whole, household: Whole) -> Whole:
    """One origin a household, but sharers and some partners have their own."""
    cards = load_names().origin_deck
    own = draws.pick("person/origin", len(role), cards)
    shared = draws.pick("household/origin", household, cards)
    other = draws.chance("person/mixed", len(role), OTHER_ORIGIN)
    return np.where((role == SHARER) | ((role == PARTNER) & other), own, shared)


def _ends(draws: Draws, age: Whole) -> tuple[Whole, Whole]:
    """The day of death and the day of leaving the city, -1 where it hasn't come; never both."""
    count = len(age)
    day = AS_AT - 1 - draws.below("person/end", count, WINDOW)
    dies = draws.chance("person/dies", count, ages.DEATHS_A_THOUSAND[age] * 3 / 1000)
    young = (age >= 18) & (age <= 34)
    leaves = draws.chance("person/leaves", count, np.where(young, LEAVES_YOUNG, LEAVES))
    return np.where(dies, day, -1), np.where(leaves & ~dies, day, -1)
