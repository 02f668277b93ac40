"""The labelled addresses are what they say: rates, truth, tempting neighbours, the same bytes."""

from collections import Counter
from functools import cache

import numpy as np
import pyarrow as pa
import pytest

from tests.generative import address_damage
from tests.generative.address_damage import SETTINGS, Made, fingerprint
from tests.generative.address_gazetteer import Known, Rivals, distinct_properties
from tests.generative.address_parts import Address, parsed, tidy_postcode
from tests.generative.address_slips import LOSSES, Spoiler

TERMS = SETTINGS["terms"]
SIGMAS = 5.0


@cache
def made() -> Made:
    return address_damage.make()


def drawn(line: str, postcode: str = "CO10 2AA") -> Address:
    return parsed(line, postcode, TERMS)


# -- taking addresses apart (invented lines: these run without the real file) --------------------


@pytest.mark.parametrize(
    ("line", "name", "unit", "number", "street", "locality", "town"),
    [
        ("12 HIGH STREET SUDBURY", "", "", "12", "HIGH STREET", "", "SUDBURY"),
        (" 18 - 20 PUMP LANE  DEREHAM ", "", "", "18-20", "PUMP LANE", "", "DEREHAM"),
        ("THE BULL, 25A CLAY HILL ROAD BASILDON ESSEX", "THE BULL", "", "25A", "CLAY HILL ROAD", "",
         "BASILDON"),
        ("UNIT 7 BYWAY ROAD CHILTON PARK SUDBURY", "", "UNIT 7", "", "BYWAY ROAD", "CHILTON PARK",
         "SUDBURY"),
        ("CAFE FLAT B 3 MILL WAY ACTON BURY ST EDMUNDS", "CAFE", "FLAT B", "3", "MILL WAY", "ACTON",
         "BURY ST EDMUNDS"),
        ("VILLAGE HALL CHURCH HILL ACTON SUDBURY", "VILLAGE HALL CHURCH HILL ACTON", "", "", "", "",
         "SUDBURY"),
        ("21 LONGACRE BEDFORD", "", "", "21", "LONGACRE", "", "BEDFORD"),
    ],
)  # fmt: skip
def test_an_address_is_taken_apart(line, name, unit, number, street, locality, town):
    """Proves that unit, number, street, locality and town are found where they are certain."""
    one = drawn(line)
    found = (one.name, one.unit, one.number, one.street, one.locality, one.town)
    assert found == (name, unit, number, street, locality, town)


@pytest.mark.parametrize(
    ("text", "tidy"),
    [
        ("co102aa", "CO10 2AA"),
        ("C09 3EJ", "CO9 3EJ"),
        ("CM112HL", "CM11 2HL"),
        ("MK43", ""),
        ("", ""),
    ],
)
def test_postcodes_are_put_right(text, tidy):
    """Proves that a gazetteer's postcode has its space and letters, and is empty if it can't be."""
    assert tidy_postcode(text) == tidy


def test_same_property_under_two_businesses_is_one():
    """Proves that repeats collapse, by number and street or by nearly the same words."""
    lines = [
        "CAFE 12 HIGH STREET SUDBURY", "12, HIGH STREET, SUDBURY, SUFFOLK", "14 HIGH STREET SUDBURY",
        "THE OLD SCHOOL HALL SUDBURY", "THE OLD SCHOOL HALL KITCHEN SUDBURY", "SPA ROAD SUDBURY",
    ]  # fmt: skip
    kept = distinct_properties([drawn(line) for line in lines], TERMS)
    assert [one.line() for one in kept] == [
        "CAFE, 12 HIGH STREET, SUDBURY", "14 HIGH STREET, SUDBURY", "THE OLD SCHOOL HALL, SUDBURY",
    ]  # fmt: skip


def test_a_range_takes_its_numbers_and_12a_is_flat_a():
    """Proves that no made-up neighbour is part of a known property or another name for it."""
    known = Known()
    known.add(drawn("12-16 HIGH STREET SUDBURY"))
    known.add(drawn("30A HIGH STREET SUDBURY"))
    taken = ["14 HIGH STREET SUDBURY", "FLAT A 30 HIGH STREET SUDBURY", "12-16 HIGH STREET SUDBURY"]
    free = ["18 HIGH STREET SUDBURY", "30 HIGH STREET SUDBURY", "14 MILL STREET SUDBURY"]
    assert [known.has(drawn(line)) for line in taken + free] == [True] * 3 + [False] * 3


