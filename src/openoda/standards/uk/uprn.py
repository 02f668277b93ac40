"""UPRN: the Unique Property Reference Number of a property or other addressable place.

Rule: one to twelve digits, not all zero. Canonical form: text without leading zeros, so that the
padded form of one system equals the bare number of another; the value as given is kept beside it
wherever a column is standardised. Text, because a spreadsheet rounds twelve digits; without zeros,
because they carry nothing: Ordnance Survey, who publish the number, say that UPRNs "are integers
(numbers) that can be up to 12 digits in length", "do not require leading zeros", and that "some
gazetteer database applications will pad" them. A system that wants twelve is given them at its door.

Source, read: Ordnance Survey, "Technical Frequently Asked Questions" (the words above) and OS Open
UPRN technical specification (docs.os.uk: "Type: Integer, Size: 12"), the product that carries every
UPRN of Great Britain. That the Open Standards Board made UPRN and USRN the public sector's standard
for property and streets from 1 July 2020: GeoPlace (secondary; the standard's own page, "Identifying
property and street information", could not be read). There is no check digit, so most slips go unseen;
whether a UPRN exists can be said only from a gazetteer.
"""

from openoda.standards.uk.checked import Checked, reference_number

MOST_DIGITS = 12
EXISTS = "well-formed only: ask a gazetteer whether it exists"


def check(text: str) -> Checked:
    """The UPRN without leading zeros.

    Problems: missing, not-digits, scientific-notation, placeholder, too-long.
    """
    nothing = "All zeros stand for no property."
    too_long = "A UPRN has at most twelve digits."
    return reference_number(text, MOST_DIGITS, nothing, too_long, EXISTS)
