"""What each agency delivers about people: its own columns, names, codes and forms of dates.

Every function takes the truth, what is planted and the agency's records, and gives columns of text in
the order of the file. `lists/dictionary.toml` says what each column is.
"""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from openoda.data.synthetic.city import identifiers
from openoda.data.synthetic.city.draws import Flags, Whole
from openoda.data.synthetic.city.households import COUPLE, EXTENDED, FAMILY, SHARED
from openoda.data.synthetic.city.irregularities import Planted
from openoda.data.synthetic.city.people import HEAD, MAN, PARTNER
from openoda.data.synthetic.city.properties import BANDS
from openoda.data.synthetic.city.records import Records, sometimes
from openoda.data.synthetic.city.scale import AS_AT, YEAR
from openoda.data.synthetic.city.text import (
    Columns,
    blank,
    chosen,
    dates,
    digits,
    glue,
    join,
    nulls,
    put,
    take,
)
from openoda.data.synthetic.city.truth import Truth

_TITLES = chosen(["Mr", "Mrs", "Miss", "Ms", "Dr", "Master"])
_MR, _MRS, _MISS, _MS, _DR, _MASTER = range(6)
CLAIMS_WHAT_IS_DUE = 0.88
"""Share of the adults who live alone and claim the discount for it (chosen)."""
PAID_WITHIN = 14
"""Every claim was paid within so many days."""


def _draw(truth: Truth, records: Records, what: str, limit: int) -> Whole:
    return truth.draws.below(f"{records.agency.name}/{what}", records.keys, limit)


def _happens(truth: Truth, records: Records, what: str, share: Any) -> Flags:
    return truth.draws.chance(f"{records.agency.name}/{what}", records.keys, share)


def titles(truth: Truth, records: Records) -> pa.Array:
    """Mr, Mrs, Miss, Ms, Dr or Master."""
    people, person = truth.people, records.person
    age, man = people.age[person], people.sex[person] == MAN
    changed = truth.called.married[person] >= 0
    woman = np.where(changed & ~records.name_is_old, _MRS, _MISS)
    woman = np.where((age > 20) & (_draw(truth, records, "ms", 4) == 0), _MS, woman)
    found = np.where(man, np.where(age < 14, _MASTER, _MR), woman)
    return take(_TITLES, np.where((age > 28) & (_draw(truth, records, "dr", 60) == 0), _DR, found))


def _end(records: Records) -> pa.Array:
    """The end of the address on its own, null where the agency has none."""
    return pc.utf8_slice_codeunits(put(records.tail, empty(records.tail), _none(records)), 2)


def empty(texts: pa.Array) -> Flags:
    """Whether each text is empty."""
    return np.asarray(pc.equal(texts, "").to_numpy(zero_copy_only=False))


def _none(records: Records) -> pa.Array:
    return nulls(len(records))


def _coded(codes: list[str], numbers: Whole) -> pa.Array:
    return take(chosen(codes), numbers)


def _phones(truth: Truth, records: Records, missing: float) -> pa.Array:
    """One telephone number: the mobile, or for some the landline."""
    home = _happens(truth, records, "phone/home", 0.25)
    either = put(take(truth.mobile, records.person), home, take(truth.landline, records.person))
    return blank(either, _happens(truth, records, "phone/missing", missing))


def council_tax(truth: Truth, planted: Planted, records: Records) -> Columns:
    """Accounts of who is liable, in capitals, dates dd/mm/yyyy."""
    household = truth.people.household[records.person]
    alone = (truth.adults[household] == 1) & (
        truth.draws.chance("council_tax/claims", household, CLAIMS_WHAT_IS_DUE)
    )
    discount = np.where(alone | planted.single_discount[household], 1, 0)
    discount = np.where(truth.homes.kind[household] == SHARED, 2, discount)
    start = np.where(records.address_is_old, records.recorded, truth.homes.moved[household])
    gone = (truth.people.died[records.person] >= 0) & _happens(truth, records, "told", 0.4)
    errors = records.agency.errors
    return {
        "account_ref": records.number,
        "liable_no": _coded(["1", "2"], (truth.people.role[records.person] == PARTNER) * 1),
        "title": pc.utf8_upper(titles(truth, records)),
        "forename": pc.utf8_upper(records.given),
        "surname": put(
            pc.utf8_upper(records.family), gone, glue("EXECS OF ", pc.utf8_upper(records.family))
        ),
        "property_ref": records.uprn,
        "address_1": records.line,
        "address_2": _end(records),
        "postcode": records.postcode,
        "band": take(BANDS, truth.properties.band[records.home]),
        "discount": _coded(["", "SPD25", "STUDENT"], discount),
        "liable_from": dates(start, "{d}/{m}/{y}"),
        "email": sometimes(records, truth, "email", truth.email, errors.no_email, 0.01),
        "telephone": _phones(truth, records, errors.no_phone),
    }


