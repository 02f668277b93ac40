"""The properties that the synthetic people live in: towns, streets, postcodes, flats, UPRNs.

A street has up to sixty properties and a postcode for about every fifteen; street names repeat from
town to town; about one property in six is a flat in a block with others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.generative.extract_draws import WORDS, Words, chosen, words, zipf

UNIT_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"


@dataclass(frozen=True)
class Places:
    """One entry a property in every array. `flat` and `locality` may be empty; `dial` is a code."""

    uprn: Words
    flat: Words
    number: Words
    street: Words
    locality: Words
    town: Words
    postcode: Words
    dial: Words

    def __len__(self) -> int:
        return len(self.uprn)


def make_places(rng: np.random.Generator, n: int) -> Places:
    """At least `n` properties, in random order, with UPRNs of ten to twelve digits."""
    rows: list[tuple[str, ...]] = []
    used: set[tuple[str, str]] = set()
    while len(rows) < n:
        town = _town(rng)
        street = f"{zipf(rng, words(WORDS['places']['street_names']), 1, 0.9)[0]} "
        street += str(zipf(rng, words(WORDS["places"]["street_kinds"]), 1, 1.0)[0])
        if street in ("The Crescent Crescent",) or (street, town["name"]) in used:
            continue
        used.add((street, town["name"]))
        rows += _street(rng, street, town)
    order = rng.permutation(len(rows))
    uprn = _uprns(rng, len(rows))
    parts = [np.array([rows[i][k] for i in order], dtype=object) for k in range(7)]
    return Places(uprn, *parts)


def _town(rng: np.random.Generator) -> dict[str, Any]:
    towns = WORDS["places"]["towns"]
    edge = np.cumsum([town["weight"] for town in towns])
    found: dict[str, Any] = towns[int(np.searchsorted(edge, rng.random() * edge[-1], side="right"))]
    return found


def _street(rng: np.random.Generator, street: str, town: dict[str, Any]) -> list[tuple[str, ...]]:
    """The properties of one street as (flat, number, street, locality, town, postcode, dial)."""
    district = f"{town['area']}{1 + int(rng.integers(town['districts']))}"
    sector = int(rng.integers(1, 10))
    locality = zipf(rng, words(WORDS["places"]["localities"]), 1, 0.7)[0]
    if rng.random() < 0.4:
        locality = ""
    rows: list[tuple[str, ...]] = []
    postcode = ""
    for number in range(1, 6 + int(55 * rng.random() ** 1.5)):
        if number % 15 == 1:
            letters = rng.integers(0, len(UNIT_LETTERS), 2)
            postcode = f"{district} {sector}" + "".join(UNIT_LETTERS[i] for i in letters)
        tail = (street, locality, town["name"], postcode, town["dial"])
        if rng.random() < 0.015:
            rows += [(flat, *head, *tail) for flat, *head in _block(rng, number)]
        else:
            rows.append(("", str(number), *tail))
    return rows


def _block(rng: np.random.Generator, number: int) -> list[tuple[str, str]]:
    """The flats of one building, which has a number or a name: (flat, number or name)."""
    count = int(rng.integers(4, 25))
    if rng.random() < 0.5:
        name = chosen(rng, words(WORDS["places"]["buildings"]), [1.0] * 22, 1)[0]
        kind = ("House", "Court", "Point")[int(rng.integers(3))]
        return [(f"Flat {i + 1}", f"{name} {kind}, {number}") for i in range(count)]
    if count < 9:
        return [(f"Flat {'ABCDEFGH'[i]}", str(number)) for i in range(count)]
    return [(f"Flat {i + 1}", str(number)) for i in range(count)]


def _uprns(rng: np.random.Generator, n: int) -> Words:
    """Different UPRNs: most of eleven digits, some of ten or twelve, without leading zeros."""
    found: dict[str, None] = {}
    for length in (10, 11, 12):
        share = {10: 0.2, 11: 0.6, 12: 0.25}[length]
        for number in rng.integers(10 ** (length - 1), 10**length, int(n * share) + 5):
            found[str(number)] = None
    every = np.array(list(found), dtype=object)
    return every[rng.permutation(len(every))][:n]
