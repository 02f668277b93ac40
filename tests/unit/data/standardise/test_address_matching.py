"""Matching: what is sure is matched, what ties or lacks its flat is left open, with its reasons."""

import pyarrow as pa
import pytest

from openoda.data.standardise.addresses import Matches, match_addresses

FLOORS = ("GROUND", "FIRST", "TOP")
STREETS = ("DOCK ROAD", "MILL LANE", "CASTLE STREET", "ABBEY CLOSE", "ORCHARD WAY", "QUEENS DRIVE")


def gazetteer() -> pa.Table:
    """Six streets of 30 houses; in DOCK ROAD 8 are flats only, 10 is a building with flats."""
    lines = [
        f"{number} {street}, LEEDS, LS{place + 1} {number % 10}AB"
        for place, street in enumerate(STREETS)
        for number in range(1, 31)
        if (number, street) != (8, "DOCK ROAD")
    ]
    lines += [f"FLAT {flat}, 8 DOCK ROAD, LEEDS, LS1 8AB" for flat in (1, 2, 3)]
    lines += [f"FLAT {flat}, 10 DOCK ROAD, LEEDS, LS1 0AB" for flat in (1, 2)]
    lines += [f"{floor} FLOOR FLAT, 41 DOCK ROAD, LEEDS, LS1 1AB" for floor in FLOORS]
    lines += [f"FLAT {letter}, 42 DOCK ROAD, LEEDS, LS1 2AB" for letter in "ABC"]
    lines += ["ROSE COTTAGE, MILL LANE, LEEDS LS2 9XX", "12A MILL LANE, LEEDS, LS2 2AB"]
    return pa.table({"UPRN": [str(1000 + at) for at in range(len(lines))], "ADDRESS": lines})


LINES = dict(zip(gazetteer()["UPRN"].to_pylist(), gazetteer()["ADDRESS"].to_pylist(), strict=True))
PLAIN = [f"{number} {street.title()}, Leeds" for street in STREETS[1:] for number in range(1, 25)]


def matched(*addresses: str) -> Matches:
    """A run of the addresses among plain ones, from which the model is learned."""
    return match_addresses([pa.array([*addresses, *PLAIN])], gazetteer())


def row(address: str) -> dict[str, object]:
    """What became of one address in such a run."""
    return dict(matched(address).table.to_pylist()[0])


@pytest.mark.parametrize(
    ("address", "line"),
    [
        ("7 dock rd leeds", "7 DOCK ROAD, LEEDS, LS1 7AB"),
        ("Flat 2, 8 Dock Road", "FLAT 2, 8 DOCK ROAD, LEEDS, LS1 8AB"),
        ("8 Dock Road, Flat 2, Leeds", "FLAT 2, 8 DOCK ROAD, LEEDS, LS1 8AB"),
        ("10 Dock Road, Leeds", "10 DOCK ROAD, LEEDS, LS1 0AB"),
        ("Flat A, 12 Mill Lane Leeds", "12A MILL LANE, LEEDS, LS2 2AB"),
        ("5 Casttle St, Leeds", "5 CASTLE STREET, LEEDS, LS3 5AB"),
        ("5 Castle St, Leeds LS9 9ZZ", "5 CASTLE STREET, LEEDS, LS3 5AB"),
        ("2/41 Dock Road, Leeds LS1 1AB", "FIRST FLOOR FLAT, 41 DOCK ROAD, LEEDS, LS1 1AB"),
        ("3/41 Dock Road, Leeds LS1 1AB", "TOP FLOOR FLAT, 41 DOCK ROAD, LEEDS, LS1 1AB"),
        ("3/42 Dock Road, Leeds LS1 2AB", "FLAT C, 42 DOCK ROAD, LEEDS, LS1 2AB"),
        ("2/8 Dock Road, Leeds, LS1 8AB", "FLAT 2, 8 DOCK ROAD, LEEDS, LS1 8AB"),
        ("8 Dock Rroad Flat 2, Leeds, LS1 8AB", "FLAT 2, 8 DOCK ROAD, LEEDS, LS1 8AB"),
        ("5 Castle Sr, LS3 5AB", "5 CASTLE STREET, LEEDS, LS3 5AB"),
        ("5 Queens Fr, Leeds, LS6 5AB", "5 QUEENS DRIVE, LEEDS, LS6 5AB"),
        ("5 Castle St, LS 35AB", "5 CASTLE STREET, LEEDS, LS3 5AB"),
        ("5 Castle St, LS 5AB", "5 CASTLE STREET, LEEDS, LS3 5AB"),
        ("5 Castle St, LSS3 5AB", "5 CASTLE STREET, LEEDS, LS3 5AB"),
        ("5C astle St, Leeds, LS3 5AB", "5 CASTLE STREET, LEEDS, LS3 5AB"),
        ("Rose Cottage, Mill Ln", "ROSE COTTAGE, MILL LANE, LEEDS LS2 9XX"),
    ],
)
def test_matches(address: str, line: str) -> None:
    """Abbreviations, slips, a wrong postcode, lines in another order and 12A as a flat are overcome."""
    found = row(address)
    assert found["status"] == "matched"
    assert LINES[str(found["uprn"])] == line


