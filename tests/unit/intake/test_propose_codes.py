"""Codes that look like numbers stay text, in the column's evidence and on the way back."""

import pyarrow as pa
import pytest

from openoda.data.intake.propose import dates, figures
from tests.unit.intake.test_propose_columns import proposed


@pytest.mark.parametrize(
    ("values", "why"),
    [
        (["000123 ", "000124 "], "leading zeros"),
        ([" 00123", "00125"], "leading zeros"),
        ([" 12", "13", "  4"], "spaces"),
        (["+447700900123", "+447700900124"], "leading plus"),
        (["001 007", "002 009"], "leading zeros"),
        (["3E2", "12E4"], "exponents"),
        (["-0001", "-12"], "leading zeros"),
        (["12345678901234567.89", "2"], "over 15 digits"),
    ],
)
def test_what_a_number_would_lose_stays_text(values: list[str], why: str) -> None:
    """Proves that a column stays text where a number would drop part of how a value is written."""
    found = proposed(values)
    assert found.descriptor == {"name": "x", "type": "string"}
    assert why in found.note


def test_brackets_and_trailing_signs_are_no_currency() -> None:
    """Proves that accounts' ways to write a minus don't become plain numbers without their sign."""
    for values in (["(5)", "(£5.00)"], ["1-", "2-"]):
        assert proposed(values).descriptor["type"] == "string"


def test_groups_of_three_with_spaces_are_left_to_the_analyst() -> None:
    """Proves that thousands and codes in groups aren't told apart without a decimal sign."""
    found = proposed(["123 456", "234 567"])
    assert (found.descriptor["type"], found.doubtful) == ("string", True)
    assert proposed(["1 234,5", "12,25"]).descriptor["groupChar"] == " "


def test_plain_numbers_stay_numbers() -> None:
    """Proves that what is said of codes costs no ordinary amount its type."""
    for values in (["0.5", ".25"], ["-£5", "£6"], ["£0.50"], ["-3", "12"], ["n/a", *["12.5"] * 30]):
        assert proposed(values).descriptor["type"] in ("number", "integer")


def test_text_is_not_cast_to_every_date(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves that a column of words costs no casting, however many patterns of dates there are: a wide
    file has thousands of them.
    """
    asked: list[object] = []

    def counted(given: pa.StringArray, descriptor: object) -> float:
        asked.append(descriptor)
        return 0.0

    for module in (dates, figures):
        monkeypatch.setattr(module, "share_of", counted)
    assert proposed([f"v{n} High Street" for n in range(50)]).descriptor["type"] == "string"
    assert not asked


@pytest.mark.parametrize("misfit", ["TBC", "n/k"])
@pytest.mark.parametrize("sign", ["", "£"])
def test_thousands_or_decimals_stays_open_beside_a_misfit(misfit: str, sign: str) -> None:
    """Proves that one word among the numbers doesn't turn thousands of pounds into thousandths."""
    values = [f"{sign}{1 + at % 9},{100 + at}" for at in range(40)]
    found = proposed([*values, misfit])
    assert (found.descriptor["type"], found.doubtful) == ("string", True)


def test_a_value_with_a_point_shows_what_the_comma_is() -> None:
    """Proves that £12.50 among 3,201 and its like is evidence for thousands, and fits."""
    values = [f"{1 + at % 9},{100 + at}" for at in range(40)]
    found = proposed([*values, "£12.50"])
    assert found.descriptor["groupChar"] == ","
    assert found.descriptor.get("decimalChar", ".") == "."
    assert found.share == 1
