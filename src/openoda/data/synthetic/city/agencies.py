"""The agencies: whom each covers, how it keeps its records, what it gets wrong.

Electoral register: registered at their address were 71% aged 18 to 34, 94% aged 65 or over, 83% in
all, and 11% of entries were inaccurate (Electoral Commission, registers of December 2018). GP lists:
7% more patients than people (NHS Digital, Patients Registered at a GP Practice, April 2022: 3.9
million more than the 56.6 million of mid-2020). Everything else is chosen, so that the agencies
differ as such systems do: the strictest has identifiers, the loosest has what people typed.
"""

from typing import Any

import numpy as np

from openoda.data.synthetic.city.households import (
    ASSOCIATION,
    CARE_HOME,
    COUNCIL,
    PRIVATE,
    SHARED,
)
from openoda.data.synthetic.city.irregularities import Planted
from openoda.data.synthetic.city.people import CHILD, HEAD, PARTNER
from openoda.data.synthetic.city.records import Agency, Errors
from openoda.data.synthetic.city.truth import Truth

COUNCIL_TAX = Agency(
    "council_tax", "7", lag=14, hears=0.93, keeps_dead=0.25, keeps_left=0.12, doubles=0.004,
    lines=(88, 4, 1, 2, 5), tails=(55, 40, 5),
    errors=Errors(initial=0.22, no_born=1.0, nickname=0.01, no_uprn=0.01, uprn_wrong=0.002,
                  no_postcode=0.005, no_email=0.5, no_phone=0.45, no_sex=1.0),
)  # fmt: skip
HOUSING = Agency(
    "housing", "T", lag=22, hears=0.8, keeps_dead=0.15, keeps_left=0.15, doubles=0.006,
    capitals=False,
    errors=Errors(nickname=0.02, no_born=0.06, born_placeholder=0.015, no_uprn=0.08, no_number=0.25,
                  given_typo=0.015, family_typo=0.015),
)  # fmt: skip
ELECTORAL = Agency(
    "electoral_register", "E", lag=8, hears=0.62, keeps_dead=0.10, keeps_left=0.45, doubles=0.006,
    accents=True, capitals=False, lines=(70, 2, 6, 18, 4), tails=(20, 20, 60),
    errors=Errors(no_born=0.985, nickname=0.008, no_uprn=1.0, no_sex=1.0, initial=0.0),
)  # fmt: skip
SOCIAL_CARE = Agency(
    "adult_social_care", "P", lag=7, hears=0.75, keeps_dead=0.3, keeps_left=0.3, doubles=0.03,
    capitals=False,
    errors=Errors(nickname=0.06, no_born=0.01, born_misread=0.015, no_uprn=0.5, no_number=0.18,
                  no_given=0.002),
)  # fmt: skip
SCHOOLS = Agency(
    "schools", "S", lag=4, hears=0.7, keeps_dead=0.2, keeps_left=0.1, doubles=0.004, accents=True,
    capitals=False,
    errors=Errors(nickname=0.02, no_born=0.0, born_placeholder=0.0, born_swapped=0.003, no_uprn=1.0,
                  initial=0.0, variant=0.04, no_sex=0.0),
)  # fmt: skip
GP = Agency(
    "gp_patients", "G", lag=16, hears=0.82, keeps_dead=0.08, keeps_left=0.75, doubles=0.012,
    lines=(70, 16, 4, 6, 4), tails=(60, 35, 5),
    errors=Errors(nickname=0.015, no_born=0.0, born_swapped=0.004, born_misread=0.005,
                  born_placeholder=0.001, no_uprn=1.0, no_number=0.015, no_sex=0.001, no_phone=0.25,
                  no_email=0.6),
)  # fmt: skip
LICENSING = Agency(
    "licensing", "L", lag=5, hears=0.5, keeps_dead=0.5, keeps_left=0.5, doubles=0.02,
    capitals=False,
    errors=Errors(no_born=0.1, nickname=0.03, no_uprn=0.9, swap=0.25),
)  # fmt: skip
LIBRARY = Agency(
    "library", "B", lag=12, hears=0.3, keeps_dead=0.7, keeps_left=0.8, doubles=0.05,
    lines=(45, 33, 8, 8, 6), tails=(20, 50, 30),
    errors=Errors(given_typo=0.025, family_typo=0.025, nickname=0.13, initial=0.04, swap=0.3,
                  no_born=0.17, born_swapped=0.02, born_misread=0.02, born_placeholder=0.03,
                  no_postcode=0.05, postcode_typo=0.025, address_typo=0.04, no_uprn=1.0,
                  no_email=0.25, no_phone=0.2, no_sex=1.0),
)  # fmt: skip
PARKING = Agency(
    "parking_permits", "K", lag=3, hears=0.6, keeps_dead=0.5, keeps_left=0.5, doubles=0.04,
    lines=(50, 30, 8, 8, 4), tails=(15, 55, 30),
    errors=Errors(given_typo=0.02, family_typo=0.02, nickname=0.07, initial=0.12, no_born=1.0,
                  no_uprn=0.6, no_email=0.05, no_phone=0.1, no_sex=1.0),
)  # fmt: skip
BENEFITS = Agency(
    "benefits", "H", lag=9, hears=0.9, keeps_dead=0.10, keeps_left=0.06, doubles=0.006,
    errors=Errors(nickname=0.01, no_born=0.004, born_placeholder=0.0, no_uprn=0.12, no_number=0.02,
                  no_sex=0.3),
)  # fmt: skip
CONTACT_CENTRE = Agency(
    "contact_centre", "C", lag=10, hears=0.25, keeps_dead=0.9, keeps_left=0.9, doubles=0.12,
    capitals=False, lines=(38, 34, 10, 10, 8), tails=(10, 40, 50),
    errors=Errors(given_typo=0.03, family_typo=0.03, nickname=0.16, initial=0.07, swap=0.3,
                  no_given=0.02, no_born=0.8, born_swapped=0.02, no_postcode=0.12,
                  postcode_typo=0.03, address_typo=0.05, no_uprn=0.55, no_email=0.3, no_phone=0.15,
                  no_sex=1.0),
)  # fmt: skip
AGENCIES = (
    COUNCIL_TAX, HOUSING, ELECTORAL, SOCIAL_CARE, SCHOOLS, GP, LICENSING, LIBRARY, PARKING,
    BENEFITS, CONTACT_CENTRE,
)  # fmt: skip


