"""Telephone numbers and e-mail addresses, with numbers and names that are kept for examples."""

import pytest

from openoda.standards.uk import email, phone

OFCOM_DRAMA = (
    "0113 496 0", "0114 496 0", "0115 496 0", "0116 496 0", "0117 496 0", "0118 496 0", "0121 496 0",
    "0131 496 0", "0141 496 0", "0151 496 0", "0161 496 0", "020 7946 0", "0191 498 0", "028 9649 6",
    "028 9018 0", "029 2018 0", "01632 960", "07700 900", "08081 570", "0909 879 0", "03069 990",
)  # fmt: skip
"""Ofcom's blocks of a thousand numbers each for drama; Northern Ireland's was 028 9018 0 before."""


@pytest.mark.parametrize("block", OFCOM_DRAMA)
@pytest.mark.parametrize("last", ["000", "999"])
def test_numbers_for_drama_are_nobodys(block: str, last: str) -> None:
    """Proves that the first and last number of every block are sound and told as nobody's."""
    assert "set aside for drama: nobody's" in phone.check(block + last).notes


@pytest.mark.parametrize(
    ("text", "value"),
    [  # Ofcom, numbers for use in drama, in the ways numbers are written
        ("020 7946 0018", "+442079460018"),
        ("(020) 7946 0018", "+442079460018"),
        ("+44 (0)20 7946 0018", "+442079460018"),
        ("(+44) 20 7946 0018", "+442079460018"),
        ("0044 20 7946 0018", "+442079460018"),
        ("442079460018", "+442079460018"),
        ("7700900123", "+447700900123"),
        ("07700-900-123", "+447700900123"),
        ("tel:07700 900123", "+447700900123"),
        ("01632 960001 ext. 12", "+441632960001"),
        ("01632 960001 x12", "+441632960001"),
        ("0300 123 3333", "+443001233333"),  # Ofcom's own
        ("0800 1111", "+448001111"),  # Childline, seven digits
        ("0845 46 47", "+448454647"),  # NHS Direct's, seven digits
        ("01204 12345", "+44120412345"),  # nine digits, as in the code for Bolton
        ("+1 202 555 0123", "+12025550123"),
        ("0033 1 23 45 67 89", "+33123456789"),
    ],
)
def test_numbers(text: str, value: str) -> None:
    """Proves that each way of writing gives the one form of E.164."""
    assert phone.check(text).value == value


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("999", "short-code"),
        ("101", "short-code"),
        ("0500 123456", "withdrawn"),
        ("040 1234 5678", "not-in-plan"),
        ("010 1234 5678", "not-in-plan"),
        ("01632 96000", "too-short"),
        ("01632 9600011", "too-long"),
        ("01632 960001 / 01632 960002", "several-numbers"),
        ("2125550123", "not-in-plan"),  # no UK range begins with 21
        ("+1234567890123456", "not-in-plan"),  # sixteen digits: more than E.164 has
        ("ask reception", "not-a-number"),
        ("", "missing"),
    ],
)
def test_no_numbers(text: str, problem: str) -> None:
    """Proves that numbers outside the plan are told by name."""
    assert phone.check(text).problem == problem


def test_what_a_number_is_for() -> None:
    """Proves that the plan's use of a range, and numbers set aside for drama, are in the notes."""
    assert phone.check("07700 900123").notes == ("a mobile", "set aside for drama: nobody's")
    assert phone.check("07624 123456").notes == ("an Isle of Man mobile",)
    assert "spreadsheet" in phone.check("7700900123").notes[-1]
    assert phone.check("01632 960001 x12").notes[-1] == "an extension is left out"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("First.Last@Example.COM", "first.last@example.com"),
        (" a@example.org ", "a@example.org"),
        ("mailto:a+b@example.co.uk", "a+b@example.co.uk"),
        ("The Office <office@example.gov.uk>", "office@example.gov.uk"),
        ("o'a@example.test", "o'a@example.test"),
        (f"{'a' * 64}@example.com", f"{'a' * 64}@example.com"),
    ],
)
def test_addresses(text: str, value: str) -> None:
    """Proves that sound addresses are taken in lower case, without wrapping."""
    assert email.check(text).value == value


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a.example.com", "no-at-sign"),
        ("a@b@example.com", "several-addresses"),
        ("a@example.com; b@example.com", "several-addresses"),
        ("a b@example.com", "spaces"),
        ("a..b@example.com", "local-part"),
        (".a@example.com", "local-part"),
        ("a.@example.com", "local-part"),
        ("@example.com", "local-part"),
        ("a@example", "domain"),
        ("a@-example.com", "domain"),
        ("a@example..com", "domain"),
        ("a@192.168.0.1", "domain"),
        ("a@", "domain"),
        (f"{'a' * 65}@example.com", "too-long"),
        (f"a@{'b' * 64}.com", "domain"),
        (f"a@{'b.' * 130}com", "too-long"),
        ("é@example.com", "not-ascii"),
        ("", "missing"),
    ],
)
def test_no_addresses(text: str, problem: str) -> None:
    """Proves that each limit of RFC 5321 and each part of the form is kept."""
    assert email.check(text).problem == problem


def test_domains_kept_for_examples_are_noted() -> None:
    """Proves that RFC 2606's names are told apart from domains that could be anybody's."""
    assert email.check("a@example.com").notes
    assert not email.check("a@example.gov.uk").notes
