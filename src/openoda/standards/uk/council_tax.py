"""Council tax band: A to H, and I in Wales.

Rule: one letter, "band" before it or not. Canonical form: the letter; `A-` for a band A dwelling with
the disabled reduction, which bills and extracts write A-, AR or @. Northern Ireland has domestic rates
and no bands.

Source (legislation.gov.uk, read): Local Government Finance Act 1992, section 5(2) (England, A to H),
5(3) (Wales) and 74(2) (Scotland, A to H with values of its own); band I by section 5(1A) and the table
of 5(3), from 1 April 2005, by the Council Tax (Valuation Bands) (Wales) Order 2003 (SI 2003/3046).
Since the Local Government Finance (Wales) Act 2024, section 17, the number of Welsh bands can be
changed by order. The reduction: Council Tax (Reductions for Disabilities) Regulations 1992 (SI
1992/554), for band A since 1 April 2000 by SI 1999/1004 (five ninths of band D); in Scotland SI
1992/1335 and SI 1999/756. It is a reduction of the bill, not a band of the valuation list. How systems
write it (A-, AR, @) is custom, without an official list.
"""

import re

from openoda.standards.uk.checked import NOTHING, Checked, plain, sound, unsound

COUNTRIES = ("England", "Wales", "Scotland", "Northern Ireland")
BANDS = "ABCDEFGH"
WALES_ONLY = "I"
REDUCED = "A-"

_WRITTEN_REDUCED = ("A-", "A -", "AR", "@", "A REDUCED", "A (REDUCED)", "A DISABLED")
_PREFIX = re.compile(r"^(?:COUNCIL TAX )?BAND ?[:\-]? ?")


def check(text: str, country: str = "") -> Checked:
    """The band in capitals. `country` (one of COUNTRIES, may be empty) decides on band I.

    Problems: missing, no-bands (Northern Ireland), wales-only, not-a-band.
    """
    given = _PREFIX.sub("", plain(text).upper())
    if not given:
        return NOTHING
    if country == "Northern Ireland":
        return unsound("no-bands", "Northern Ireland has domestic rates and no council tax bands.")
    if given in _WRITTEN_REDUCED:
        return sound(REDUCED, "band A with the disabled reduction; the listed band is A")
    if given == WALES_ONLY:
        if country in ("", "Wales"):
            return sound(given, "band I exists only in Wales, since April 2005")
        return unsound("wales-only", "Band I exists only in Wales.")
    if len(given) == 1 and given in BANDS:
        return sound(given)
    return unsound("not-a-band", "A council tax band is a letter A to H, or I in Wales.")