def test_a_line_that_could_mean_two_properties_has_rivals():
    """Proves that a lost town makes two properties possible, and a kept one does not."""
    rivals = Rivals([drawn("12 HIGH STREET SUDBURY"), drawn("12 HIGH STREET HALSTEAD", "CO9 1AA")])
    assert rivals.of(drawn("12 HIGH STREET"), 0) == [1]
    assert rivals.of(drawn("12 HIGH STREET SUDBURY"), 0) == []
    assert rivals.of(drawn("14 HIGH STREET"), None) == []


def test_a_full_rate_does_all_and_a_zero_rate_nothing():
    """Proves that damage follows the rates: at nought the line says all that the gazetteer does."""
    one = drawn("CAFE FLAT 2 3 MILL WAY ACTON SUDBURY SUFFOLK")
    words = TERMS | {"abbreviations": SETTINGS["abbreviations"]}
    rng = np.random.default_rng(1)
    for rate in (0.0, 1.0):
        spoiler = Spoiler(rng, dict.fromkeys(SETTINGS["level"]["light"], rate), words)
        draft = spoiler.said(one, plain_building=True)
        written = spoiler.written(draft, set())
        assert set(draft.done) == (set(draft.could) if rate else set())
        if rate == 0:
            assert written[0].upper() == one.line()
            assert written[1] == one.postcode
        else:
            assert "CAFE" not in written[0]
            assert "SUD" not in written[0]
            assert written[1] == ""


def test_a_misspelt_street_is_no_other_street():
    """Proves that a slip never turns a street into another one that is known."""
    spoiler = Spoiler(np.random.default_rng(2), {"street_misspelt": 1.0}, TERMS)
    draft = spoiler_draft(spoiler)
    never = {"MILL ROAD", "MIL ROAD", "MILLL ROAD", "IMLL ROAD", "MLIL ROAD", "MMILL ROAD"}
    for _ in range(300):
        assert spoiler._misspelt(draft, "street_misspelt", "MILL ROAD", never) not in never


def spoiler_draft(spoiler: Spoiler) -> address_damage.Draft:
    return address_damage.Draft(drawn("1 MILL ROAD SUDBURY"), "1")


# -- the labelled set itself ---------------------------------------------------------------------


def test_the_set_is_the_same_at_every_call_and_as_frozen():
    """Proves that the bytes are those whose hash was written down when the rates were frozen."""
    assert fingerprint(made().labelled) == SETTINGS["made"]["fingerprint"]
    assert fingerprint(address_damage.make_addresses()) == fingerprint(made().labelled)


def test_labels_are_synthetic_unique_and_of_twelve_digits():
    """Proves that every property has one made-up UPRN, and no property is in twice."""
    gazetteer = made().labelled.gazetteer
    uprn = gazetteer["uprn"].to_pylist()
    assert all(len(u) == 12 and u.isdigit() and u.startswith("999") for u in uprn)
    assert len(set(uprn)) == len(uprn)
    lines = zip(gazetteer["address"].to_pylist(), gazetteer["postcode"].to_pylist(), strict=True)
    assert len(set(lines)) == len(uprn)
    assert gazetteer.schema.metadata == {b"synthetic": b"uprn"}


def test_truth_names_the_property_that_was_meant():
    """Proves that each line's UPRN is that of the address it was made from, or null if withheld."""
    labelled, lines = made().labelled, made().lines
    rows = labelled.gazetteer.to_pylist()
    at = {row["uprn"]: (row["address"], row["postcode"]) for row in rows}
    assert labelled.messy["id"].to_pylist() == labelled.truth["id"].to_pylist()
    for uprn, line in zip(labelled.truth["uprn"].to_pylist(), lines, strict=True):
        meant = (line.meant.line(), line.meant.postcode)
        assert (uprn is None) == (line.own is None)
        assert uprn is None or at[uprn] == meant


