"""UPRN, USRN, NHS number and National Insurance number, by examples of those who issue them."""

import re

import pytest

from openoda.standards.uk import nhs_number, nino, uprn, usrn

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
UNUSED = ("BG", "GB", "KN", "NK", "NT", "ZZ")
ADMINISTRATIVE = ("OO", "CR", "FY", "MW", "NC", "PY", "PZ")
HMRC_PATTERN = re.compile(r"(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]")
"""The prefixes that HMRC's own software takes (github.com/hmrc/domain, Nino.scala), as one pattern."""


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("200010019924", "200010019924"),  # Ordnance Survey's own, in its OS Places user guide
        ("100023336956", "100023336956"),  # 10 Downing Street, as published
        ("000000199356", "199356"),  # Bristol Central Library, as published, padded
        (" 1000 2333 6956 ", "100023336956"),
        ("199356.0", "199356"),
        ("199,356", "199356"),
        ("1", "1"),
    ],
)
def test_uprns(text: str, value: str) -> None:
    """Proves that published UPRNs are taken in each way they are written, without leading zeros.

    Ordnance Survey, Technical FAQ: UPRNs "do not require leading zeros. However some gazetteer
    database applications will pad UPRNs".
    """
    assert uprn.check(text).value == value


def test_a_padded_uprn_and_a_bare_one_are_the_same() -> None:
    """Proves that the same property from two systems compares equal, and that padding is noted."""
    padded = uprn.check("000050031226")
    assert padded.value == uprn.check("50031226").value == "50031226"
    assert padded.notes[0] == "leading zeros removed"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("1234567890123", "too-long"),
        ("000000000000", "placeholder"),
        ("1.00023E+11", "scientific-notation"),
        ("10002333695O", "not-digits"),
        ("-1", "not-digits"),
        ("１２", "not-digits"),
        ("  ", "missing"),
    ],
)
def test_no_uprns(text: str, problem: str) -> None:
    """Proves that what can't be a UPRN is told by its own problem."""
    assert uprn.check(text).problem == problem


def test_usrns_are_shorter() -> None:
    """Proves that a street's number has at most eight digits, and zeros before it don't count."""
    assert usrn.check("00012345678").value == "12345678"
    assert usrn.check("123456789").problem == "too-long"
    assert usrn.check("0").problem == "placeholder"


@pytest.mark.parametrize(
    "text",
    [
        "943 476 5919",  # the example that is worked through wherever the rule is explained
        "943-476-5919",
        "9434765919",
        "9449305552",  # NHS England's FHIR guide
        "9000000009",  # NHS England, Personal Demographics Service API: its example patient
        "943-476-5870",  # python-stdnum, the reference software
        "485 777 3457",  # Thimbleby (2022): the NHS's form with its check digit put right
    ],
)
def test_nhs_numbers(text: str) -> None:
    """Proves that published examples are sound in each way they are written."""
    assert nhs_number.check(text).value == text.replace(" ", "").replace("-", "")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("943 476 5918", "check-digit"),
        ("987 654 4321", "check-digit"),  # shown for its form only
        ("485 777 3456", "check-digit"),  # the NHS service manual's: shown for its form only
        ("9434765871", "check-digit"),  # python-stdnum, the reference software
        ("1111111111", "placeholder"),  # passes the check, and is still nobody's
        ("0000000000", "placeholder"),
        ("943476591", "too-short"),
        ("94347659190", "too-long"),
        ("943476591X", "not-digits"),
        ("", "missing"),
    ],
)
def test_no_nhs_numbers(text: str, problem: str) -> None:
    """Proves that a wrong digit, a filler and a wrong length are told apart."""
    assert nhs_number.check(text).problem == problem


def test_nhs_number_that_is_never_issued() -> None:
    """Proves that nine digits whose check digit would be 10 have no sound tenth one."""
    nine = next(
        f"{n}" for n in range(400_000_000, 400_000_100) if nhs_number.check_digit(f"{n}") == 10
    )
    assert not any(nhs_number.check(f"{nine}{digit}").sound for digit in range(10))


@pytest.mark.parametrize(
    ("nine", "word"),
    [
        ("010190123", "Scotland"),
        ("320000101", "Northern Ireland"),
        ("399999999", "Northern Ireland"),
        ("400000000", "England, Wales"),
        ("799999999", "England, Wales"),
        ("999123457", "tests"),
        ("944930555", "not issued"),
        ("500000001", "no range"),
        ("319900001", "no range"),  # below Northern Ireland's, and no 31 September
    ],
)
def test_whose_range_a_number_lies_in(nine: str, word: str) -> None:
    """Proves that the four countries' numbers, alike in form, are told by range in a note."""
    found = nhs_number.check(f"{nine}{nhs_number.check_digit(nine)}")
    assert found.sound, nine
    assert word in found.notes[0]


