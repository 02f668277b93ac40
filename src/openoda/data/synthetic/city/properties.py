"""Properties: streets of houses, blocks of flats, houses made into flats, shops with flats above.

A block is one postcode district with four localities of one town. Addresses have the parts of BS 7666
(SAON, PAON, street, locality, town, postcode). Everything is made up: UPRNs begin with 999 (no block
known to be issued), postcode areas don't exist, coordinates lie in the sea east of the National Grid's
land. Shares of kinds are chosen; Census 2021 (ONS TS044) has 22% of households in flats.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from openoda.data.synthetic.city.draws import Draws, Whole, deck
from openoda.data.synthetic.city.names import listed, read_list
from openoda.data.synthetic.city.scale import BLOCK
from openoda.data.synthetic.city.text import blank, chosen, digits, glue, join, put, take

PER_PERSON = 0.45
"""Properties a person: 2.4 people a household, and a few properties empty or commercial."""
HOUSES, FLATS, CONVERTED, PARADE = range(4)
_STYLE = deck([64, 17, 13, 6])
_STREET_SIZE = deck([1] * 60)
HOUSE, FLAT, SHOP = range(3)
KINDS = chosen(["house", "flat", "commercial"])
_UNIT_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"  # the inward code never has C I K M O V
_A_POSTCODE = 16
BANDS = chosen(list("ABCDEFGH"))
_BAND = deck([24, 20, 22, 15, 10, 5, 3, 1])
"""Council tax bands of England: VOA, Council Tax: stock of properties 2023, rounded."""


@dataclass(frozen=True)
class Properties:
    """The properties of a block, in the order of their streets. Texts are in capitals.

    `street` numbers the street within the block; `unit` and `number` are what SAON and PAON were made
    from (0 where there is none).
    """

    index: Whole
    street: Whole
    kind: Whole
    unit: Whole
    number: Whole
    band: Whole
    easting: Whole
    northing: Whole
    uprn: pa.Array
    saon: pa.Array
    paon: pa.Array
    street_name: pa.Array
    short_street: pa.Array
    locality: pa.Array
    town: pa.Array
    postcode: pa.Array

    def __len__(self) -> int:
        return len(self.index)

    @property
    def dwellings(self) -> Whole:
        """Positions of the properties that people can live in."""
        return np.flatnonzero(self.kind != SHOP)


@dataclass(frozen=True)
class Gazetteer:
    """The list file of places, ready to take from."""

    towns: list[str]
    localities: list[str]
    areas: list[str]
    streets: pa.Array
    types: pa.Array
    short_types: pa.Array
    buildings: pa.Array
    cottages: pa.Array
    care_homes: pa.Array


@cache
def gazetteer() -> Gazetteer:
    """The made-up names of places; read once."""
    places = read_list("places")
    shorts = dict(rule.split(">") for rule in listed(places["short_types"]))
    types = listed(places["street_types"])
    ends = listed(places["building_types"])
    homes = " ".join(places["care_homes"].split()).split(",")
    return Gazetteer(
        listed(places["towns"]),
        listed(places["localities"]),
        listed(places["postcode_areas"]),
        chosen(listed(places["streets"])),
        chosen(types),
        chosen([shorts.get(word, word) for word in types]),
        chosen([f"{name} {end}" for name in listed(places["buildings"]) for end in ends]),
        chosen(listed(places["cottages"])),
        chosen([home.strip().replace("_", " ") for home in homes]),
    )


def make_properties(draws: Draws, block: int, people: int) -> Properties:
    """The properties that a block with so many people has."""
    count = int(people * PER_PERSON) + 60
    street, within = _streets(draws, count)
    style = draws.pick("street/style", int(street[-1]) + 1, _STYLE)[street]
    index = np.arange(count)
    number, unit = _numbers(style, within)
    shop = (style == PARADE) & (within % 2 == 0)
    kind = np.where(shop, SHOP, np.where(style == HOUSES, HOUSE, FLAT))
    names, shorts = _street_names(draws, int(street[-1]) + 1)
    places = gazetteer()
    four = draws.below("locality", 4, len(places.localities))
    locality = chosen([places.localities[at] for at in four.tolist()])
    town = chosen([places.towns[block % len(places.towns)]])
    by_street = np.arange(int(street[-1]) + 1)
    return Properties(
        index=block * BLOCK + index,
        street=street,
        kind=kind,
        unit=unit,
        number=number,
        band=draws.pick("band", count, _BAND),
        easting=_spread(draws, "easting", block % 20, street, within),
        northing=_spread(draws, "northing", block // 20, street, within),
        uprn=uprns(block * BLOCK + index),
        saon=_saon(draws, style, street, unit, shop),
        paon=_paon(draws, style, street, within, number),
        street_name=take(names, street),
        short_street=take(shorts, street),
        locality=take(locality, (by_street * 4 // len(by_street))[street]),
        town=take(town, np.zeros(count, dtype=np.int64)),
        postcode=_postcodes(block, street, within),
    )


def uprns(index: Whole) -> pa.Array:
    """Made-up UPRNs of 12 digits that begin with 999, one for each number below 10^9, in no order."""
    return digits(999_000_000_000 + (index * 387_420_489 + 61_803_398) % 1_000_000_000)


def _streets(draws: Draws, count: int) -> tuple[Whole, Whole]:
    """The street of each property and its place in it; streets have 8 to 67 properties."""
    sizes = 8 + draws.pick("street/size", count // 8 + 1, _STREET_SIZE)
    street = np.repeat(np.arange(len(sizes)), sizes)[:count]
    starts = np.concatenate([[0], np.cumsum(sizes)])[street]
    return street, np.arange(count) - starts


def _numbers(style: Whole, within: Whole) -> tuple[Whole, Whole]:
    """The house number, and the number of the unit within the house (0 for none)."""
    per_house = np.choose(style, [1, 24, 3, 2])
    number = within // per_house + 1
    return number, np.where(style == HOUSES, 0, within % per_house + 1)


def _street_names(draws: Draws, count: int) -> tuple[pa.Array, pa.Array]:
    """Names of streets, in full and with the type shortened. Any name recurs in other blocks."""
    places = gazetteer()
    common = deck([2000 // (rank + 20) for rank in range(len(places.streets))])
    stem = take(places.streets, draws.pick("street/name", count, common))
    kind = draws.below("street/type", count, len(places.types))
    return join(stem, take(places.types, kind)), join(stem, take(places.short_types, kind))


def _saon(draws: Draws, style: Whole, street: Whole, unit: Whole, shop: Any) -> pa.Array:
    """Flat 3, Apartment 3, Flat C, First Floor Flat: one custom a street."""
    custom = draws.below("street/custom", int(street[-1]) + 1, 4)[street]
    number = digits(unit)
    letters = take(chosen(list("ABCDEFGHIJKLMNOPQRSTUVWXYZ")), np.maximum(unit - 1, 0))
    floors = chosen(["GROUND FLOOR FLAT", "FIRST FLOOR FLAT", "TOP FLOOR FLAT"])
    floor = take(floors, np.clip(unit - 1, 0, 2))
    saon = put(glue("FLAT ", number), (style == FLATS) & (custom == 3), glue("APARTMENT ", number))
    saon = put(saon, (style == CONVERTED) & (custom == 1), glue("FLAT ", letters))
    saon = put(saon, (style == CONVERTED) & (custom >= 2), floor)
    saon = put(saon, style == PARADE, "FIRST FLOOR FLAT")
    return blank(saon, (style == HOUSES) | shop)


def _paon(draws: Draws, style: Whole, street: Whole, within: Whole, number: Whole) -> pa.Array:
    """A number, a number with a letter (2%), a name (3%); for blocks of flats the building's name."""
    places = gazetteer()
    keys = np.arange(len(number))
    plain = digits(number)
    paon = put(plain, draws.chance("paon/letter", keys, 0.02), glue(plain, "A"))
    cottage = take(
        places.cottages, _in_turn(draws, "paon/cottage", street, within, places.cottages)
    )
    paon = put(paon, (style == HOUSES) & draws.chance("paon/named", keys, 0.03), cottage)
    building = _in_turn(draws, "paon/building", street, within // 24 * 11, places.buildings)
    return put(paon, style == FLATS, take(places.buildings, building))


def _in_turn(draws: Draws, stream: str, street: Whole, step: Whole, names: pa.Array) -> Whole:
    """Numbers of names, beginning anywhere and going on from there, so that none recurs soon."""
    first = draws.below(stream, int(street[-1]) + 1, len(names))[street]
    return (first + step) % len(names)


def _postcodes(block: int, street: Whole, within: Whole) -> pa.Array:
    """Postcodes of up to 16 properties of one street; sectors follow one another through a block."""
    opens = (within % _A_POSTCODE == 0).astype(np.int64)
    at = np.cumsum(opens) - 1
    area = gazetteer().areas[block // 99]
    mixed = at % 400 * 181 % 400  # 181 shares no factor with 400: every unit once
    letters = chosen(list(_UNIT_LETTERS))
    sector = digits(at // 400)
    unit = glue(take(letters, mixed // 20), take(letters, mixed % 20))
    return glue(f"{area}{1 + block % 99} ", sector, unit)


def _spread(draws: Draws, axis: str, cell: int, street: Whole, within: Whole) -> Whole:
    """Metres along one axis: the block's square of 4 km, the street's corner, 9 m a property."""
    corner = draws.below(f"street/{axis}", int(street[-1]) + 1, 3_400)[street]
    along = draws.chance("street/heading", int(street[-1]) + 1, 0.5)[street] == (axis == "easting")
    return 700_000 + cell * 4_000 + corner + np.where(along, within * 9, within % 2 * 18)


def one_line(places: Properties, short: bool = False) -> pa.Array:
    """Addresses on one line as a gazetteer writes them, with or without shortened street types."""
    street = places.short_street if short else places.street_name
    numbered = pc.match_substring_regex(places.paon, r"^\d+[A-Z]?$")
    spaced = join(places.paon, street)
    named = join(places.paon, street, between=", ")
    return join(places.saon, pc.if_else(numbered, spaced, named), between=", ")
