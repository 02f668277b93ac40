"""Dates as the UK writes them, the day first, and what is told apart instead of mended."""

from datetime import date

import pytest

from openoda.standards.uk import dates

SEEN = date(2026, 6, 15)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("01/02/1990", "1990-02-01"),
        ("1/2/1990", "1990-02-01"),
        ("1.2.1990", "1990-02-01"),
        ("1-2-90", "1990-02-01"),
        ("1990-02-01", "1990-02-01"),
        ("1990/02/01", "1990-02-01"),
        ("19900201", "1990-02-01"),
        ("01021990", "1990-02-01"),
        ("1 February 1990", "1990-02-01"),
        ("1st of Feb. 1990", "1990-02-01"),
        ("1-Feb-90", "1990-02-01"),
        ("Thursday 1 February 1990", "1990-02-01"),
        ("February 1, 1990", "1990-02-01"),
        ("01/02/1990 00:00:00", "1990-02-01"),
        ("1990-02-01T13:45:00Z", "1990-02-01"),
        ("29/02/2000", "2000-02-29"),
        ("39448", "2008-01-01"),  # Microsoft: "January 1, 2008 is serial number 39448"
        ("39448.5", "2008-01-01"),
        ("1/1/68", "2068-01-01"),  # POSIX: 00 to 68 are of this century
        ("1/1/69", "1969-01-01"),
    ],
)
def test_dates(text: str, value: str) -> None:
    """Proves that each form is read, the day before the month wherever both are numbers."""
    assert dates.check(text).value == value


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("12/25/2020", "month-first"),
        ("31/02/2020", "impossible-date"),
        ("29/02/1900", "impossible-date"),
        ("01/01/1900", "placeholder-date"),
        ("1900-01-01", "placeholder-date"),
        ("31/12/9999", "placeholder-date"),
        ("00/00/0000", "placeholder-date"),
        ("30/12/1899", "placeholder-date"),
        ("01/01/1753", "placeholder-date"),
        ("1990", "partial-date"),
        ("02/1990", "partial-date"),
        ("Feb 1990", "partial-date"),
        ("01/02/1066", "out-of-range"),
        ("1/2", "not-a-date"),
        ("99999", "not-a-date"),
        ("yesterday", "not-a-date"),
        ("1/2-1990", "not-a-date"),
        ("", "missing"),
    ],
)
def test_no_dates(text: str, problem: str) -> None:
    """Proves that impossible, placeholder, partial and American dates are each told by name."""
    assert dates.check(text).problem == problem


def test_what_a_partial_date_says_is_kept() -> None:
    """Proves that the year and month known are in the notes."""
    assert dates.check("02/1990").notes == ("1990-02",)
    assert dates.check("1990").notes == ("1990",)


def test_the_pivot_is_stated() -> None:
    """Proves that the caller may say from which two digits on the last century is meant."""
    assert dates.check("1/1/30", pivot=29).value == "1930-01-01"
    assert dates.check("1/1/29", pivot=29).value == "2029-01-01"


def test_the_century_of_a_birth_is_the_latest_possible() -> None:
    """Proves that two-digit years of birth are never in the future, to the day."""
    assert dates.check_birth("15/06/26", SEEN).value == "2026-06-15"
    assert dates.check_birth("16/06/26", SEEN).value == "1926-06-16"
    assert dates.check_birth("16/06/2026", SEEN).problem == "in-the-future"
    assert dates.check_birth("01/01/1900", SEEN).problem == "placeholder-date"
    assert dates.check_birth("02/01/1890", SEEN).problem == "too-long-ago"
    assert dates.check_birth("01/01/1970", SEEN).notes == ("may be a computer's zero date",)
