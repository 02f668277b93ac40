"""Names in each other's place, names spelled by ear, moves by age, changes that gather."""

import numpy as np
import pytest

from openoda.data.quality.readiness.evidence import OTHER
from openoda.data.quality.readiness.hurry import share_gathered
from openoda.data.quality.readiness.mobility import intensity, relative_moves
from openoda.data.quality.readiness.name_order import SWAPPED, crossed, from_name_order
from openoda.data.quality.readiness.spelling import consonants, spelled_alike
from tests.unit.data.quality.readiness.samples import prepared, words

ROWS = 4_000


def two_names(random):
    """Forenames and surnames of other words, shape (ROWS,) each."""
    return words(random, ROWS, 60), np.array([f"{w}SKI" for w in words(random, ROWS, 200)], object)


def test_swapped_names_are_counted():
    """Proves that 120 swapped of 4,000 are estimated within a fifth, and none as few."""
    random = np.random.default_rng(1)
    first, second = two_names(random)
    none = from_name_order(prepared({"forename": list(first), "surname": list(second)}))
    assert [one.errors for one in none] == [None]
    for row in random.choice(ROWS, 120, replace=False):
        first[row], second[row] = second[row], first[row]
    found = from_name_order(prepared({"forename": list(first), "surname": list(second)}))
    assert (found[0].field, found[0].part, found[0].each) == (SWAPPED, OTHER, 1)
    assert found[0].errors / found[0].trials == pytest.approx(0.03, rel=0.2)
    assert from_name_order(prepared({"surname": list(second)})) == []


def test_a_name_that_can_be_either_is_not_swapped():
    """Proves that people called by names that serve as both are neither swapped nor tried."""
    both = ["KELBA", "DENFO"] * 200
    assert from_name_order(prepared({"forename": both, "surname": both[::-1]})) == []


def test_crossed_pairs_are_known():
    """Proves which pairs of records have a name in the other's place, and that nulls have none."""
    file = prepared({
        "forename": ["KELBA", "DENFO", "KELBA", None],
        "surname": ["DENFO", "KELBA", "GULPEL", "KELBA"],
    })  # fmt: skip
    first, second = np.array([0, 0, 0]), np.array([1, 2, 3])
    assert crossed(file, first, second).tolist() == [True, False, True]
    assert crossed(prepared({"surname": ["DENFO"]}), first[:0], second[:0]).tolist() == []


@pytest.mark.parametrize(
    ("first", "second", "alike"),
    [
        ("MOHAMMED", "MUHAMAD", True), ("YUSUF", "YOUSSEF", True), ("KATSINSKI", "KACZYNSKI", True),
        ("CHOUDHURY", "CHAUDARI", True), ("NOVAKOVA", "NOVAKOV", False), ("ALI", "ELA", False),
        ("KOVALSKI", "KOVALSKA", False), ("DENFO", "MIRLUN", False), ("DENFO", "DENFO", False),
    ],
)  # fmt: skip
def test_names_spelled_by_ear(first, second, alike):
    """Proves, by hand and both ways round, which spellings may be one name, endings of gender apart."""
    assert spelled_alike(first, second) is alike
    assert spelled_alike(second, first) is alike
    assert not alike or consonants(first) == consonants(second)


def test_moves_go_by_age():
    """Proves that those in their twenties move most, the old least, and that the file's mean is one."""
    ages = np.array([0.0, 10.0, 24.0, 40.0, 70.0])
    assert intensity(ages).argmax() == 2
    assert intensity(ages).argmin() == 4
    rows = {(1996, 2005): 300, (1940, 1954): 700, None: 50}
    times, file = relative_moves(rows, 2026)
    assert times[0] > 2 * times[1]
    assert times[2] == 1.0
    assert times[0] * 0.3 + times[1] * 0.7 == pytest.approx(1)
    assert relative_moves({(1996, 2005): 10}, 2026)[1] > file
    assert relative_moves({None: 10}, 2026) == ([1.0], 1.0)


def test_changes_that_gather_are_told_from_those_that_do_not():
    """Proves that g is high where changes go with slips, low where not, usual without any."""
    random = np.random.default_rng(3)
    rate = random.choice([0.1, 2.5], 3_000)
    flat, steep = random.random(3_000) < 0.1, random.random(3_000) < 0.08 * rate
    assert share_gathered([(rate, flat)]) < 0.15
    assert share_gathered([(rate, steep)]) > 0.85
    assert share_gathered([]) == pytest.approx(0.36, abs=0.02)
