"""Twenty differently damaged pairs of agency extracts of people, each with its truth.

Written from the requirement alone, before anything that predicts or links; sizes and rates stand in
``extract_damage.toml``, frozen. `make_pair(number)` is deterministic: the same number gives the same
bytes (`fingerprint`), whatever was drawn before.

**What a predictor may see.** The question it answers is put to two parties who haven't shared
anything yet: "of the records that we truly have in common, what share would link?" So it is given
`pair.a` alone, then `pair.b` alone, and then only what each gave as statistics; how many are common
(`common_records`) is an input to it. Never the two tables side by side, nor truth, name or
description. What each table shows of its own quality is what such tables show in life: gaps,
placeholders, failing check digits, people who are in twice, relatives at one address, names that
nobody else has, postcodes that don't fit the UPRN. Some damage leaves no trace in either table alone
(a move that one side hasn't heard of, an error both took from one source), and some common records
are unlike the rest; a predictor that is right there has made the right allowance, not a measurement.

**Realised recall** of a rule, or a set of rules, on a pair is the share of truly common records that
it links: of the records of A whose person has a record in B, the share for which at least one of the
pairs of its true records is among the linked pairs. A person twice in A counts twice; a person twice
in B gives the record of A two chances. Wrong links neither add nor take away: that is precision.

The table columns are text. `record_id` is always there; of the other `COLUMNS` each agency has
some, in its own formats. A missing value is null at some agencies and empty text at others.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from tests.generative.extract_clerk import Clerk, clean_records
from tests.generative.extract_people import People, make_people
from tests.generative.extract_side import COLUMNS, write_side

SETTINGS: dict[str, Any] = tomllib.loads(
    Path(__file__).with_name("extract_damage.toml").read_text(encoding="utf-8")
)
NUMBERS = tuple(range(1, len(SETTINGS["pair"]) + 1))
__all__ = ["COLUMNS", "NUMBERS", "Pair", "make_pair", "realised_recall"]


@dataclass(frozen=True)
class Pair:
    """Two extracts, the pairs of record ids (a_id, b_id) of one person, and what was done."""

    a: pa.Table
    b: pa.Table
    truth: pa.Table
    name: str
    description: str


@dataclass(frozen=True)
class Made:
    """A pair with what the tests need to prove the planting: people, whose record, what was hit."""

    pair: Pair
    people: People
    who: tuple[np.ndarray, np.ndarray]
    clerks: tuple[Clerk, Clerk]


def make_pair(number: int) -> Pair:
    """Pair `number`, from 1 to 20."""
    return make(number).pair


def make(number: int) -> Made:
    """Pair `number` together with the record of how it was made."""
    its = settings(number)
    seed = [SETTINGS["made"]["seed"], number]
    rng = np.random.default_rng([*seed, 0])
    wanted = its["size_a"] + its["size_b"] - common_people(its)
    people = _enough_people(rng, its, wanted)
    source = clean_records(people)
    if "upstream" in its:
        Clerk(np.random.default_rng([*seed, 9]), len(people), its["upstream"]).spoil(source, people)
    trouble = _trouble(rng, people, its)
    sides = []
    for which, members in enumerate(_members(rng, people, its)):
        side = np.random.default_rng([*seed, 1 + which])
        sides.append(write_side(side, its["ab"[which]], people, source, members, trouble))
    (a, who_a, clerk_a), (b, who_b, clerk_b) = sides
    truth = _truth(a, b, who_a, who_b)
    pair = Pair(a, b, truth, its["name"], its["description"])
    return Made(pair, people, (who_a, who_b), (clerk_a, clerk_b))


def settings(number: int) -> dict[str, Any]:
    """Everything fixed about a pair: its own keys over those that all share, sides resolved."""
    own = SETTINGS["pair"][number - 1]
    its = merged({"size_a": 20_000, "size_b": 20_000, "world": SETTINGS["world"]}, own)
    for side in "ab":
        given = its[side]
        rates = merged(SETTINGS["damage"][given["damage"]], given.get("change", {}))
        agency = merged(SETTINGS["agency"][given["agency"]], given.get("writes", {}))
        rates["fillers"] = SETTINGS["fillers"]
        its[side] = {"rates": rates, "agency": agency, "between": its.get("between", 0.0)}
    return its


def merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """The keys of both, those of `over` first, tables inside tables likewise."""
    found = dict(base)
    for key, value in over.items():
        old = found.get(key)
        if isinstance(value, dict) and isinstance(old, dict) and key != "households":
            value = merged(old, value)
        found[key] = value
    return found


def common_people(its: dict[str, Any]) -> int:
    """How many people are in both: the overlap is a share of the people of the smaller side."""
    smaller: int = min(its["size_a"], its["size_b"])
    return round(float(its["overlap"]) * smaller)


def _enough_people(rng: np.random.Generator, its: dict[str, Any], wanted: int) -> People:
    """A population in which at least `wanted` people are of the ages that the pair is about."""
    low, high = its.get("ages", (0, 120))
    n = int(wanted * 1.05)
    while True:
        people = make_people(rng, its["world"], n)
        eligible = int(((people.age >= low) & (people.age <= high)).sum())
        if eligible >= wanted:
            return people
        n = int(n * wanted / max(eligible, 1) * 1.1)


def _members(
    rng: np.random.Generator, people: People, its: dict[str, Any]
) -> tuple[np.ndarray, np.ndarray]:
    """The people of each side. `common_by` says who is in both: anyone, households, old or young."""
    low, high = its.get("ages", (0, 120))
    eligible = np.flatnonzero((people.age >= low) & (people.age <= high))
    order = rng.random(len(eligible))
    by = its.get("common_by", "anyone")
    if by == "households":
        order = rng.random(people.household[-1] + 1)[people.household[eligible]] + 0.05 * order
    elif by in ("old", "young"):
        rank = np.argsort(np.argsort(people.age[eligible])) / len(eligible)
        order = order + (-1 if by == "old" else 1) * its["common_pull"] * rank
    eligible = eligible[np.argsort(order, kind="stable")]
    both = common_people(its)
    rest = eligible[both:][rng.permutation(len(eligible) - both)]
    only_a, only_b = its["size_a"] - both, its["size_b"] - both
    a = np.concatenate([eligible[:both], rest[:only_a]])
    b = np.concatenate([eligible[:both], rest[only_a : only_a + only_b]])
    return a, b


def _trouble(rng: np.random.Generator, people: People, its: dict[str, Any]) -> np.ndarray:
    """What makes a person's records poor at every agency, standard normal; may go with youth."""
    pull = its.get("young_trouble", 0.0)
    rank = np.argsort(np.argsort(-people.age + 0.5 * rng.random(len(people))))
    youth = (rank - rank.mean()) / rank.std()
    found: np.ndarray = pull * youth + np.sqrt(1 - pull**2) * rng.standard_normal(len(people))
    return found


