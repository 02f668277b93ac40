"""The truth as tables: people, households, businesses, whom each record is about, what was planted."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from openoda.data.synthetic.city.agencies import BENEFITS, COUNCIL_TAX, HOUSING
from openoda.data.synthetic.city.businesses import Businesses, trades
from openoda.data.synthetic.city.draws import Whole
from openoda.data.synthetic.city.extracts import PAID_WITHIN
from openoda.data.synthetic.city.households import KIND_NAMES, TENURES
from openoda.data.synthetic.city.irregularities import KINDS, Planted
from openoda.data.synthetic.city.names import load_names
from openoda.data.synthetic.city.people import HEAD, ROLES
from openoda.data.synthetic.city.premises import HMO, RATES, Held
from openoda.data.synthetic.city.properties import BANDS, SHOP
from openoda.data.synthetic.city.records import Records
from openoda.data.synthetic.city.scale import AS_AT, BLOCK
from openoda.data.synthetic.city.text import (
    Columns,
    chosen,
    nulls,
    repeated,
    take,
    whole_dates,
)
from openoda.data.synthetic.city.truth import Truth

_PHONES = ("telephone", "contact_tel", "mobile", "phone")
SINGLE, SUBLET, DECEASED, PARTNER, UNLICENSED, UNREGISTERED = KINDS


def _ids(truth: Truth, positions: Whole) -> pa.Array:
    """Numbers of people, households or businesses across blocks, from 1; null for position -1."""
    return pa.array(truth.block * BLOCK + positions + 1, mask=positions < 0)


def _words(words: Any, numbers: Whole) -> pa.Array:
    return take(chosen(list(words)), numbers)


def people(truth: Truth) -> Columns:
    """Everybody, as they are."""
    folk, called, texts = truth.people, truth.called, truth.texts
    return {
        "person_id": _ids(truth, np.arange(len(folk))),
        "household_id": _ids(truth, folk.household),
        "role": _words(ROLES, folk.role),
        "given_name": texts.given,
        "middle_name": texts.middle,
        "family_name": texts.family,
        "birth_family_name": texts.birth_family,
        "name_origin": _words(load_names().origins, folk.origin),
        "sex": _words(("F", "M"), folk.sex),
        "date_of_birth": whole_dates(folk.born),
        "birth_place": truth.birth_place,
        "occupation": truth.occupation,
        "nhs_number": truth.nhs_number,
        "nino": truth.nino,
        "email": truth.email,
        "mobile": truth.mobile,
        "landline": truth.landline,
        "uprn": take(truth.properties.uprn, truth.homes.home[folk.household]),
        "twin_of": _ids(truth, folk.twin),
        "junior_of": _ids(truth, called.junior_of),
        "name_changed_on": whole_dates(called.married),
        "died_on": whole_dates(folk.died),
        "left_on": whole_dates(folk.left),
    }


def households(truth: Truth) -> Columns:
    """Every household, where it lives, where it lived before."""
    homes = truth.homes
    return {
        "household_id": _ids(truth, np.arange(len(homes))),
        "kind": _words(KIND_NAMES, homes.kind),
        "people": homes.size,
        "adults_now": truth.adults,
        "tenure": _words(TENURES, homes.tenure),
        "uprn": take(truth.properties.uprn, homes.home),
        "previous_uprn": take(truth.properties.uprn, homes.before),
        "moved_on": whole_dates(homes.moved),
    }


def properties(truth: Truth) -> Columns:
    """What the gazetteer doesn't say of each property."""
    places = truth.properties
    at = np.full(len(places), -1)
    at[truth.homes.home] = np.arange(len(truth.homes))
    return {
        "uprn": places.uprn,
        "household_id": _ids(truth, at),
        "council_tax_band": take(BANDS, places.band),
    }


def businesses(truth: Truth, firms: Businesses) -> Columns:
    """Every business, its owner and its hidden risk."""
    return {
        "business_id": _ids(truth, np.arange(len(firms))),
        "name": firms.name,
        "trade": _words(trades(), firms.trade),
        "uprn": take(truth.properties.uprn, firms.at),
        "owner_person_id": _ids(truth, firms.owner),
        "opened_on": whole_dates(firms.opened),
        "closed_on": whole_dates(firms.closed),
        "rateable_value": firms.value,
        "risk_percent": firms.risk,
        "pays_business_rates": pa.array(firms.registered),
    }


