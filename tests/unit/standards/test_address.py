"""Whether a text is an address at all, and its one way of writing."""

import pytest

from openoda.standards.uk.address import MOST, check


@pytest.mark.parametrize(
    ("given", "canonical"),
    [
        ("1 High Street", "1 HIGH STREET"),
        ("  1  High St. ,\r\n Oxford,, OX1 4AJ. ", "1 HIGH ST, OXFORD, OX1 4AJ"),
        ("Flat 1.2, The Mill", "FLAT 1.2, THE MILL"),
        ("O\u2019Neill Court; 3 \u2013 5 Mill Lane", "O'NEILL COURT, 3 - 5 MILL LANE"),
        ("Tŷ Gwyn, Caerdydd", "TŶ GWYN, CAERDYDD"),
        ("Nfa House, 2 Mill Lane", "NFA HOUSE, 2 MILL LANE"),
    ],
)
def test_one_way_of_writing(given: str, canonical: str) -> None:
    """Proves the canonical form, and that it stays as it is when asked again."""
    assert check(given).value == canonical
    assert check(canonical).value == canonical


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ("", "missing"),
        (" , \n", "missing"),
        ("No fixed abode", "no-address"),
        ("N.F.A.", "no-address"),
        ("not known", "placeholder"),
        ("N/A", "placeholder"),
        ("As above", "placeholder"),
        ("12345", "no-words"),
        ("x" * (MOST + 1), "too-long"),
    ],
)
def test_what_is_no_address(given: str, problem: str) -> None:
    """Proves that each way of having none has its own code."""
    assert check(given).problem == problem
