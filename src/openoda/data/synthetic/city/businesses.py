"""Businesses: in shops and some homes, with an owner from the city, a hidden risk, and inspections.

Food businesses are inspected as often as their rating calls for, as under the Food Standards Agency's
Food Hygiene Rating Scheme (ratings 0 to 5; three quarters rate 5). How the risk comes about is chosen:
trade, age of the business, and something that nobody sees.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from openoda.data.synthetic.city.draws import Flags, Whole, deck
from openoda.data.synthetic.city.names import listed, read_list
from openoda.data.synthetic.city.properties import SHOP
from openoda.data.synthetic.city.scale import AS_AT, BLOCK, YEAR
from openoda.data.synthetic.city.text import chosen, digits, glue, join, put, take
from openoda.data.synthetic.city.truth import Truth

OCCUPIED, AT_HOME, UNREGISTERED, CLOSED = 0.92, 0.015, 0.04, 0.08
FOOD = 8
"""The first eight trades of the list handle food."""
INSPECTORS = 6
_YEARS_OPEN = deck([18, 14, 11, 9, 8, 6, 5, 5, 4, 4, 3, 3, 2, 2, 2, 1, 1, 1, 1])


@dataclass(frozen=True)
class Businesses:
    """The businesses of a block. `at` and `owner` are positions of property and person; days or -1.

    `risk` (0 to 99) is the chance in a hundred that an inspection finds a serious fault. `registered`
    says whether it pays business rates: who doesn't, and has a shop, is irregular.
    """

    index: Whole
    at: Whole
    owner: Whole
    trade: Whole
    opened: Whole
    closed: Whole
    value: Whole
    risk: Whole
    registered: Flags
    name: pa.Array

    def __len__(self) -> int:
        return len(self.index)


@dataclass(frozen=True)
class Inspections:
    """Inspections of food businesses: which business, the day, who inspected, what was found."""

    business: Whole
    day: Whole
    inspector: Whole
    serious: Flags
    rating: Whole


def trades() -> list[str]:
    """The trades, those with food first."""
    return listed(read_list("places")["trades"])


def make_businesses(truth: Truth) -> Businesses:
    """The businesses of a block."""
    draws, places = truth.draws, truth.properties
    keys = np.arange(len(places))
    in_shop = (places.kind == SHOP) & draws.chance("business/shop", keys, OCCUPIED)
    at_home = (places.kind != SHOP) & draws.chance("business/home", keys, AT_HOME)
    at = np.flatnonzero(in_shop | at_home)
    owners = grown_up(truth, 21)
    owner = owners[draws.below("business/owner", at, len(owners))]
    trade = draws.below("business/trade", at, len(trades()))
    years = draws.pick("business/years", at, _YEARS_OPEN)
    opened = AS_AT - years * YEAR - 30 - draws.below("business/day", at, YEAR)
    closes = draws.chance("business/closes", at, CLOSED)
    day = AS_AT - 1 - draws.below("business/closed", at, 2 * YEAR)
    unseen = draws.below("business/unseen", at, 14)
    risk = np.where(trade < 4, 9, 3) + np.where(years < 2, 8, 0) + unseen
    hidden = draws.chance("business/unregistered", at, UNREGISTERED) & in_shop[at]
    return Businesses(
        index=truth.block * BLOCK + np.arange(len(at)),
        at=at,
        owner=owner,
        trade=trade,
        opened=opened,
        closed=np.where(closes & (day > opened), day, -1),
        value=1_500 + 250 * draws.below("business/value", at, 150),
        risk=risk,
        registered=in_shop[at] & ~hidden,
        name=_names(truth, at, owner, trade),
    )


def grown_up(truth: Truth, age: int) -> Whole:
    """Positions of the people of an age who live here; of the heads where there is none such."""
    found = np.flatnonzero(truth.people.here & (truth.people.age >= age))
    return found if len(found) else truth.homes.first


def _names(truth: Truth, at: Whole, owner: Whole, trade: Whole) -> pa.Array:
    """GOLDEN STAR TAKEAWAY, HUSSAIN'S TAKEAWAY, or HUSSAIN & SONS."""
    draws = truth.draws
    words = chosen(listed(read_list("places")["trade_names"]))
    kind = take(chosen(trades()), trade)
    surname = pc.utf8_upper(take(truth.plain_texts.family, owner))
    first = take(words, draws.below("business/first", at, len(words)))
    second = take(words, draws.below("business/second", at, len(words)))
    custom = draws.below("business/custom", at, 4)
    name = join(first, second, kind)
    name = put(name, custom == 1, glue(surname, "'S ", kind))
    name = put(name, custom == 2, glue(surname, " & SONS"))
    return put(name, custom == 3, glue("THE ", first, " ", kind))


def inspect(truth: Truth, businesses: Businesses) -> Inspections:
    """Up to six inspections of each food business, the riskier the oftener, latest first."""
    draws = truth.draws
    food = np.flatnonzero(businesses.trade < FOOD)
    many = 1 + draws.below("inspect/count", food, 1 + np.clip(businesses.risk[food] // 5, 1, 5))
    business = np.repeat(food, many)
    turn = np.arange(len(business)) - np.repeat(np.cumsum(many) - many, many)
    keys = business * 8 + turn
    gap = 240 + draws.below("inspect/gap", business, 300)
    last = np.where(businesses.closed >= 0, businesses.closed, AS_AT)[business]
    day = last - 1 - turn * gap - draws.below("inspect/day", keys, 90)
    inspector = draws.below("inspect/who", keys, INSPECTORS)
    strict = np.array([-4, -2, 0, 0, 3, 7])[inspector]
    serious = draws.chance("inspect/serious", keys, (businesses.risk[business] + strict) / 100)
    rating = np.where(serious, draws.below("inspect/low", keys, 3), 5)
    middling = ~serious & draws.chance("inspect/middling", keys, 0.2)
    rating = np.where(middling, 3 + draws.below("inspect/mid", keys, 2), rating)
    open_then = day > businesses.opened[business]
    found = (business, day, inspector, serious, rating)
    return Inspections(*(each[open_then] for each in found))


def business_numbers(businesses: Businesses, prefix: str, multiplier: int) -> pa.Array:
    """One agency's numbers for the businesses, in no order."""
    return glue(prefix, digits(businesses.index * multiplier % 100_000_000, 8))
