"""A gazetteer around published premises: one label a property, and the neighbours that tempt.

Premises that can't be told apart are one property: the same unit, number and street in one place;
without a number, nearly the same words at the same postcode. A line that names no property ("Spa
Road, Witham") is left out of everything, since nobody could say what it is.

Neighbours are made up, as neighbours in life would be: the next numbers and units, flats in the same
building, the same number in another street of the town, the same street in another town.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Any

import numpy as np

from tests.generative.address_parts import Address

UNIT_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"


class Known:
    """Which places are taken: unit, number and street within an outward postcode and a locality.

    A locality that is missing or shares a word with another may be the same. 12A is flat A of 12; a
    range takes every number in it, so that nobody has to decide whether 12 is part of 12-14.
    """

    def __init__(self) -> None:
        self.taken: dict[tuple[str, str, str, str], list[frozenset[str]]] = defaultdict(list)

    def has(self, one: Address) -> bool:
        """Whether the place of a property, or part of it, is taken."""
        mine = frozenset(one.locality.split())
        return any(
            not there or not mine or bool(there & mine)
            for key in _places(one)
            for there in self.taken.get(key, [])
        )

    def add(self, one: Address) -> None:
        for key in _places(one):
            self.taken[key].append(frozenset(one.locality.split()))

    def shared(self, one: Address) -> bool:
        """Whether somebody else's place, or part of it, is one's own."""
        return any(len(self.taken.get(key, [])) > 1 for key in _places(one))


def _places(one: Address) -> list[tuple[str, str, str, str]]:
    """The keys a property takes: one, or one for each number of its range."""
    unit, number, street = one.place_key
    outward = one.postcode.split(" ")[0]
    first, _, last = number.partition("-")
    if first.isdigit() and last.isdigit() and not unit and 0 < int(last) - int(first) < 60:
        return [("", str(n), street, outward) for n in range(int(first), int(last) + 1)]
    return [(unit, number, street, outward)]


def distinct_properties(found: list[Address], terms: dict[str, Any]) -> list[Address]:
    """The premises that name a property, one each, the numbered ones first."""
    kept: list[Address] = []
    near: dict[str, list[Address]] = defaultdict(list)
    known: dict[tuple[str, ...], list[frozenset[str]]] = defaultdict(list)
    for one in sorted(found, key=lambda address: not address.numbered):
        if not one.postcode or not names_a_property(one, terms):
            continue
        outward = one.postcode.split(" ")[0]
        place, mine = (*one.key, outward), frozenset(one.locality.split())
        same = any(not there or not mine or there & mine for there in known[place])
        if same or (not one.numbered and any(_alike(one, other) for other in near[outward])):
            continue
        known[place].append(mine)
        near[outward].append(one)
        kept.append(one)
    return kept


def names_a_property(address: Address, terms: dict[str, Any]) -> bool:
    """Whether the words say more than a street and a place."""
    if address.numbered:
        return True
    words = address.name.split()
    return len(words) >= 3 and not any(word in terms["street_kinds"] for word in words[1:3])


def _alike(one: Address, other: Address) -> bool:
    """Whether two lines may be the same premises: most words shared at one postcode, or nearly all."""
    shared = len(one.words & other.words)
    if one.postcode == other.postcode:
        return shared >= 0.6 * min(len(one.words), len(other.words))
    return shared >= 0.8 * max(len(one.words), len(other.words))


class Rivals:
    """Which properties a line could mean, going by what it says."""

    def __init__(self, properties: list[Address]) -> None:
        self.properties = properties
        self.by_key: dict[tuple[str, str, str], list[int]] = defaultdict(list)
        self.by_word: dict[str, set[int]] = defaultdict(set)
        for at, one in enumerate(properties):
            self.by_key[one.place_key].append(at)
            if not one.numbered:
                for word in one.words:
                    self.by_word[word].add(at)

    def of(self, said: Address, own: int | None) -> list[int]:
        """Properties other than `own` that have all that is said, whatever the postcode."""
        if said.numbered:
            place = frozenset(f"{said.locality} {said.town}".split())
            at = [
                i for i in self.by_key.get(said.place_key, []) if place <= self.properties[i].words
            ]
        else:
            sets = sorted((self.by_word.get(word, set()) for word in said.words), key=len)
            at = sorted(set.intersection(*sets)) if sets else []
        return [i for i in at if i != own]


def neighbours(
    rng: np.random.Generator, one: Address, rates: dict[str, Any], flats: bool
) -> list[tuple[Address, bool]]:
    """Made-up properties around a numbered one, and whether each is a flat of its building."""
    found: list[tuple[Address, bool]] = []
    if one.number and rng.random() < rates["neighbours"]:
        steps = [step for step in (-2, -1, 1, 2) if rng.random() < 0.5]
        found += [(near, False) for step in steps for near in _next_number(one, step)]
    if one.unit and rng.random() < rates["units"]:
        found += [(near, False) for step in (-1, 1) for near in _next_unit(one, step)]
    if flats and one.number.isdigit() and not one.unit and rng.random() < rates["flats"]:
        found += [(flat, True) for flat in _flats(rng, one, rates)]
    return found


def _next_number(one: Address, step: int) -> list[Address]:
    """The property `step` numbers on, without a business's name; a range counts from its ends."""
    ends = [int("".join(c for c in end if c.isdigit())) for end in one.number.split("-")]
    number = (ends[0] if step < 0 else ends[-1]) + step
    return [replace(one, name="", unit="", number=str(number))] if number > 0 else []


