"""Postcodes, GSS codes and council tax bands, by examples of those who issue them."""

from datetime import date

import pytest

from openoda.standards.uk import council_tax, gss, postcode

ROYAL_MAIL = ("M1 1AA", "M60 1NW", "CR2 6XH", "DN55 1PT", "W1A 1HQ", "EC1A 1BB", "PO1 3AX")
TERRITORIES = ("ASCN 1ZZ", "BBND 1ZZ", "BIQQ 1ZZ", "FIQQ 1ZZ", "GX11 1AA", "PCRN 1ZZ", "SIQQ 1ZZ",
               "STHL 1ZZ", "TDCU 1ZZ", "TKCA 1ZZ")  # fmt: skip


@pytest.mark.parametrize("example", ROYAL_MAIL)
def test_the_six_forms(example: str) -> None:
    """Proves that Royal Mail's example of each form is sound in every way it is written."""
    for written in (example, example.lower(), example.replace(" ", ""), f"  {example} "):
        assert postcode.check(written).value == example
    assert "exists" in postcode.check(example).notes[-1]


@pytest.mark.parametrize(
    ("text", "value", "word"),
    [
        ("gir0aa", "GIR 0AA", "Girobank"),
        ("BFPO 57", "BFPO 57", "BFPO"),
        ("BF1 2AA", "BF1 2AA", "Forces"),
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


def test_a_year_without_a_day_refuses_neither_code() -> None:
    """Proves that where only the year of a change is known, both codes pass within it."""
    for code in ("E08000016", "E08000038"):
        assert gss.check(code, date(2025, 6, 1)).sound
    assert gss.check("E08000016", date(2026, 1, 1)).problem == "not-in-force"
    assert gss.check("E08000038", date(2024, 12, 31)).problem == "not-in-force"


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
        assert not set(change["from"]) & set(change["to"])
        for code in (*change["from"], *change["to"]):
            assert gss.check(code).value == code
            assert code[:3] in ("E06", "E07", "E08", "S12")


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
        ("", "", "missing"),
    ],
)
def test_no_bands(text: str, country: str, problem: str) -> None:
    """Proves that band I belongs to Wales and Northern Ireland has no bands."""
    assert council_tax.check(text, country).problem == problem
