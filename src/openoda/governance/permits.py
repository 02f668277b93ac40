"""Permits: the right to store or to read one dataset, with the purpose and the basis in words.

Whoever hands out stored data asks for a permit, so that no reader can be added without one. They
are made in this module alone (`tests/architecture/test_permits.py` proves it).
"""

from dataclasses import dataclass
from enum import StrEnum

from openoda.vocabulary.datasets import DataClass, Dataset
from openoda.vocabulary.refusals import Misused, NotPermitted, PersonalDataNeedsAgreement


class Right(StrEnum):
    """What a permit allows: to store a delivery, to read what is stored, to measure a file in hand, or
    to link it.

    Never two of them.
    """

    LOAD = "load"
    READ = "read"
    MEASURE = "measure"
    LINK = "link"


@dataclass(frozen=True)
class Permit:
    """The right to do one thing with one dataset, for a purpose, on a basis said in words."""

    dataset: str
    data_class: DataClass
    purpose: str
    basis: str
    right: Right = Right.READ


def permit_to_read(dataset: Dataset, purpose: str) -> Permit:
    """The permit to read `dataset` for `purpose`.

    Open and synthetic data yield one by themselves. Raises `PersonalDataNeedsAgreement` for
    personal data, and `Misused` where no purpose is given.
    """
    if not purpose.strip():
        raise Misused(
            "A read needs a purpose, and none was given",
            where=dataset.name,
            remedy="Say in a few words what the data is read for.",
        )
    if dataset.data_class is DataClass.PERSONAL:
        raise PersonalDataNeedsAgreement(
            "This dataset is about people, and no agreement allows it to be read",
            where=dataset.name,
            remedy="This version has no agreements yet, so personal data is stored and not read. If the "
            "data is published or made up, load it as open or synthetic.",
        )
    return Permit(dataset.name, dataset.data_class, purpose, _read_basis(dataset))


def permit_to_load(dataset: Dataset) -> Permit:
    """The permit to store one's own delivery of `dataset`, of any class. It never allows a read."""
    basis = "The holder stores its own delivery; this gives no right to read it back."
    return Permit(dataset.name, dataset.data_class, "to store a delivery", basis, Right.LOAD)


def permit_to_measure(dataset: Dataset, purpose: str) -> Permit:
    """The permit to make statistics of one's own file, of any class, that no record can be read from.

    Nothing is stored and no value leaves: whoever is given it keeps to disclosure control.
    """
    basis = "The holder measures its own file; only counts of ten and more, and rates, come of it."
    return Permit(dataset.name, dataset.data_class, purpose, basis, Right.MEASURE)


def permit_to_link(dataset: Dataset, purpose: str) -> Permit:
    """The permit to link the records of a file in one's own hand, of any class.

    Nothing is stored, and of what a record says nothing leaves but its own number: whoever is given
    it writes which records are of one person, and how sure that is.
    """
    basis = "The holder links its own file; only numbers of records and weights come of it."
    return Permit(dataset.name, dataset.data_class, purpose, basis, Right.LINK)


def must_cover(permit: Permit, dataset: Dataset, right: Right) -> None:
    """Raise `NotPermitted` unless `permit` gives `right` over `dataset`, of the class it has."""
    held = (permit.dataset, permit.data_class, permit.right)
    if held == (dataset.name, dataset.data_class, right):
        return
    raise NotPermitted(
        f"A permit to {permit.right} {permit.data_class} dataset '{permit.dataset}' "
        f"doesn't allow to {right} {dataset.data_class} dataset '{dataset.name}'",
        where=dataset.name,
        remedy=f"Ask for a permit to {right} '{dataset.name}'.",
    )


def _read_basis(dataset: Dataset) -> str:
    if dataset.data_class is DataClass.SYNTHETIC:
        return "Synthetic data: the records are made up and about nobody."
    licence = dataset.licence or "licence not stated"
    source = dataset.source or "source not stated"
    return f"Open data, published under a licence ({licence}; {source})."
