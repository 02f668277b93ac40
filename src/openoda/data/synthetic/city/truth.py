"""The truth of one block: its properties, households and people, with their texts and identifiers."""

from dataclasses import dataclass, replace
from functools import cache, cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from openoda.data.synthetic.city import identifiers
from openoda.data.synthetic.city.draws import Deck, Draws, Whole, deck
from openoda.data.synthetic.city.households import CARE_HOME, Households, make_households
from openoda.data.synthetic.city.names import read_list
from openoda.data.synthetic.city.naming import Called, Texts, name_people, written
from openoda.data.synthetic.city.people import People, make_people
from openoda.data.synthetic.city.properties import (
    Properties,
    gazetteer,
    make_properties,
    one_line,
)
from openoda.data.synthetic.city.scale import AS_AT
from openoda.data.synthetic.city.text import (
    blank,
    chosen,
    digits,
    glue,
    join,
    put,
    repeated,
    take,
)

HAS_EMAIL, HAS_MOBILE, HAS_LANDLINE, WORKS = 0.78, 0.92, 0.55, 0.75
"""Of those of an age for it (chosen)."""
FULL, SHORT, SLASHED, FLAT_LAST, NO_FLAT = range(5)
"""How a first line of an address is written: see `Truth.lines`."""
WITH_LOCALITY, WITH_TOWN, BARE = range(3)


@dataclass(frozen=True)
class Truth:
    """One block as it is. Positions (of people, households, properties) count within the block."""

    block: int
    draws: Draws
    properties: Properties
    homes: Households
    people: People
    called: Called

    @cached_property
    def texts(self) -> Texts:
        """The people's names, accents and all."""
        return written(self.called, self.people)

    @cached_property
    def plain_texts(self) -> Texts:
        """The people's names without accents."""
        return written(self.called, self.people, plain=True)

    @cached_property
    def nhs_number(self) -> pa.Array:
        """Everybody's NHS number."""
        return identifiers.nhs_numbers(self.people.index)

    @cached_property
    def nino(self) -> pa.Array:
        """National Insurance numbers of those aged 16 or over."""
        return blank(identifiers.ninos(self.people.index), self.people.age < 16)

    @cached_property
    def email(self) -> pa.Array:
        """Email addresses, where the person has one."""
        names = self.plain_texts
        made = identifiers.emails(self.draws, names.given, names.family, self.people.born)
        has = self.draws.chance("email/has", len(self.people), HAS_EMAIL)
        return blank(made, ~has | (self.people.age < 14) | (self.people.age > 90))

    @cached_property
    def mobile(self) -> pa.Array:
        """Mobile numbers, where the person has one."""
        keys = np.arange(len(self.people))
        has = self.draws.chance("mobile/has", keys, HAS_MOBILE) & (self.people.age >= 11)
        return blank(identifiers.mobiles(self.draws, keys), ~has)

    @cached_property
    def landline(self) -> pa.Array:
        """Landline numbers, one for all of a household that has one."""
        made = identifiers.landlines(self.draws, self.people.household)
        has = self.draws.chance("landline/has", self.people.household, HAS_LANDLINE)
        return blank(made, ~has)

    @cached_property
    def birth_place(self) -> pa.Array:
        """Where the person was born, in capitals; the city's own town for many."""
        return _of_list(self, "birth_places", "birth-place")

    @cached_property
    def occupation(self) -> pa.Array:
        """What the person works as, in capitals, from 18 to 66; null for others."""
        made = _of_list(self, "occupations", "occupation")
        works = self.draws.chance("occupation/has", len(self.people), WORKS)
        return blank(made, ~works | (self.people.age < 18) | (self.people.age > 66))

    @cached_property
    def adults(self) -> Whole:
        """How many adults live in each household on the day of the extracts."""
        grown = self.people.here & (self.people.age >= 18)
        return np.bincount(self.people.household[grown], minlength=len(self.homes))

    @cached_property
    def lines(self) -> pa.Array:
        """First lines of all properties in five ways, one way after the other.

        FULL "FLAT 3, 12 MILL ROAD"; SHORT "FLAT 3, 12 MILL RD"; SLASHED "3/12 MILL ROAD", or "12C";
        FLAT_LAST "12 MILL ROAD FLAT 3"; NO_FLAT "12 MILL ROAD".
        """
        places = self.properties
        full, short = one_line(places), one_line(places, short=True)
        number = digits(np.where(places.unit > 0, places.unit, 0))
        rest = join(places.paon, places.street_name)
        has_flat = places.saon.is_valid().to_numpy(zero_copy_only=False)
        slashed = put(full, has_flat, glue(number, "/", rest))
        return pa.concat_arrays([full, short, slashed, join(rest, places.saon), rest])

    @cached_property
    def tails(self) -> pa.Array:
        """Ends of addresses of all properties in three ways: locality and town, town, nothing."""
        places = self.properties
        town = glue(", ", places.town)
        both = glue(", ", places.locality, town)
        return pa.concat_arrays([both, town, repeated("", len(places))])

    @cached_property
    def mixed_lines(self) -> pa.Array:
        """`lines` with capitals at the beginnings of words alone."""
        return pc.utf8_title(self.lines)

    @cached_property
    def mixed_tails(self) -> pa.Array:
        """`tails` with capitals at the beginnings of words alone."""
        return pc.utf8_title(self.tails)


@cache
def _weighted(name: str) -> tuple[pa.Array, Deck]:
    """A list of the places' file whose words have weights (`WORD*3`), and its deck."""
    pairs = [word.split("*") for word in read_list("places")[name].split()]
    words = [word.replace("_", " ") for word, _ in pairs]
    return chosen(words), deck([int(weight) for _, weight in pairs])


def _of_list(truth: Truth, name: str, stream: str) -> pa.Array:
    words, cards = _weighted(name)
    drawn = truth.draws.pick(stream, len(truth.people), cards)
    town = truth.properties.town[0]
    return (
        put(take(words, drawn), drawn == 0, town) if name == "birth_places" else take(words, drawn)
    )


def make_truth(seed: int, block: int, people: int) -> Truth:
    """The truth of a block with so many people. Depends on these three numbers alone.

    With fewer people a block begins with the same households, people and names (`tests` prove it);
    its properties, and so addresses, differ.
    """
    draws = Draws(seed, block)
    properties = make_properties(draws, block, people)
    homes = make_households(draws, people, properties)
    folk = make_people(draws, block, homes)
    homes = _moved_when_grown(homes, folk)
    called = name_people(draws, folk, homes)
    cared = homes.home[homes.kind == CARE_HOME]
    return Truth(block, draws, _with_care_homes(draws, properties, cared), homes, folk, called)


def _moved_when_grown(homes: Households, folk: People) -> Households:
    """The households, none of which moved in before its first member was 18."""
    grown = folk.born[homes.first] + 18 * 1461 // 4
    return replace(homes, moved=np.clip(homes.moved, np.minimum(grown, AS_AT - 1), AS_AT - 1))


def _with_care_homes(draws: Draws, properties: Properties, at: Whole) -> Properties:
    """The properties, those of care homes called by the home's name."""
    names = gazetteer().care_homes
    is_home = np.zeros(len(properties), dtype=bool)
    is_home[at] = True
    name = take(names, draws.below("care-home", len(properties), len(names)))
    return replace(
        properties,
        paon=put(properties.paon, is_home, name),
        saon=blank(properties.saon, is_home),
    )
