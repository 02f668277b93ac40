"""Columns of telephone numbers and e-mail addresses, by the rules of `standards.uk`."""

from functools import partial

from openoda.data.standardise import contact_kernel as kernel
from openoda.data.standardise.columns import Remembered, by_kernel
from openoda.data.standardise.identifiers import Standardiser
from openoda.standards.uk import email, phone


def phones() -> Standardiser:
    """Telephone numbers in E.164: see `standards.uk.phone`."""
    return partial(by_kernel, kernel=kernel.phones, rule=Remembered(phone.check))


def emails() -> Standardiser:
    """E-mail addresses in lower case: see `standards.uk.email`."""
    return partial(by_kernel, kernel=kernel.emails, rule=Remembered(email.check))
