"""The extracts: every record is about exactly one truth, errors as declared, labels kept apart."""

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from openoda.data.synthetic.city.agencies import (
    AGENCIES,
    CONTACT_CENTRE,
    ELECTORAL,
    GP,
    LIBRARY,
    share,
)
from openoda.data.synthetic.city.block import Tables
from openoda.data.synthetic.city.dictionary import dictionary
from openoda.data.synthetic.city.irregularities import KINDS, plant
from openoda.data.synthetic.city.records import collect
from openoda.data.synthetic.city.truth import Truth
from tests.unit.data.city.conftest import rows

PREMISES = ("business_rates", "food_premises", "hmo_licences")
NAMED = [agency.name for agency in AGENCIES]
FORMS = {
    ("council_tax", "liable_from"): r"\d\d/\d\d/\d{4}",
    ("housing", "dob"): r"\d\d-[A-Z][a-z]{2}-\d{4}",
    ("adult_social_care", "date_of_birth"): r"\d{4}-\d\d-\d\d 00:00:00",
    ("schools", "date_of_birth"): r"\d\d/\d\d/\d{4}",
    ("gp_patients", "dob"): r"\d{8}",
    ("licensing", "born"): r"\d{1,2} [A-Z][a-z]{2} \d{4}",
    ("library", "dob"): r"\d\d/\d\d/\d\d",
    ("parking_permits", "valid_from"): r"\d{4}-\d\d-\d\dT00:00:00Z",
    ("benefits", "dob"): r"\d\d\.\d\d\.\d{4}",
    ("contact_centre", "dob"): r"\d{4}-\d\d-\d\d",
}


def table(batch: pa.RecordBatch) -> pa.Table:
    """The batch as a table."""
    return pa.Table.from_batches([batch])


@pytest.mark.parametrize("agency", [*NAMED, *PREMISES])
def test_every_record_has_exactly_one_truth(agency: str, tables: Tables) -> None:
    """Record numbers are unique in an extract, and the truth has each of them once and no other."""
    entry = dictionary()[f"extracts/{agency}"]
    numbers = tables[f"extracts/{agency}"][entry.key].to_pylist()
    about = table(tables["truth/records"]).filter(pc.field("agency") == agency)
    assert len(numbers) > 30
    assert len(set(numbers)) == len(numbers)
    assert sorted(about["record"].to_pylist()) == sorted(numbers)
    subject = "person_id" if agency in NAMED else (
        "household_id" if agency == "hmo_licences" else "business_id")  # fmt: skip
    assert about[subject].null_count == 0
    others = {"person_id", "business_id"} - {subject}
    assert all(about[other].null_count == about.num_rows for other in others)


def test_truth_points_at_what_exists(tables: Tables) -> None:
    """Every person, household, business and property that a record is about is in the truth."""
    known = {
        "person_id": tables["truth/people"]["person_id"],
        "household_id": tables["truth/households"]["household_id"],
        "business_id": tables["truth/businesses"]["business_id"],
        "uprn": tables["extracts/gazetteer"]["uprn"],
    }
    for name in ("truth/records", "truth/irregularities"):
        for column, ids in known.items():
            found = pc.drop_null(tables[name][column])
            assert pc.all(pc.is_in(found, ids)).as_py(), (name, column)


def test_histories_belong_to_records(tables: Tables) -> None:
    """Every payment, request, visit, repair and inspection names a record of its extract."""
    for history, extract, key in (
        ("council_tax_payments", "council_tax", "account_ref"),
        ("service_requests", "contact_centre", "customer"),
        ("care_visits", "adult_social_care", "client_id"),
        ("housing_repairs", "housing", "person_ref"),
        ("food_inspections", "food_premises", "establishment"),
    ):
        found = tables[f"histories/{history}"]
        assert found.num_rows > 300
        known = tables[f"extracts/{extract}"][key]
        assert pc.all(pc.is_in(found[key], known)).as_py(), history
        entry = dictionary()[f"histories/{history}"]
        if entry.key:
            assert len(pc.unique(found[entry.key])) == found.num_rows


def test_the_dictionary_has_every_column(tables: Tables) -> None:
    """Every table and column is in the dictionary, in the order of the file, and no other."""
    assert set(dictionary()) == set(tables)
    for name, batch in tables.items():
        assert list(dictionary()[name].columns) == batch.schema.names, name


def test_every_batch_is_labelled_synthetic(tables: Tables) -> None:
    """The label stands in the metadata of every table."""
    for name, batch in tables.items():
        assert batch.schema.metadata[b"openoda.class"] == b"synthetic", name
        assert b"SYNTHETIC" in batch.schema.metadata[b"openoda.label"]