@pytest.mark.parametrize("address", ["99 Dock Road, Leeds", "Flat 9, 8 Dock Road, Leeds",
                                     "7 Nowhere Avenue, York", "7B Dock Road, Leeds"])  # fmt: skip
def test_not_in_the_gazetteer(address: str) -> None:
    """An address that isn't listed isn't given a neighbour's UPRN, nor another flat's."""
    found = row(address)
    assert found["uprn"] is None
    assert found["status"] != "matched"


def test_a_building_is_not_its_flats() -> None:
    """A building whose flats alone are listed stays ambiguous, its candidates named."""
    found = row("8 Dock Road, Leeds, LS1 8AB")
    assert (found["status"], found["uprn"]) == ("ambiguous", None)
    assert str(found["candidates"]).count("0.") == 3
    assert "the gazetteer has a flat and the address doesn't" in str(found["reasons"])


def test_ties_are_not_broken_by_chance() -> None:
    """Two rows with the same address tie: neither is taken and both are named."""
    twice = pa.concat_tables([gazetteer(), pa.table({"UPRN": ["7"], "ADDRESS": [LINES["1001"]]})])
    run = match_addresses([pa.array([LINES["1001"], *PLAIN])], twice)
    first = run.table.to_pylist()[0]
    assert first["status"] == "ambiguous"
    assert {each.split()[0] for each in first["candidates"].split(", ")} == {"7", "1001"}
    assert "other rows fit as well" in first["reasons"]


def test_the_run_is_reproducible_and_its_counts_add_up() -> None:
    """The same input gives the same table; every address has one status; expectations are shares."""
    one, two = matched("7 Dock Rd"), matched("7 Dock Rd")
    assert one.table.equals(two.table)
    assert sum(one.counts.values()) == one.table.num_rows == len(PLAIN) + 1
    assert 0.9 <= one.threshold.expected_precision <= 1
    assert 0 < one.threshold.expected_recall <= 1


def test_nothing_alike_and_empty_rows() -> None:
    """Empty addresses, and a run of which none is in the gazetteer, match nothing and don't fail."""
    run = match_addresses([pa.array([None, "", "zzz", "1"], pa.string())], gazetteer())
    assert run.counts["matched"] == 0
    assert run.table["uprn"].null_count == 4


def test_a_gazetteer_of_one_row() -> None:
    """The smallest gazetteer serves: no neighbours are needed to learn from."""
    one = pa.table({"UPRN": ["1"], "ADDRESS": ["7 DOCK ROAD, LEEDS LS1 7AB"]})
    run = match_addresses([pa.array(["7 Dock Rd, Leeds LS1 7AB"])], one)
    assert run.table.num_rows == 1
