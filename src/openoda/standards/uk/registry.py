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
        "Ordnance Survey: OS Open UPRN technical specification (integer, size 12), Technical FAQ (no "
        "leading zeros required; some databases pad). Secondary, GeoPlace: the Open Standards Board's "
        "standard for property since 1 July 2020",
        (
            "no check digit: a slip is seen only by a gazetteer",
            "leading zeros, a decimal .0 and thousands commas are taken off, with a note; the value as "
            "given is kept beside",
            "1.0E+11 is refused: the last digits are lost",
        ),
    ),
    Standard(
        "usrn",
        "Unique Street Reference Number",
        usrn.check,
        "1 to 8 digits, not all zero; canonical without leading zeros.",
        "Ordnance Survey: OS Open USRN technical specification (integer, size 8). Secondary, GeoPlace: "
        "as for the UPRN",
        (
            "no check digit",
            "a number of 9 to 12 digits may be a UPRN in the wrong column",
            "the same number can be a USRN and a UPRN (OS Linked Identifiers API)",
        ),
    ),
    Standard(
        "nhs-number",
        "NHS number",
        nhs_number.check,
        "10 digits; weights 10 to 2, 11 minus the remainder by 11, where 11 is 0 and 10 is not issued.",
        "NHS Data Model and Dictionary: NHS NUMBER, COMMUNITY HEALTH INDEX NUMBER, HEALTH AND CARE "
        "NUMBER. Secondary: the ranges of England, Wales and the Isle of Man (a pre-release profile of "
        "NHS England's) and of tests (NHS England's software)",
        (
            "any change of one digit is noticed",
            "ten digits alike are a placeholder, though 0000000000 and 1111111111 pass the check",
            "Scotland's CHI numbers (a date of birth first) and Northern Ireland's Health and Care "
            "numbers (320 000 001 to 399 999 999 and check digit) have the same check digit: told in a "
            "note, never refused",
            "943 476 5919, 9000000009 and other examples of the NHS lie where no number is issued",
            "485 777 3456 and 987 654 4321, shown by the NHS for their form, fail",
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
        "HMRC National Insurance Manual NIM39110 (present edition in a copy; an earlier one for CR and "
        "MW), NIM39115, NIM39625; HMRC's software (hmrc/domain). Secondary: the missing last letter and "
        "the form of temporary numbers",
        (
            "QQ123456A, the manual's example, fails: its letters are not used",
            "the last letter may be missing, with a note",
            "administrative prefixes (OO CR FY MW NC PY PZ), temporary numbers (TN) and Temporary "
            "Reference Numbers (11a11111) are problems of their own",
            "PP is a valid prefix; PP999999P alone is a placeholder, of pension schemes",
            "GY and JY are noted: valid only if first used in the UK before 6 April 1975",
        ),
        personal=True,
    ),
    Standard(
        "postcode",
        "Postcode",
        postcode.check,
        "A9, A99, AA9, AA99, A9A or AA9A, a space, 9AA; letters by position; the area must exist.",
        "Cabinet Office, BS 7666 schema, PostCodeType; Market Research Society, Postcode format; ILR "
        "specification, appendix C (copy); pseudo-postcodes: NHS Data Model and Dictionary, Hospital "
        "Episode Statistics, ILR. Secondary: the areas, the districts with a letter, the territories",
        (
            "well-formed is not existing",
            "GIR 0AA, overseas territories and Crown dependencies are sound, with a note",
            "BFPO 15 is a number and not a postcode (that is BF1 0AA): kept as it stands, with a note",
            "P in the third place (W1P 1HQ) is missing from the Cabinet Office's pattern",
            "ZZ99 is an ONS pseudo-postcode (no fixed abode, not known, abroad): a problem of its own",
            "XX, for parcels sent back, begins with a letter that isn't used: refused",
            "O for 0 is not mended",
        ),
    ),
    Standard(
        "gss",
        "GSS code",
        gss.check,
        "A letter and 8 digits; the first 3 characters are an entity of our table.",
        "ONS: Register of Geographic Codes, June 2026 (copy); Code History Database, July 2024 (copy); "
        "SI 2024/1328 for 2025",
        (
            "the table has the register's 206 entities, the archived ones too; a newer one is refused",
            "codes of 999999 are ONS pseudo-codes: a problem of their own",
            "councils' codes that were replaced (2009 to April 2025) are noted with what replaced them; "
            "a day asked for refuses those not in force then",
            "wards, counties and other areas have no vintage here",
            "E01 and its like serve several censuses under one prefix: noted",
        ),
    ),
    Standard(
        "council-tax-band",
        "Council tax band",
        council_tax.check,
        "A to H, I in Wales; A- for band A with the disabled reduction.",
        "Local Government Finance Act 1992, sections 5 and 74; SI 2003/3046 (Wales, band I); "
        "reductions: SI 1992/554 and 1999/1004, in Scotland SI 1992/1335 and 1999/756",
        (
            "the same letters stand for other values in England, Wales and Scotland: bands don't "
            "compare across borders",
            "band I since 1 April 2005; the number of Welsh bands can be changed by order",
            "A-, AR and @ are written for the reduction: custom, without an official list",
            "Northern Ireland has none: refused where the country is given",
        ),
    ),
    Standard(
        "date",
        "Date",
        dates.check,
        "The day first; ISO 8601 is taken too; canonical YYYY-MM-DD; years 1800 to 2199.",
        "GOV.UK, Formatting dates and times in data (ISO 8601). Secondary: POSIX strptime (two-digit "
        "years: 69 to 99 are 19.., 00 to 68 are 20..), Excel's serials. Placeholders: no list",
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
        "no standard; a single name as in ICAO Doc 9303 part 3 (not read); word lists of our own",
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
        "ITU-T E.164; Ofcom, Telecoms numbering (0500). Secondary: the plan's ranges and shorter "
        "numbers (libphonenumber's data), Ofcom's numbers for drama (copies)",
        (
            "+44 (0)20 … is taken: the (0) is dialled only inside the country",
            "0800 1111 and 0845 464x have seven digits; some of 0800 and of 41 area codes have nine",
            "numbers set aside for drama are noted: nobody's",
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
        "RFC 5321 (sections 2.4 and 4.5.3.1), RFC 3696 (erratum 1690: 254), RFC 5322 (section 3.4.1), "
        "RFC 1035 (section 2.3.1), RFC 1123 (section 2.1), RFC 2606",
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
