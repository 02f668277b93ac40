"""What agencies deliver about premises: business rates, food register, inspections, licensed houses,
and the gazetteer of addresses. Each also says which true business or household a record is about.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from openoda.data.synthetic.city.businesses import (
    FOOD,
    Businesses,
    Inspections,
    business_numbers,
    grown_up,
    trades,
)
from openoda.data.synthetic.city.damage import mistype
from openoda.data.synthetic.city.draws import Whole
from openoda.data.synthetic.city.households import SHARED
from openoda.data.synthetic.city.irregularities import LICENSABLE, Planted, residents
from openoda.data.synthetic.city.properties import KINDS
from openoda.data.synthetic.city.scale import AS_AT, BLOCK, YEAR
from openoda.data.synthetic.city.text import (
    Columns,
    blank,
    chosen,
    dates,
    digits,
    glue,
    join,
    put,
    take,
    whole_dates,
)
from openoda.data.synthetic.city.truth import Truth

RATES, FOOD_REGISTER, HMO = "business_rates", "food_premises", "hmo_licences"


@dataclass(frozen=True)
class Held:
    """One agency's records of premises: columns, record numbers, and the true positions (or -1)."""

    agency: str
    columns: Columns
    number: pa.Array
    business: Whole
    household: Whole
    home: Whole


def _address(truth: Truth, at: Whole, stream: str) -> pa.Array:
    """Addresses of properties as one agency types them, one in thirty with a slip."""
    line = take(truth.lines, at)
    return mistype(truth.draws, stream, line, truth.draws.chance(f"{stream}/slip", at, 0.03), at)


def business_rates(truth: Truth, businesses: Businesses) -> Held:
    """The billing list of business rates: who is registered, the closed ones still there for a while."""
    draws = truth.draws
    keeps = (businesses.closed < 0) | draws.chance("rates/keeps", businesses.at, 0.4)
    which = np.flatnonzero(businesses.registered & keeps)
    at, number = businesses.at[which], business_numbers(businesses, "NNDR", 15_485_863).take(which)
    named = draws.chance("rates/owner", at, 0.35)
    owner = businesses.owner[which]
    texts = truth.plain_texts
    person = pc.utf8_upper(join(take(texts.given, owner), take(texts.family, owner)))
    company = draws.chance("rates/company", at, 0.5)
    trading = take(businesses.name, which)
    payer = put(put(trading, company, glue(trading, " LTD")), named, glue(person, " T/A ", trading))
    columns = {
        "account": number,
        "ratepayer": payer,
        "property_ref": take(truth.properties.uprn, at),
        "address": _address(truth, at, "rates/address"),
        "postcode": take(truth.properties.postcode, at),
        "description": pc.utf8_upper(take(chosen(trades()), businesses.trade[which])),
        "rateable_value": digits(businesses.value[which]),
        "small_business_relief": take(chosen(["N", "Y"]), (businesses.value[which] <= 12_000) * 1),
        "liable_from": dates(businesses.opened[which], "{d}-{B}-{y}"),
    }
    return Held(RATES, columns, number, which, np.full(len(which), -1), at)


def food_premises(truth: Truth, businesses: Businesses) -> Held:
    """The food authority's register, names as the sign says them, UPRN mostly absent."""
    draws = truth.draws
    which = np.flatnonzero(businesses.trade < FOOD)
    at = businesses.at[which]
    number = business_numbers(businesses, "F", 32_452_843).take(which)
    name = take(businesses.name, which)
    slip = draws.chance("food/slip", at, 0.05)
    name = mistype(draws, "food/name", pc.utf8_title(name), slip, at)
    kind = pc.utf8_title(take(chosen(trades()), businesses.trade[which]))
    columns = {
        "establishment": number,
        "trading_name": name,
        "business_type": kind,
        "address": pc.utf8_title(_address(truth, at, "food/address")),
        "postcode": blank(
            take(truth.properties.postcode, at), draws.chance("food/no-postcode", at, 0.04)
        ),
        "uprn": blank(take(truth.properties.uprn, at), draws.chance("food/no-uprn", at, 0.7)),
        "registered_on": dates(businesses.opened[which], "{y}-{m}-{d}"),
        "closed_on": dates(
            np.where(draws.chance("food/told", at, 0.7), businesses.closed[which], -1),
            "{y}-{m}-{d}",
        ),
    }
    return Held(FOOD_REGISTER, columns, number, which, np.full(len(which), -1), at)


def inspections(businesses: Businesses, found: Inspections) -> Columns:
    """Inspections of food businesses by date, as the food authority's system has them."""
    number = business_numbers(businesses, "F", 32_452_843).take(found.business)
    return {
        "inspection_id": glue("I", digits(businesses.index[found.business] * 8 % 10**8, 8), "-",
                              digits(found.day)),
        "establishment": number,
        "inspected_on": whole_dates(found.day),
        "inspector": glue("EHO", digits(found.inspector + 1)),
        "serious_fault": pa.array(found.serious),
        "rating": found.rating,
    }  # fmt: skip


def hmo_licences(truth: Truth, planted: Planted) -> Held:
    """Licences of shared houses: of all that need one but the irregular, and of some that don't."""
    draws, homes = truth.draws, truth.homes
    people = residents(truth)
    shared = homes.kind == SHARED
    licensed = np.where(people >= LICENSABLE, ~planted.unlicensed, draws.chance(
        "hmo/voluntary", len(homes), 0.1))  # fmt: skip
    which = np.flatnonzero(shared & licensed)
    at = homes.home[which]
    number = glue("HMO/", digits((truth.block * BLOCK + which) * 7_368_787 % 10**8, 8))
    issued = AS_AT - 1 - draws.below("hmo/issued", at, 5 * YEAR)
    owners = grown_up(truth, 30)
    owner = owners[draws.below("hmo/owner", at, len(owners))]
    texts = truth.plain_texts
    columns = {
        "licence": number,
        "address": join(_address(truth, at, "hmo/address"), take(truth.properties.town, at),
                        take(truth.properties.postcode, at), between=", "),
        "licence_holder": join(take(texts.given, owner), take(texts.family, owner)),
        "most_occupants": digits(people[which] + draws.below("hmo/room", at, 3)),
        "issued": dates(issued, "{d}/{m}/{y}"),
        "expires": dates(issued + 5 * YEAR, "{d}/{m}/{y}"),
    }  # fmt: skip
    return Held(HMO, columns, number, np.full(len(which), -1), which, at)


def gazetteer(truth: Truth) -> Columns:
    """The council's list of addresses (LLPG): every property in the parts of BS 7666."""
    places = truth.properties
    return {
        "uprn": places.uprn,
        "saon": places.saon,
        "paon": places.paon,
        "street": places.street_name,
        "locality": places.locality,
        "town": places.town,
        "postcode": places.postcode,
        "kind": take(KINDS, places.kind),
        "easting": places.easting,
        "northing": places.northing,
    }
