"""National Insurance number: two letters, six digits, a last letter A to D.

Rule: D, F, I, Q, U and V are neither first nor second letter, O is not second; BG, GB, KN, NK, NT, TN
and ZZ are not used; the last letter is A, B, C or D. It may be left out (the number is unique
without it), which a note says. Canonical form: capitals without spaces. QQ 12 34 56 A, the manual's
own example, must not be used as an actual number and fails. There is no check digit.

Source: HMRC National Insurance Manual (gov.uk), read: NIM39110 in its present edition for the letters,
the unused prefixes, the Temporary Reference Number (11 a1 11 11), temporary numbers (TN, no longer
used) and the administrative prefixes OO, FY, NC, PZ and PY; CR and MW stand in an earlier edition
(hmrc.gov.uk) alone. PP is a valid prefix there, and only PP999999P is not: it stood in reports of
pension schemes. GY and JY: NIM39115 and NIM39625. HMRC's own software (github.com/hmrc/domain,
Nino.scala) keeps the same letters and prefixes, and leaves the administrative ones in.

Secondary: that a missing last letter may be sent as a space (accountants' notices of HMRC's advice of
2013), that the number is unique without it (Wikipedia), and the form of temporary numbers: TN, date of
birth, M or F (payroll press).
"""

import re

from openoda.standards.uk.checked import NOTHING, Checked, joined, sound, unsound

NEVER = "DFIQUV"
NEVER_SECOND = NEVER + "O"
NOT_ALLOCATED = ("BG", "GB", "KN", "NK", "NT", "TN", "ZZ")
SUFFIXES = "ABCD"
ADMINISTRATIVE = {
    "OO": "tax credits claimed where no NINO was held",
    "CR": "HMRC's account investigations",
    "FY": "attendance allowance claims, once",
    "MW": "migrant workers, 1980 to 1987",
    "NC": "stakeholder pensions, until 2005-06",
    "PY": "tax-only cases, until August 2002",
    "PZ": "tax-only cases, until August 2002",
}
PENSIONS = "PP999999P"
CHANNEL_ISLANDS = ("GY", "JY")

_SHAPE = re.compile(r"([A-Z]{2})([0-9]{6})([A-Z]?)")
_TEMPORARY = re.compile(r"TN[0-9]{6}[MF]?")
_REFERENCE = re.compile(r"[0-9]{2}[A-Z][0-9]{5}")


def check(text: str) -> Checked:
    """The NINO in nine characters (eight where the last letter is not given).

    Problems: missing, wrong-shape, placeholder, temporary-number, temporary-reference,
    administrative-prefix, letter-not-used, prefix-not-allocated, wrong-suffix.
    """
    given = joined(text)
    if not given:
        return NOTHING
    if given == PENSIONS:
        return unsound("placeholder", "It stood where a pension scheme had no NINO to report.")
    if _TEMPORARY.fullmatch(given):
        return unsound("temporary-number", "A temporary number (TN), which is not a NINO.")
    if _REFERENCE.fullmatch(given):
        return unsound(
            "temporary-reference", "HMRC's Temporary Reference Number, which is not a NINO."
        )
    found = _SHAPE.fullmatch(given)
    if not found:
        return unsound("wrong-shape", "A NINO is two letters, six digits and a letter A to D.")
    prefix, _, suffix = found.groups()
    return _prefix_fault(prefix) or _with_suffix(given, prefix, suffix)


def _prefix_fault(prefix: str) -> Checked | None:
    """What is wrong with the two letters, or None."""
    if prefix in ADMINISTRATIVE:
        return unsound(
            "administrative-prefix",
            f"An administrative number ({ADMINISTRATIVE[prefix]}), which is not a NINO.",
        )
    if prefix[0] in NEVER or prefix[1] in NEVER_SECOND:
        return unsound("letter-not-used", "No NINO has these letters, so it was never allocated.")
    if prefix in NOT_ALLOCATED:
        return unsound("prefix-not-allocated", "No NINO begins with these two letters.")
    return None


def _with_suffix(given: str, prefix: str, suffix: str) -> Checked:
    if suffix and suffix not in SUFFIXES:
        return unsound("wrong-suffix", "The last letter of a NINO is A, B, C or D.")
    notes: tuple[str, ...] = () if suffix else ("the last letter is not given",)
    if prefix in CHANNEL_ISLANDS:
        notes += (
            "a Channel Islands number: used in the UK only if first used before 6 April 1975",
        )
    return sound(given, *notes)
