"""Every rule by its kind: what it asks, its official source, its edge cases.

The reference page is made from here, and so is the choice of kinds on the command line.
"""

from collections.abc import Callable
from dataclasses import dataclass

from openoda.standards.uk import (
    address,
    council_tax,
    dates,
    email,
    gss,
    names,
    nhs_number,
    nino,
    phone,
    postcode,
    uprn,
    usrn,
)
from openoda.standards.uk.checked import Checked
from openoda.vocabulary.refusals import Misused


@dataclass(frozen=True)
class Standard:
    """One kind of value. `personal`: whether a value can point to a person."""

    kind: str
    title: str
    check: Callable[[str], Checked]
    rule: str
    source: str
    edge_cases: tuple[str, ...]
    personal: bool = False


def standard_of(kind: str) -> Standard:
    """The standard of a kind. Refuses (Misused) a kind that there isn't, and names those there are."""
    for standard in STANDARDS:
        if standard.kind == kind:
            return standard
    raise Misused(
        f"There is no kind of value called {kind}",
        where="KIND",
        remedy=f"Choose one of: {', '.join(kinds())}.",
    )


def kinds() -> list[str]:
    """The names of all kinds."""
    return [standard.kind for standard in STANDARDS]


def table() -> list[tuple[str, str, str, str]]:
    """For the reference: kind, rule, source and edge cases of every standard, as text."""
    return [
        (one.kind, f"{one.title}. {one.rule}", one.source, "; ".join(one.edge_cases))
        for one in STANDARDS
    ]


