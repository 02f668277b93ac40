"""Places by rank and by lottery: counts, chances and independence of the file's order."""

from math import ceil

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openoda.opportunities.lottery import give_places


def names(n: int) -> np.ndarray:
    return np.array([f"c{i}" for i in range(n)])


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 40), st.integers(1, 50), st.floats(0, 1), st.integers(0, 99), st.data())
def test_counts_and_chances_add_up(n, places, share, seed, data) -> None:
    """As many places as fit, the lottery's share rounded up, and chances that sum to the places."""
    scores = np.array([float(data.draw(st.integers(0, 5))) for _ in range(n)])
    got = give_places(names(n), scores, places, share, seed)
    filled = min(places, n)
    assert len(got.chosen) == len(set(got.chosen.tolist())) == filled
    assert got.by_lottery.sum() == min(ceil(round(share * filled, 9)), filled)
    assert got.probability.sum() == pytest.approx(filled)
    assert (got.probability[got.chosen] > 0).all()
    assert (got.probability <= 1 + 1e-9).all()


def test_chances_are_those_of_many_lotteries() -> None:
    """Over 4,000 seeds, each case is on the list as often as its stated chance says."""
    scores = np.array([5.0, 4, 4, 3, 2, 2, 2, 1, 0, 0])
    times = np.zeros(10)
    for seed in range(4000):
        times[give_places(names(10), scores, 4, 0.5, seed).chosen] += 1
    stated = give_places(names(10), scores, 4, 0.5, 0).probability
    assert np.abs(times / 4000 - stated).max() < 0.03


def test_draw_does_not_depend_on_the_files_order() -> None:
    """Shuffling the rows gives the same cases by the same routes."""
    rng = np.random.default_rng(1)
    scores, shuffled = rng.random(30).round(1), rng.permutation(30)
    a = give_places(names(30), scores, 10, 0.3, 7)
    b = give_places(names(30)[shuffled], scores[shuffled], 10, 0.3, 7)
    assert names(30)[a.chosen].tolist() == names(30)[shuffled][b.chosen].tolist()
    assert a.by_lottery.tolist() == b.by_lottery.tolist()


def test_another_seed_draws_others() -> None:
    """The lottery is a lottery: seeds differ in whom they draw."""
    drawn = {
        tuple(sorted(give_places(names(50), np.arange(50.0), 10, 0.5, seed).chosen.tolist()))
        for seed in range(20)
    }
    assert len(drawn) > 15


def test_a_case_that_waits_has_its_chance_anew_in_each_list() -> None:
    """Over weekly lists, waiting cases are drawn about as often as their stated chance says."""
    waiting, next_case, drawn, stated, waited = list(range(100)), 100, 0, 0.0, 0
    for week in range(80):
        cases = np.array([f"c{i}" for i in waiting])
        got = give_places(cases, np.zeros(len(cases)), 10, 1.0, seed=1, made_on=7 * week)
        old = [at for at, case in enumerate(waiting) if case < next_case - 40]
        waited += len(old)
        stated += got.probability[old].sum()
        drawn += len(set(old) & set(got.chosen.tolist()))
        waiting = [case for at, case in enumerate(waiting) if at not in set(got.chosen.tolist())]
        waiting += range(next_case, next_case + 10)
        next_case += 10
    assert waited > 1000
    assert drawn == pytest.approx(stated, rel=0.15)
