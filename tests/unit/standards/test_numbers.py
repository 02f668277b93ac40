"""UPRN, USRN, NHS number and National Insurance number, by examples of those who issue them."""

import pytest

from openoda.standards.uk import nhs_number, nino, uprn, usrn

UNUSED = ("BG", "GB", "KN", "NK", "NT", "ZZ")
ADMINISTRATIVE = ("OO", "CR", "FY", "MW", "NC", "PP", "PY", "PZ")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("100023336956", "100023336956"),  # 10 Downing Street, as published
        ("000000199356", "199356"),  # Bristol Central Library, as published, padded
        (" 1000 2333 6956 ", "100023336956"),
        ("199356.0", "199356"),
        ("199,356", "199356"),
        ("1", "1"),
    ],
)
def test_uprns(text: str, value: str) -> None:
    """Proves that published UPRNs are taken in each way they are written, without leading zeros."""
    assert uprn.check(text).value == value


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


@pytest.mark.parametrize("text", ["943 476 5919", "943-476-5919", "9434765919", "9449305552"])
def test_nhs_numbers(text: str) -> None:
    """Proves that the worked example (943 476 5919) and that of NHS England's FHIR guide are sound."""
    assert nhs_number.check(text).value == text.replace(" ", "").replace("-", "")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("943 476 5918", "check-digit"),
        ("987 654 4321", "check-digit"),  # shown for its form only
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
        ("400000000", "England, Wales"),
        ("999123457", "tests"),
        ("900000001", "no range"),
    ],
)
def test_whose_range_a_number_lies_in(nine: str, word: str) -> None:
    """Proves that the four countries' numbers, alike in form, are told by range in a note."""
    found = nhs_number.check(f"{nine}{nhs_number.check_digit(nine)}")
    assert found.sound, nine
    assert word in found.notes[0]


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
        ("PP999999P", "administrative-prefix"),
        ("TN010190F", "temporary-number"),
        ("TN 01 01 90", "temporary-number"),
        ("TN123456A", "prefix-not-allocated"),
        ("11a11111", "temporary-reference"),
        ("AB123456E", "wrong-suffix"),
        ("AB12345C", "wrong-shape"),
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
