"""What people are called: given names by time of birth, surnames by family, changes by marriage.

Of couples that live together 75.7% are married (ONS, living arrangements, Census 2021). How many
women keep their name, how many children bear two, sons called as their father: chosen.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from openoda.data.synthetic.city.draws import Draws, Flags, Whole
from openoda.data.synthetic.city.households import (
    ALONE,
    CARE_HOME,
    EXTENDED,
    FAMILY,
    LONE_PARENT,
    OLDER_ALONE,
    Households,
)
from openoda.data.synthetic.city.names import Names, load_names
from openoda.data.synthetic.city.people import (
    CHILD,
    ELDER,
    HEAD,
    MAN,
    PARTNER,
    SHARER,
    WOMAN,
    People,
)
from openoda.data.synthetic.city.scale import AS_AT, YEAR
from openoda.data.synthetic.city.text import glue, join, put, take

MARRIED, KEEPS_NAME, JUNIOR, TWO_NAMES, MOTHERS_NAME = 0.757, 0.15, 0.015, 0.04, 0.05
WAS_MARRIED = 0.6
"""Share of the women over 25 without a partner at home whose surname came by an earlier marriage."""
OTHER_FATHER = 0.3
"""Share of the households of lone mothers in which the children bear another surname than hers."""
_ENGLISH_NAME = 12
_ADULT = 20 * YEAR
_TRIES = 6


@dataclass(frozen=True)
class Called:
    """The people's names as numbers into `Names`; -1 is none.

    `second` is the other half of a double surname, `birth_family` the surname before a marriage that
    changed it on the day `married` (-1 where none did). `junior_of` is the position of the father
    whose given name and surname a son bears.
    """

    given: Whole
    middle: Whole
    family: Whole
    second: Whole
    birth_family: Whole
    married: Whole
    junior_of: Whole


@dataclass(frozen=True)
class Texts:
    """The people's names as text, either as they are or without accents."""

    given: pa.Array
    middle: pa.Array
    family: pa.Array
    birth_family: pa.Array


def name_people(draws: Draws, people: People, homes: Households) -> Called:
    """The names of all people of a block."""
    names = load_names()
    given, junior_of = _given_names(draws, names, people, homes)
    family, second, before = _surnames(draws, names, people, homes)
    grown = AS_AT - people.born - _ADULT
    changed = (before >= 0) & (grown > 0)
    span = np.clip(grown, 1, _ADULT)
    married = people.born + _ADULT + draws.below("person/wedding", len(people), span)
    return Called(
        given=given,
        middle=_middle_names(draws, names, people),
        family=np.where(~changed & (before >= 0), before, family),
        second=second,
        birth_family=np.where(changed, before, -1),
        married=np.where(changed, married, -1),
        junior_of=junior_of,
    )


def written(called: Called, people: People, plain: bool = False) -> Texts:
    """Names as text: women's forms of surnames, double names joined."""
    names = load_names()
    given = names.given_plain if plain else names.given
    surnames = names.surnames_plain if plain else names.surnames

    def family_text(numbers: Whole) -> pa.Array:
        formed = np.where(numbers >= 0, names.feminine[numbers], -1)
        one = take(surnames, np.where((people.sex == WOMAN) & (formed >= 0), formed, numbers))
        other = take(surnames, called.second)
        spaced = names.custom("double_percent", people.origin) > 0
        both = put(glue(one, "-", other), spaced, join(one, other))
        return put(one, called.second >= 0, both)

    return Texts(
        take(given, called.given),
        take(given, called.middle),
        family_text(called.family),
        family_text(called.birth_family),
    )


def _cards(draws: Draws, names: Names, stream: str, people: People, at: Whole) -> Whole:
    """A given name in fashion at birth, of the person's origin or sometimes of the English list."""
    origin = people.origin[at]
    percent = np.maximum(names.custom("like_english", origin), _ENGLISH_NAME)
    origin = np.where(draws.chance(f"{stream}/english", at, percent / 100), 0, origin)
    year = 1900 + people.born[at] * 4 // 1461
    era = (year[:, None] >= names.born_to[origin][:, :2]).sum(axis=1)
    row = names.first_row[origin] + 2 * era + people.sex[at]
    slot = (draws.bits(stream, at) >> np.uint64(48)).astype(np.int64)
    return np.asarray(names.given_cards[row, slot], dtype=np.int64)


def _given_names(
    draws: Draws, names: Names, people: People, homes: Households
) -> tuple[Whole, Whole]:
    """Given names, and for sons named as their father his position. Siblings next in age differ."""
    everyone = np.arange(len(people))
    given = _cards(draws, names, "person/given", people, everyone)
    father = _fathers(people, homes)
    son = (people.role == CHILD) & (people.sex == MAN) & (father >= 0)
    junior = son & draws.chance("person/junior", len(people), JUNIOR)
    junior[1:] &= ~junior[:-1]
    given = np.where(junior, given[father], given)
    for attempt in range(_TRIES):
        alike = np.zeros(len(people), dtype=bool)
        alike[1:] = (given[1:] == given[:-1]) & (people.household[1:] == people.household[:-1])
        alike &= people.role == CHILD
        at = np.flatnonzero(alike)
        given[at] = _cards(draws, names, f"person/given/{attempt}", people, at)
        junior[at] = False
    return given, np.where(junior, father, -1)


