"""Postcodes, GSS codes and council tax bands, by examples of those who issue them."""

import re
from datetime import date, timedelta

import pytest

from openoda.standards.uk import council_tax, gss, postcode

MRS = ("M1 1AA", "M60 1NW", "CR2 6XH", "DN55 1PT", "W1A 1HQ", "EC1A 1BB", "PO1 3AX")
"""The examples of each form in the Market Research Society's note on Royal Mail's format."""
ILR = "W1P 1HQ"
"""The form A9A in the Individualised Learner Record specification: P in the third place."""
TERRITORIES = ("ASCN 1ZZ", "BBND 1ZZ", "BIQQ 1ZZ", "FIQQ 1ZZ", "GX11 1AA", "PCRN 1ZZ", "SIQQ 1ZZ",
               "STHL 1ZZ", "TDCU 1ZZ", "TKCA 1ZZ")  # fmt: skip


@pytest.mark.parametrize("example", [*MRS, ILR])
def test_the_six_forms(example: str) -> None:
    """Proves that the published example of each form is sound in every way it is written."""
    for written in (example, example.lower(), example.replace(" ", ""), f"  {example} "):
        assert postcode.check(written).value == example
    assert "exists" in postcode.check(example).notes[-1]


@pytest.mark.parametrize(
    ("text", "value", "word"),
    [
        ("gir0aa", "GIR 0AA", "Girobank"),
        ("BFPO 15", "BFPO 15", "not a postcode"),
        ("bfpo 0015", "BFPO 15", "not a postcode"),
        ("BF1 0AA", "BF1 0AA", "Forces"),  # the postcode of BFPO 15
        ("BX9 1AS", "BX9 1AS", "no place"),  # HM Revenue and Customs
        ("JE2 3AB", "JE2 3AB", "Jersey"),
        ("GY1 1AA", "GY1 1AA", "Guernsey"),
        ("IM1 1AA", "IM1 1AA", "Isle of Man"),
        *((text, text, "not a UK postcode") for text in TERRITORIES),
    ],
)
def test_postcodes_that_are_not_ordinary(text: str, value: str, word: str) -> None:
    """Proves that postcodes with rules of their own are sound, and are told apart by a note."""
    found = postcode.check(text)
    assert found.value == value
    assert word in found.notes[0]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("ZZ99 3VZ", "pseudo-postcode"),  # no fixed abode: NHS Data Dictionary
        ("ZZ99 6CZ", "pseudo-postcode"),  # India: the same
        ("ZZ99 9ZZ", "pseudo-postcode"),  # "unknown" of the Individualised Learner Record
        ("XX10 1DD", "letter-not-used"),  # of no place, for parcels sent back: breaks the rule
        ("SW2A 1AA", "no-such-district"),
        ("BFPO 0", "wrong-shape"),
        ("BFPO 12345", "wrong-shape"),
        ("QA1 1AA", "letter-not-used"),
        ("VA1 1AA", "letter-not-used"),
        ("XA1 1AA", "letter-not-used"),
        ("AI1 1AA", "letter-not-used"),
        ("AJ1 1AA", "letter-not-used"),
        ("AZ1 1AA", "letter-not-used"),
        ("M1 1AC", "letter-not-used"),
        ("W1I 1AA", "letter-not-used"),
        ("EC1C 1AA", "letter-not-used"),
        ("HH1 1AA", "unknown-area"),
        ("M1A 1AA", "no-such-district"),
        ("M01 1AA", "wrong-shape"),
        ("SW1A", "partial-postcode"),
        ("M1 OAA", "wrong-shape"),
        ("not known", "wrong-shape"),
        ("", "missing"),
    ],
)
def test_no_postcodes(text: str, problem: str) -> None:
    """Proves that each position rule is kept, and pseudo-postcodes have a problem of their own."""
    assert postcode.check(text).problem == problem


@pytest.mark.parametrize(
    ("text", "words"),
    [  # Hospital Episode Statistics, HOMEADD; the last one: the ILR specification, appendix C
        ("ZZ99 3VZ", "no fixed abode"),
        ("ZZ99 3WZ", "not known"),
        ("ZZ99 3CZ", "England"),
        ("ZZ99 3GZ", "Wales"),
        ("ZZ99 1WZ", "Scotland"),
        ("ZZ99 2WZ", "Northern Ireland"),
        ("ZZ99 6CZ", "abroad"),
        ("ZZ99 9ZZ", "not known"),
    ],
)
def test_what_a_pseudo_postcode_stands_for(text: str, words: str) -> None:
    """Proves that each pseudo-postcode is told in the words of who publishes it."""
    assert words in postcode.check(text).words


def test_there_are_all_the_areas() -> None:
    """Proves that the table has the 121 areas of the United Kingdom and the three beside it."""
    assert len(postcode.GEOGRAPHIC) == 121
    assert len(postcode.CROWN_DEPENDENCIES) == 3


@pytest.mark.parametrize(
    ("code", "entity"),
    [
        ("E09000011", "London boroughs"),  # Greenwich
        ("E06000002", "Unitary authorities"),  # Middlesbrough
        ("e07000008", "Non-metropolitan districts"),  # Cambridge
        ("W06000015", "Unitary authorities"),  # Cardiff
        ("S12000036", "Council areas"),  # Edinburgh
        ("N09000003", "Local government districts"),  # Belfast
        ("K02000001", "United Kingdom"),
        ("W20000001", "Registration districts"),
        ("W25000001", "Fire and rescue authorities"),
        ("E69000001", "Local skills improvement plan areas"),
        ("J01000001", "Major towns and cities"),
    ],
)
def test_gss_codes_name_their_entity(code: str, entity: str) -> None:
    """Proves that the prefix of a published code says what kind of area it is."""
    found = gss.check(code)
    assert found.value == code.upper()
    assert entity in found.notes[0]