def test_withheld_premises_are_not_in_the_gazetteer():
    """Proves that what must stay unmatched isn't there under its own number, range or flat."""
    known = Known()
    for one in made().properties:
        known.add(one)
    numbered = [one for one in made().withheld if one.numbered]
    assert len(numbered) > 150
    assert not any(known.has(one) for one in numbered)


def test_no_line_fits_a_second_property():
    """Proves that no messy line says all of another property at that outward postcode."""
    rivals = Rivals(made().properties)
    for line in made().lines:
        others = [made().properties[i] for i in rivals.of(line.draft.said, line.own)]
        outward = line.meant.postcode.split(" ")[0]
        assert all(other.postcode.split(" ")[0] != outward for other in others)


def test_what_rivals_elsewhere_leave_open_the_postcode_settles():
    """Proves that a line that fits a property elsewhere still has its true postcode."""
    rivals = Rivals(made().properties)
    for line in made().lines:
        if rivals.of(line.draft.said, line.own):
            assert line.draft.said.postcode == line.meant.postcode


def test_neighbours_tempt():
    """Proves that most numbered properties have a neighbour, and many a flat or a namesake."""
    properties = made().properties
    streets = Counter((one.street, one.town) for one in properties if one.numbered)
    numbered = [one for one in properties if one.numbered]
    assert np.mean([streets[one.street, one.town] > 1 for one in numbered]) > 0.85
    towns: dict[tuple[str, str], set[str]] = {}
    for one in numbered:
        towns.setdefault((one.number, one.street), set()).add(one.town)
    assert sum(len(there) > 1 for there in towns.values()) > 200
    assert sum(one.is_flat for one in properties) > 1_000


def test_sizes_are_as_planned():
    """Proves that lines, levels, flats and unmatched lines occur in the planned proportions."""
    truth = made().labelled.truth
    assert 6_000 < truth.num_rows < 9_000
    levels = Counter(truth["level"].to_pylist())
    for level, share in SETTINGS["messy"]["levels"].items():
        assert levels[level] / truth.num_rows == pytest.approx(share, abs=0.03)
    assert 0.1 < truth["uprn"].null_count / truth.num_rows < 0.2
    assert 0.1 < np.mean(truth["flat"].to_pylist()) < 0.3
    versions = Counter(truth["uprn"].drop_null().to_pylist())
    assert set(versions.values()) == {1, 2, 3}


@pytest.mark.parametrize("level", ["light", "medium", "heavy"])
def test_damage_hits_at_the_planted_rate(level):
    """Proves each rate; losses may be rarer by a fifth, where they were put back to stay clear."""
    could: Counter[str] = Counter()
    done: Counter[str] = Counter()
    for line in made().lines:
        if line.level == level:
            could.update(line.draft.could)
            done.update(line.draft.done)
    wrong = {}
    for kind, rate in SETTINGS["level"][level].items():
        n = could[kind]
        slack = SIGMAS * np.sqrt(rate * (1 - rate) * n) + 1
        low = rate * n * (0.8 if kind in (*LOSSES, "range_changed", "unit_moved") else 1.0) - slack
        if not low <= done[kind] <= rate * n + slack:
            wrong[kind] = (rate, done[kind] / n, n)
    assert wrong == {}


def test_heavier_levels_say_less_and_say_it_worse():
    """Proves that a heavy line has suffered more than a medium one, and that more than a light."""
    kinds = {level: [] for level in SETTINGS["level"]}
    for line in made().lines:
        kinds[line.level].append(len(set(line.draft.done)))
    light, medium, heavy = (np.mean(kinds[level]) for level in ("light", "medium", "heavy"))
    assert light + 1 < medium
    assert medium + 1 < heavy


def test_tables_are_text():
    """Proves that a matcher is given text columns and nothing that betrays the answer."""
    labelled = made().labelled
    assert labelled.gazetteer.column_names == ["uprn", "address", "postcode"]
    assert labelled.messy.column_names == ["id", "address", "postcode"]
    assert {*labelled.gazetteer.schema.types, *labelled.messy.schema.types} == {pa.string()}