def share(agency: Agency, truth: Truth, planted: Planted) -> Any:
    """The chance of each person to be on the agency's books (the dead and gone: before they were)."""
    return _SHARES[agency.name](truth, planted)


def _by_age(age: Any, *steps: tuple[int, float]) -> Any:
    """The last step's share whose age has been reached."""
    found = np.zeros(len(age))
    for start, value in steps:
        found[age >= start] = value
    return found


def _council_tax(truth: Truth, planted: Planted) -> Any:
    people = truth.people
    partner = np.where(planted.single_discount[people.household], 0.0, 0.88)
    liable = np.where(people.role == HEAD, 0.99, np.where(people.role == PARTNER, partner, 0.0))
    shared = np.where(people.place == 0, 0.4, 0.0)  # a licensed house's owner pays, not its tenants
    return np.where(people.kind == CARE_HOME, 0.0, np.where(people.kind == SHARED, shared, liable))


def _housing(truth: Truth, planted: Planted) -> Any:
    people = truth.people
    council = truth.homes.tenure[people.household] == COUNCIL
    named = np.where(people.role == HEAD, 1.0, np.where(people.role == PARTNER, 0.9, 0.85))
    told = council & ~(planted.sublet[people.household])
    return np.where(told | (planted.tenancy_elsewhere >= 0), named, 0.0)


def _electoral(truth: Truth, planted: Planted) -> Any:
    return _by_age(truth.people.age, (17, 0.5), (18, 0.74), (35, 0.88), (65, 0.95))


def _social_care(truth: Truth, planted: Planted) -> Any:
    shares = _by_age(truth.people.age, (18, 0.012), (65, 0.04), (75, 0.12), (85, 0.33))
    return np.where(truth.people.kind == CARE_HOME, 1.0, shares)


def _schools(truth: Truth, planted: Planted) -> Any:
    return _by_age(truth.people.age, (4, 0.93), (17, 0.0))


def _gp(truth: Truth, planted: Planted) -> Any:
    return np.full(len(truth.people), 0.985)


def _licensing(truth: Truth, planted: Planted) -> Any:
    return _by_age(truth.people.age, (20, 0.012), (70, 0.0))


def _library(truth: Truth, planted: Planted) -> Any:
    return _by_age(truth.people.age, (3, 0.4), (16, 0.2), (40, 0.24), (65, 0.34), (85, 0.15))


def _parking(truth: Truth, planted: Planted) -> Any:
    drives = (truth.people.age >= 18) & (truth.people.role != CHILD)
    return np.where(drives & (truth.people.kind != CARE_HOME), 0.11, 0.01 * drives)


def _benefits(truth: Truth, planted: Planted) -> Any:
    people = truth.people
    claims = np.array([0.05, 0.02, 0.0, 0.0, 0.0])
    claims[[COUNCIL, ASSOCIATION, PRIVATE]] = (0.6, 0.55, 0.2)
    head = (people.role == HEAD) & (people.kind != CARE_HOME)
    return np.where(head, claims[truth.homes.tenure[people.household]], 0.0)


def _contact_centre(truth: Truth, planted: Planted) -> Any:
    return _by_age(truth.people.age, (18, 0.16), (30, 0.22), (80, 0.15))


_SHARES = {
    "council_tax": _council_tax, "housing": _housing, "electoral_register": _electoral,
    "adult_social_care": _social_care, "schools": _schools, "gp_patients": _gp,
    "licensing": _licensing, "library": _library, "parking_permits": _parking, "benefits": _benefits,
    "contact_centre": _contact_centre,
}  # fmt: skip
