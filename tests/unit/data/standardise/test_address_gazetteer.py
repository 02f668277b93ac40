"""Gazetteers: the layouts that Ordnance Survey publishes, others by name, and those that can't serve."""

import pyarrow as pa
import pytest

from openoda.data.standardise.addresses.gazetteer import Gazetteer, read_gazetteer
from openoda.data.standardise.addresses.layouts import address_lines, layout_of
from openoda.data.standardise.addresses.parts import parts_table
from openoda.data.standardise.addresses.vocabulary import Vocabulary
from openoda.vocabulary.refusals import DataUnfit, Misused


def read(data: dict[str, list[str | None]], **options: object) -> tuple[Gazetteer, dict[str, str]]:
    """The gazetteer and its first row's parts that aren't empty."""
    vocabulary = Vocabulary()
    found = read_gazetteer(pa.table(data), vocabulary, **options)  # type: ignore[arg-type]
    row = parts_table(found.addresses, vocabulary).to_pylist()[0]
    return found, {name: value for name, value in row.items() if value}


def test_property_identifiers() -> None:
    """AddressBase Plus's SAO and PAO fields become SAON and PAON, numbers with letters and ranges."""
    found, parts = read(
        {
            "UPRN": ["100012345678"],
            "LA_ORGANISATION": ["ACME LTD"],
            "SAO_START_NUMBER": ["2"], "SAO_START_SUFFIX": ["B"], "SAO_END_NUMBER": [None],
            "SAO_END_SUFFIX": [None], "SAO_TEXT": ["FIRST FLOOR"],
            "PAO_START_NUMBER": ["12"], "PAO_START_SUFFIX": ["A"], "PAO_END_NUMBER": ["14"],
            "PAO_END_SUFFIX": [None], "PAO_TEXT": ["ROSE HOUSE"],
            "STREET_DESCRIPTION": ["DOCK RD"], "LOCALITY": ["ANYHAM"], "TOWN_NAME": ["LEEDS"],
            "POSTCODE_LOCATOR": ["LS1 4AB"],
        }
    )  # fmt: skip
    assert found.layout.startswith("AddressBase Plus or Premium, land")
    assert parts == {
        "organisation": "ACME LIMITED", "saon": "2B FIRST FLOOR", "paon": "12A-14 ROSE HOUSE",
        "street": "DOCK ROAD", "locality": "ANYHAM", "town": "LEEDS", "postcode": "LS1 4AB",
    }  # fmt: skip


def test_spelling_of_column_names_does_not_matter() -> None:
    """SaoStartNumber and STREET are the same columns as SAO_START_NUMBER and STREET_DESCRIPTION."""
    _, parts = read(
        {
            "uprn": ["1"], "SaoText": ["FLAT 304"], "PaoStartNumber": ["23"], "PaoText": [""],
            "Street": ["DOCK ROAD"], "PostTown": ["LONDON"], "Postcode": ["SW8 1SU"],
        }
    )  # fmt: skip
    assert parts == {
        "saon": "FLAT 304", "paon": "23", "street": "DOCK ROAD", "town": "LONDON",
        "postcode": "SW8 1SU",
    }  # fmt: skip


def test_core_and_delivery_points() -> None:
    """AddressBase Core and Royal Mail's delivery points are known by their columns."""
    core = {"UPRN": ["1"], "SUB_BUILDING": ["FLAT 1"], "BUILDING_NUMBER": ["9"],
            "STREET_NAME": ["DOCK ROAD"], "TOWN_NAME": ["LEEDS"]}  # fmt: skip
    points = {"UPRN": ["1"], "BUILDING_NAME": [None], "BUILDING_NUMBER": ["9"],
              "THOROUGHFARE": ["DOCK ROAD"], "POST_TOWN": ["LEEDS"]}  # fmt: skip
    assert read(core)[0].layout == "AddressBase Core"
    assert read(points)[0].layout.endswith("delivery points")
    assert read(points)[1] == {"paon": "9", "street": "DOCK ROAD", "town": "LEEDS"}


def test_one_line_with_a_postcode() -> None:
    """A single line is parsed, its postcode column with it; the columns may be named."""
    found, parts = read({"UPRN": ["1"], "ADDRESS": ["9 Dock Rd, Leeds"], "POSTCODE": ["LS1 4AB"]})
    assert found.layout == "addresses as text"
    assert parts["postcode"] == "LS1 4AB"
    named, _ = read({"ref": ["1"], "where": ["9 Dock Rd"]}, uprn="ref", columns=["where"])
    assert named.uprn.to_pylist() == ["1"]


def test_rows_without_uprn_are_left_out() -> None:
    """A row that no UPRN names can't be a match."""
    found, _ = read({"UPRN": ["1", None], "ADDRESS": ["9 Dock Rd", "8 Dock Rd"]})
    assert found.uprn.to_pylist() == ["1"]


def test_uprn_keeps_its_zeros() -> None:
    """A UPRN is text: its leading zeros are the source's and stay."""
    assert read({"UPRN": ["000123"], "ADDRESS": ["9 Dock Rd"]})[0].uprn.to_pylist() == ["000123"]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (["UPRN", "X_COORDINATE", "Y_COORDINATE", "LATITUDE", "LONGITUDE"], "OS Open UPRN"),
        (["UPRN", "PAO_START_NUMBER", "PAO_TEXT", "USRN"], "USRN only"),
    ],
)
def test_without_addresses_it_is_refused(columns: list[str], said: str) -> None:
    """OS Open UPRN, and identifiers without their streets, are refused with what to do instead."""
    with pytest.raises(DataUnfit, match=said):
        layout_of(columns)


def test_unknown_columns_are_refused() -> None:
    """A gazetteer whose columns nobody knows, or named wrongly, is refused with its columns."""
    with pytest.raises(Misused, match="known to hold addresses"):
        read({"UPRN": ["1"], "what": ["9 Dock Rd"]})
    with pytest.raises(Misused, match="called ref"):
        read({"UPRN": ["1"], "ADDRESS": ["9 Dock Rd"]}, uprn="ref")
    with pytest.raises(DataUnfit, match="no row with a UPRN"):
        read({"UPRN": pa.array([None], pa.string()), "ADDRESS": ["9 Dock Rd"]})  # type: ignore[dict-item]


def test_address_lines_in_order() -> None:
    """Numbered lines come in the file's order with town and postcode after; else the single line."""
    assert address_lines(["id", "Postcode", "Address 1", "Address 2", "Town"]) == [
        "Address 1", "Address 2", "Town", "Postcode",
    ]  # fmt: skip
    assert address_lines(["Address", "Town", "Postcode"]) == ["Address", "Postcode"]
    assert address_lines(["name"]) == []
