"""Given names and surnames by origin, skewed as names are: a few common ones and a long tail.

Weights fall with rank as 1 / (rank + q), the Zipf–Mandelbrot form that fits names (Fox and Lasker,
International Statistical Review 51, 1983, for surnames); q and the shares of the origins are chosen,
after the order of ethnic groups in the Census 2021 of England and Wales (ONS TS021).
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from openoda.data.synthetic.city.draws import Deck, Whole, deck

Q_GIVEN, Q_SURNAME = 8, 12
"""The larger q, the flatter the head: the commonest English surname gets about 1.6%."""
_UNIT = 1_000_000
NEVER = 9999


def listed(text: str) -> list[str]:
    """The words of a list file; an underscore stands for a space."""
    return [word.replace("_", " ") for word in text.split()]


def read_list(name: str) -> dict[str, Any]:
    """A list file of the generator, by its name without suffix."""
    folder = files("openoda.data.synthetic.city") / "lists"
    return tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8"))


class Pool:
    """Distinct texts, each with a number."""

    def __init__(self) -> None:
        self._number: dict[str, int] = {}

    def add(self, text: str) -> int:
        """The number of a text, new or known."""
        return self._number.setdefault(text, len(self._number))

    def find(self, text: str) -> int:
        """The number of a known text, else -1."""
        return self._number.get(text, -1)

    def array(self) -> pa.Array:
        """The texts in the order of their numbers."""
        return pa.array(list(self._number), pa.string())


@dataclass(frozen=True)
class Names:
    """All names as numbers into `given` and `surnames` (with `…_plain` the same without accents).

    Origins are numbered as `origins` lists them. `given_cards` has a deck a row: rows
    `first_row[origin] + 2 * era + sex`, where `born_to[origin]` ends each era (years; three a row).
    `surname_cards` has a deck for each origin, then one of its surnames that only women bear.
    `nicknames` and `variants` hold, for each given name, another's number or -1; `feminine` the same
    for surnames. `customs` has a column for each of `CUSTOMS`, a row for each origin.
    """

    given: pa.Array
    given_plain: pa.Array
    surnames: pa.Array
    surnames_plain: pa.Array
    origins: tuple[str, ...]
    origin_deck: Deck
    first_row: Whole
    born_to: Whole
    given_cards: Deck
    surname_cards: Deck
    nicknames: Whole
    variants: Whole
    feminine: Whole
    customs: Whole

    def custom(self, name: str, origins: Whole) -> Whole:
        """A custom's value for each of these origins."""
        return np.asarray(self.customs[origins, CUSTOMS.index(name)])


CUSTOMS = (
    "swap", "middle", "female_surname_percent", "double_percent", "like_english",
    "particle_middle_female", "particle_middle_male",
)  # fmt: skip
"""What differs between origins: percentages, and numbers of middle names that all bear (-1: none)."""
_LIKE_ENGLISH = 55
"""Of a hundred people of an origin `like` the English, how many bear a name of the English list."""


@cache
def load_names() -> Names:
    """The names of the list files, numbered; read once."""
    tables = {**read_list("names_british"), **read_list("names_wider")}
    given, surnames = Pool(), Pool()
    rows = [[_era(era, given) for era in table["given"]] for table in tables.values()]
    families = [_surnames(table, surnames) for table in tables.values()]
    feminine = _feminine(tables, surnames)
    customs = np.array([_customs(table, given) for table in tables.values()], dtype=np.int64)
    short = read_list("nicknames")
    nicknames, variants = (
        _pairs(short[kind]["pairs"], given) for kind in ("nicknames", "variants")
    )
    eras = [[era["born_to"] for era in table["given"]] for table in tables.values()]
    return Names(
        given=given.array(),
        given_plain=plain(given.array()),
        surnames=surnames.array(),
        surnames_plain=plain(surnames.array()),
        origins=tuple(tables),
        origin_deck=deck([table["weight"] for table in tables.values()]),
        first_row=np.cumsum([0, *(2 * len(each) for each in rows)])[:-1],
        born_to=np.array([(each + [NEVER] * 3)[:3] for each in eras]),
        given_cards=np.stack([cards for each in rows for pair in each for cards in pair]),
        surname_cards=np.stack([cards for pair in families for cards in pair]),
        nicknames=_mapping(nicknames, len(given.array())),
        variants=_mapping(variants, len(given.array())),
        feminine=_mapping(feminine, len(surnames.array())),
        customs=customs,
    )


