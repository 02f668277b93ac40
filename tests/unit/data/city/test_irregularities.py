"""What is planted is true, shows where it should, and is labelled once."""

from collections import Counter
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from openoda.data.synthetic.city.block import Tables
from openoda.data.synthetic.city.irregularities import KINDS, LICENSABLE
from tests.unit.data.city.conftest import rows


@pytest.fixture(scope="module")
def labels(tables: Tables) -> dict[str, list[dict[str, object]]]:
    """The labels by kind."""
    found: dict[str, list[dict[str, object]]] = {kind: [] for kind in KINDS}
    for row in tables["truth/irregularities"].to_pylist():
        found[row["kind"]].append(row)
    return found


def test_every_kind_is_planted(labels: dict[str, list[dict[str, object]]]) -> None:
    """Each kind occurs, none with the same record twice."""
    for kind, found in labels.items():
        assert len(found) >= 5, kind
        named = [row["record"] for row in found if row["record"] is not None]
        assert len(set(named)) == len(named)


def test_single_discount_where_two_adults_live(
    tables: Tables, labels: dict[str, list[dict[str, object]]]
) -> None:
    """The labelled claim the discount with two adults at home, and no other such household does."""
    adults = dict(rows(tables["truth/households"], "household_id", "adults_now"))
    claims = {r for r, d in rows(tables["extracts/council_tax"], "account_ref", "discount")
              if d == "SPD25"}  # fmt: skip
    about = {r: h for a, r, h in rows(tables["truth/records"], "agency", "record", "household_id")
             if a == "council_tax"}  # fmt: skip
    wrong = {about[record] for record in claims if adults[about[record]] >= 2}
    labelled = {row["household_id"] for row in labels["single_person_discount_two_adults"]}
    assert wrong == labelled
    assert all(row["record"] in claims for row in labels["single_person_discount_two_adults"])


def test_sublet_homes_house_somebody_else(
    tables: Tables, labels: dict[str, list[dict[str, object]]]
) -> None:
    """The tenant on the books lives elsewhere, and none of who lives there is on the books."""
    home = dict(rows(tables["truth/people"], "person_id", "uprn"))
    held = [(p, u) for a, p, u in rows(tables["truth/records"], "agency", "person_id", "uprn")
            if a == "housing"]  # fmt: skip
    for row in labels["tenancy_sublet"]:
        assert home[row["person_id"]] != row["uprn"]
        assert not [p for p, u in held if u == row["uprn"] and home[p] == u]


def test_the_dead_still_claim(tables: Tables, labels: dict[str, list[dict[str, object]]]) -> None:
    """Each labelled claim was paid after the death."""
    died = dict(rows(tables["truth/people"], "person_id", "died_on"))
    paid = dict(rows(tables["extracts/benefits"], "claim_ref", "last_paid"))
    for row in labels["deceased_still_claiming"]:
        day, month, year = map(int, paid[row["record"]].split("."))
        assert date(year, month, day) > died[row["person_id"]]


def test_hidden_partners_live_there(
    tables: Tables, labels: dict[str, list[dict[str, object]]]
) -> None:
    """Who claims as if alone has a partner at home."""
    says = dict(rows(tables["extracts/benefits"], "claim_ref", "partner"))
    people = rows(tables["truth/people"], "household_id", "role", "died_on", "left_on")
    coupled = {h for h, role, died, left in people if role == "partner" and not died and not left}
    for row in labels["benefit_undeclared_partner"]:
        assert says[row["record"]] == "N"
        assert row["household_id"] in coupled


def test_unlicensed_houses_need_a_licence(
    tables: Tables, labels: dict[str, list[dict[str, object]]]
) -> None:
    """Labelled houses have five residents or more and no licence, and no other such house lacks one."""
    people = rows(tables["truth/people"], "household_id", "died_on", "left_on")
    living = Counter(h for h, died, left in people if not died and not left)
    shared = {h for h, kind in rows(tables["truth/households"], "household_id", "kind")
              if kind == "shared house"}  # fmt: skip
    licensed = {h for a, h in rows(tables["truth/records"], "agency", "household_id")
                if a == "hmo_licences"}  # fmt: skip
    lacking = {h for h in shared if living[h] >= LICENSABLE} - licensed
    assert lacking == {row["household_id"] for row in labels["hmo_unlicensed"]}


def test_unregistered_businesses_pay_nothing(
    tables: Tables, labels: dict[str, list[dict[str, object]]]
) -> None:
    """Labelled businesses are open in a shop and on no account of business rates."""
    firms = pa.Table.from_batches([tables["truth/businesses"]])
    wanted = pa.array([row["business_id"] for row in labels["business_rates_unregistered"]])
    mine = firms.filter(pc.is_in(firms["business_id"], wanted))
    assert mine.num_rows == len(wanted)
    assert mine["closed_on"].null_count == mine.num_rows
    assert not pc.any(mine["pays_business_rates"]).as_py()
    paying = {b for a, b in rows(tables["truth/records"], "agency", "business_id")
              if a == "business_rates"}  # fmt: skip
    assert paying.isdisjoint(wanted.to_pylist())


def test_a_risk_shows_in_inspections(tables: Tables) -> None:
    """Businesses of higher hidden risk fail more of their inspections."""
    risk = dict(rows(tables["truth/businesses"], "business_id", "risk_percent"))
    firm = {r: b for a, r, b in rows(tables["truth/records"], "agency", "record", "business_id")
            if a == "food_premises"}  # fmt: skip
    found = rows(tables["histories/food_inspections"], "establishment", "serious_fault")
    low = [serious for record, serious in found if risk[firm[record]] < 14]
    high = [serious for record, serious in found if risk[firm[record]] >= 20]
    assert sum(high) / len(high) > sum(low) / len(low)