def test_labels_are_kept_apart(tables: Tables) -> None:
    """No extract or history has a true person's number, or a word that says what is planted."""
    for name, batch in tables.items():
        if name.startswith(("extracts/", "histories/")):
            told = {
                "person_id",
                "household_id",
                "business_id",
                "true_person",
                "kind_of_irregularity",
            }
            assert not told & set(batch.schema.names), name
            assert not set(KINDS) & {str(v) for c in batch.columns if pa.types.is_string(c.type)
                                     for v in pc.unique(c).to_pylist()[:50]}  # fmt: skip


@pytest.mark.parametrize(("agency", "column"), FORMS)
def test_each_agency_has_its_own_form_of_dates(agency: str, column: str, tables: Tables) -> None:
    """Every date of an agency is in its form."""
    found = pc.drop_null(tables[f"extracts/{agency}"][column]).to_pylist()
    assert found
    assert all(re.fullmatch(FORMS[agency, column], value) for value in found)


def test_what_is_missing_is_as_declared(truth: Truth) -> None:
    """The shares of missing values come within five standard deviations of what the agency declares."""
    planted = plant(truth)
    for agency in (GP, LIBRARY, CONTACT_CENTRE, ELECTORAL):
        records = collect(truth, agency, share(agency, truth, planted))
        count = len(records)
        for found, declared in (
            ((records.born < 0).mean(), agency.errors.no_born),
            (records.postcode.null_count / count, agency.errors.no_postcode),
            (records.uprn.null_count / count, agency.errors.no_uprn),
            ((records.sex < 0).mean(), agency.errors.no_sex),
        ):
            assert abs(found - declared) <= 5 * np.sqrt(declared * (1 - declared) / count)


def test_errors_are_as_declared(truth: Truth) -> None:
    """The library's shares of wrong dates and mistyped surnames are near those declared."""
    records = collect(truth, LIBRARY, share(LIBRARY, truth, plant(truth)))
    errors = LIBRARY.errors
    dated = records.born >= 0
    wrong = (records.born != truth.people.born[records.person])[dated].mean()
    # A swap needs a day up to 12 and changes nothing where day and month are equal: 11 of 30.4 days.
    expected = errors.born_swapped * 11 / 30.4 + errors.born_misread + errors.born_placeholder
    assert wrong == pytest.approx(expected, abs=0.008)
    family = truth.plain_texts.family.take(pa.array(records.person))
    current = ~records.name_is_old
    off = pc.not_equal(records.family, family).to_numpy(zero_copy_only=False)[current].mean()
    assert errors.family_typo * 0.9 < off < errors.family_typo + 0.02  # and the swapped names


def test_old_addresses_and_former_names_occur(tables: Tables) -> None:
    """Movers and brides are held under what was, more so by those who hear nothing."""
    about = table(tables["truth/records"])
    old = {
        name: pc.mean(about.filter(pc.field("agency") == name)["address_is_old"]).as_py()
        for name in NAMED
    }
    assert old["library"] > 3 * old["council_tax"] > 0
    assert old["contact_centre"] > 0.08
    former = about.filter(pc.field("name_is_old"))
    assert former.num_rows > 300
    changed = table(tables["truth/people"]).filter(pc.field("name_changed_on").is_valid())
    assert pc.all(pc.is_in(former["person_id"], changed["person_id"].combine_chunks())).as_py()


def test_an_old_address_is_the_one_before(tables: Tables) -> None:
    """Where a record's address is old, it is the property the household moved from; else its home."""
    homes = {row[0]: row[1:] for row in rows(
        tables["truth/households"], "household_id", "uprn", "previous_uprn")}  # fmt: skip
    sublet = {row[0] for row in rows(tables["truth/irregularities"], "record", "kind")
              if row[1] == "tenancy_sublet"}  # fmt: skip
    found = rows(
        tables["truth/records"], "record", "household_id", "uprn", "address_is_old", "person_id"
    )
    for record, household, uprn, is_old, person in found:
        if person is not None and record not in sublet:
            assert uprn == homes[household][is_old]


def test_the_dead_the_gone_and_second_records_remain(tables: Tables) -> None:
    """Some records outlive their people, and every agency with second records has some."""
    about, people = table(tables["truth/records"]), table(tables["truth/people"])
    for column in ("died_on", "left_on"):
        ended = people.filter(pc.field(column).is_valid())["person_id"]
        assert pc.sum(pc.is_in(about["person_id"], ended.combine_chunks())).as_py() > 500
    for agency in AGENCIES:
        mine = about.filter(pc.field("agency") == agency.name)
        assert (pc.sum(mine["second_record"]).as_py() > 0) == (agency.doubles > 0), agency.name


def test_residents_has_every_record_of_a_person(tables: Tables) -> None:
    """The frame for linkage has each agency's records once, with the same person as the truth."""
    about = {(a, r): p for a, r, p in rows(tables["truth/records"], "agency", "record", "person_id")
             if p is not None}  # fmt: skip
    frame = rows(tables["linkage/residents"], "source", "record", "true_person")
    assert len(frame) == len(about)
    assert all(about[source, record] == person for source, record, person in frame)
