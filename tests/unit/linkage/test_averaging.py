"""Clusters by what all their pairs say together, against a slow reference that lists every pair."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openoda.linkage.clustering.averaging import NEVER_FOUND, averaged
from openoda.linkage.clustering.components import components
from openoda.linkage.clustering.links import Links
from openoda.linkage.comparing.encoding import Codes

Row = tuple[int, int, float]
MOST_RECORDS = 12


def links(rows: list[Row]) -> Links:
    """Links from (left, right, weight)."""
    return Links(
        np.array([each[0] for each in rows], np.int32),
        np.array([each[1] for each in rows], np.int32),
        np.array([each[2] for each in rows], np.float64),
    )


def by_listing(
    count: int, rows: list[Row], least: float, absent: float = NEVER_FOUND, most: float = 20.0
) -> list[int]:
    """The slow reference: sets of records; each pair between two of them is looked up and added."""
    weight = {frozenset(each[:2]): max(-most, min(most, each[2])) for each in rows}
    cluster = {record: frozenset({record}) for record in range(count)}
    for left, right, its in sorted(rows, key=lambda r: (-r[2], min(r[:2]), max(r[:2]))):
        one, other = cluster[left], cluster[right]
        if its < least or one == other:
            continue
        between = sum(weight.get(frozenset(pair), absent) for pair in product(one, other))
        if between > 0:
            cluster |= dict.fromkeys(one | other, one | other)
    return [min(cluster[record]) for record in range(count)]


@st.composite
def graphs(draw: st.DrawFn, steps: int = 2) -> tuple[int, list[Row]]:
    """Records and weighed pairs, each pair once, either way round; weights are parts of `steps`."""
    count = draw(st.integers(2, MOST_RECORDS))
    pairs = st.sampled_from(list(combinations(range(count), 2)))
    chosen = draw(st.lists(pairs, unique=True, max_size=50))
    weights = st.integers(-6 * steps, 8 * steps).map(lambda each: each / steps)
    return count, [
        (*(pair if draw(st.booleans()) else pair[::-1]), draw(weights)) for pair in chosen
    ]


thresholds = st.integers(-8, 8).map(lambda each: each / 2)


@given(
    graphs(), thresholds, st.sampled_from((-3.0, -2.0, -0.5, 0.0, 1.0)), st.sampled_from((2, 20))
)
def test_the_partition_is_that_of_the_slow_reference(
    graph: tuple[int, list[Row]], least: float, absent: float, most: float
) -> None:
    """Proves clusters, their numbers, the weight of absent pairs and the cap, on drawn graphs."""
    count, rows = graph
    found = averaged(count, links(rows), least, absent, most)
    assert found.tolist() == by_listing(count, rows, least, absent, most)


@given(graphs(steps=10), thresholds, st.data())
def test_the_order_and_direction_of_pairs_change_nothing(
    graph: tuple[int, list[Row]], least: float, draw: st.DataObject
) -> None:
    """Proves it of weights in tenths too, whose sums depend on the order in which they are added."""
    count, rows = graph
    mixed = [(right, left, weight) for left, right, weight in draw.draw(st.permutations(rows))]
    assert np.array_equal(averaged(count, links(rows), least), averaged(count, links(mixed), least))


@pytest.mark.parametrize("turn", range(24))
def test_evidence_that_cancels_out_joins_nothing_in_whatever_order_it_is_added(turn: int) -> None:
    """Proves that sums which rounding would leave a hair above nought in some orders are nought."""
    rows: list[Row] = [
        (0, 1, 9.0),
        (0, 2, 9.0),
        (1, 2, 9.0),
        (2, 3, 0.1),
        (1, 3, 0.4),
        (0, 3, -0.5),
    ]
    order = np.random.default_rng(turn).permutation(len(rows))
    found = averaged(4, links([rows[place] for place in order]), 0.0)
    assert found.tolist() == [0, 0, 0, 3]


def test_a_chain_of_namesakes_is_not_one_cluster() -> None:
    """Proves that each link alone would join what the pairs never found speak against."""
    rows = [(record, record + 1, 1.5) for record in range(9)]
    assert components(10, *_ends(rows), links(rows).weights, 0.0).tolist() == [0] * 10
    assert averaged(10, links(rows), 0.0).tolist() == [0, 0, 2, 2, 4, 4, 6, 6, 8, 8]


def test_pairs_below_the_threshold_speak_against() -> None:
    """Proves that a pair too light to bring clusters together still counts when others do."""
    rows: list[Row] = [(0, 1, 8.0), (1, 2, 5.0)]
    assert averaged(3, links([*rows, (0, 2, -4.0)]), 3.0).tolist() == [0, 0, 0]
    assert averaged(3, links([*rows, (0, 2, -6.0)]), 3.0).tolist() == [0, 0, 2]


def test_a_pair_never_found_weighs_what_is_said() -> None:
    """Proves the boundary: joined where the evidence is above nought, not where it is nought."""
    rows: list[Row] = [(0, 1, 8.0), (1, 2, 5.0)]
    assert averaged(3, links(rows), 0.0, absent=-4.5).tolist() == [0, 0, 0]
    assert averaged(3, links(rows), 0.0, absent=-5.0).tolist() == [0, 0, 2]


def test_one_pair_cannot_outvote_a_cluster() -> None:
    """Proves that a weight counts no more than the cap, for and against."""
    rows: list[Row] = [(0, 1, 30.0), (0, 2, 30.0), (1, 2, 30.0), (2, 3, 25.0)]
    against: list[Row] = [(0, 3, -12.0), (1, 3, -12.0)]
    assert averaged(4, links([*rows, *against]), 0.0).tolist() == [0, 0, 0, 3]
    assert averaged(4, links([*rows, *against]), 0.0, most=30.0).tolist() == [0, 0, 0, 0]


def test_where_all_pairs_of_a_component_speak_for_it_it_is_a_cluster() -> None:
    """Proves that it equals connected components where every pair was scored and is positive."""
    draw = np.random.default_rng(3)
    group = draw.integers(0, 120, 500)
    rows = [(a, b, float(draw.integers(1, 20))) for a, b in combinations(range(500), 2)
            if group[a] == group[b]]  # fmt: skip
    apart = components(500, *_ends(rows))
    assert len(set(apart.tolist())) < 130
    assert np.array_equal(averaged(500, links(rows), 0.5), apart)


def test_no_records_and_no_pairs_are_allowed() -> None:
    """Proves that nothing gives nothing, and that records without pairs stay by themselves."""
    assert averaged(0, links([]), 0.0).tolist() == []
    assert averaged(3, links([]), 0.0).tolist() == [0, 1, 2]


def test_a_pair_of_records_that_are_not_there_is_an_error() -> None:
    """Proves that the loop never reads beyond its arrays."""
    with pytest.raises(ValueError, match="among 3 records"):
        averaged(3, links([(0, 3, 1.0)]), 0.0)


def _ends(rows: list[Row]) -> tuple[Codes, Codes]:
    found = links(rows)
    return found.lefts, found.rights
