"""Telephone number: E.164, with the United Kingdom's numbering plan.

Rule: without +44, 0044 or the leading 0, a UK number has ten digits, and its first ones are a range of
the plan: 11 to 19 and 20, 23, 24, 28, 29 (places), 30, 33, 34, 37 (organisations, UK-wide), 55, 56
(corporate, internet), 70 (personal), 71 to 75 and 77 to 79 (mobile), 76 (pagers, 7624 Isle of Man
mobile), 80, 84, 87, 90, 91, 98 (services). Nine digits are taken under the area codes of NINE_DIGITS,
and under 800, which also has seven, as has 845 464x. A number from abroad is checked only for the
length of E.164: 7 to 15 digits. Canonical form: `+` and the digits. An extension is left out, with a
note.

Source: ITU-T Recommendation E.164 (15 digits at most; the least of 7 is ours). Ofcom's National
Telephone Numbering Plan (ranges); its page "Telecoms numbering", read: 0500 was withdrawn on 5 June
2017. Secondary, since the plan itself could not be read: the ranges and the area codes with shorter
local numbers, by libphonenumber's data for GB, whose 41 such codes are NINE_DIGITS.
Ofcom, "Telephone numbers for use in TV and radio drama programmes" (nobody's), in copies: Northern
Ireland's block is 028 9649 6xxx, and was 028 9018 0xxx; BBC News (2015) tells of both uses.

libphonenumber knows more (which area codes and blocks are allocated) and takes longer, so it isn't
used. Well-formed is not in service: only a call can say.
"""

import re

from openoda.standards.uk.checked import NOTHING, Checked, plain, sound, unsound

RANGES = {
    **dict.fromkeys(("11", "12", "13", "14", "15", "16", "17", "18", "19"), "a place"),
    **dict.fromkeys(("20", "23", "24", "28", "29"), "a place"),
    **dict.fromkeys(("30", "33", "34", "37"), "an organisation, UK-wide"),
    **dict.fromkeys(("55", "56"), "a corporate or internet number"),
    "70": "a personal number, which forwards",
    **dict.fromkeys(("71", "72", "73", "74", "75", "77", "78", "79"), "a mobile"),
    "76": "a pager",
    "80": "a freephone number",
    **dict.fromkeys(("84", "87"), "a service number"),
    **dict.fromkeys(("90", "91", "98"), "a premium rate number"),
}
_SHORTER = (
    "1204 1208 1254 1276 1297 1298 1363 1364 1384 1386 1404 1420 1460 1461 1480 1488 1524 1527 1562 "
    "1566 1606 1629 1635 1647 1659 1695 1726 1744 1750 1768 1827 1837 1884 1900 1905 1935 1946 1949 "
    "1963 1995 1697"
)
NINE_DIGITS = frozenset(_SHORTER.split())
DRAMA = ("1632960", "7700900", "2079460", "1134960", "1144960", "1154960", "1164960", "1174960",
         "1184960", "1214960", "1314960", "1414960", "1514960", "1614960", "1914980", "2896496",
         "2890180", "2920180", "8081570", "9098790", "3069990")  # fmt: skip
LEAST_ABROAD, MOST_ABROAD = 7, 15
SHORT = 6

_EXTENSION = re.compile(r"(?i)[ ,;]*(?:extension|extn?|x|#)[.: ]*([0-9]{1,6})$")
_NUMBER = re.compile(r"\+?[0-9().\-/ ]+")


def check(text: str) -> Checked:
    """The number in E.164; the first note says what a UK number is for.

    Problems: missing, not-a-number, several-numbers, short-code, too-short, too-long, not-in-plan,
    withdrawn.
    """
    given = plain(text)
    given = given[4:] if given[:4].lower() == "tel:" else given
    found = _EXTENSION.search(given)
    extension = ("an extension is left out",) if found else ()
    given = given[: found.start()] if found else given
    given = given.strip().replace("(+44)", "+44", 1)
    if not given:
        return NOTHING
    if not _NUMBER.fullmatch(given):
        return unsound("not-a-number", "It holds something other than a telephone number.")
    return _dialled(given, extension)


def _dialled(given: str, notes: tuple[str, ...]) -> Checked:
    """Tell a number from abroad from a UK one, and bring that to its digits after the 0."""
    international = given.startswith(("+", "00"))
    digits = re.sub(r"[^0-9]", "", given.replace("(0)", "") if international else given)
    if not digits:
        return unsound("not-a-number", "It holds no digits.")
    if international:
        digits = digits if given.startswith("+") else digits[2:]
        if not digits.startswith("44"):
            return _abroad(digits, notes)
        return _national(digits[2:].removeprefix("0"), notes)
    if digits.startswith("0"):
        return _national(digits[1:], notes)
    if len(digits) <= SHORT:
        return unsound(
            "short-code", "A short or local number, which can't be dialled from anywhere."
        )
    if len(digits) == 12 and digits.startswith("44"):
        return _national(digits[2:], (*notes, "taken for +44: the plus is missing"))
    if len(digits) == 10 and digits[:2] in RANGES:
        return _national(
            digits, (*notes, "the leading 0 is missing: a spreadsheet may have taken it")
        )
    return unsound(
        "not-in-plan", "It has no leading 0, and no UK number has these digits after one."
    )


def _abroad(digits: str, notes: tuple[str, ...]) -> Checked:
    if digits.startswith("0") or not LEAST_ABROAD <= len(digits) <= MOST_ABROAD:
        return unsound("not-in-plan", "A number from abroad has 7 to 15 digits, the first not 0.")
    return sound(f"+{digits}", "from abroad: only its length was checked", *notes)


def _national(digits: str, notes: tuple[str, ...]) -> Checked:
    """A UK number by its digits after the 0."""
    if digits.startswith("500"):
        return unsound("withdrawn", "The range 0500 was withdrawn on 5 June 2017.")
    use = RANGES.get(digits[:2])
    if use is None:
        return unsound("not-in-plan", "No range of the UK's plan begins with these digits.")
    if len(digits) > 11 and len(digits) % 10 in (0, 1):
        return unsound("several-numbers", "It has the digits of two numbers.")
    if len(digits) > 10:
        return unsound("too-long", "A UK number has ten digits after the 0.")
    if len(digits) < 10 and not _may_be_short(digits):
        return unsound("too-short", "A UK number has ten digits after the 0.")
    use = "an Isle of Man mobile" if digits.startswith("7624") else use
    drama = ("set aside for drama: nobody's",) if digits.startswith(DRAMA) else ()
    return sound(f"+44{digits}", use, *drama, *notes)


def _may_be_short(digits: str) -> bool:
    if digits.startswith("800"):
        return len(digits) in (7, 9)
    if digits.startswith("845464"):
        return len(digits) == 7
    return len(digits) == 9 and digits[:4] in NINE_DIGITS
