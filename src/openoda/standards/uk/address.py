"""An address in free text: whether there is one, in one way of writing.

Rule: some letters and, in all, no more than 500 characters; words that say there is no address (no fixed
abode, not known, as above) are a problem of their own. Canonical form: capitals, single spaces, a comma
and a space between lines, full stops only between digits. Well-formed is not existing: only a gazetteer
knows, see `oda addresses match`. The parts of BS 7666 are found by `data.standardise.addresses`, over
columns.

Source: BS 7666:2006 and the open standard for identifying property and street leave free text free; what
counts as an address here is our own rule.
"""

import re

from openoda.standards.uk.checked import NOTHING, Checked, plain, sound, unsound

MOST = 500
NO_ADDRESS = ("no fixed abode", "of no fixed abode", "no fixed address", "nfa", "n f a", "homeless")
PLACEHOLDERS = (
    "unknown", "not known", "address unknown", "unknown address", "address not known", "not given",
    "not provided", "not recorded", "not supplied", "not stated", "none", "n/a", "na", "tbc", "tba",
    "to be confirmed", "as above", "see above", "same as above", "see notes", "withheld", "refused",
    "confidential", "test", "do not use",
)  # fmt: skip
_BREAKS = re.compile(r"[\s,;|]*[,;|\r\n\v\f\x1c-\x1e\x85\u2028\u2029][\s,;|]*")
_DOTS = re.compile(r"(?<![0-9])\.|\.(?![0-9])")
_LETTERS = re.compile(r"[^\W\d_]")

LONGEST_SAYING = max(map(len, NO_ADDRESS + PLACEHOLDERS))


def check(text: str) -> Checked:
    """The address on one line.

    Problems: missing, no-address, placeholder, no-words, too-long.
    """
    lines = plain(_BREAKS.sub(", ", text.upper()))
    given = plain(_BREAKS.sub(", ", _DOTS.sub(" ", lines))).strip(", ")
    if not given:
        return NOTHING
    if len(given) > MOST:
        return unsound("too-long", f"An address has at most {MOST} characters.")
    if given.lower() in NO_ADDRESS:
        return unsound("no-address", "It says that there is no fixed address.")
    if given.lower() in PLACEHOLDERS:
        return unsound("placeholder", "It stands for an address that isn't given.")
    if not _LETTERS.search(given):
        return unsound("no-words", "It holds no words, as the street of an address is.")
    return sound(given)