@pytest.mark.parametrize(
    ("text", "scotland"),
    [
        ("0101011237", True),  # Public Health Scotland, phsmethods: "Valid CHI"
        ("2902041230", True),  # 29 February of a leap year
        ("2902011237", False),  # 29 February of another: no date of birth, so no CHI number
        ("0013011230", False),
        ("3113011300", False),
    ],
)
def test_a_chi_number_begins_with_a_date(text: str, scotland: bool) -> None:
    """Proves that the note on Scotland is told by a date of birth (NHS Data Dictionary, CHI NUMBER)."""
    number = text[:9] + str(nhs_number.check_digit(text[:9]))
    assert nhs_number.check(number).sound
    assert ("Scotland" in nhs_number.check(number).notes[0]) == scotland


def test_health_and_care_numbers_begin_at_320_000_001() -> None:
    """Proves the first of the range that the NHS Data Dictionary gives for Northern Ireland."""
    last = f"320000000{nhs_number.check_digit('320000000')}"
    first = f"320000001{nhs_number.check_digit('320000001')}"
    assert "Northern Ireland" not in nhs_number.check(last).notes[0]
    assert "Northern Ireland" in nhs_number.check(first).notes[0]


def test_ninos() -> None:
    """Proves that spaces and case don't matter and a missing last letter is noted."""
    assert nino.check("ab 12 34 56 c").value == "AB123456C"
    assert nino.check("AB123456").value == "AB123456"
    assert nino.check("AB123456 ").notes == ("the last letter is not given",)
    assert "1975" in nino.check("JY123456A").notes[0]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("QQ123456A", "letter-not-used"),  # the example of NIM39110, not to be used as a number
        ("QQ 12 34 56 C", "letter-not-used"),
        ("AO123456A", "letter-not-used"),
        *((f"{prefix}123456A", "prefix-not-allocated") for prefix in UNUSED),
        *((f"{prefix}123456A", "administrative-prefix") for prefix in ADMINISTRATIVE),
        ("NC010190M", "administrative-prefix"),
        ("PP999999P", "placeholder"),  # NIM39110: PP is a valid prefix, this is no NINO
        ("PP123456P", "wrong-suffix"),
        ("TN010190F", "temporary-number"),
        ("TN 01 01 90", "temporary-number"),
        ("TN123456A", "prefix-not-allocated"),
        ("11a11111", "temporary-reference"),
        ("AB123456E", "wrong-suffix"),
        ("AB12345C", "wrong-shape"),
        ("AB1234567C", "wrong-shape"),  # this and the next: HMRC's own tests, NinoSpec.scala
        ("ABC123456C", "wrong-shape"),
        ("A1234567C", "wrong-shape"),
        ("", "missing"),
    ],
)
def test_no_ninos(text: str, problem: str) -> None:
    """Proves that each exclusion of NIM39110 is kept, administrative and temporary ones by name."""
    assert nino.check(text).problem == problem


def test_o_is_sound_as_a_first_letter() -> None:
    """Proves that O is barred only as the second letter."""
    assert nino.check("OA123456A").sound


@pytest.mark.parametrize("text", ["AB123456C", "AB 12 34 56 C", "CS100700A", "AA111111A"])
def test_ninos_of_hmrcs_own_tests(text: str) -> None:
    """Proves that the numbers which HMRC's software takes (NinoSpec.scala) are taken here."""
    assert nino.check(text).value == text.replace(" ", "")


def test_pp_is_a_valid_prefix() -> None:
    """Proves what NIM39110 says: "PP is a valid prefix but PP999999P should not be used"."""
    assert nino.check("PP123456A").value == "PP123456A"
    assert nino.check("PP999999A").sound


def test_every_prefix_is_judged_as_hmrc_does() -> None:
    """Proves of all 676 pairs of letters that only administrative ones are refused beyond HMRC's."""
    for prefix in (first + second for first in LETTERS for second in LETTERS):
        hmrc = bool(HMRC_PATTERN.fullmatch(prefix))
        assert nino.check(f"{prefix}123456A").sound == (hmrc and prefix not in ADMINISTRATIVE)