def housing(truth: Truth, planted: Planted, records: Records) -> Columns:
    """Tenants and household members, names as "Surname, Forename", dates dd-Mon-yyyy."""
    role = truth.people.role[records.person]
    tenant = (role == HEAD) | (planted.tenancy_elsewhere[records.person] >= 0)
    relation = np.where(tenant, 0, np.where(role == PARTNER, 1, 2))
    address = join(glue(records.line, records.tail), records.postcode, between=", ")
    moved = truth.homes.moved[truth.people.household[records.person]]
    index = truth.properties.index[records.home]
    return {
        "person_ref": records.number,
        "tenancy_ref": glue("TEN/", digits(index * 97 % 100_000_000, 8)),
        "relationship": _coded(["Tenant", "Joint tenant", "Household member"], relation),
        "name": join(records.family, join(records.given, records.middle), between=", "),
        "dob": dates(records.born, "{d}-{b}-{y}"),
        "ni_number": sometimes(
            records, truth, "nino", truth.nino, records.agency.errors.no_number, 0.004
        ),
        "uprn": records.uprn,
        "address": address,
        "tenancy_start": dates(moved, "{d}-{b}-{y}"),
        "contact_tel": _phones(truth, records, 0.3),
    }


def electoral_register(truth: Truth, planted: Planted, records: Records) -> Columns:
    """Electors by name and address, no date of birth but for those about to be 18 (dd/mm/yy)."""
    age = truth.people.age[records.person]
    attains = np.where(age < 18, truth.people.born[records.person] + 18 * 1461 // 4, -1)
    initial = pc.utf8_slice_codeunits(records.middle, 0, 1)
    return {
        "elector_number": records.number,
        "surname": records.family,
        "forenames": join(records.given, initial),
        "date_of_attainment": dates(attains, "{d}/{m}/{s}"),
        "franchise": _coded(["", "G", "K"], np.maximum(_draw(truth, records, "mark", 30) - 27, 0)),
        "address_1": records.line,
        "address_2": _end(records),
        "postcode": records.postcode,
        "absent_voter": _coded(
            ["", "P", "X"], np.maximum(_draw(truth, records, "post", 10) - 7, 0)
        ),
    }


def adult_social_care(truth: Truth, planted: Planted, records: Records) -> Columns:
    """Clients, full names in one column, dates as a database prints them, gender in numbers."""
    since = np.minimum(records.recorded + 20, AS_AT)
    died = truth.people.died[records.person] >= 0
    spaced = _spaced(sometimes(
        records, truth, "nhs", truth.nhs_number, records.agency.errors.no_number, 0.004
    ))  # fmt: skip
    return {
        "client_id": records.number,
        "nhs_number": spaced,
        "full_name": join(titles(truth, records), records.given, records.middle, records.family),
        "date_of_birth": dates(records.born, "{y}-{m}-{d} 00:00:00"),
        "gender": put(digits(2 - records.sex), records.sex < 0, "9"),
        "address": glue(records.line, records.tail),
        "post_code": records.postcode,
        "uprn": records.uprn,
        "case_opened": dates(since, "{y}-{m}-{d} 00:00:00"),
        "primary_need": _coded(
            ["Physical support", "Memory and cognition", "Learning disability", "Mental health",
             "Sensory support", "Social support"], _draw(truth, records, "need", 6),
        ),
        "deceased": _coded(["", "Y"], (died & _happens(truth, records, "told", 0.5)) * 1),
    }  # fmt: skip


def _spaced(numbers: pa.Array) -> pa.Array:
    """NHS numbers as 999 123 4567."""
    parts = ((0, 3), (3, 6), (6, 10))
    return glue(*_between([pc.utf8_slice_codeunits(numbers, *part) for part in parts], " "))


def _between(parts: list[pa.Array], mark: str) -> list[Any]:
    return [each for part in parts for each in (mark, part)][1:]


def schools(truth: Truth, planted: Planted, records: Records) -> Columns:
    """Pupils of the census of schools: legal and preferred surname, dates dd/mm/yyyy."""
    person = records.person
    age = truth.people.age[person]
    prefers = _happens(truth, records, "prefers", 0.03)
    other = take(truth.texts.family, np.maximum(person - 1, 0))
    year = np.clip(age - 5, 0, 11)
    names = ["R", *(str(number) for number in range(1, 12))]
    school = truth.people.household[person] % 8 * 2 + (age > 11)
    stems = ("Abbey", "Brookfield", "Castle", "Dene", "Eastfield", "Forest", "Grange", "Hillside")
    kinds = ("Primary", "Academy")
    return {
        "upn": identifiers.pupil_numbers(truth.people.index[person], 2026 - age + 4),
        "record_ref": records.number,
        "legal_surname": records.family,
        "preferred_surname": put(records.family, prefers, other),
        "forename": records.given,
        "middle_names": records.middle,
        "date_of_birth": dates(records.born, "{d}/{m}/{y}"),
        "gender": _coded(["F", "M"], records.sex),
        "school": _coded([f"{stem} {kind}" for stem in stems for kind in kinds], school),
        "year_group": _coded(names, year),
        "address": records.line,
        "town": _end(records),
        "postcode": records.postcode,
        "free_school_meals": _coded(["N", "Y"], (_draw(truth, records, "meals", 4) == 0) * 1),
    }


def gp_patients(truth: Truth, planted: Planted, records: Records) -> Columns:
    """Registered patients, dates yyyymmdd, postcodes without a space, sex 1 or 2."""
    errors = records.agency.errors
    practice = truth.people.household[records.person] % 6 + truth.block % 90 * 10 + 100
    return {
        "patient_id": records.number,
        "nhs_number": sometimes(records, truth, "nhs", truth.nhs_number, errors.no_number, 0.0005),
        "title": pc.utf8_upper(titles(truth, records)),
        "given_name": pc.utf8_upper(records.given),
        "other_names": pc.utf8_upper(records.middle),
        "family_name": pc.utf8_upper(records.family),
        "dob": dates(records.born, "{y}{m}{d}"),
        "sex": put(digits(2 - records.sex), records.sex < 0, "0"),
        "address_line_1": records.line,
        "address_line_2": _end(records),
        "postcode": pc.replace_substring(records.postcode, " ", ""),
        "mobile": sometimes(records, truth, "mobile", truth.mobile, errors.no_phone),
        "email": sometimes(records, truth, "email", truth.email, errors.no_email, 0.01),
        "place_of_birth": blank(
            take(truth.birth_place, records.person), _happens(truth, records, "no-place", 0.35)
        ),
        "occupation": blank(
            take(truth.occupation, records.person), _happens(truth, records, "no-work", 0.55)
        ),
        "practice": glue("Y00", digits(practice)),
        "registered": dates(records.recorded, "{y}{m}{d}"),
    }


def licensing(truth: Truth, planted: Planted, records: Records) -> Columns:
    """Holders of personal and driver's licences: one name column, dates "3 Jan 1978"."""
    years = 1 + _draw(truth, records, "years", 3)
    return {
        "licence_no": records.number,
        "holder": join(titles(truth, records), records.given, records.family),
        "born": dates(records.born, "{n} {b} {y}"),
        "licence_type": _coded(
            ["Private hire driver", "Hackney carriage driver", "Personal licence (alcohol)",
             "Street trader"], _draw(truth, records, "type", 4),
        ),
        "address": join(glue(records.line, records.tail), records.postcode),
        "uprn": records.uprn,
        "issued": dates(records.recorded, "{n} {b} {y}"),
        "expires": dates(records.recorded + years * YEAR, "{n} {b} {y}"),
        "occupation": take(truth.occupation, records.person),
    }  # fmt: skip


def library(truth: Truth, planted: Planted, records: Records) -> Columns:
    """Borrowers as they enrolled themselves: SURNAME Forename, two-digit years."""
    errors = records.agency.errors
    age = truth.people.age[records.person]
    return {
        "borrower": records.number,
        "name": join(pc.utf8_upper(records.family), records.given),
        "dob": dates(records.born, "{d}/{m}/{s}"),
        "category": _coded(["ADULT", "JUNIOR", "SENIOR"], np.where(age < 16, 1, (age > 64) * 2)),
        "email": sometimes(records, truth, "email", truth.email, errors.no_email, 0.03),
        "phone": _phones(truth, records, errors.no_phone),
        "address": glue(records.line, records.tail),
        "postcode": records.postcode,
        "joined": dates(records.recorded, "{d}/{m}/{s}"),
    }


def parking_permits(truth: Truth, planted: Planted, records: Records) -> Columns:
    """Permits bought on line: name as typed, times in ISO 8601, vehicle."""
    errors = records.agency.errors
    name = join(records.given, records.family)
    return {
        "permit": records.number,
        "applicant": put(name, _happens(truth, records, "lower", 0.3), pc.utf8_lower(name)),
        "vehicle": identifiers.plates(truth.draws, records.keys),
        "email": sometimes(records, truth, "email", truth.email, errors.no_email, 0.02),
        "telephone": pc.replace_substring(_phones(truth, records, errors.no_phone), " ", ""),
        "address": glue(records.line, records.tail),
        "postcode": pc.utf8_lower(records.postcode),
        "uprn": records.uprn,
        "zone": _coded(list("ABCDEFGH"), truth.properties.street[records.home] % 8),
        "valid_from": dates(records.recorded, "{y}-{m}-{d}T00:00:00Z"),
        "valid_to": dates(records.recorded + YEAR, "{y}-{m}-{d}T23:59:59Z"),
    }


def benefits(truth: Truth, planted: Planted, records: Records) -> Columns:
    """Claims of housing benefit and council tax reduction, dates dd.mm.yyyy, money in pounds."""
    household = truth.people.household[records.person]
    couple = np.isin(truth.people.kind[records.person], (COUPLE, FAMILY, EXTENDED))
    couple &= ~planted.hidden_partner[household]
    weekly = 1200 + _draw(truth, records, "award", 18_000)
    paid = AS_AT - 1 - _draw(truth, records, "paid", PAID_WITHIN)
    return {
        "claim_ref": records.number,
        "nino": sometimes(
            records, truth, "nino", truth.nino, records.agency.errors.no_number, 0.002
        ),
        "surname": pc.utf8_upper(records.family),
        "forename": pc.utf8_upper(records.given),
        "dob": dates(records.born, "{d}.{m}.{y}"),
        "sex": put(_coded(["FEMALE", "MALE"], records.sex), records.sex < 0, ""),
        "partner": _coded(["N", "Y"], couple * 1),
        "address": glue(records.line, records.tail),
        "postcode": records.postcode,
        "uprn": records.uprn,
        "claim_type": _coded(["HB", "CTR", "HB+CTR"], _draw(truth, records, "type", 3)),
        "weekly_award": _pounds(weekly),
        "claim_from": dates(records.recorded, "{d}.{m}.{y}"),
        "last_paid": dates(paid, "{d}.{m}.{y}"),
    }


def _pounds(pence: Whole) -> pa.Array:
    return glue(digits(pence // 100), ".", digits(pence % 100, 2))


def contact_centre(truth: Truth, planted: Planted, records: Records) -> Columns:
    """Customers as they gave their details: placeholders where they didn't."""
    errors = records.agency.errors
    given = pc.fill_null(records.given, "UNKNOWN")
    full = join(given, records.family)
    email = sometimes(records, truth, "email", truth.email, errors.no_email, 0.03)
    never = _happens(truth, records, "no-email-said", 0.05)
    phone = pc.fill_null(_phones(truth, records, errors.no_phone), "00000 000000")
    return {
        "customer": records.number,
        "name": put(full, _happens(truth, records, "upper", 0.25), pc.utf8_upper(full)),
        "email": put(email, never, "noemail@example.com"),
        "telephone": phone,
        "dob": dates(records.born, "{y}-{m}-{d}"),
        "address": glue(records.line, records.tail),
        "postcode": put(records.postcode, _happens(truth, records, "lower", 0.3),
                        pc.utf8_lower(records.postcode)),
        "uprn": records.uprn,
        "created": dates(records.recorded, "{y}-{m}-{d}"),
        "channel": _coded(["web", "phone", "face to face", "email"], _draw(truth, records, "way", 4)),
    }  # fmt: skip


EXTRACTS = {
    "council_tax": council_tax, "housing": housing, "electoral_register": electoral_register,
    "adult_social_care": adult_social_care, "schools": schools, "gp_patients": gp_patients,
    "licensing": licensing, "library": library, "parking_permits": parking_permits,
    "benefits": benefits, "contact_centre": contact_centre,
}  # fmt: skip
