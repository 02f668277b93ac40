"""Which standardiser serves which kind of column."""

from collections.abc import Callable
from datetime import date
from types import ModuleType

from openoda.data.standardise import contacts, identifiers, names
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
    "address": lambda: _addresses().addresses(),
}
_PARTS = {"name": names.PARTS, "forename": ("formal",)}


def standardiser(kind: str, as_at: date | None = None) -> Standardiser:
    """The standardiser of a kind; one for each column, since it remembers values.

    `as_at`: the day as seen from which dates of birth are judged. Refuses (Misused) an unknown kind.
    """
    standard_of(kind)
    return identifiers.births(as_at) if kind == BIRTH else _MAKERS[kind]()


def parts_of(kind: str) -> tuple[str, ...]:
    """The further columns that a kind gives, by the endings of their names."""
    return tuple(_addresses().PARTS) if kind == "address" else _PARTS.get(kind, ())


def _addresses() -> ModuleType:
    """Addresses have most of the compiled loops: a second to load, half a minute to compile."""
    from openoda.data.standardise.addresses import columns

    return columns
