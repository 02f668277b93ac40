"""A header is told by what stands under it."""

import pytest

from openoda.data.intake.propose.heading import Heading, faults_of, judge_heading

COUNTS = [["W1", "5", "1"], ["W2", "12", "2"], ["W3", "7", "30"]]


@pytest.mark.parametrize(
    "names",
    [
        ["ward", "2018", "2019"],
        ["ward", "2020-01-01", "2020-02-01"],
        ["ward", "0-4", "90+"],
        ["ward", "n", "n"],
        ["", "a", "b"],
        ["ward", "Q1", "Q2"],
    ],
)
def test_headers_that_look_odd(names: list[str]) -> None:
    """Proves that years, dates, bands of ages, names given twice or left out make no data of it."""
    assert judge_heading(names, COUNTS) == Heading(True)


@pytest.mark.parametrize(
    "first",
    [["W9", "4", "6"], ["Jane Smith", "01/02/1980", "AB123456C"], ["x", "5", "n/a"]],
)
def test_first_records_that_are_data(first: list[str]) -> None:
    """Proves that a record of the same kinds as those under it isn't lost as names of columns."""
    under = {
        "W9": COUNTS,
        "Jane Smith": [["John X", "02/03/1981", "CD123456A"], ["An O", "11/03/1981", "CE123456B"]],
        "x": [["y", "6", "7"], ["z", "8", "9"]],
    }[first[0]]
    assert not judge_heading(first, under).is_header


def test_years_over_years_are_data() -> None:
    """Proves that years in a row speak for a header only over values that are none."""
    assert not judge_heading(["2018", "2019"], [["2019", "2020"], ["2001", "2002"]]).is_header


def test_what_speaks_both_ways_is_doubtful() -> None:
    """Proves that a name over numbers beside a number over numbers is for the analyst to look at."""
    assert judge_heading(["id", "2018"], [["1", "5"], ["2", "6"]]) == Heading(True, True)


def test_faults_hold_no_name() -> None:
    """Proves that a faulty header is described by places alone, since it may hold a person's data."""
    told = " ".join(faults_of(["Secret", "", "Secret"]))
    assert ("Secret" not in told, "1, 3" in told, "no name: columns 2" in told) == (
        True,
        True,
        True,
    )
