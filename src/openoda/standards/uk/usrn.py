"""USRN: the Unique Street Reference Number of a street.

Rule: one to eight digits, not all zero. Canonical form: text without leading zeros.

Source, read: Ordnance Survey, OS Open USRN technical specification (docs.os.uk: "Type: Integer, Size:
8"). The public sector's standard for streets beside the UPRN: GeoPlace (secondary, as for the UPRN).
There is no check digit, and the same number can be a USRN and a UPRN: Ordnance Survey, OS Linked
Identifiers API, "namespace overlap between UPRNs and USRNs".
"""

from openoda.standards.uk.checked import Checked, reference_number

MOST_DIGITS = 8
EXISTS = "well-formed only: ask a street gazetteer whether it exists"


def check(text: str) -> Checked:
    """The USRN without leading zeros.

    Problems: missing, not-digits, scientific-notation, placeholder, too-long.
    """
    nothing = "All zeros stand for no street."
    too_long = "A USRN has at most eight digits; a longer one may be a UPRN."
    return reference_number(text, MOST_DIGITS, nothing, too_long, EXISTS)