def plain(texts: pa.Array) -> pa.Array:
    """The texts without accents, as a system of the last century holds them."""
    bare = pc.replace_substring_regex(pc.utf8_normalize(texts, "NFKD"), r"\p{M}", "")
    for letter, instead in (("ł", "l"), ("Ł", "L"), ("ı", "i")):
        bare = pc.replace_substring(bare, letter, instead)
    return bare


def zipf(count: int, q: int) -> list[int]:
    """Whole weights that fall with rank as 1 / (rank + q)."""
    return [_UNIT // (rank + q) for rank in range(1, count + 1)]


def _customs(table: dict[str, Any], given: Pool) -> list[int]:
    found = {**table, "like_english": _LIKE_ENGLISH if "like" in table else 0}
    for key in CUSTOMS[-2:]:
        found[key] = given.add(table[key]) if key in table else -1
    return [found.get(key, 0) for key in CUSTOMS]


def _era(era: dict[str, Any], given: Pool) -> tuple[Deck, Deck]:
    """The decks of women's and men's given names of one time."""
    women, men = (
        np.array([given.add(word) for word in dict.fromkeys(listed(era[sex]))], dtype=np.int32)
        for sex in ("female", "male")
    )
    return women[deck(zipf(len(women), Q_GIVEN))], men[deck(zipf(len(men), Q_GIVEN))]


def _surnames(table: dict[str, Any], surnames: Pool) -> tuple[Deck, Deck]:
    """The deck of an origin's surnames, the head by rank and perhaps a tail; then women's own."""
    head = list(dict.fromkeys(listed(table["surnames"]["head"])))
    weights = zipf(len(head), Q_SURNAME)
    tail = _tail(table["surnames"], set(head))
    if tail:
        percent = table["surnames"]["tail_percent"]
        share = sum(weights) * percent // (100 - percent)
        weights = weights + [max(1, share // len(tail))] * len(tail)
    family = np.array([surnames.add(word) for word in head + tail], dtype=np.int32)
    women = [surnames.add(word) for word in listed(table.get("female_surnames", ""))]
    cards = family[deck(weights)]
    own = np.array(women, dtype=np.int32)[deck(zipf(len(women), 2))] if women else cards
    return cards, own


def _tail(table: dict[str, Any], known: set[str]) -> list[str]:
    """Rare surnames, made of the parts of place names."""
    firsts, lasts = listed(table.get("tail_first", "")), listed(table.get("tail_last", ""))
    made = dict.fromkeys(_joined(first, last) for first in firsts for last in lasts)
    return [word for word in made if word not in known]


def _joined(first: str, last: str) -> str:
    """Two parts of a surname as one word, without a letter three times or a doubled joint."""
    return first + (last[1:] if first[-1] == last[0] and first[-2:-1] == last[0] else last)


def _feminine(tables: dict[str, Any], surnames: Pool) -> dict[int, list[int]]:
    """From a surname's number to that of the form for women."""
    endings = [rule.split(">") for table in tables.values() for rule in table.get("feminine", ())]
    changed: dict[int, list[int]] = {}
    for text in surnames.array().to_pylist():
        for old, new in endings:
            if text.endswith(old):
                changed[surnames.find(text)] = [surnames.add(text.removesuffix(old) + new)]
    return changed


def _pairs(text: str, given: Pool) -> dict[int, list[int]]:
    """From a name's number to those of what is written in its place; unknown names are passed over."""
    found: dict[int, list[int]] = {}
    for pair in " ".join(text.split()).split(","):
        full, short = pair.split()
        if given.find(full) >= 0:
            found.setdefault(given.find(full), []).append(given.add(short))
    return found


def _mapping(pairs: dict[int, list[int]], count: int) -> Whole:
    """The first choice for each number, or -1."""
    found = np.full(count, -1, dtype=np.int64)
    for key, values in pairs.items():
        found[key] = values[0]
    return found
