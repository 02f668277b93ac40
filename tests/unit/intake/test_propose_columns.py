"""What type a column is proposed to be, and what is said for it."""

from typing import Any

import pyarrow as pa
import pytest

from openoda.data.intake.propose.columns import ColumnEvidence, propose_column


def proposed(values: list[str | None], name: str = "x") -> ColumnEvidence:
    return propose_column(name, pa.chunked_array([pa.array(values, pa.string())]))


@pytest.mark.parametrize(
    ("values", "descriptor"),
    [
        (["1", "-2", "30"], {"type": "integer"}),
        (["007", "12", "130"], {"type": "string"}),
        (["1.5", "2", "-0.25"], {"type": "number"}),
        (["1,5", "2", "1.234,5"], {"type": "number", "decimalChar": ",", "groupChar": "."}),
        (["0,5", "12,25"], {"type": "number", "decimalChar": ","}),
        (["1,234.5", "12"], {"type": "number", "groupChar": ","}),
        (["1,234,567", "12"], {"type": "integer", "groupChar": ","}),
        (["£12.50", "£3"], {"type": "number", "bareNumber": False}),
        (["45%", "7%"], {"type": "number", "bareNumber": False}),
        (["31/01/2024", "01/02/2024"], {"type": "date", "format": "%d/%m/%Y"}),
        (["01/31/2024", "02/01/2024"], {"type": "date", "format": "%m/%d/%Y"}),
        (["2024-01-31", "2024-02-01"], {"type": "date", "format": "%Y-%m-%d"}),
        (["31-Jan-2024", "1-feb-2024"], {"type": "date", "format": "%d-%b-%Y"}),
        (["31.01.24", "x"], {"type": "string"}),
        (["20240131", "20240201"], {"type": "date", "format": "%Y%m%d"}),
        (["31/01/2024 10:05", "01/02/2024 00:00"],
         {"type": "datetime", "format": "%d/%m/%Y %H:%M"}),
        (["2024-01-31T10:05:00Z"], {"type": "datetime"}),
        (["Y", "N", "Y"], {"type": "boolean", "trueValues": ["Y"], "falseValues": ["N"]}),
        (["true", "false"], {"type": "boolean", "trueValues": ["true"], "falseValues": ["false"]}),
        (["0", "1", "1"], {"type": "integer"}),
        (["Risk 1 (High)", "Risk 2 (Low)"], {"type": "string"}),
        (["EPSG:27700", "EPSG:27700"], {"type": "string"}),
        (["NaN", "inf"], {"type": "string"}),
    ],
)  # fmt: skip
def test_types(values: list[str], descriptor: dict[str, Any]) -> None:
    """Each kind of value that councils' files hold."""
    found = proposed(values)
    assert found.descriptor == {"name": "x", **descriptor}
    assert found.share == 1.0


def test_codes_stay_text() -> None:
    """Digits of one length are a reference; with a leading zero any are."""
    assert "12 digits" in proposed(["100023456789", "100023456790"]).note
    assert "leading zeros" in proposed(["0012", "4567"]).note
    assert proposed(["100023456789", "100023456790"]).descriptor["type"] == "string"


def test_day_and_month_that_can_not_be_told_apart_are_said() -> None:
    """The British order is proposed and marked doubtful; one day over twelve settles it."""
    assert proposed(["01/02/2024", "03/04/2024"]).doubtful
    assert "British" in proposed(["01/02/2024", "03/04/2024"]).note
    assert not proposed(["01/02/2024", "13/04/2024"]).doubtful


def test_thousands_or_decimals_are_not_guessed() -> None:
    """Three digits after every separator: text, until the analyst says which."""
    found = proposed(["1,234", "56,789"])
    assert (found.descriptor["type"], found.doubtful) == ("string", True)
    assert "say which" in found.note


def test_spreadsheet_serials_by_range_and_name() -> None:
    """Under a name that speaks of dates they are proposed as such, elsewhere only hinted at."""
    found = proposed(["45322", "45400"], "Licence Expires")
    assert found.descriptor == {"name": "Licence Expires", "type": "date", "format": "excel"}
    assert found.doubtful
    found = proposed(["45322.5", "45400.25"], "Start date")
    assert found.descriptor["type"] == "datetime"
    found = proposed(["45322", "45400"], "rooms")
    assert found.descriptor["type"] == "integer"
    assert "excel" in found.note


def test_some_values_may_not_fit() -> None:
    """Up to one in twenty; the share is said, and the rest will be flagged."""
    found = proposed([*map(str, range(97)), "n/a", "-", "?"])
    assert found.descriptor["type"] == "integer"
    assert found.share == pytest.approx(0.97)
    assert proposed([*map(str, range(9)), "n/a"]).descriptor["type"] == "string"


def test_missing_values_are_counted_apart() -> None:
    """An empty column is text, and said to be unknown."""
    found = proposed([None, "", "3"])
    assert (found.values, found.missing, found.descriptor["type"]) == (1, 2, "integer")
    assert proposed([None, None]).doubtful


def test_examples_are_left_out_unless_asked_for() -> None:
    """Neither the representation nor the JSON holds a value by itself."""
    found = proposed(["Ann Other", "Bob Other"])
    assert "Ann" not in repr(found)
    assert "Ann" not in str(found.as_json(examples=False))
    assert "Ann Other" in found.as_json(examples=True)["examples"]
