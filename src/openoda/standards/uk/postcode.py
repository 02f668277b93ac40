"""Postcode: outward code (area and district), a space, inward code (sector and unit).

Rule: the outward code is A9, A99, AA9, AA99, A9A or AA9A, the inward one 9AA. Q, V and X are not used
first, I, J and Z not second; after a single letter and digit only A B C D E F G H J K P S T U W, after
two letters and a digit only A B E H M N P R V W X Y; C I K M O V never in the unit. The area must be
one that there is. A district with a letter occurs only in the areas and districts of LETTERED.
Canonical form: capitals with one space. Well-formed is not existing: only a postcode file can say.

Beside these: GIR 0AA (Girobank, as it stood in many files), the single postcodes of overseas
territories, and the Crown dependencies (GY, JE, IM), each with a note. "BFPO 15" is a number of the
British Forces Post Office and not a postcode (that begins BF1): it is kept as it stands in a postcode's
place, with a note. ONS pseudo-postcodes (ZZ99) stand for "not known" and the like, so they are a
problem of their own.

Source, read: Cabinet Office, BS 7666 address schema version 2.0, PostCodeType (archived; the letters
by position and GIR 0AA, but for P in the third place); Market Research Society, "Postcode format" (the
forms, the letters but those of the fourth place, 124 areas); Individualised Learner Record
specification, appendix C, in a copy (W1P 1HQ: P in the third place; ZZ99 9ZZ for not known); NHS Data
Model and Dictionary, POSTCODE OF USUAL ADDRESS, and Hospital Episode Statistics, HOMEADD (pseudo-
postcodes); RAF news, 23 April 2012 (postcodes for BFPO addresses, beside their numbers).

Secondary: which areas there are and which districts end in a letter (Wikipedia; no Postcode Address
File or programmers' guide could be read); the overseas territories' codes (their lists, not their post
offices'); BF1 0AA for BFPO 15 (AFD Software). BX: HM Revenue and Customs' address on GOV.UK, BX9 1AS.
XX (parcels sent back; without a source that could be read) breaks the rule of the first letter and is
refused.
"""

import re

from openoda.standards.uk.checked import NOTHING, Checked, joined, sound, unsound

_LETTERS = (
    "AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC "
    "EH EN EX FK FY G GL GU HA HD HG HP HR HS HU HX IG IP IV KA KT KW KY L LA LD LE LL LN LS LU M ME "
    "MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST "
    "SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE"
)
GEOGRAPHIC = frozenset(_LETTERS.split())
CROWN_DEPENDENCIES = {"GY": "Guernsey", "JE": "Jersey", "IM": "the Isle of Man"}
NOT_GEOGRAPHIC = {"BF": "British Forces Post Office", "BX": "a bank's or agency's, of no place"}
AREAS = frozenset({*GEOGRAPHIC, *CROWN_DEPENDENCIES, *NOT_GEOGRAPHIC})
TERRITORIES = {
    "ASCN1ZZ": "Ascension Island", "BBND1ZZ": "British Indian Ocean Territory",
    "BIQQ1ZZ": "British Antarctic Territory", "FIQQ1ZZ": "Falkland Islands",
    "GX111AA": "Gibraltar", "PCRN1ZZ": "Pitcairn Islands",
    "SIQQ1ZZ": "South Georgia and the South Sandwich Islands", "STHL1ZZ": "Saint Helena",
    "TDCU1ZZ": "Tristan da Cunha", "TKCA1ZZ": "Turks and Caicos Islands",
}  # fmt: skip
PSEUDO = {
    "ZZ993VZ": "no fixed abode", "ZZ993WZ": "not known", "ZZ993CZ": "England, no more known",
    "ZZ993GZ": "Wales, no more known", "ZZ991WZ": "Scotland, no more known",
    "ZZ992WZ": "Northern Ireland, no more known", "ZZ999ZZ": "not known, in learners' records",
}  # fmt: skip
GIROBANK = "GIR0AA"
LETTERED = frozenset(
    ("EC1", "EC2", "EC3", "EC4", "SW1", "W1", "WC1", "WC2", "E1", "N1", "NW1", "SE1")
)
NEVER_FIRST, NEVER_SECOND, NEVER_IN_UNIT = "QVX", "IJZ", "CIKMOV"
THIRD, FOURTH = "ABCDEFGHJKPSTUW", "ABEHMNPRVWXY"
EXISTS = "well-formed only: ask a postcode file whether it exists"

_SHAPE = re.compile(r"([A-Z]{1,2})([0-9]{1,2})([A-Z]?)([0-9])([A-Z]{2})")
_OUTWARD = re.compile(r"[A-Z]{1,2}[0-9]{1,2}[A-Z]?[0-9]?")
_FORCES = re.compile(r"BFPO0*([1-9][0-9]{0,3})")


def check(text: str) -> Checked:
    """The postcode in capitals with one space; its notes say where it isn't an ordinary one.

    Problems: missing, pseudo-postcode, partial-postcode, wrong-shape, letter-not-used, unknown-area,
    no-such-district.
    """
    given = joined(text)
    if not given:
        return NOTHING
    special = _special(given)
    if special:
        return special
    found = _SHAPE.fullmatch(given)
    if not found:
        if _OUTWARD.fullmatch(given):
            return unsound("partial-postcode", "Only the first part of a postcode is given.")
        return unsound("wrong-shape", "A postcode is an area, a district, a digit and two letters.")
    area, number, letter, sector, unit = found.groups()
    fault = _fault(area, number, letter, unit)
    return fault or sound(f"{area}{number}{letter} {sector}{unit}", *_notes(area))


def _special(given: str) -> Checked | None:
    """Postcodes that follow rules of their own, or None."""
    if given.startswith("ZZ99"):
        return unsound(
            "pseudo-postcode", f"An ONS pseudo-postcode: {PSEUDO.get(given, 'a place abroad')}."
        )
    if given == GIROBANK:
        return sound("GIR 0AA", "Girobank's: no longer in use")
    if given in TERRITORIES:
        return sound(f"{given[:-3]} {given[-3:]}", f"{TERRITORIES[given]}: not a UK postcode")
    forces = _FORCES.fullmatch(given)
    if forces:
        return sound(f"BFPO {forces[1]}", "a BFPO number and not a postcode, which begins BF1")
    return None


def _fault(area: str, number: str, letter: str, unit: str) -> Checked | None:
    """What breaks the position rules, or None."""
    if area[0] in NEVER_FIRST or area[1:] in tuple(NEVER_SECOND):
        return unsound("letter-not-used", "A letter stands where postcodes never have it.")
    if set(unit) & set(NEVER_IN_UNIT):
        return unsound("letter-not-used", "The last two letters are never C, I, K, M, O or V.")
    if area not in AREAS:
        return unsound("unknown-area", "No postcode area has these letters.")
    if len(number) == 2 and (letter or number[0] == "0"):
        return unsound("wrong-shape", "A district of two digits has no letter and no leading zero.")
    if letter and letter not in (THIRD if len(area) == 1 else FOURTH):
        return unsound("letter-not-used", "A letter stands where postcodes never have it.")
    if letter and area + number not in LETTERED:
        return unsound(
            "no-such-district", "No district of these letters and digit ends in a letter."
        )
    return None


def _notes(area: str) -> tuple[str, ...]:
    if area in CROWN_DEPENDENCIES:
        return (f"{CROWN_DEPENDENCIES[area]}: a Crown dependency", EXISTS)
    if area in NOT_GEOGRAPHIC:
        return (NOT_GEOGRAPHIC[area], EXISTS)
    return (EXISTS,)
