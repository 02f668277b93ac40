"""Labelled addresses for address → UPRN: a gazetteer, and messy lines with the property each means.

Written from the requirement alone, before any matcher; sizes and rates stand in
``address_damage.toml``, frozen. Built from the addresses of 5,000 food premises as their councils
wrote them, which no rule of ours has made; the damage is independent of any other generator's rules.
Read where they are, never copied here. Deterministic: the same bytes at every call (`fingerprint`).

A messy line is kept only where it still means one property: if, after its losses, a second property
of the gazetteer has everything that it says, what was lost is put back. So a matcher that reads as
people read can reach full recall, and one that prefers a neighbour is wrong.

Some lines mean premises that the gazetteer doesn't have, most of them with neighbours that it does
have: those must stay unmatched.
"""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tests.generative.address_gazetteer import (
    Known,
    Rivals,
    distinct_properties,
    elsewhere,
    neighbours,
)
from tests.generative.address_parts import Address, parsed
from tests.generative.address_slips import LOSSES, Draft, Spoiler
from tests.real_data import real_data

SETTINGS: dict[str, Any] = tomllib.loads(
    Path(__file__).with_name("address_damage.toml").read_text(encoding="utf-8")
)
SOURCE = "linkage/fhrs_addresses_sample.parquet"


@dataclass(frozen=True)
class Labelled:
    """What a matcher is given, and the answers.

    gazetteer: uprn, address, postcode. messy: id, address, postcode (empty where unknown).
    truth: id, uprn (null: not in the gazetteer), level (light, medium or heavy), flat (whether what
    is meant is a flat, a unit or a number with a letter), damage (what was done, words by spaces).
    """

    gazetteer: pa.Table
    messy: pa.Table
    truth: pa.Table


@dataclass(frozen=True)
class Line:
    """One messy line with what it means; `own` is its place in the gazetteer or None."""

    address: str
    postcode: str
    own: int | None
    level: str
    meant: Address
    draft: Draft


@dataclass(frozen=True)
class Made:
    """The labelled set with what its tests need: the properties behind it, and every line's story."""

    labelled: Labelled
    properties: list[Address]
    withheld: list[Address]
    lines: list[Line]


def make_addresses() -> Labelled:
    """The labelled set; skips the test that asks where the premises' addresses aren't at hand."""
    return make().labelled


def make() -> Made:
    """The labelled set together with the record of how it was made."""
    table = pq.read_table(real_data(SOURCE))
    rng = np.random.default_rng(SETTINGS["made"]["seed"])
    rows = zip(table["address_concat"].to_pylist(), table["postcode"].to_pylist(), strict=True)
    found = [parsed(line or "", postcode or "", SETTINGS["terms"]) for line, postcode in rows]
    premises = distinct_properties(found, SETTINGS["terms"])
    properties, withheld, written = _gazetteer(rng, premises)
    lines = _lines(rng, properties, withheld, written)
    order = rng.permutation(len(lines))
    lines = [lines[i] for i in order]
    return Made(_labelled(rng, properties, lines), properties, withheld, lines)


# -- the gazetteer -----------------------------------------------------------------------------


def _gazetteer(
    rng: np.random.Generator, premises: list[Address]
) -> tuple[list[Address], list[Address], list[int]]:
    """Properties of the gazetteer, premises withheld from it, and which properties are written to."""
    rates = SETTINGS["gazetteer"]
    known = Known()
    for one in premises:
        known.add(one)
    alone = np.array([not known.shared(one) for one in premises])
    held = (rng.random(len(premises)) < rates["withheld"]) & alone
    hard = rng.random(len(premises)) < rates["withheld_hard"]
    properties = [one for one, is_held in zip(premises, held, strict=True) if not is_held]
    written = list(range(len(properties)))
    numbered = [one for one in premises if one.numbered]
    for one, is_held, is_hard in zip(premises, held, hard, strict=True):
        if not one.numbered or (is_held and not is_hard):
            continue
        around = neighbours(rng, one, rates, flats=not is_held)
        around += [(other, False) for other in elsewhere(rng, one, numbered, rates)]
        for other, is_flat in around:
            if known.has(other):
                continue
            known.add(other)
            if is_flat and rng.random() < rates["flats_written"]:
                written.append(len(properties))
            properties.append(other)
    return (
        properties,
        [one for one, is_held in zip(premises, held, strict=True) if is_held],
        written,
    )


