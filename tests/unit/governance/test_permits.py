"""Permits: who may read, who may store, and what each basis says."""

import dataclasses

import pytest

from openoda.governance.permits import Right, must_cover, permit_to_load, permit_to_read
from openoda.vocabulary.datasets import DataClass, Dataset
from openoda.vocabulary.refusals import Misused, NotPermitted, PersonalDataNeedsAgreement

FOOD = Dataset("food", DataClass.OPEN, "OGL v3", "the city's portal")
MADE_UP = Dataset("made-up", DataClass.SYNTHETIC)
RESIDENTS = Dataset("residents")


def test_open_data_yields_a_permit_whose_basis_names_licence_and_source():
    """Proves that open data is readable by itself, and that the permit says on what basis."""
    permit = permit_to_read(FOOD, "to rank inspections")
    assert (permit.dataset, permit.data_class) == ("food", DataClass.OPEN)
    assert permit.purpose == "to rank inspections"
    assert "OGL v3" in permit.basis
    assert "the city's portal" in permit.basis


def test_open_data_without_a_licence_says_so():
    """Proves that an unstated licence is not passed over in silence."""
    permit = permit_to_read(Dataset("x", DataClass.OPEN), "to look")
    assert "licence not stated" in permit.basis


def test_synthetic_data_yields_a_permit():
    """Proves that made-up data is readable by itself."""
    assert "about nobody" in permit_to_read(MADE_UP, "to test").basis


def test_personal_data_is_refused_with_a_remedy():
    """Proves that a dataset nobody classed is personal, and that a read of it is refused."""
    with pytest.raises(PersonalDataNeedsAgreement) as refusal:
        permit_to_read(RESIDENTS, "to look")
    assert refusal.value.where == "residents"
    assert "agreement" in refusal.value.remedy


@pytest.mark.parametrize("purpose", ["", "  "])
def test_a_read_without_a_purpose_is_refused(purpose):
    """Proves that every permit to read says what for."""
    with pytest.raises(Misused):
        permit_to_read(FOOD, purpose)


@pytest.mark.parametrize("dataset", [FOOD, MADE_UP, RESIDENTS])
def test_storing_is_allowed_for_every_class_and_never_reads(dataset):
    """Proves that a permit to load covers a deposit of its dataset and no read of it."""
    permit = permit_to_load(dataset)
    must_cover(permit, dataset, Right.LOAD)
    with pytest.raises(NotPermitted):
        must_cover(permit, dataset, Right.READ)


def test_a_permit_to_read_does_not_store():
    """Proves that the two rights are apart in the other direction too."""
    with pytest.raises(NotPermitted):
        must_cover(permit_to_read(FOOD, "to look"), FOOD, Right.LOAD)


@pytest.mark.parametrize(
    "other",
    [dataclasses.replace(FOOD, name="other"), dataclasses.replace(FOOD, data_class="personal")],
)
def test_a_permit_covers_one_dataset_of_one_class(other):
    """Proves that neither another name nor the same name stored as another class is covered."""
    with pytest.raises(NotPermitted):
        must_cover(permit_to_read(FOOD, "to look"), other, Right.READ)


def test_permits_are_frozen():
    """Proves that a permit can't be widened after it was given."""
    permit = permit_to_read(FOOD, "to look")
    with pytest.raises(dataclasses.FrozenInstanceError):
        permit.dataset = "residents"