def records_of_people(truth: Truth, records: Records) -> Columns:
    """Whom and which address each record of a person is truly about."""
    none = np.full(len(records), -1)
    return {
        "agency": repeated(records.agency.name, len(records)),
        "record": records.number,
        "person_id": _ids(truth, records.person),
        "household_id": _ids(truth, truth.people.household[records.person]),
        "business_id": _ids(truth, none),
        "uprn": take(truth.properties.uprn, records.home),
        "recorded_on": whole_dates(records.recorded),
        "address_is_old": pa.array(records.address_is_old),
        "name_is_old": pa.array(records.name_is_old),
        "second_record": pa.array(records.copy == 1),
    }


def records_of_premises(truth: Truth, held: Held) -> Columns:
    """Which business or household, and which property, each record of premises is truly about."""
    count = len(held.number)
    never = np.zeros(count, dtype=bool)
    return {
        "agency": repeated(held.agency, count),
        "record": held.number,
        "person_id": _ids(truth, np.full(count, -1)),
        "household_id": _ids(truth, held.household),
        "business_id": _ids(truth, held.business),
        "uprn": take(truth.properties.uprn, held.home),
        "recorded_on": whole_dates(np.full(count, -1)),
        "address_is_old": pa.array(never),
        "name_is_old": pa.array(never),
        "second_record": pa.array(never),
    }


def irregularities(
    truth: Truth, planted: Planted, firms: Businesses, held: dict[str, Records]
) -> list[Columns]:
    """What was planted, with the record that shows it where an agency has one."""
    folk, homes = truth.people, truth.homes
    tax, housing, benefits = (held[each.name] for each in (COUNCIL_TAX, HOUSING, BENEFITS))
    head = folk.role == HEAD
    single = planted.single_discount[folk.household] & head
    claims = planted.hidden_partner[folk.household] & head
    unlicensed = np.flatnonzero(planted.unlicensed)
    unregistered = (
        ~firms.registered & (truth.properties.kind[firms.at] == SHOP) & (firms.closed < 0)
    )
    firm = np.flatnonzero(unregistered)
    return [
        _of_records(truth, SINGLE, tax, single),
        _of_records(truth, SUBLET, housing, planted.tenancy_elsewhere >= 0),
        _of_records(
            truth, DECEASED, benefits, (folk.died >= 0) & (folk.died < AS_AT - PAID_WITHIN)
        ),
        _of_records(truth, PARTNER, benefits, claims & folk.here),
        _label(truth, UNLICENSED, HMO, homes.home[unlicensed], household=unlicensed),
        _label(truth, UNREGISTERED, RATES, firms.at[firm], business=firm),
    ]


def _of_records(truth: Truth, kind: str, records: Records, who: Any) -> Columns:
    which = np.flatnonzero(who[records.person])
    person = records.person[which]
    return _label(
        truth, kind, records.agency.name, records.home[which], person=person,
        household=truth.people.household[person], record=records.number.take(which),
    )  # fmt: skip


def _label(
    truth: Truth, kind: str, agency: str, home: Whole, person: Whole | None = None,
    household: Whole | None = None, business: Whole | None = None, record: pa.Array | None = None,
) -> Columns:  # fmt: skip
    none = np.full(len(home), -1)
    return {
        "kind": repeated(kind, len(home)),
        "agency": repeated(agency, len(home)),
        "record": pa.nulls(len(home), pa.string()) if record is None else record,
        "person_id": _ids(truth, none if person is None else person),
        "household_id": _ids(truth, none if household is None else household),
        "business_id": _ids(truth, none if business is None else business),
        "uprn": take(truth.properties.uprn, home),
    }


def residents(truth: Truth, records: Records, delivered: Columns) -> Columns:
    """The agency's records in the columns of linkage, errors and all, with the true person last.

    Names and addresses in capitals, dates as dates: what a linker would see after standardising.
    """
    count = len(records)
    phone = next((delivered[each] for each in _PHONES if each in delivered), nulls(count))
    return {
        "source": repeated(records.agency.name, count),
        "record": records.number,
        "given_name": pc.utf8_upper(records.given),
        "middle_name": pc.utf8_upper(records.middle),
        "family_name": pc.utf8_upper(records.family),
        "date_of_birth": whole_dates(records.born),
        "sex": _words(("F", "M"), records.sex),
        "postcode": pc.utf8_upper(records.postcode),
        "address": pc.utf8_upper(records.line),
        "uprn": records.uprn,
        "email": delivered.get("email", nulls(count)),
        "phone": pc.replace_substring(phone, " ", ""),
        "nhs_number": pc.replace_substring(delivered.get("nhs_number", nulls(count)), " ", ""),
        "birth_place": delivered.get("place_of_birth", nulls(count)),
        "occupation": delivered.get("occupation", nulls(count)),
        "true_person": _ids(truth, records.person),
    }
