"""Columns of identifiers and dates, by the rules of `standards.uk`."""

from collections.abc import Callable
from datetime import date
from functools import partial

import pyarrow as pa

from openoda.data.standardise import identifier_kernel as kernel
from openoda.data.standardise.columns import Fast, Remembered, Standardised, by_distinct, by_kernel
from openoda.standards.uk import (
    council_tax,
    dates,
    gss,
    nhs_number,
    nino,
    postcode,
    uprn,
    usrn,
)

Standardiser = Callable[[pa.StringArray], Standardised]


def uprns() -> Standardiser:
    """UPRNs: see `standards.uk.uprn`."""
    return _compiled(kernel.uprns, Remembered(uprn.check))


def usrns() -> Standardiser:
    """USRNs: see `standards.uk.usrn`."""
    return _compiled(kernel.usrns, Remembered(usrn.check))


def nhs_numbers() -> Standardiser:
    """NHS numbers: see `standards.uk.nhs_number`."""
    return _compiled(kernel.nhs_numbers, Remembered(nhs_number.check))


def ninos() -> Standardiser:
    """National Insurance numbers: see `standards.uk.nino`."""
    return _compiled(kernel.ninos, Remembered(nino.check))


def postcodes() -> Standardiser:
    """Postcodes: see `standards.uk.postcode`."""
    return _compiled(kernel.postcodes, Remembered(postcode.check))


def gss_codes(as_at: date | None = None) -> Standardiser:
    """GSS codes, in force on a day where one is given: see `standards.uk.gss`."""
    return partial(by_distinct, rule=Remembered(partial(gss.check, as_at=as_at)))


def council_tax_bands() -> Standardiser:
    """Council tax bands: see `standards.uk.council_tax`."""
    return partial(by_distinct, rule=Remembered(council_tax.check))


def uk_dates() -> Standardiser:
    """Dates, the day first: see `standards.uk.dates`."""
    return partial(by_distinct, rule=Remembered(dates.check))


def births(as_at: date | None = None) -> Standardiser:
    """Dates of birth as seen on a day (by default today): see `standards.uk.dates`."""
    seen = as_at or date.today()
    return partial(by_distinct, rule=Remembered(partial(dates.check_birth, as_at=seen)))


def _compiled(loop: Fast, rule: Remembered) -> Standardiser:
    return partial(by_kernel, kernel=loop, rule=rule)
