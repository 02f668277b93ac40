"""Records: what one agency holds of people, with its coverage, its age and its errors.

An agency knows a person as on the day it last recorded them. Whether a move or a marriage since then
has reached it decides the address and the surname, so that old addresses and former names go together
as they do in life. Rates are each agency's own (`agencies`); the kinds of error are those that the
linkage literature lists (Christen, Data Matching, 2012, chapter 2).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from openoda.data.synthetic.city.damage import (
    misread_date,
    mistype,
    placeholder,
    swap_day_month,
)
from openoda.data.synthetic.city.draws import Draws, Flags, Whole, deck
from openoda.data.synthetic.city.names import load_names
from openoda.data.synthetic.city.scale import AS_AT, YEAR
from openoda.data.synthetic.city.text import blank, digits, glue, put, take
from openoda.data.synthetic.city.truth import Truth


@dataclass(frozen=True)
class Errors:
    """How often each thing goes wrong, as shares of the records it can happen to."""

    given_typo: float = 0.010
    family_typo: float = 0.012
    nickname: float = 0.03
    variant: float = 0.10
    initial: float = 0.01
    swap: float = 0.1
    no_given: float = 0.0
    no_born: float = 0.02
    born_swapped: float = 0.008
    born_misread: float = 0.008
    born_placeholder: float = 0.003
    no_sex: float = 0.02
    sex_wrong: float = 0.003
    no_postcode: float = 0.02
    postcode_typo: float = 0.01
    postcode_other: float = 0.01
    address_typo: float = 0.02
    no_uprn: float = 0.3
    uprn_wrong: float = 0.01
    no_number: float = 0.1
    number_typo: float = 0.002
    no_email: float = 0.4
    no_phone: float = 0.3


@dataclass(frozen=True)
class Agency:
    """One agency's ways: how old its records are, what reaches it, how it writes.

    `lag` is the longest time since a record was made (years); `hears` the chance that a later move or
    marriage reached it; `keeps_dead`, `keeps_left` the chance that a record outlives its person's
    stay; `doubles` the chance of a second record of a person. `lines` weighs the five ways of
    `Truth.lines`, `tails` the three of `Truth.tails`.
    """

    name: str
    prefix: str
    lag: int
    hears: float
    keeps_dead: float
    keeps_left: float
    doubles: float = 0.0
    accents: bool = False
    capitals: bool = True
    lines: tuple[int, ...] = (80, 10, 3, 4, 3)
    tails: tuple[int, ...] = (45, 45, 10)
    errors: Errors = Errors()


@dataclass(frozen=True)
class Records:
    """An agency's records in the order of its file. Texts hold errors; a null or -1 is missing.

    `person` and `home` are the true positions; `copy` is 1 for the second record of a person; `keys`
    number the records for further draws.
    """

    agency: Agency
    person: Whole
    copy: Whole
    keys: Whole
    recorded: Whole
    home: Whole
    address_is_old: Flags
    name_is_old: Flags
    number: pa.Array
    given: pa.Array
    middle: pa.Array
    family: pa.Array
    born: Whole
    sex: Whole
    line: pa.Array
    tail: pa.Array
    postcode: pa.Array
    uprn: pa.Array

    def __len__(self) -> int:
        return len(self.person)


def collect(truth: Truth, agency: Agency, share: Any, adopted: Whole | None = None) -> Records:
    """The agency's records of people, each covered with the chance `share` (one for each person).

    `adopted`, where given, is the property at which the agency believes each person lives, or -1
    where it believes what is true (planted irregularities use it).
    """
    draws, name = truth.draws, agency.name
    person, copy = _covered(truth, agency, share)
    keys = person * 2 + copy
    order = np.argsort(draws.bits(f"{name}/order", keys), kind="stable")
    person, copy, keys = person[order], copy[order], keys[order]
    recorded = _recorded(truth, agency, person, keys)
    home, old_home = _believed_home(truth, agency, person, copy, keys, recorded)
    if adopted is not None:
        home = np.where(adopted[person] >= 0, adopted[person], home)
        old_home &= adopted[person] < 0
    given, middle, family, old_name = _names(truth, agency, person, copy, keys, recorded)
    line, tail, postcode, uprn = _addresses(truth, agency, home, keys)
    return Records(
        agency=agency, person=person, copy=copy, keys=keys, recorded=recorded, home=home,
        address_is_old=old_home, name_is_old=old_name, number=_record_numbers(truth, agency, keys),
        given=given, middle=middle, family=family, born=_births(truth, agency, person, keys),
        sex=_sexes(truth, agency, person, keys), line=line, tail=tail, postcode=postcode, uprn=uprn,
    )  # fmt: skip


def _covered(truth: Truth, agency: Agency, share: Any) -> tuple[Whole, Whole]:
    """Who is covered, and the second records of some; the dead and gone where a record outlived."""
    people, draws, name = truth.people, truth.draws, agency.name
    keeps = np.where(people.died >= 0, agency.keeps_dead, 1.0)
    keeps = np.where(people.left >= 0, agency.keeps_left, keeps)
    count = len(people)
    covered = draws.chance(f"{name}/covers", count, share)
    covered &= draws.chance(f"{name}/keeps", count, keeps)
    person = np.flatnonzero(covered)
    second = person[draws.chance(f"{name}/doubles", person, agency.doubles)]
    copies = np.repeat([0, 1], [len(person), len(second)])
    return np.concatenate([person, second]), copies


def _recorded(truth: Truth, agency: Agency, person: Whole, keys: Whole) -> Whole:
    """The day on which each record was made: after birth and arrival, before death and leaving."""
    people, homes = truth.people, truth.homes
    day = AS_AT - 1 - truth.draws.below(f"{agency.name}/recorded", keys, agency.lag * YEAR)
    household = people.household[person]
    arrived = np.where(homes.before[household] < 0, homes.moved[household], 0)
    day = np.maximum(day, np.maximum(people.born[person], arrived))
    end = np.maximum(people.died[person], people.left[person])
    return np.where(end >= 0, np.minimum(day, np.maximum(end, people.born[person])), day)


def _hears(truth: Truth, agency: Agency, what: str, copy: Whole, keys: Whole) -> Flags:
    """Whether news reached the record; second records are the forgotten ones and hear nothing."""
    heard = truth.draws.chance(f"{agency.name}/hears/{what}", keys, agency.hears)
    return np.asarray(heard & (copy == 0))


def _believed_home(
    truth: Truth, agency: Agency, person: Whole, copy: Whole, keys: Whole, recorded: Whole
) -> tuple[Whole, Flags]:
    """The property that the agency has for each person, and whether it is the one before."""
    household = truth.people.household[person]
    moved, before = truth.homes.moved[household], truth.homes.before[household]
    born_since = truth.people.born[person] >= moved
    old = (recorded < moved) & (before >= 0) & ~born_since
    old &= ~_hears(truth, agency, "move", copy, keys)
    return np.where(old, before, truth.homes.home[household]), old


def _names(
    truth: Truth, agency: Agency, person: Whole, copy: Whole, keys: Whole, recorded: Whole
) -> tuple[pa.Array, pa.Array, pa.Array, Flags]:
    """Given, middle and family names as recorded, and whether the surname is that before marriage."""
    errors, draws, name = agency.errors, truth.draws, agency.name
    texts = truth.texts if agency.accents else truth.plain_texts
    married = truth.called.married[person]
    former = (recorded < married) & ~_hears(truth, agency, "marriage", copy, keys)
    family = take(texts.family, person)
    family = put(family, former, take(texts.birth_family, person))
    slip = _hit(draws, name, "family", keys, errors.family_typo)
    family = mistype(draws, f"{name}/family", family, slip, keys)
    given = _given(truth, agency, person, keys)
    middle = take(texts.middle, person)
    custom = load_names().custom("swap", truth.people.origin[person]) / 100
    swapped = draws.chance(f"{name}/swap", keys, custom * errors.swap)
    swapped &= given.is_valid().to_numpy(zero_copy_only=False)
    given, family = put(given, swapped, family), put(family, swapped, given)
    return given, middle, family, former


def _hit(draws: Draws, agency: str, what: str, keys: Whole, share: float) -> Flags:
    return draws.chance(f"{agency}/error/{what}", keys, share)


def _given(truth: Truth, agency: Agency, person: Whole, keys: Whole) -> pa.Array:
    """Given names as recorded: in full, a short form, another spelling, an initial, mistyped, none."""
    errors, draws, name, names = agency.errors, truth.draws, agency.name, load_names()
    number = truth.called.given[person]
    for what, share, other in (
        ("variant", errors.variant, names.variants),
        ("nickname", errors.nickname, names.nicknames),
    ):
        hit = _hit(draws, name, what, keys, share) & (other[number] >= 0)
        number = np.where(hit, other[number], number)
    given = take(names.given if agency.accents else names.given_plain, number)
    typo = _hit(draws, name, "given", keys, errors.given_typo)
    given = mistype(draws, f"{name}/given", given, typo, keys)
    initial = _hit(draws, name, "initial", keys, errors.initial)
    given = put(given, initial, pc.utf8_slice_codeunits(given, 0, 1))
    return blank(given, _hit(draws, name, "no-given", keys, errors.no_given))


def _births(truth: Truth, agency: Agency, person: Whole, keys: Whole) -> Whole:
    """Days of birth as recorded; -1 where missing."""
    errors, draws, name = agency.errors, truth.draws, agency.name
    born = truth.people.born[person]
    born = misread_date(
        draws,
        f"{name}/misread",
        born,
        _hit(draws, name, "misread", keys, errors.born_misread),
        keys,
    )
    born = swap_day_month(born, _hit(draws, name, "swapped", keys, errors.born_swapped))
    hidden = _hit(draws, name, "placeholder", keys, errors.born_placeholder)
    born = placeholder(draws, f"{name}/placeholder", born, hidden, keys)
    return np.where(_hit(draws, name, "no-born", keys, errors.no_born), -1, born)


def _sexes(truth: Truth, agency: Agency, person: Whole, keys: Whole) -> Whole:
    """Sexes as recorded; -1 where missing."""
    errors, draws, name = agency.errors, truth.draws, agency.name
    sex = truth.people.sex[person]
    sex = np.where(_hit(draws, name, "sex", keys, errors.sex_wrong), 1 - sex, sex)
    return np.where(_hit(draws, name, "no-sex", keys, errors.no_sex), -1, sex)


def _addresses(
    truth: Truth, agency: Agency, home: Whole, keys: Whole
) -> tuple[pa.Array, pa.Array, pa.Array, pa.Array]:
    """First line, end of the address, postcode and UPRN as recorded."""
    errors, draws, name, places = agency.errors, truth.draws, agency.name, truth.properties
    way = draws.pick(f"{name}/line", keys, deck(agency.lines))
    line = take(truth.lines if agency.capitals else truth.mixed_lines, way * len(places) + home)
    typo = _hit(draws, name, "address", keys, errors.address_typo)
    line = mistype(draws, f"{name}/address", line, typo, keys)
    end = draws.pick(f"{name}/tail", keys, deck(agency.tails))
    tail = take(truth.tails if agency.capitals else truth.mixed_tails, end * len(places) + home)
    near = np.minimum(home + 16, len(places) - 1)
    other = _hit(draws, name, "other-postcode", keys, errors.postcode_other)
    postcode = take(places.postcode, np.where(other, near, home))
    slip = _hit(draws, name, "postcode", keys, errors.postcode_typo)
    postcode = mistype(draws, f"{name}/postcode", postcode, slip, keys)
    postcode = blank(postcode, _hit(draws, name, "no-postcode", keys, errors.no_postcode))
    wrong = _hit(draws, name, "uprn", keys, errors.uprn_wrong)
    uprn = take(places.uprn, np.where(wrong, np.minimum(home + 1, len(places) - 1), home))
    return line, tail, postcode, blank(uprn, _hit(draws, name, "no-uprn", keys, errors.no_uprn))


def _record_numbers(truth: Truth, agency: Agency, keys: Whole) -> pa.Array:
    """The agency's own record numbers: eight digits after a prefix, in no order of people."""
    offset = sum(map(ord, agency.name)) * 7_919
    mixed = ((truth.people.index[0] * 2 + keys) * 48_271_297 + offset) % 100_000_000
    return glue(agency.prefix, digits(mixed, 8))


def sometimes(
    records: Records, truth: Truth, stream: str, texts: pa.Array, missing: float, typo: float = 0.0
) -> pa.Array:
    """A person's identifier in each record, missing or mistyped with these chances."""
    name, keys = records.agency.name, records.keys
    found = take(texts, records.person)
    slip = truth.draws.chance(f"{name}/{stream}/typo", keys, typo)
    found = mistype(truth.draws, f"{name}/{stream}", found, slip, keys)
    return blank(found, truth.draws.chance(f"{name}/{stream}/missing", keys, missing))
