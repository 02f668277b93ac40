"""Chance: even, independent of order, and the same for ever."""

import hashlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openoda.data.synthetic.city.draws import Draws, deck


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=300))
@settings(deadline=None)
def test_a_deck_has_each_choice_in_proportion(weights: list[int]) -> None:
    """Every choice stands in the deck, as often as its weight asks, to within rounding and the one."""
    counts = np.bincount(deck(weights), minlength=len(weights))
    assert counts.sum() == 65_536
    assert counts.min() >= 1
    spare = 65_536 - len(weights)
    wanted = np.array(weights) / sum(weights) * spare + 1
    assert np.abs(counts - wanted).max() <= 1


@pytest.mark.parametrize("weights", [[0, 1], [-1], [1] * 65_537])
def test_a_deck_refuses_what_it_cannot_hold(weights: list[int]) -> None:
    """Weights of nothing, and more choices than cards, are refused."""
    with pytest.raises(ValueError, match="deck"):
        deck(weights)


def test_a_draw_does_not_depend_on_its_neighbours() -> None:
    """The draw of a key is the same alone, among others and in any order."""
    draws = Draws(7, 3)
    together = draws.bits("any", 1000)
    keys = np.array([999, 5, 5, 0])
    assert (draws.bits("any", keys) == together[keys]).all()


def test_seed_block_and_stream_each_change_the_draws() -> None:
    """Two places that differ in any of the three have no more equal draws than chance gives."""
    base = Draws(1, 1).below("x", 10_000, 100)
    for seed, block, stream in ((2, 1, "x"), (1, 2, "x"), (1, 1, "y"), (11, 1, "x")):
        other = Draws(seed, block).below(stream, 10_000, 100)
        assert 50 < (base == other).sum() < 160


def test_the_draws_are_even() -> None:
    """Of 200,000 draws each of 20 values comes within five standard deviations of its share."""
    counts = np.bincount(Draws(1, 0).below("even", 200_000, 20), minlength=20)
    assert np.abs(counts - 10_000).max() < 5 * np.sqrt(10_000 * 0.95)
    hits = Draws(1, 0).chance("share", 200_000, 0.03).sum()
    assert abs(hits - 6_000) < 5 * np.sqrt(6_000)


def by_hand(place: str, key: int) -> int:
    """One draw by the definition of SplitMix64, in Python's own whole numbers."""
    start = int.from_bytes(hashlib.sha256(place.encode()).digest()[:8], "little")
    mixed = (start + (key + 1) * 0x9E3779B97F4A7C15) % 2**64
    mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9 % 2**64
    mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB % 2**64
    return mixed ^ mixed >> 31


@given(st.integers(0, 2**40), st.integers(0, 200), st.integers(0, 2**40))
@settings(deadline=None)
def test_the_draws_are_splitmix(seed: int, block: int, key: int) -> None:
    """Every draw is what the published function gives, so no version of NumPy can change it unseen."""
    found = int(Draws(seed, block).bits("stream", np.array([key]))[0])
    assert found == by_hand(f"openoda-city/{seed}/{block}/stream", key)