def _fathers(people: People, homes: Households) -> Whole:
    """The position of the man of the couple, or of the lone father; -1 where there is none."""
    head = homes.first[people.household]
    second = np.minimum(head + 1, len(people) - 1)
    paired = (people.role[second] == PARTNER) & (second > head)
    man = np.where(people.sex[head] == MAN, head, np.where(paired, second, -1))
    return np.where((man >= 0) & (people.sex[man] == MAN) & (people.role == CHILD), man, -1)


def _middle_names(draws: Draws, names: Names, people: People) -> Whole:
    everyone = np.arange(len(people))
    drawn = _cards(draws, names, "person/middle", people, everyone)
    has = draws.chance("person/has-middle", everyone, names.custom("middle", people.origin) / 100)
    found = np.where(has, drawn, -1)
    for sex, custom in ((WOMAN, "particle_middle_female"), (MAN, "particle_middle_male")):
        particle = names.custom(custom, people.origin)
        found = np.where((people.sex == sex) & (particle >= 0), particle, found)
    return found


def _surnames(
    draws: Draws, names: Names, people: People, homes: Households
) -> tuple[Whole, Whole, Whole]:
    """Surname now, the other half of a double one (-1), surname before a marriage (-1)."""
    everyone, household, role = np.arange(len(people)), people.household, people.role
    head = homes.first[household]
    line = _family_cards(draws, names, "household/surname", household, people.origin[head])
    own = _family_cards(draws, names, "person/surname", everyone, people.origin)
    womens = names.custom("female_surname_percent", people.origin)
    uses = (people.sex == WOMAN) & draws.chance("person/own-name", everyone, womens / 100)
    own = np.where(uses, _womens_cards(draws, names, people), own)
    changer = _changers(people, homes)
    married = draws.chance("household/married", household, MARRIED)
    keeps = uses | draws.chance("person/keeps", everyone, KEEPS_NAME)
    family, before = np.where(role == SHARER, own, line), np.full(len(people), -1)
    family = np.where(changer & (~married | keeps), own, family)
    before = np.where(changer & married & ~keeps, own, before)
    before = np.where(_once_married(draws, people), own, before)
    family = np.where(
        (role == ELDER) & draws.chance("person/elder-name", everyone, 0.3), own, family
    )
    family = _childrens(draws, names, people, homes, family, line, married)
    return family, _second_names(draws, names, people, homes, family), before


def _family_cards(draws: Draws, names: Names, stream: str, keys: Whole, origin: Whole) -> Whole:
    slot = (draws.bits(stream, keys) >> np.uint64(48)).astype(np.int64)
    return names.surname_cards[2 * origin, slot].astype(np.int64)


def _womens_cards(draws: Draws, names: Names, people: People) -> Whole:
    slot = (draws.bits("person/womens", len(people)) >> np.uint64(48)).astype(np.int64)
    return names.surname_cards[2 * people.origin + 1, slot].astype(np.int64)


def _changers(people: People, homes: Households) -> Flags:
    """Who of a couple takes the other's name if anyone does: the woman, else the partner."""
    head = homes.first[people.household]
    second = np.minimum(head + 1, len(people) - 1)
    coupled = (people.role[second] == PARTNER) & (second > head)
    differ = people.sex[head] != people.sex[second]
    woman_is_head = differ & (people.sex[head] == WOMAN)
    is_it = np.where(woman_is_head, people.role == HEAD, people.role == PARTNER)
    return np.asarray(coupled & is_it)


def _once_married(draws: Draws, people: People) -> Flags:
    """Women without a partner at home whose surname came by an earlier marriage."""
    alone = np.isin(people.kind, (ALONE, OLDER_ALONE, LONE_PARENT, CARE_HOME)) & (
        people.role != CHILD
    )
    chance = draws.chance("person/once-married", len(people), WAS_MARRIED)
    return np.asarray(alone & (people.sex == WOMAN) & (people.age > 25) & chance)


def _childrens(
    draws: Draws, names: Names, people: People, homes: Households, family: Whole, line: Whole,
    married: Flags,
) -> Whole:  # fmt: skip
    """Children bear the family's name, some of unmarried couples or lone mothers another."""
    head, child = homes.first[people.household], people.role == CHILD
    second = np.minimum(head + 1, len(people) - 1)
    mother = np.where(people.sex[head] == WOMAN, head, second)
    mothers = draws.chance("household/mothers-name", people.household, MOTHERS_NAME) & ~married
    found = np.where(
        child & mothers & np.isin(people.kind, (FAMILY, EXTENDED)), family[mother], family
    )
    absent = _family_cards(draws, names, "household/absent", people.household, people.origin[head])
    other = draws.chance("household/other-father", people.household, OTHER_FATHER)
    return np.where(child & (people.kind == LONE_PARENT) & other, absent, found)


def _second_names(
    draws: Draws, names: Names, people: People, homes: Households, family: Whole
) -> Whole:
    """The other half of a double surname: one for all children of a household, or by custom."""
    head = homes.first[people.household]
    other = _family_cards(draws, names, "household/second", people.household, people.origin[head])
    custom = names.custom("double_percent", people.origin) / 100
    share = np.where(people.role == CHILD, np.maximum(TWO_NAMES, custom), custom)
    double = draws.chance("household/two-names", people.household, share)
    return np.where(double & (other != family), other, -1)
