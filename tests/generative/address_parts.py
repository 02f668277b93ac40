"""Premises' addresses as published, one line each, taken apart: unit, number, street, place, town.

Only what is certain is taken apart: a street is recognised behind a number or a unit. Where there is
neither ("The Crown, High Street"), everything before the town stays together in `name`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

NUMBER = re.compile(r"^\d+[A-Z]?(-\d+[A-Z]?)?$")
UNIT_ID = re.compile(r"^(\d+[A-Z]?|[A-H]|\d+[A-Z]?-\d+[A-Z]?|[A-Z]\d+)$")
POSTCODE = re.compile(r"^([A-Z]{1,2})(\d[A-Z\d]?) ?(\d)([ABD-HJLNP-UW-Z]{2})$")


@dataclass(frozen=True)
class Address:
    """One property. Every part is in capitals and may be empty; `postcode` has its space.

    `unit` is a word and its number ("UNIT 7"), `number` may be a range or have a letter. Without
    number and unit, `name` holds the street too and `street` is empty.
    """

    name: str
    unit: str
    number: str
    street: str
    locality: str
    town: str
    county: str
    postcode: str

    @property
    def unit_id(self) -> str:
        return self.unit.split(" ")[-1]

    @property
    def numbered(self) -> bool:
        return self.street != ""

    @property
    def key(self) -> tuple[str, str, str]:
        """What says which property of a street it is, and which street."""
        return (self.unit_id, self.number, self.street) if self.numbered else ("", "", self.name)

    @property
    def place_key(self) -> tuple[str, str, str]:
        """The key, 12A being flat A of 12 however it is written."""
        unit, number, street = self.key
        if number[-1:].isalpha() and number[:-1].isdigit() and not unit:
            return number[-1], number[:-1], street
        return unit, number, street

    @property
    def words(self) -> frozenset[str]:
        """Every word of the name and of the place, without the county."""
        return frozenset(f"{self.name} {self.street} {self.locality} {self.town}".split())

    @property
    def is_flat(self) -> bool:
        return self.unit != "" or self.number[-1:].isalpha()

    def line(self, comma: str = ", ") -> str:
        """The address on one line, without the postcode."""
        building = f"{self.number} {self.street}".strip()
        parts = (self.name, self.unit, building, self.locality, self.town, self.county)
        return comma.join(part for part in parts if part)


def tidy_postcode(text: str) -> str:
    """The postcode with its space, 0 and O put right; empty where it can't be one."""
    joined = "".join(text.upper().split())
    if re.match(r"^[A-Z]0\d", joined):
        joined = joined[0] + "O" + joined[2:]
    found = POSTCODE.match(joined)
    return f"{found[1]}{found[2]} {found[3]}{found[4]}" if found else ""


def tidy_words(text: str) -> list[str]:
    """Words in capitals without commas and stops; a range of numbers is one word."""
    text = re.sub(r"[^A-Z0-9&'/\- ]", " ", text.upper())
    text = re.sub(r"(?<=\d[A-Z])\s*-\s*(?=\d)|(?<=\d)\s*-\s*(?=\d)", "-", text)
    return [word for word in text.split() if word not in ("-", "/", "&", "'")]


def parsed(line: str, postcode: str, terms: dict[str, Any]) -> Address:
    """The parts of an address; `terms` are the towns, counties, kinds of streets and units."""
    words = tidy_words(line)
    county = words.pop() if words and words[-1] in terms["counties"] else ""
    town = ""
    for length in (3, 2, 1):
        if " ".join(words[-length:]) in terms["towns"] and len(words) > length:
            town = " ".join(words[-length:])
            words = words[:-length]
            break
    bare = Address("", "", "", "", "", town, county, tidy_postcode(postcode))
    split = _street(words, terms)
    if split is None:
        return replace(bare, name=" ".join(words))
    at, start, end = split
    before, unit = _unit(words[:at], terms)
    return replace(
        bare,
        name=" ".join(before),
        unit=unit,
        number=" ".join(words[at:start]),
        street=" ".join(words[start:end]),
        locality=" ".join(words[end:]),
    )


def _street(words: list[str], terms: dict[str, Any]) -> tuple[int, int, int] | None:
    """Where number, street and what follows begin; there is no number where a unit has its place."""
    if len(words) == 2 and NUMBER.match(words[0]):
        return 0, 1, 2
    for end in range(2, len(words) + 1):
        if words[end - 1] not in terms["street_kinds"]:
            continue
        while end < len(words) and words[end] in terms["sure_street_kinds"]:
            end += 1  # CLAY HILL ROAD is one street
        for at in range(end - 2, max(-1, end - 6), -1):
            if not NUMBER.match(words[at]):
                continue
            in_unit = at > 0 and words[at - 1] in terms["units"]
            return (at + 1 if in_unit else at, at + 1, end)
    return None


def _unit(words: list[str], terms: dict[str, Any]) -> tuple[list[str], str]:
    """The words before the number without the unit among them, and the unit."""
    for at in range(len(words) - 1):
        if words[at] in terms["units"] and UNIT_ID.match(words[at + 1]):
            return words[:at] + words[at + 2 :], f"{words[at]} {words[at + 1]}"
    return words, ""