def _truth(a: pa.Table, b: pa.Table, who_a: np.ndarray, who_b: np.ndarray) -> pa.Table:
    """Every pair of records, one of A and one of B, that are of the same person."""
    mine = pa.table({"person": who_a, "a_id": a["record_id"]})
    theirs = pa.table({"person": who_b, "b_id": b["record_id"]})
    both = mine.join(theirs, "person", join_type="inner").select(["a_id", "b_id"])
    return both.sort_by([("a_id", "ascending"), ("b_id", "ascending")])


def common_records(pair: Pair) -> int:
    """How many records of A are of people who are also in B: an input to a prediction."""
    return len(set(pair.truth["a_id"].to_pylist()))


def realised_recall(pair: Pair, linked_pairs: Iterable[tuple[str, str]]) -> float:
    """The share of truly common records that the linked pairs (a_id, b_id) link; see above."""
    truth = set(zip(pair.truth["a_id"].to_pylist(), pair.truth["b_id"].to_pylist(), strict=True))
    return len({a for a, b in truth.intersection(linked_pairs)}) / common_records(pair)


def fingerprint(pair: Pair) -> str:
    """SHA-256 of the three tables' column names and values, apart from how Arrow stores them."""
    digest = hashlib.sha256()
    for table in (pair.a, pair.b, pair.truth):
        for name in table.column_names:
            values = ("\x00" if v is None else v for v in table[name].to_pylist())
            digest.update("\x1f".join([name, *values]).encode("utf-8"))
    return digest.hexdigest()
