"""What becomes of one address on its way into a file: losses first, then how it is written.

Losses and moves change what is *said* (an `Address` again), so that it can be asked whether what is
left still means one property. Writing (abbreviations, misspellings, commas, capitals) comes last.
Every step names what it did, in `done`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from tests.generative.address_gazetteer import UNIT_LETTERS, another_unit
from tests.generative.address_parts import Address
from tests.generative.extract_slips import slip

LOSSES = ("town_missing", "locality_missing", "postcode_missing", "postcode_wrong")


@dataclass
class Draft:
    """An address being spoilt: what it says, how its number is written, what was done to it.

    `could` holds every damage that was possible, hit or not.
    """

    said: Address
    written_number: str
    unit_place: str = "first"  # or last, between number and street, or inside the number
    floor: str = ""
    swapped: bool = False
    done: list[str] = field(default_factory=list)
    could: list[str] = field(default_factory=list)


class Spoiler:
    """Draws damage at the rates of one level."""

    def __init__(self, rng: np.random.Generator, rates: dict[str, float], words: dict[str, Any]):
        self.rng, self.rates, self.words = rng, rates, words

    def hit(self, draft: Draft, kind: str, possible: bool) -> bool:
        """Whether a kind of damage happens to this draft; remembers that it could and did."""
        if not possible:
            return False
        draft.could.append(kind)
        happens = bool(self.rng.random() < self.rates[kind])
        if happens:
            draft.done.append(kind)
        return happens

    def one(self, options: Sequence[str]) -> str:
        return options[int(self.rng.integers(len(options)))]

    # -- what is said --

    def said(self, one: Address, plain_building: bool) -> Draft:
        """Parts lost, moved or wrong. `plain_building`: no flats are known in it."""
        draft = Draft(one, one.number)
        self._lost(draft)
        self._unit(draft)
        self._number(draft)
        if self.hit(draft, "floor_added", plain_building and not draft.said.unit):
            draft.floor = self.one(self.words["floors"])
        draft.swapped = self.hit(
            draft, "order_changed", bool(draft.said.locality and draft.said.town)
        )
        return draft

    def _lost(self, draft: Draft) -> None:
        one = draft.said
        lost: dict[str, str] = {}
        for kind, part, possible in (
            ("name_dropped", "name", one.numbered and one.name != ""),
            ("county_dropped", "county", one.county != ""),
            ("town_missing", "town", one.town != ""),
            ("locality_missing", "locality", one.locality != ""),
            ("postcode_missing", "postcode", True),
        ):
            if self.hit(draft, kind, possible):
                lost[part] = ""
        if self.hit(draft, "postcode_wrong", "postcode" not in lost):
            lost["postcode"] = self._wrong_postcode(one.postcode)
        draft.said = replace(one, **lost)

    def _wrong_postcode(self, postcode: str) -> str:
        """An adjacent unit, one letter mistaken, two signs exchanged, or O for 0."""
        kind = self.rng.random()
        if kind < 0.4:
            return another_unit(self.rng, postcode)
        if kind < 0.7:
            at = len(postcode) - 1 - int(self.rng.integers(2))
            letters = UNIT_LETTERS.replace(postcode[at], "")
            return postcode[:at] + self.one(letters) + postcode[at + 1 :]
        if kind < 0.85 and postcode[-1] != postcode[-2]:
            return postcode[:-2] + postcode[-1] + postcode[-2]
        swapped = postcode.translate(str.maketrans("0O1I", "O0I1"))
        return swapped if swapped != postcode else another_unit(self.rng, postcode)

    def _unit(self, draft: Draft) -> None:
        """A unit behind the street or the number, before a slash, or as a letter; or its word lost."""
        one = draft.said
        plain_number = one.number.isdigit()
        if self.hit(draft, "unit_moved", one.unit != "" and plain_number):
            if one.unit_id.isalpha():
                draft.written_number = one.number + one.unit_id
                draft.said = replace(one, unit="", number=draft.written_number)
            elif self.rng.random() < 0.5:
                draft.written_number = f"{one.unit_id}/{one.number}"
                draft.unit_place = "inside"
            else:
                draft.unit_place = self.one(("last", "between"))
        elif self.hit(draft, "unit_word_dropped", one.unit != "" and not one.number):
            draft.said = replace(one, unit="", number=one.unit_id)
            draft.written_number = one.unit_id
        lettered = one.number[-1:].isalpha() and one.number[:-1].isdigit() and not one.unit
        if lettered and self.hit(draft, "unit_moved", True):
            draft.said = replace(one, unit=f"FLAT {one.number[-1]}", number=one.number[:-1])
            draft.written_number = one.number[:-1]

    def _number(self, draft: Draft) -> None:
        one = draft.said
        if self.hit(draft, "range_changed", "-" in one.number):
            first, last = one.number.split("-")
            form = int(self.rng.integers(4))
            draft.written_number = (
                first,
                f"{first}/{last}",
                f"{first} - {last}",
                f"{first} to {last}",
            )[form]
            if form == 0:
                draft.said = replace(one, number=first)

    # -- how it is written --

    def written(self, draft: Draft, streets: set[str]) -> tuple[str, str]:
        """Address and postcode as text."""
        one = draft.said
        name = self._misspelt(draft, "name_misspelt", one.name, set())
        street = self._misspelt(draft, "street_misspelt", one.street, streets)
        town = self._misspelt(draft, "town_misspelt", one.town, set(self.words["towns"]))
        building = f"{draft.written_number} {street}".strip()
        places = [town, one.locality] if draft.swapped else [one.locality, town]
        front = {
            "first": [one.unit, building],
            "last": [building, one.unit],
            "inside": [building],
            "between": [f"{draft.written_number} {one.unit} {street}"],
        }
        parts = [
            part
            for part in (name, draft.floor, *front[draft.unit_place], *places, one.county)
            if part
        ]
        parts = [" ".join(self._abbreviated(draft, part)) for part in parts]
        text = (" " if self.hit(draft, "no_commas", len(parts) > 1) else ", ").join(parts)
        return self._finished(draft, text, one.postcode)

    def _finished(self, draft: Draft, text: str, postcode: str) -> tuple[str, str]:
        """Capitals, spaces, and the postcode in its own column or behind the address."""
        text = text if self.hit(draft, "upper", True) else _title(text)
        text = f" {text}" if self.hit(draft, "initial_space", True) else text
        if self.hit(draft, "postcode_joined", postcode != ""):
            postcode = postcode.replace(" ", "")
        if self.hit(draft, "postcode_in_address", postcode != ""):
            return f"{text} {postcode}", ""
        return text, postcode

    def _misspelt(self, draft: Draft, kind: str, text: str, never: set[str]) -> str:
        """One slip in the longest word, which doesn't make another known street or town of it."""
        words = text.split()
        at = max(range(len(words)), key=lambda i: len(words[i]), default=0)
        if not self.hit(draft, kind, bool(words) and len(words[at]) >= 4 and words[at].isalpha()):
            return text
        for _ in range(20):
            word = slip(self.rng, words[at], 0.1).upper().strip()
            found = " ".join([*words[:at], word, *words[at + 1 :]])
            if found not in never and found != text:
                return found
        draft.done.remove(kind)
        return text

    def _abbreviated(self, draft: Draft, part: str) -> list[str]:
        known = self.words["abbreviations"]
        return [
            self.one(known[word])
            if word in known and self.hit(draft, "abbreviated", True)
            else word
            for word in part.split()
        ]


def _title(text: str) -> str:
    """Capitals at the start of words only; numbers with letters stay as they are."""
    return " ".join(
        word if any(c.isdigit() for c in word) else word.capitalize() for word in text.split(" ")
    )