STANDARDS = (
    Standard(
        "uprn",
        "Unique Property Reference Number",
        uprn.check,
        "1 to 12 digits, not all zero; canonical without leading zeros.",
        "OS Open UPRN technical specification (size 12); Open Standards Board: UPRN as the public "
        "sector's standard for property",
        (
            "no check digit: a slip is seen only by a gazetteer",
            "leading zeros, a decimal .0 and thousands commas are taken off, with a note",
            "1.0E+11 is refused: the last digits are lost",
        ),
    ),
    Standard(
        "usrn",
        "Unique Street Reference Number",
        usrn.check,
        "1 to 8 digits, not all zero; canonical without leading zeros.",
        "AddressBase Core technical specification (size 8); Open Standards Board, as for the UPRN",
        ("no check digit", "a number of 9 to 12 digits may be a UPRN in the wrong column"),
    ),
    Standard(
        "nhs-number",
        "NHS number",
        nhs_number.check,
        "10 digits; weights 10 to 2, 11 minus the remainder by 11, where 11 is 0 and 10 is not issued.",
        "NHS Data Model and Dictionary, NHS NUMBER",
        (
            "any change of one digit is noticed",
            "ten digits alike are a placeholder, though 0000000000 and 1111111111 pass the check",
            "Scotland's CHI and Northern Ireland's Health and Care numbers have the same check digit: "
            "told by range in a note, never refused",
            "9 digits may be a CHI number that lost its leading zero",
        ),
        personal=True,
    ),
    Standard(
        "nino",
        "National Insurance number",
        nino.check,
        "2 letters, 6 digits, A to D; D F I Q U V neither first nor second, O not second; BG GB KN NK "
        "NT TN ZZ not used.",
        "HMRC National Insurance Manual NIM39110 and NIM39115",
        (
            "QQ123456A, the manual's example, fails: its letters are not used",
            "the last letter may be missing, with a note",
            "administrative prefixes (OO CR FY MW NC PP PY PZ), temporary numbers (TN) and Temporary "
            "Reference Numbers (11a11111) are problems of their own",
            "GY and JY are noted: valid only if first used in the UK before 6 April 1975",
        ),
        personal=True,
    ),
    Standard(
        "postcode",
        "Postcode",
        postcode.check,
        "A9, A99, AA9, AA99, A9A or AA9A, a space, 9AA; letters by position; the area must exist.",
        "Royal Mail's format as in the ILR specification, appendix C, and the Market Research Society's "
        "note; pseudo-postcodes: NHS Data Model and Dictionary, POSTCODE",
        (
            "well-formed is not existing",
            "GIR 0AA, BFPO numbers, overseas territories and Crown dependencies are sound, with a note",
            "ZZ99 is an ONS pseudo-postcode (no fixed abode, not known, abroad): a problem of its own",
            "O for 0 is not mended",
        ),
    ),
    Standard(
        "gss",
        "GSS code",
        gss.check,
        "A letter and 8 digits; the first 3 characters are an entity of our table.",
        "ONS, geography coding and naming policy; Register of Geographic Codes; Code History Database",
        (
            "the table of entities is not the whole register",
            "codes of 999999 are ONS pseudo-codes: a problem of their own",
            "councils' codes that were replaced (2012 to 2025) are noted with what replaced them; a day "
            "asked for refuses those not in force then",
            "E01 and its like serve several censuses under one prefix: noted",
        ),
    ),
    Standard(
        "council-tax-band",
        "Council tax band",
        council_tax.check,
        "A to H, I in Wales; A- for band A with the disabled reduction.",
        "Local Government Finance Act 1992, sections 5 and 74; SI 1992/554 as amended in 1999",
        (
            "A-, AR and @ are written for the reduction: custom, without an official list",
            "Northern Ireland has none: refused where the country is given",
        ),
    ),
    Standard(
        "date",
        "Date",
        dates.check,
        "The day first; ISO 8601 is taken too; canonical YYYY-MM-DD; years 1800 to 2199.",
        "ISO 8601-1:2019; POSIX strptime (two-digit years: 69 to 99 are 19.., 00 to 68 are 20..)",
        (
            "12/25/2020 is told as month-first, not mended",
            "1 January 1900, 31 December 9999 and other zero and end dates of systems are placeholders",
            "a year, or month and year, is partial-date; what is known is in the notes",
            "five digits are an Excel serial from 1927 to 2099",
            "31/02 and the like are impossible-date",
        ),
    ),
    Standard(
        "date-of-birth",
        "Date of birth",
        dates.check_birth,
        "As for a date; two-digit years are the latest that isn't in the future.",
        "as for a date; the oldest age documented is 122 years",
        (
            "in the future, or more than 123 years ago: a problem",
            "1 January 1970 is a birthday too: only noted",
        ),
        personal=True,
    ),
    Standard(
        "name",
        "Whole name",
        names.check,
        "Title, forenames, surname, suffix; a comma puts the surname first; canonical folded capitals, "
        "forenames first.",
        "no standard; a single name as in ICAO Doc 9303 part 3; word lists of our own",
        (
            "particles (van, de la, Mc, O, bin …) belong to the surname",
            "nicknames and names in brackets are kept beside, never put in place",
            "several people, organisations, executors and The Occupier are problems of their own",
            "two family names without hyphen: only the last is taken for the surname",
            "Null, Na and Test are surnames",
        ),
        personal=True,
    ),
    Standard(
        "forename",
        "Forename",
        names.check_part,
        "Letters, apostrophes, hyphens, dots; canonical folded capitals.",
        "as for a whole name",
        ("formal names that a nickname may stand for are kept beside",),
        personal=True,
    ),
    Standard(
        "surname",
        "Surname",
        names.check_part,
        "Letters, apostrophes, hyphens, dots; canonical folded capitals, hyphens kept.",
        "as for a whole name",
        ("O'Brien, O Brien: the apostrophe is dropped, a space is kept",),
        personal=True,
    ),
    Standard(
        "phone",
        "Telephone number",
        phone.check,
        "UK: a range of the numbering plan and ten digits after the 0 (nine in some areas); abroad: + "
        "and 7 to 15 digits; canonical E.164.",
        "ITU-T E.164; Ofcom, National Telephone Numbering Plan",
        (
            "a leading 0 that a spreadsheet took is put back, with a note",
            "extensions are left out, with a note",
            "0500 was withdrawn in 2017",
            "whether an area code is allocated or a number in service is not asked",
        ),
        personal=True,
    ),
    Standard(
        "email",
        "E-mail address",
        email.check,
        "dot-atom @ domain of two labels or more; 64 and 254 characters at most; canonical lower case.",
        "RFC 5321 (sections 2.4 and 4.5.3.1), RFC 5322 (section 3.4.1), RFC 1035 (section 2.3.1)",
        (
            "quoted local parts, bracketed addresses and other scripts are refused, though standards "
            "allow them",
            "domains kept for examples are noted",
        ),
        personal=True,
    ),
    Standard(
        "address",
        "Address in free text",
        address.check,
        "Words, in 500 characters at most; canonical capitals on one line; its BS 7666 parts beside.",
        "our own rule; parts as in BS 7666:2006",
        (
            "no fixed abode, not known, as above: problems of their own",
            "well-formed is not existing: `oda addresses match` asks a gazetteer",
            "every word of it is in exactly one part; what belongs to none is in `rest`",
        ),
        personal=True,
    ),
)  # fmt: skip
