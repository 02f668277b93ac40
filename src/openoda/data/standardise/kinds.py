"""Which standardiser serves which kind of column."""

from collections.abc import Callable
from datetime import date

from openoda.data.standardise import contacts, identifiers, names
from openoda.data.standardise.addresses import PARTS as ADDRESS_PARTS
from openoda.data.standardise.addresses.columns import addresses
from openoda.data.standardise.identifiers import Standardiser
from openoda.standards.uk.registry import standard_of

BIRTH = "date-of-birth"
_MAKERS: dict[str, Callable[[], Standardiser]] = {
    "uprn": identifiers.uprns,
    "usrn": identifiers.usrns,
    "nhs-number": identifiers.nhs_numbers,
    "nino": identifiers.ninos,
    "postcode": identifiers.postcodes,
    "gss": identifiers.gss_codes,
    "council-tax-band": identifiers.council_tax_bands,
    "date": identifiers.uk_dates,
    "name": names.whole_names,
    "forename": names.forenames,
    "surname": names.surnames,
    "phone": contacts.phones,
    "email": contacts.emails,
    "address": addresses,
}
_PARTS = {"name": names.PARTS, "forename": ("formal",), "address": tuple(ADDRESS_PARTS)}


def standardiser(kind: str, as_at: date | None = None) -> Standardiser:
    """The standardiser of a kind; one for each column, since it remembers values.

    `as_at`: the day as seen from which dates of birth are judged. Refuses (Misused) an unknown kind.
    """
    standard_of(kind)
    return identifiers.births(as_at) if kind == BIRTH else _MAKERS[kind]()


def parts_of(kind: str) -> tuple[str, ...]:
    """The further columns that a kind gives, by the endings of their names."""
    return _PARTS.get(kind, ())
