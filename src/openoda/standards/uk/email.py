"""E-mail address: a local part, @, a domain.

Rule: the local part is letters, digits and !#$%&'*+/=?^_`{|}~- in runs joined by single dots, at most
64 characters; the domain is two or more labels of letters, digits and inner hyphens, each at most 63
characters, the last one not all digits; 254 characters in all. Canonical form: lower case, without
`mailto:` or angle brackets. Well-formed is not existing: only a message sent and answered shows that.

Source: RFC 5322 section 3.4.1 (dot-atom); RFC 5321 sections 4.5.3.1.1 (64 before the @), 4.5.3.1.3 (256
for a path, whose angle brackets leave 254: RFC 3696, erratum 1690) and 2.4 (the local part is by rule
case-sensitive, and exploiting that is discouraged: hence lower case); RFC 1035 section 2.3.1 (labels of
63); RFC 1123 section 2.1 (a label may begin with a digit, the last one is no number); RFC 2606 and 6761
(names kept for examples). Read: the erratum, and of RFC 5321 (lengths), 1123 and 2606 copies; the
others are cited without being read. Refused though the standards allow them, because in extracts they
are slips: quoted local parts, address literals in brackets, addresses in other scripts (RFC 6531).
"""

import re

from openoda.standards.uk.checked import NOTHING, Checked, plain, sound, unsound

MOST, MOST_LOCAL, MOST_LABEL = 254, 64, 63
RESERVED = ("example.com", "example.net", "example.org")
RESERVED_ENDS = (".example", ".test", ".invalid", ".localhost")

_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
_WRAPPED = re.compile(r"[^<>]*<([^<>]*)>")


def check(text: str) -> Checked:
    """The address in lower case.

    Problems: missing, not-ascii, several-addresses, no-at-sign, spaces, too-long, local-part, domain.
    """
    given = plain(text)
    wrapped = _WRAPPED.fullmatch(given)
    given = (wrapped[1] if wrapped else given).strip()
    given = given[7:] if given[:7].lower() == "mailto:" else given
    if not given:
        return NOTHING
    fault = _shape_fault(given)
    if fault:
        return fault
    given = given.lower()
    local, _, domain = given.partition("@")
    if len(given) > MOST or len(local) > MOST_LOCAL:
        return unsound(
            "too-long", "An address has at most 254 characters, 64 of them before the @."
        )
    if not _LOCAL.fullmatch(local):
        return unsound(
            "local-part", "What stands before the @ has a character or dot out of place."
        )
    if not _is_domain(domain):
        return unsound("domain", "What stands after the @ isn't the name of a domain.")
    kept = domain in RESERVED or domain.endswith(RESERVED_ENDS)
    return sound(given, *(("a domain kept for examples: nobody's",) if kept else ()))


def _shape_fault(given: str) -> Checked | None:
    """What is wrong before the two parts are looked at, or None."""
    if not given.isascii():
        return unsound("not-ascii", "It holds letters or signs that ordinary addresses don't have.")
    if given.count("@") > 1:
        return unsound("several-addresses", "It has more than one @: perhaps several addresses.")
    if "@" not in given:
        return unsound("no-at-sign", "An address has an @.")
    if " " in given:
        return unsound("spaces", "An address has no spaces.")
    return None


def _is_domain(domain: str) -> bool:
    labels = domain.split(".")
    sized = all(len(label) <= MOST_LABEL and _LABEL.fullmatch(label) for label in labels)
    return len(labels) > 1 and sized and not labels[-1].isdigit()
