"""What an order is worth, against figures worked out by hand and by brute force."""

from itertools import pairwise, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openoda.opportunities.cases import Cases
from openoda.opportunities.measures import Order
from tests.unit.opportunities.drawn import cases


def measured(scores: list[float], given_cases: Cases, visits: int = 2, per_queue: bool = False):
    return Order(np.array(scores, dtype=float), given_cases, visits=visits, per_queue=per_queue)


def test_perfect_order_by_hand() -> None:
    """Four visits on days 0, 10, 20, 30; the two last are positive; putting them first gains 20 days."""
    four = cases([0, 10, 20, 30], [0, 0, 1, 1])
    got = measured([0, 0.1, 0.9, 1.0], four).measured().expected
    assert got["days_earlier"] == pytest.approx(20.0)  # (30-0 + 20-10) / 2
    assert got["first_half"] == 0.5  # only the first day stays under n/2 = 2: one visit fits
    assert got["auc"] == 1.0
    assert (got["precision_at_k"], got["recall_at_k"]) == (1.0, 1.0)


def test_first_half_counts_days_under_half() -> None:
    """Of 1+1+2 visits, the days with a running count under 2 hold one visit: one positive fits."""
    four = cases([0, 1, 2, 2], [1, 1, 0, 0])
    got = measured([4, 3, 2, 1], four).measured().expected
    assert got["first_half"] == 0.5


def test_current_order_gains_nothing() -> None:
    """Dealing the dates in the order in which they were gives every case its own date."""
    five = cases([3, 1, 4, 1, 5], [1, 0, 1, 1, 0])
    got = measured([-i for i in range(5)], five).measured().expected
    assert got["days_earlier"] == 0
    assert got["own_queue_days_earlier"] == 0


def test_own_queue_reorders_only_within_queues() -> None:
    """Queue a has days 0 and 10, queue b days 0 and 100: b's positive can gain 100, a's nothing."""
    four = cases([0, 10, 0, 100], [1, 0, 0, 1], queue=["a", "a", "b", "b"])
    scores = np.where(four.queue == "b", 10.0, 0.0) + np.where(four.outcome == 1, 1.0, 0.0)
    got = measured(list(scores), four).measured().expected
    assert got["own_queue_days_earlier"] == pytest.approx((0 + 100) / 2)


def test_capacity_is_per_queue_where_asked() -> None:
    """One place a queue: the best of each queue counts, however low its score beside the others'."""
    four = cases([0, 1, 2, 3], [1, 0, 0, 1], queue=["a", "a", "b", "b"])
    got = measured([9, 8, 1, 2], four, visits=1, per_queue=True).measured().expected
    assert (got["precision_at_k"], got["recall_at_k"]) == (1.0, 1.0)
    got = measured([9, 8, 1, 2], four, visits=2, per_queue=False).measured().expected
    assert got["precision_at_k"] == 0.5


tied = st.lists(
    st.tuples(
        st.integers(0, 6), st.sampled_from([0.0, 1.0]), st.integers(0, 2), st.sampled_from("ab")
    ),
    min_size=2,
    max_size=6,
).filter(lambda rows: 0 < sum(row[1] for row in rows) < len(rows))


@settings(max_examples=60, deadline=None)
@given(tied)
def test_expected_best_and_worst_agree_with_every_order_of_the_tied(rows) -> None:
    """Over all orders that respect the scores: the mean is the expectation; the ends are the ends."""
    some = cases([r[0] for r in rows], [r[1] for r in rows], queue=[r[3] for r in rows])
    scores = np.array([float(rows[int(c) - 1][2]) for c in some.case])
    order = measured(list(scores), some)
    got = order.measured()
    once = np.ones(len(some), dtype=np.int64)
    brute: dict[str, list[float]] = {}
    for shuffled in permutations(range(len(some))):
        if all(scores[a] >= scores[b] for a, b in pairwise(shuffled)):
            place = np.empty(len(some))
            place[list(shuffled)] = np.arange(len(some))
            alone = measured(list(-place), some).measure(once)
            for name, value in alone.items():
                brute.setdefault(name, []).append(value)
    for name, values in brute.items():
        assert got.expected[name] == pytest.approx(np.mean(values)), name
        if got.best and got.worst:
            assert got.best[name] == pytest.approx(max(values)), name
            assert got.worst[name] == pytest.approx(min(values)), name


@settings(max_examples=40, deadline=None)
@given(tied, st.data())
def test_weights_are_the_same_as_repeated_cases(rows, data) -> None:
    """A case that counts twice is the same as two cases alike: resamples need no copies."""
    some = cases([r[0] for r in rows], [r[1] for r in rows], queue=[r[3] for r in rows])
    weight = np.array([data.draw(st.integers(0, 3)) for _ in range(len(some))], dtype=np.int64)
    if not 0 < weight @ some.outcome < weight.sum():
        return
    scores = np.array([float(rows[int(c) - 1][2]) for c in some.case])
    copies = np.repeat(np.arange(len(some)), weight)
    repeated = some.take(copies)
    got = measured(list(scores), some).measure(weight)
    expected = measured(list(scores[copies]), repeated).measured().expected
    assert got == pytest.approx(expected)
