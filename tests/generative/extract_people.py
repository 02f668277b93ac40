"""A small synthetic population, drawn once per pair of extracts: who exists, before any damage.

Names are skewed as in life (a Zipf-like law of rank, a long tail of composed surnames, several
cultures), and people live in households, households in properties, properties in streets and
postcodes, so that relatives share surnames, addresses and telephones. The rates come from
``[world]`` in ``extract_damage.toml``, the words from ``extract_names.toml``.

Postcodes, NHS numbers and NINOs are well formed, with true check digits; they are made up, and
one that belongs to somebody is chance. E-mail addresses use reserved domains.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.generative.extract_draws import (
    WORDS,
    Words,
    chosen,
    landlines,
    mobiles,
    nhs_numbers,
    ninos,
    plain,
    words,
    zipf,
)
from tests.generative.extract_places import Places, make_places

YEAR = 2024


@dataclass(frozen=True)
class People:
    """One entry a person in every array; what agencies may hold of them, and how it has changed.

    `earlier_…` is what it was some years ago, and equals the present value where nothing changed.
    `home` and `earlier_home` index into `places`; `elder` is the first member of the household.
    `twin` is the index of a twin or −1, `junior` says who bears the father's names.
    """

    first: Words
    middle: Words
    last: Words
    earlier_last: Words
    sex: Words
    year: np.ndarray
    month: np.ndarray
    day: np.ndarray
    household: np.ndarray
    elder: np.ndarray
    twin: np.ndarray
    junior: np.ndarray
    culture: Words
    home: np.ndarray
    earlier_home: np.ndarray
    nhs: Words
    nino: Words
    phone: Words
    earlier_phone: Words
    email: Words
    earlier_email: Words
    places: Places

    def __len__(self) -> int:
        return len(self.first)

    @property
    def age(self) -> np.ndarray:
        return YEAR - self.year


def make_people(rng: np.random.Generator, rates: dict[str, Any], n: int) -> People:
    """At least `n` people; `rates` are the keys of ``[world]``."""
    household, role, age = draw_households(rng, rates["households"], n)
    head = heads_of(household)
    born = _births(rng, rates, role, age, household)
    names = _names(rng, rates, role, born["year"], household, head)
    return People(
        **names,
        **born,
        **_homes(rng, rates, role, household),
        **_numbers(rng, rates, born["year"], names, head),
        household=household,
        elder=head,
        places=make_places_for(rng, household),
    )


def make_places_for(rng: np.random.Generator, household: np.ndarray) -> Places:
    """A property for each household and a tenth more that stand empty."""
    return make_places(rng, int(1.1 * (household[-1] + 1)))


# -- households --------------------------------------------------------------------------------


def draw_households(
    rng: np.random.Generator, kinds: dict[str, float], n: int
) -> tuple[np.ndarray, Words, np.ndarray]:
    """Household, role and age of at least `n` people.

    Roles: a(dult), p(artner), c(hild, of any age), e(lder relative), l(odger, unrelated).
    """
    household: list[int] = []
    members: list[tuple[str, int]] = []
    for number, kind in enumerate(chosen(rng, list(kinds), list(kinds.values()), n)):
        here = _members(rng, kind)
        household += [number] * len(here)
        members += here
        if len(members) >= n:
            break
    age = np.clip([years for _, years in members], 0, 101)
    return np.array(household), np.array([who for who, _ in members], dtype=object), age


def _members(rng: np.random.Generator, kind: str) -> list[tuple[str, int]]:
    """Role and age of the members of one household."""
    u = rng.random(12)
    if kind == "single":
        return [("a", int(20 + 70 * u[0] ** 0.9))]
    if kind == "shared":
        return [("l", int(18 + 22 * u[i] ** 2)) for i in range(3 + int(6 * u[11]))]
    if kind == "care":
        return [("l", int(72 + 28 * years)) for years in rng.random(15 + int(30 * u[0]))]
    head = int(22 + 66 * u[0]) if kind == "couple" else int(22 + 30 * u[0])
    members = [("a", head)]
    if kind != "lone":
        members.append(("p", max(18, head + int(9 * u[1]) - 5)))
    if kind == "couple":
        return members
    oldest = max(0, head - 19 - int(14 * u[2]))
    ages = [oldest - int(4.5 * i * u[3 + i] + 1.2 * i) for i in range(1 + int(3.2 * u[9] ** 1.5))]
    members += [("c", years) for years in ages if years >= 0]
    if kind == "three":
        members.append(("e", head + 22 + int(14 * u[10])))
    return members


def heads_of(household: np.ndarray) -> np.ndarray:
    """For each person, the index of the first member of the household."""
    first = np.concatenate([[True], household[1:] != household[:-1]])
    found: np.ndarray = np.flatnonzero(first)[np.cumsum(first) - 1]
    return found


def _births(
    rng: np.random.Generator, rates: dict[str, Any], role: Words, age: np.ndarray, home: np.ndarray
) -> dict[str, np.ndarray]:
    """Dates of birth; a twin has the date of the sibling drawn just before."""
    n = len(age)
    year, month = YEAR - age, 1 + (12 * rng.random(n)).astype(int)
    last_day = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])[month - 1]
    day = 1 + (last_day * rng.random(n)).astype(int)
    twin = np.full(n, -1)
    follows = np.flatnonzero((role[1:] == "c") & (role[:-1] == "c") & (home[1:] == home[:-1])) + 1
    for i in follows[rng.random(len(follows)) < rates["twin"]]:
        if twin[i - 1] < 0:
            year[i], month[i], day[i] = year[i - 1], month[i - 1], day[i - 1]
            twin[i], twin[i - 1] = i - 1, i
    return {"year": year, "month": month, "day": day, "twin": twin}


# -- names -------------------------------------------------------------------------------------


def _names(
    rng: np.random.Generator,
    rates: dict[str, Any],
    role: Words,
    year: np.ndarray,
    household: np.ndarray,
    head: np.ndarray,
) -> dict[str, np.ndarray]:
    """First, middle, last and earlier last names, with sex and culture, which decide them."""
    n = len(role)
    sex = np.where(rng.random(n) < 0.5, "F", "M").astype(object)
    opposite = (role == "p") & (rng.random(n) < 0.96)
    sex[opposite] = np.where(sex[head[opposite]] == "F", "M", "F")
    weights = {name: its["weight"] for name, its in WORDS["culture"].items()}
    weights |= rates.get("cultures", {})
    one = chosen(rng, list(weights), list(weights.values()), n)
    mixed = (role == "l") | ((role == "p") & (rng.random(n) < 0.1))
    culture = np.where(mixed, one, one[head])
    first, middle, own = _drawn_names(rng, sex, year, culture, rates["slope"])
    last = _shared_surnames(rng, own, role, sex, culture, head)
    junior = _juniors(rng, rates["junior"], first, last, sex, role, head)
    earlier = _earlier_surnames(rng, rates["married"], own, last, sex, YEAR - year)
    hyphens = (earlier != last) & (rng.random(n) < rates["double_barrelled"])
    hyphens |= (role == "c") & (rng.random(head.max() + 1)[head] < rates["hyphenated"])
    last[hyphens] = [
        f"{a}-{b}" if a != b and "-" not in a + b else b
        for a, b in zip(own[hyphens], last[hyphens], strict=True)
    ]
    earlier = np.where(hyphens & (role == "c"), last, earlier)
    return {
        "first": first, "middle": middle, "last": last, "earlier_last": earlier,
        "sex": sex, "culture": culture, "junior": junior,
    }  # fmt: skip


def _drawn_names(
    rng: np.random.Generator, sex: Words, year: np.ndarray, culture: Words, slope: float
) -> tuple[Words, Words, Words]:
    """First, middle and own last name of each person, by culture, sex and decade of birth."""
    first, middle, last = (np.empty(len(sex), dtype=object) for _ in range(3))
    for name, its in WORDS["culture"].items():
        here = culture == name
        last[here] = _surnames(rng, its, int(here.sum()), slope)
        for letter, who in (("F", "women"), ("M", "men")):
            for young in (False, True):
                group = here & (sex == letter) & ((year >= 1972) == young)
                options = words(its.get(who) or its[f"{who}_{'young' if young else 'old'}"])
                first[group] = zipf(rng, options, int(group.sum()), slope)
                middle[group] = zipf(rng, options, int(group.sum()), 0.7 * slope)
    middle[rng.random(len(sex)) < 0.35] = ""
    middle[middle == first] = ""
    for name, its in WORDS["culture"].items():  # Mohammed Imran is often called Imran
        for word, share in its.get("first_before", {}).items():
            here = np.flatnonzero((culture == name) & (first == word) & (middle == ""))
            here = here[rng.random(len(here)) < share]
            middle[here] = zipf(rng, words(its["men"])[4:], len(here), 0.8)
    return first, middle, last


def _surnames(rng: np.random.Generator, its: dict[str, Any], n: int, slope: float) -> Words:
    """Surnames of a culture; half of the British ones come from the composed long tail."""
    usual = zipf(rng, words(its["surnames"]), n, slope)
    if "stems" not in its:
        return usual
    tail = zipf(rng, words(its["stems"]), n, 0.5) + zipf(rng, words(its["endings"]), n, 0.6)
    return np.where(rng.random(n) < 0.5, tail, usual)


def _shared_surnames(
    rng: np.random.Generator, own: Words, role: Words, sex: Words, culture: Words, head: np.ndarray
) -> Words:
    """Present surnames: relatives share the head's where the culture does; −ski becomes −ska."""
    share = np.array([WORDS["culture"][name]["shares_surname"] for name in culture])
    related = (role == "p") | (role == "c") | (role == "e")
    last = np.where(related & (rng.random(len(own)) < share), own[head], own)
    for name, its in WORDS["culture"].items():
        for man, woman in its.get("feminine", {}).items():
            for i in np.flatnonzero((culture == name) & (sex == "F")):
                if last[i].endswith(man):
                    last[i] = last[i].removesuffix(man) + woman
    return last