def test_a_code_has_a_vintage() -> None:
    """Proves that a council's code is refused on a day when it wasn't in force, either side."""
    allerdale, cumberland = "E07000026", "E06000063"
    before, after = date(2023, 3, 31), date(2023, 4, 1)
    assert gss.check(allerdale, before).sound
    assert gss.check(allerdale, after).problem == "not-in-force"
    assert gss.check(cumberland, before).problem == "not-in-force"
    assert gss.check(cumberland, after).sound
    assert "E06000063" in gss.check(allerdale).notes[-1]
    assert gss.check("E09000011", after).sound


def test_a_code_made_and_replaced_again() -> None:
    """Proves that a code of a few years (Somerset West and Taunton) has both its ends."""
    found = gss.vintage_of("E07000246")
    assert found == gss.Vintage("E07000246", "2019-04-01", "2023-04-01", ("E06000066",))


@pytest.mark.parametrize(
    ("old", "new", "day"),
    [  # by the orders that moved the boundaries, and ONS's Code History Database
        ("E07000100", "E07000240", date(2012, 4, 1)),  # St Albans
        ("E06000048", "E06000057", date(2013, 4, 1)),  # Northumberland
        ("E08000020", "E08000037", date(2013, 4, 1)),  # Gateshead
        ("S12000015", "S12000047", date(2018, 2, 2)),  # Fife: SSI 2017/430
        ("S12000046", "S12000049", date(2019, 4, 1)),  # Glasgow City
        ("E08000016", "E08000038", date(2025, 4, 1)),  # Barnsley: SI 2024/1328
        ("E08000019", "E08000039", date(2025, 4, 1)),  # Sheffield: the same
        ("E07000020", "E06000052", date(2009, 4, 1)),  # Carrick, into Cornwall
        ("S12000037", "S12000043", date(2010, 4, 1)),  # Glasgow City, the first time
    ],
)
def test_codes_change_on_their_day(old: str, new: str, day: date) -> None:
    """Proves that a council's old code ends, and its new one begins, on the day of the order."""
    before = day - timedelta(days=1)
    assert gss.check(old, before).sound
    assert gss.check(old, day).problem == "not-in-force"
    assert gss.check(new, before).problem == "not-in-force"
    assert gss.check(new, day).sound


def test_northern_irelands_districts_began_in_2015() -> None:
    """Proves that a code which replaced none of this form still has a first day."""
    assert gss.check("N09000003", date(2015, 3, 31)).problem == "not-in-force"
    assert gss.check("N09000003", date(2015, 4, 1)).sound


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("E0900001", "wrong-shape"),
        ("E090000111", "wrong-shape"),
        ("95GG", "wrong-shape"),  # Northern Ireland before GSS codes
        ("E99999999", "pseudo-code"),
        ("Q99000001", "unknown-entity"),
        ("", "missing"),
    ],
)
def test_no_gss_codes(text: str, problem: str) -> None:
    """Proves that shape, pseudo-codes and unknown prefixes are told apart."""
    assert gss.check(text).problem == problem


def test_the_table_of_changes_is_sound() -> None:
    """Proves that every code of the changes is a sound council code, and none replaces itself."""
    for change in gss._table("gss_changes.json")["changes"]:
        assert date.fromisoformat(change["on"])
        assert not set(change["from"]) & set(change["to"])
        for code in (*change["from"], *change["to"]):
            assert gss.check(code).value == code
            assert code[:3] in ("E06", "E07", "E08", "S12", "N09")


def test_no_code_ends_or_begins_twice() -> None:
    """Proves that the changes contradict each other nowhere, and each code ends after it began."""
    changes = gss._table("gss_changes.json")["changes"]
    for side in ("from", "to"):
        codes = [code for change in changes for code in change[side]]
        assert len(codes) == len(set(codes))
    for code in {code for change in changes for code in change["from"]}:
        vintage = gss.vintage_of(code)
        assert vintage
        assert vintage.start < vintage.end


def test_the_table_of_entities_is_the_register() -> None:
    """Proves that there are the 206 entities of the Register of Geographic Codes of June 2026."""
    rows = gss._table("gss_entities.json")["entities"]
    prefixes = [row[0] for row in rows]
    assert len(prefixes) == len(set(prefixes)) == 206
    for prefix, name, country, editions in rows:
        assert re.fullmatch("[EJKLMNSW][0-9]{2}", prefix)
        assert name
        assert country
        assert isinstance(editions, str)
        assert gss.check(f"{prefix}999999").problem == "pseudo-code"  # kept so in the register


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *((band, band) for band in "ABCDEFGH"),
        ("I", "I"),
        ("band d", "D"),
        ("Band: D", "D"),
        ("A-", "A-"),
        ("AR", "A-"),
        ("@", "A-"),
    ],
)
def test_bands(text: str, value: str) -> None:
    """Proves that the bands of the 1992 Act are sound, band I and the reduced band A too."""
    assert council_tax.check(text).value == value


@pytest.mark.parametrize(
    ("text", "country", "problem"),
    [
        ("J", "", "not-a-band"),
        ("AB", "", "not-a-band"),
        ("I", "England", "wales-only"),
        ("I", "Scotland", "wales-only"),
        ("D", "Northern Ireland", "no-bands"),
        ("A-", "Northern Ireland", "no-bands"),
        ("I-", "", "not-a-band"),
        ("B-", "", "not-a-band"),  # only band A has no lower band to be charged as
        ("", "", "missing"),
    ],
)
def test_no_bands(text: str, country: str, problem: str) -> None:
    """Proves that band I belongs to Wales and Northern Ireland has no bands."""
    assert council_tax.check(text, country).problem == problem
