"""Damage of some records: who is hit, and what becomes of what is held of them.

A `Clerk` decides who is hit by each kind of damage. A kind's rate is met exactly on average, but not
independently: every record has a factor of its own, and a kind loads on it, so that the same records
lack several values or hold several mistakes (`within`, `careless`). The factor itself may be shared
between the two sides (`between`). Formally a Gaussian copula with one factor: a record is hit where
√w·Z + √(1−w)·E exceeds the normal quantile of 1 − rate, with Z = √b·P + √(1−b)·Q.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import NormalDist
from typing import Any

import numpy as np
from scipy.special import ndtri

from tests.generative.extract_draws import WORDS, Words, words
from tests.generative.extract_people import People
from tests.generative.extract_slips import digit_slip, slip, spoilt_nhs, spoilt_nino

Records = dict[str, np.ndarray]
DIGITS = ("nhs", "nino", "phone")


def clean_records(people: People) -> Records:
    """What a perfect agency would hold now: one entry a person, as People has them."""
    return {
        "first": people.first.copy(), "middle": people.middle.copy(), "last": people.last.copy(),
        "sex": people.sex.copy(), "year": people.year.copy(), "month": people.month.copy(),
        "day": people.day.copy(), "home": people.home.copy(), "nhs": people.nhs.copy(),
        "nino": people.nino.copy(), "phone": people.phone.copy(), "email": people.email.copy(),
        "person": np.arange(len(people)),
    }  # fmt: skip


def _choices(lists: dict[str, list[str]]) -> dict[str, list[str]]:
    return {name: [other for other in group if other != name] for name, group in lists.items()}


NICKNAMES = {name.replace("_", " "): words(text) for name, text in WORDS["nicknames"].items()}
RESPELT = {
    column: _choices({name: words(group) for group in groups for name in words(group)})
    for column, groups in WORDS["respelt"].items()
}


def normal_scores(values: np.ndarray) -> np.ndarray:
    """The values' ranks as standard normal scores, so that rates are met whoever is in a file."""
    rank = np.argsort(np.argsort(values, kind="stable"), kind="stable")
    found: np.ndarray = ndtri((rank + 0.5) / len(values))
    return found