def _juniors(
    rng: np.random.Generator, rate: float, first: Words, last: Words, sex: Words, role: Words,
    head: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """Sons who bear the father's first name and surname; changes the names in place."""
    partner = np.minimum(head + 1, len(head) - 1)
    father = np.where(sex[head] == "M", head, partner)
    sons: np.ndarray = (role == "c") & (sex == "M") & (sex[father] == "M") & (role[father] != "c")
    sons &= rng.random(len(head)) < rate
    first[sons], last[sons] = first[father[sons]], last[father[sons]]
    return sons


def _earlier_surnames(
    rng: np.random.Generator, rate: float, own: Words, last: Words, sex: Words, age: np.ndarray
) -> Words:
    """Surname before marriage or divorce: a share of women from 20 to 69 changed it."""
    changed = (sex == "F") & (age >= 20) & (age < 70) & (rng.random(len(own)) < rate)
    other = own[rng.permutation(len(own))]
    earlier = np.where(own != last, own, other)
    found: Words = np.where(changed, earlier, last)
    return found


# -- homes and numbers ---------------------------------------------------------------------------


def _homes(
    rng: np.random.Generator, rates: dict[str, Any], role: Words, household: np.ndarray
) -> dict[str, np.ndarray]:
    """Present and earlier property; a household moves as one, lodgers and grown-ups alone."""
    count = int(household[-1]) + 1
    home = rng.permutation(count)
    other = rng.integers(0, int(1.1 * count), count)
    moved = rng.random(count) < rates["moved"]
    earlier = np.where(moved, other, home)[household]
    alone = (role == "l") & (rng.random(len(role)) < rates["lodger_moved"])
    earlier[alone] = rng.integers(0, int(1.1 * count), int(alone.sum()))
    return {"home": home[household], "earlier_home": earlier}


def _numbers(
    rng: np.random.Generator,
    rates: dict[str, Any],
    year: np.ndarray,
    names: dict[str, np.ndarray],
    head: np.ndarray,
) -> dict[str, np.ndarray]:
    """NHS number for all, NINO from 16; the young give a parent's telephone and e-mail address."""
    n, age = len(year), YEAR - year
    nino = np.where(age >= 16, ninos(rng, n), "").astype(object)
    dial = chosen(rng, ["0113", "01274", "01924", "01422"], [5, 3, 2, 1], n)
    line = landlines(rng, dial)[head]
    own = mobiles(rng, n)
    phone = np.where(rng.random(n) < np.where(age > 70, 0.35, 0.9), own, line)
    phone = np.where(age < 12, phone[head], phone)
    email = _emails(rng, names["first"], names["last"], year)
    email[(age > 70) & (rng.random(n) < 0.55)] = ""
    email = np.where(age < 14, email[head], email)
    new_phone, new_email = rng.random((2, n)) < [[rates["new_phone"]], [rates["new_email"]]]
    return {
        "nhs": nhs_numbers(rng, n), "nino": nino,
        "phone": phone, "earlier_phone": np.where(new_phone, mobiles(rng, n), phone),
        "email": email,
        "earlier_email": np.where(
            new_email & (email != ""), _emails(rng, names["first"], names["last"], year), email
        ),
    }  # fmt: skip


def _emails(rng: np.random.Generator, first: Words, last: Words, year: np.ndarray) -> Words:
    """An address made of the names and some digits, at a reserved domain."""
    domain = zipf(rng, words(WORDS["places"]["mail"]), len(first), 1.3)
    form, digits = rng.integers(0, 5, len(first)), rng.integers(1, 999, len(first))
    found = []
    for i in range(len(first)):
        one, two = (plain(t).lower().replace(" ", "").replace("'", "") for t in (first[i], last[i]))
        local = (
            f"{one}.{two}", f"{one[0]}{two}{digits[i]}", f"{one}{two}{year[i] % 100:02d}",
            f"{one}_{digits[i]}", f"{two}.{one[0]}{digits[i]}",
        )[form[i]]  # fmt: skip
        found.append(f"{local}@{domain[i]}")
    return np.array(found, dtype=object)
