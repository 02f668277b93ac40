"""Damaged postcodes and flats counted within their building."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openoda.data.standardise.addresses import parse_addresses
from openoda.data.standardise.addresses.flat_order import settle_last
from openoda.data.standardise.addresses.labelled import labelled
from openoda.data.standardise.addresses.near_codes import mend_spaces, near_codes, text_of
from openoda.data.standardise.addresses.pairing import word_hashes
from openoda.data.standardise.addresses.record_kernel import CODE, ORDER
from openoda.data.standardise.addresses.records import Records, summarised
from openoda.data.standardise.addresses.spelling import Slips, one_slip
from openoda.data.standardise.addresses.vocabulary import Vocabulary, postcode_code

LISTED = ("LS1 4AB", "LS1 4AX", "LS2 4AB", "LS11 3QZ")


def records(*lines: str) -> Records:
    """The records of the lines."""
    vocabulary = Vocabulary()
    return summarised(labelled(pa.array(lines), vocabulary), vocabulary)


@pytest.mark.parametrize(
    ("last", "known"),
    [
        ("LS 14AB", True),
        ("LS14 AB", True),
        ("LS 4AB", True),
        ("LSS1 4AB", True),
        ("OD2 S1R", True),
        ("OD11A", True),
        ("LS1 4A", True),
        ("FLAT 2B", False),
        ("UNIT B12", False),
        ("1F2", False),
        ("RUGBY B", False),
        ("ELY", False),
    ],
)
def test_a_last_line_that_can_only_be_a_postcode_is_one(last: str, known: bool) -> None:
    """A damaged postcode is no town, and a flat, a number or a short town is no postcode."""
    row = parse_addresses([pa.array(["9 Dock Road"]), pa.array([last])]).to_pylist()[0]
    assert (row["postcode"] is not None) is known
    assert (row["paon"], row["street"]) == ("9", "DOCK ROAD")


@pytest.mark.parametrize("written", ["LS 14AB", "LS14 AB", "LS1 4 AB"])
def test_a_space_in_the_wrong_place_is_no_damage(written: str) -> None:
    """A postcode parted elsewhere has the code of the same postcode parted rightly."""
    both = records(f"9 DOCK ROAD, {written}", "9 DOCK ROAD, LS1 4AB")
    mend_spaces(both)
    assert both.codes[CODE][0] == both.codes[CODE][1] == postcode_code("LS14AB")


@pytest.mark.parametrize(
    ("written", "near"),
    [
        ("LS 4AB", {"LS14AB", "LS24AB"}),
        ("LSS1 4AB", {"LS14AB"}),
        ("LS1 4A", {"LS14AB", "LS14AX"}),
        ("LS1 4BA", {"LS14AB"}),
        ("LS1 3QZ", {"LS113QZ"}),
        ("LS1 4AB", set()),
        ("YO9 9ZZ", set()),
    ],
)
def test_postcodes_that_a_damaged_one_may_stand_for(written: str, near: set[str]) -> None:
    """Those of the gazetteer one slip away, and none for a postcode that it has."""
    known = records(*(f"9 DOCK ROAD, {each}" for each in LISTED))
    starts, codes = near_codes(records("9 DOCK ROAD", f"9 DOCK ROAD, {written}"), known)
    assert starts.tolist() == [0, 0, len(near)]
    assert {text_of(code) for code in codes.tolist()} == near


@given(st.from_regex(r"[A-Z]{1,2}[0-9]{1,2}[0-9][ABD-HJLNP-UW-Z]{2}", fullmatch=True))
def test_a_postcodes_code_gives_it_back(postcode: str) -> None:
    """Code and text say the same, for every postcode of the common shapes."""
    assert text_of(postcode_code(postcode)) == postcode


@given(st.lists(st.text("AB1", min_size=1, max_size=5), unique=True), st.text("AB1", min_size=1))
def test_slips_finds_what_a_comparison_of_all_would(known: list[str], word: str) -> None:
    """The fast search has the words one slip away, each of them and no other."""
    assert set(Slips(known, {word}).near(word)) == {one for one in known if one_slip(word, one)}


def test_flats_are_counted_from_the_ground() -> None:
    """Letters by the alphabet, floors by their storey, the top floor after its building's others."""
    floors = ("GROUND", "FIRST", "TOP")
    lines = [f"{floor} FLOOR FLAT, 41 DOCK ROAD" for floor in floors]
    lines += ["FLAT C, 42 DOCK ROAD", "FLAT 7, 43 DOCK ROAD", "44 DOCK ROAD"]
    lines += [f"{floor} FLOOR FLAT, 45 DOCK ROAD" for floor in ("GROUND", "TOP")]
    found = records(*lines)
    settle_last(found.numbers, found.codes, word_hashes(found))
    assert found.numbers[ORDER].tolist() == [1, 2, 3, 3, 7, 0, 1, 2]


def test_the_same_flat_listed_twice_counts_once() -> None:
    """Two rows of one flat don't lift the top floor, nor does the building's own row."""
    lines = [
        "41 DOCK ROAD",
        *["FIRST FLOOR FLAT, 41 DOCK ROAD"] * 2,
        "TOP FLOOR FLAT, 41 DOCK ROAD",
    ]
    found = records(*lines)
    settle_last(found.numbers, found.codes, word_hashes(found))
    assert found.numbers[ORDER].tolist() == [0, 2, 2, 2]


def test_word_hashes_don_t_depend_on_order_or_neighbours() -> None:
    """Rows of the same words have one hash wherever they stand; rows without words have 0."""
    found = records("9 DOCK ROAD", "9 MILL LANE", "8 DOCK ROAD", "")
    hashes = word_hashes(found)
    assert hashes[0] == hashes[2] != hashes[1]
    assert hashes[3] == 0
    assert hashes.dtype == np.int64