# -- the messy side ----------------------------------------------------------------------------


def _lines(
    rng: np.random.Generator, properties: list[Address], withheld: list[Address], written: list[int]
) -> list[Line]:
    """One to three lines for each property that is written to, and for each withheld one."""
    rivals = Rivals(properties)
    streets = {one.street for one in properties}
    buildings = {(one.number, one.street) for one in properties if one.unit}
    buildings |= {(one.number[:-1], one.street) for one in properties if one.number[-1:].isalpha()}
    wanted: list[tuple[Address, int | None]] = [(properties[i], i) for i in written]
    wanted += [(one, None) for one in withheld]
    share = SETTINGS["messy"]
    names, weights = list(share["levels"]), list(share["levels"].values())
    lines = []
    for one, own in wanted:
        plain = (one.number, one.street) not in buildings
        for _ in range(1 + int(np.searchsorted(np.cumsum(share["versions"]), rng.random()))):
            level = names[int(np.searchsorted(np.cumsum(weights)[:-1], rng.random(), side="right"))]
            spoiler = Spoiler(rng, SETTINGS["level"][level], _words())
            draft = _understandable(spoiler, one, own, plain, rivals)
            if draft is not None:
                address, postcode = spoiler.written(draft, streets)
                lines.append(Line(address, postcode, own, level, one, draft))
    return lines


def _words() -> dict[str, Any]:
    terms: dict[str, Any] = SETTINGS["terms"]
    return terms | {"abbreviations": SETTINGS["abbreviations"]}


def _understandable(
    spoiler: Spoiler, one: Address, own: int | None, plain: bool, rivals: Rivals
) -> Draft | None:
    """What is said of a property, such that no other has it all; None where that can't be."""
    draft = spoiler.said(one, plain)
    if not rivals.of(draft.said, own):
        return draft
    kept = [kind for kind in draft.done if kind not in LOSSES]
    draft.done, draft.could = kept, [kind for kind in draft.could if kind not in LOSSES]
    draft.said = replace(draft.said, town=one.town, locality=one.locality, postcode=one.postcode)
    again = [i for i in rivals.of(draft.said, own) if _same_area(rivals.properties[i], one)]
    return None if again else draft


def _same_area(one: Address, other: Address) -> bool:
    """Whether two properties can't be told apart by their postcodes: same outward code."""
    return one.postcode.split(" ")[0] == other.postcode.split(" ")[0]


# -- the tables --------------------------------------------------------------------------------


def _labelled(rng: np.random.Generator, properties: list[Address], lines: list[Line]) -> Labelled:
    """Tables with made-up UPRNs, in an order that says nothing of which are neighbours."""
    numbers = rng.choice(10**9, len(properties), replace=False)
    uprn = [f"999{number:09d}" for number in numbers]
    order = np.argsort(numbers)
    gazetteer = pa.table(
        {
            "uprn": [uprn[i] for i in order],
            "address": [properties[i].line() for i in order],
            "postcode": [properties[i].postcode for i in order],
        }
    )
    ids = [f"M{100_000 + at}" for at in range(len(lines))]
    messy = pa.table(
        {
            "id": ids,
            "address": [line.address for line in lines],
            "postcode": [line.postcode for line in lines],
        }
    )
    truth = pa.table(
        {
            "id": ids,
            "uprn": pa.array([None if x.own is None else uprn[x.own] for x in lines], pa.string()),
            "level": [line.level for line in lines],
            "flat": [line.meant.is_flat for line in lines],
            "damage": [" ".join(dict.fromkeys(line.draft.done)) for line in lines],
        }
    )
    gazetteer = gazetteer.replace_schema_metadata({"synthetic": "uprn"})
    return Labelled(gazetteer, messy, truth)


def fingerprint(labelled: Labelled) -> str:
    """SHA-256 of the three tables' column names and values, apart from how Arrow stores them."""
    digest = hashlib.sha256()
    for table in (labelled.gazetteer, labelled.messy, labelled.truth):
        for name in table.column_names:
            values = ("\x00" if v is None else str(v) for v in table[name].to_pylist())
            digest.update("\x1f".join([name, *values]).encode("utf-8"))
    return digest.hexdigest()
