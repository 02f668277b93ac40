"""USRN: the Unique Street Reference Number of a street.

Rule: one to eight digits, not all zero. Canonical form: text without leading zeros.

Source, read: Ordnance Survey, OS Open USRN technical specification (docs.os.uk: "Type: Integer, Size:
8"). The public sector's standard for streets beside the UPRN: GeoPlace (secondary, as for the UPRN).
There is no check digit, and the same number can be a USRN and a UPRN: Ordnance Survey, OS Linked
Identifiers API, "namespace overlap between UPRNs and USRNs".
"""

from openoda.standards.uk.checked import Checked, digits_of, sound, unsound

MOST_DIGITS = 8
EXISTS = "well-formed only: ask a street gazetteer whether it exists"


def check(text: str) -> Checked:
    """The USRN without leading zeros.

    Problems: missing, not-digits, scientific-notation, placeholder, too-long.
    """
    given = digits_of(text)
    if given.value is None:
        return given
    bare = given.value.lstrip("0")
    if not bare:
        return unsound("placeholder", "All zeros stand for no street.")
    if len(bare) > MOST_DIGITS:
        return unsound("too-long", "A USRN has at most eight digits; a longer one may be a UPRN.")
    padded = ("leading zeros removed",) if len(bare) < len(given.value) else ()
    return sound(bare, *given.notes, *padded, EXISTS)