def _next_unit(one: Address, step: int) -> list[Address]:
    """The unit before or behind, where units have plain numbers or letters."""
    word, label = one.unit.rsplit(" ", 1)
    if label.isdigit() and int(label) + step > 0:
        return [replace(one, name="", unit=f"{word} {int(label) + step}")]
    if len(label) == 1 and "A" <= chr(ord(label) + step) <= "H":
        return [replace(one, name="", unit=f"{word} {chr(ord(label) + step)}")]
    return []


def _flats(rng: np.random.Generator, one: Address, rates: dict[str, Any]) -> list[Address]:
    """Two or more flats of the building, as 12A and 12B or as FLAT 1 and FLAT 2."""
    count = int(rng.integers(2, rates["most_flats"] + 1))
    if rng.random() < rates["flats_as_letters"]:
        return [replace(one, name="", number=one.number + "ABCDEFGH"[i]) for i in range(count)]
    letters = rng.random() < 0.4
    labels = ["ABCDEFGH"[i] if letters else str(i + 1) for i in range(count)]
    return [replace(one, name="", unit=f"FLAT {label}") for label in labels]


def elsewhere(
    rng: np.random.Generator, one: Address, all_numbered: list[Address], rates: dict[str, Any]
) -> list[Address]:
    """The same number in another street of the town, and the same street in another town."""
    found = []
    others = [all_numbered[int(i)] for i in rng.integers(0, len(all_numbered), 40)]
    in_town = [o for o in others if o.town == one.town and o.street != one.street]
    if in_town and one.number and rng.random() < rates["other_street"]:
        found.append(replace(in_town[0], name="", unit="", number=one.number))
    away = [o for o in others if o.town not in (one.town, "")]
    if away and one.number and one.town and rng.random() < rates["other_town"]:
        there = away[0]
        found.append(
            replace(one, name="", locality=there.locality, town=there.town, county=there.county,
                    postcode=another_unit(rng, there.postcode))
        )  # fmt: skip
    return found


def another_unit(rng: np.random.Generator, postcode: str) -> str:
    """A postcode nearby: another last letter."""
    others = [letter for letter in UNIT_LETTERS if letter != postcode[-1]]
    return postcode[:-1] + others[int(rng.integers(len(others)))]