class Clerk:
    """Spoils the records of one source; keeps in `marks` whom each kind could and did hit.

    `rates` are the keys of a ``[damage.…]`` table. `factor` is the shared part P of each record,
    `between` its weight; `copies` marks second records of a person, hit `harm` harder.
    """

    def __init__(
        self, rng: np.random.Generator, n: int, rates: dict[str, Any],
        factor: np.ndarray | None = None, between: float = 0.0, copies: np.ndarray | None = None,
    ) -> None:  # fmt: skip
        self.rng, self.n, self.rates = rng, n, rates
        self.copies = np.zeros(n, dtype=bool) if copies is None else copies
        own = rng.standard_normal(n)
        shared = own if factor is None else factor
        self.factor = normal_scores(np.sqrt(between) * shared + np.sqrt(1 - between) * own)
        self.marks: dict[str, tuple[np.ndarray, np.ndarray]] = {}

    def rate(self, kind: str) -> float:
        """The rate of a kind, "missing.nino" being the key nino of the table missing; else 0."""
        found: Any = self.rates
        for key in kind.split("."):
            found = found.get(key, 0.0) if isinstance(found, dict) else 0.0
        return float(found) if not isinstance(found, dict) else 0.0

    def hit(self, kind: str, could: np.ndarray | None = None, by: str = "careless") -> np.ndarray:
        """Indices of the records that a kind of damage hits, of those that it could hit."""
        could = np.ones(self.n, dtype=bool) if could is None else could
        rate, weight = self.rate(kind), float(self.rates.get(by, 0.0))
        if rate <= 0:
            return np.empty(0, dtype=int)
        latent = np.sqrt(weight) * self.factor
        latent = latent + np.sqrt(1 - weight) * self.rng.standard_normal(self.n)
        latent = latent + self.copies * float(self.rates.get("harm", 0.0))
        struck = could & (latent > NormalDist().inv_cdf(1 - rate))
        self.marks[kind] = (could, struck)
        return np.flatnonzero(struck)

    def alter(
        self, values: Words, kind: str, change: Callable[[np.random.Generator, str], str]
    ) -> None:
        """Change the values that a kind hits, in place; only those that hold something."""
        for i in self.hit(kind, values != ""):
            values[i] = change(self.rng, values[i])

    # -- what is held is out of date, or of somebody else --

    def spoil(self, held: Records, people: People) -> None:
        """All that goes wrong before a value is written down in an agency's format."""
        self.stale(held, people)
        self.other_names(held)
        self.confused(held, people)
        self.wrong_dates_and_sex(held)
        self.wrong_numbers(held)
        scanned = self.rate("scanned")
        for column in ("first", "last", "email"):
            self.alter(held[column], f"typo.{column}", lambda rng, text: slip(rng, text, scanned))

    def stale(self, held: Records, people: People) -> None:
        """Earlier addresses, surnames, telephones and e-mail addresses of those who changed."""
        who = held["person"]
        for kind, column, earlier in (
            ("stale.address", "home", people.earlier_home),
            ("stale.last", "last", people.earlier_last),
            ("stale.phone", "phone", people.earlier_phone),
            ("stale.email", "email", people.earlier_email),
        ):
            now = {"home": people.home, "last": people.last}.get(column)
            now = getattr(people, column) if now is None else now
            at = self.hit(kind, now[who] != earlier[who])
            held[column][at] = earlier[who[at]]

    def other_names(self, held: Records) -> None:
        """Nicknames, middle names in use, other spellings, halves of double names, swapped names."""
        first, last, middle = held["first"], held["last"], held["middle"]
        self._replace(first, "nickname", NICKNAMES)
        self._replace(first, "respelt.first", RESPELT["first_name"])
        self._replace(last, "respelt.last", RESPELT["last_name"])
        at = self.hit("middle_used", middle != "")
        first[at], middle[at] = middle[at].copy(), ""
        double = np.array(["-" in text for text in last])
        for i in self.hit("half_name", double):
            last[i] = last[i].split("-")[int(self.rng.integers(2))]
        at = self.hit("swapped_names", first != last)
        first[at], last[at] = last[at].copy(), first[at].copy()

    def _replace(self, values: Words, kind: str, choices: dict[str, list[str]]) -> None:
        could = np.array([text in choices for text in values])
        for i in self.hit(kind, could):
            options = choices[values[i]]
            values[i] = options[int(self.rng.integers(len(options)))]

    def confused(self, held: Records, people: People) -> None:
        """Values of a relative: the household's telephone, a parent's NINO, a twin's first name."""
        who = held["person"]
        elder, twin = people.elder[who], people.twin[who]
        for column, source in (
            ("phone", people.phone), ("email", people.email), ("nino", people.nino),
            ("nhs", people.nhs),
        ):  # fmt: skip
            at = self.hit(f"relative.{column}", (elder != who) & (source[elder] != source[who]))
            held[column][at] = source[elder[at]]
        other = (twin >= 0) & (people.first[twin] != people.first[who])
        at = self.hit("twin_mixup", other)
        held["first"][at] = people.first[twin[at]]
        at = self.hit("junior_mixup", people.junior[who] & (people.sex[elder] == "M"))
        for part in ("year", "month", "day"):
            held[part][at] = getattr(people, part)[elder[at]]

    def wrong_dates_and_sex(self, held: Records) -> None:
        """Day and month exchanged, year off by one or ten, 1 January for want of a birthday; and sex."""
        at = self.hit("wrong_sex")
        held["sex"][at] = np.where(held["sex"][at] == "F", "M", "F")
        year, month, day = held["year"], held["month"], held["day"]
        at = self.hit("day_month", (day <= 12) & (day != month))
        month[at], day[at] = day[at].copy(), month[at].copy()
        at = self.hit("first_january", (day != 1) | (month != 1))
        month[at], day[at] = 1, 1
        for kind, years in (("year_off_one", 1), ("year_off_ten", 10)):
            at = self.hit(kind)
            sign = np.where(self.rng.random(len(at)) < 0.5, -1, 1)
            sign[year[at] + years > 2024] = -1
            year[at] += years * sign

    def wrong_numbers(self, held: Records) -> None:
        """Identifiers that fail their check, and digits that are wrong whether or not they pass."""
        self.alter(held["nhs"], "invalid.nhs", spoilt_nhs)
        self.alter(held["nino"], "invalid.nino", spoilt_nino)
        for column in DIGITS:
            self.alter(held[column], f"typo.{column}", digit_slip)
