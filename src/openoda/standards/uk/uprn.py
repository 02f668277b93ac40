"""UPRN: the Unique Property Reference Number of a property or other addressable place.

Rule: one to twelve digits, not all zero. Canonical form: text without leading zeros, so that the
padded form of one system equals the bare number of another.

Source: Ordnance Survey, OS Open UPRN technical specification (docs.os.uk: "UPRN … Type: Integer,
Size: 12"), the product that carries every UPRN of Great Britain; the UPRN is the public sector's
standard for property by decision of the Open Standards Board (gov.uk, open standards for government,
"Identifying property and street information"). There is no check digit, so most slips go unseen;
whether a UPRN exists can be said only from a gazetteer.
"""

from openoda.standards.uk.checked import Checked, digits_of, sound, unsound

MOST_DIGITS = 12
EXISTS = "well-formed only: ask a gazetteer whether it exists"


def check(text: str) -> Checked:
    """The UPRN without leading zeros.

    Problems: missing, not-digits, scientific-notation, placeholder, too-long.
    """
    given = digits_of(text)
    if given.value is None:
        return given
    bare = given.value.lstrip("0")
    if not bare:
        return unsound("placeholder", "All zeros stand for no property.")
    if len(bare) > MOST_DIGITS:
        return unsound("too-long", "A UPRN has at most twelve digits.")
    padded = ("leading zeros removed",) if len(bare) < len(given.value) else ()
    return sound(bare, *given.notes, *padded, EXISTS)
