"""The threshold that a run chooses, against trying every one in plain Python."""

import math
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openoda.linkage.choosing import Chosen, chosen_threshold, expected_at

some_weights = st.lists(st.integers(-20, 30).map(lambda each: each / 2), min_size=1, max_size=25)


def expected_f1(weights: list[float], matches: float, threshold: float) -> float:
    """Twice the matches expected among pairs taken, over pairs taken and matches expected in all."""
    chance = [1 / (1 + 2**-each) for each in weights]
    right = sum(one for one, weight in zip(chance, weights, strict=True) if weight >= threshold)
    taken = sum(weight >= threshold for weight in weights)
    return 2 * right / (taken + max(matches, sum(chance)))


@given(some_weights, st.floats(0, 60))
def test_no_threshold_expects_a_greater_f1(weights: list[float], matches: float) -> None:
    """Proves that the chosen one is the best of all, ties of weight taken together."""
    found = chosen_threshold(np.array(weights), matches)
    every = {each: expected_f1(weights, matches, each) for each in weights}
    assert found.f1 is not None
    assert found.f1 == pytest.approx(max(every.values()), rel=1e-12)
    assert every[found.weight] == pytest.approx(found.f1, rel=1e-12)


@given(some_weights, st.floats(0, 60), st.randoms(use_true_random=False))
def test_what_it_expects_is_what_the_same_threshold_given_expects(
    weights: list[float], matches: float, dealt: Random
) -> None:
    """Proves that precision, recall and F1 agree either way, and don't depend on the pairs' order."""
    found = chosen_threshold(np.array(weights), matches)
    mixed = weights.copy()
    dealt.shuffle(mixed)
    again = chosen_threshold(np.array(mixed), matches)
    assert again.weight == found.weight
    assert figures(again) == pytest.approx(figures(found), rel=1e-12)
    given_it = expected_at(np.array(weights), matches, found.weight)
    assert figures(given_it) == pytest.approx(figures(found), rel=1e-12)


def figures(chosen: Chosen) -> list[float]:
    """All of it, none of which may be missing."""
    assert chosen.precision is not None
    assert chosen.recall is not None
    assert chosen.f1 is not None
    return [chosen.weight, chosen.precision, chosen.recall, chosen.f1]


def test_pairs_of_one_weight_are_taken_or_left_together() -> None:
    """Proves that the figures count every pair at the threshold."""
    found = chosen_threshold(np.array([1.0, 5.0, 1.0, -30.0, 1.0]), 0.0)
    assert found.weight == 1.0
    assert found.precision == pytest.approx((32 / 33 + 3 * 2 / 3) / 4)


def test_it_is_where_the_probability_is_half_of_the_f1() -> None:
    """Proves it against the theory (Lipton, Elkan and Naryanaswamy) on many pairs."""
    weights = np.random.default_rng(5).normal(-2, 5, 40_000)
    found = chosen_threshold(weights, 0.0)
    assert found.f1 is not None
    assert 1 / (1 + 2**-found.weight) == pytest.approx(found.f1 / 2, abs=1e-3)


def test_matches_that_no_rule_found_lower_recall_and_the_threshold() -> None:
    """Proves that they count as missed: precision must give way to what recall there is."""
    weights = np.linspace(-6, 12, 2_000)
    few, many = chosen_threshold(weights, 0.0), chosen_threshold(weights, 10_000.0)
    assert figures(many)[0] < figures(few)[0]
    assert figures(many)[2] < figures(few)[2]


def test_fewer_matches_than_the_probabilities_say_are_not_believed() -> None:
    """Proves that recall never goes above 1: the pairs' own sum stands where it is more."""
    weights = np.array([3.0, 4.0, 5.0])
    assert chosen_threshold(weights, 0.5) == chosen_threshold(weights, 0.0)
    assert expected_at(weights, 0.5, -10.0).recall == pytest.approx(1.0)


def test_no_pair_expects_nothing() -> None:
    """Proves that an empty run is answered, and that nought isn't put where nothing is known."""
    none = np.zeros(0)
    assert chosen_threshold(none, 5.0) == Chosen(0.0, None, None, None)
    assert expected_at(none, 0.0, 2.0) == Chosen(2.0, None, None, None)
    assert expected_at(none, 5.0, 2.0) == Chosen(2.0, None, 0.0, 0.0)


def test_a_threshold_above_every_pair_takes_none() -> None:
    """Proves that precision has no figure there, and recall is nought."""
    assert expected_at(np.array([1.0, 2.0]), 0.0, 3.0) == Chosen(3.0, None, 0.0, 0.0)


def test_a_pair_at_a_threshold_that_was_given_is_taken() -> None:
    """Proves the boundary, and the figures by hand: chances of 2/3 and 1/2, four matches in all."""
    found = expected_at(np.array([1.0, 0.0, -1.0]), 4.0, 0.0)
    right = 2 / 3 + 1 / 2
    assert figures(found) == pytest.approx([0.0, right / 2, right / 4, 2 * right / 6])


def test_weights_beyond_all_measure_have_figures() -> None:
    """Proves that certain pairs and impossible ones overflow nothing."""
    found = chosen_threshold(np.array([5_000.0, -5_000.0]), 0.0)
    assert found.weight == 5_000.0
    assert found.precision == 1.0
    assert found.f1 == 1.0
    assert not any(math.isnan(each) for each in figures(found))
