"""Irregularities planted among the households and people, before any agency records them.

Rates are chosen, high enough to be found in a sample; they estimate nothing about any council. What
is planted leaves its traces in other agencies' records, as it would; the labels are kept apart.
"""

from dataclasses import dataclass

import numpy as np

from openoda.data.synthetic.city.draws import Flags, Whole
from openoda.data.synthetic.city.households import COUNCIL, EXTENDED, OUTRIGHT, SHARED
from openoda.data.synthetic.city.people import HEAD, PARTNER
from openoda.data.synthetic.city.truth import Truth

SINGLE_DISCOUNT, SUBLET, UNLICENSED_HMO, UNDECLARED_PARTNER = 0.04, 0.02, 0.3, 0.06
LICENSABLE = 5
"""Five people or more of two households or more need a licence (Housing Act 2004; the 2018 Order)."""
KINDS = (
    "single_person_discount_two_adults", "tenancy_sublet", "deceased_still_claiming",
    "benefit_undeclared_partner", "hmo_unlicensed", "business_rates_unregistered",
)  # fmt: skip


@dataclass(frozen=True)
class Planted:
    """Which households and people of a block are irregular.

    By household: `single_discount` (claimed, two adults or more live there), `sublet` (the council's
    tenant lives elsewhere), `unlicensed` (a house that needs a licence), `hidden_partner` (claims
    benefit as if alone). By person: `tenancy_elsewhere`, the property of which the person is tenant
    and has sublet, else -1.
    """

    single_discount: Flags
    sublet: Flags
    unlicensed: Flags
    hidden_partner: Flags
    tenancy_elsewhere: Whole


def plant(truth: Truth) -> Planted:
    """The irregularities of a block."""
    draws, homes = truth.draws, truth.homes
    keys = np.arange(len(homes))
    family = homes.kind <= EXTENDED
    single = family & (truth.adults >= 2) & draws.chance("plant/single", keys, SINGLE_DISCOUNT)
    shared = (homes.kind == SHARED) & (residents(truth) >= LICENSABLE)
    sublet, elsewhere = _sublets(truth)
    return Planted(
        single_discount=single,
        sublet=sublet,
        unlicensed=shared & draws.chance("plant/unlicensed", keys, UNLICENSED_HMO),
        hidden_partner=_coupled(truth) & draws.chance("plant/hidden", keys, UNDECLARED_PARTNER),
        tenancy_elsewhere=elsewhere,
    )


def residents(truth: Truth) -> Whole:
    """How many people live in each household on the day of the extracts."""
    at = truth.people.household[truth.people.here]
    return np.bincount(at, minlength=len(truth.homes))


def _coupled(truth: Truth) -> Flags:
    """Households in which a head and a partner live."""
    people = truth.people
    found = np.ones(len(truth.homes), dtype=bool)
    for role in (HEAD, PARTNER):
        at = people.household[(people.role == role) & people.here]
        found &= np.bincount(at, minlength=len(found)) > 0
    return found


def _sublets(truth: Truth) -> tuple[Flags, Whole]:
    """Sublet council homes, each with a tenant who lives in another home that is not the council's."""
    draws, homes, people = truth.draws, truth.homes, truth.people
    candidates = np.flatnonzero(
        (people.role == HEAD) & people.here & (people.age >= 25)
        & (homes.tenure[people.household] != COUNCIL)
        & (homes.tenure[people.household] != OUTRIGHT) & (people.kind <= EXTENDED)
    )  # fmt: skip
    wanted = np.flatnonzero(
        (homes.tenure == COUNCIL) & (homes.kind <= EXTENDED)
        & draws.chance("plant/sublet", len(homes), SUBLET)
    )  # fmt: skip
    sublet = np.zeros(len(homes), dtype=bool)
    elsewhere = np.full(len(people), -1)
    if len(candidates):
        tenants = candidates[draws.below("plant/tenant", wanted, len(candidates))]
        tenant, first = np.unique(tenants, return_index=True)  # nobody sublets two
        sublet[wanted[first]] = True
        elsewhere[tenant] = homes.home[wanted[first]]
    return sublet, elsewhere
