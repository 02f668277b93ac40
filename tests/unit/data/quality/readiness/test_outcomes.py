"""Which rules records satisfy, and the recall that follows: held against arithmetic and simulation."""

import numpy as np
import pytest

from openoda.data.quality.readiness.beliefs import MOVED, PRIORS, Beliefs
from openoda.data.quality.readiness.fields import FIELDS
from openoda.data.quality.readiness.forecast import Side, forecast, recall_draws, summed_up
from openoda.data.quality.readiness.name_order import SWAPPED
from openoda.data.quality.readiness.outcomes import rule_sets, satisfied, tilted, usable_states
from openoda.data.quality.readiness.rules import DEFAULT, Rule, mask_of
from tests.unit.data.quality.readiness.samples import statistics

NAME_AND_BIRTH = Rule(("forename", "surname", "date_of_birth"))
PLACE = Rule(("surname", "postcode"))


def known(gathered=0.0, **rates):
    """Beliefs without doubt: slips of nothing, other differences at these rates."""
    nought = {name: np.zeros(1) for name in PRIORS}
    others = {**nought, **{name: np.array([rate]) for name, rate in rates.items()}}
    return Beliefs(nought, others, frozenset(), gathered)


def side(beliefs, **usable):
    """A party with these shares of usable fields, each by itself."""
    told = statistics(usable)
    return Side(told, beliefs, np.ones(1), np.zeros(1), {"1980 to 1989": 1.0}, {})


def recall(a, b, rules):
    """The one draw."""
    return float(recall_draws(a, b, rules)[0])


def test_without_errors_recall_is_the_usable_share():
    """Proves that one rule's recall is the product of both usable shares, and two rules' union."""
    a = side(known(), forename=1.0, surname=1.0, date_of_birth=0.9, postcode=0.8)
    b = side(known(), forename=1.0, surname=1.0, date_of_birth=0.7, postcode=0.5)
    assert recall(a, b, [NAME_AND_BIRTH]) == pytest.approx(0.63, abs=1e-3)
    both = 1 - (1 - 0.63) * (1 - 0.4)
    assert recall(a, b, [NAME_AND_BIRTH, PLACE]) == pytest.approx(both, abs=1e-3)
    assert recall(a, b, [Rule(("nhs_number",))]) == 0.0


def test_errors_of_both_sides_count():
    """Proves that a pair links where neither side is wrong, and that a move takes all of a place."""
    full = {"forename": 1.0, "surname": 1.0, "date_of_birth": 1.0, "postcode": 1.0, "uprn": 1.0}
    a, b = side(known(surname=0.1), **full), side(known(surname=0.2, forename=0.3), **full)
    assert recall(a, b, [NAME_AND_BIRTH]) == pytest.approx(0.9 * 0.8 * 0.7, abs=1e-6)
    moved = side(known(**{MOVED: 0.25}), **full)
    places = [PLACE, Rule(("surname", "uprn"))]
    assert recall(moved, side(known(), **full), places) == pytest.approx(0.75, abs=1e-6)


def test_swapped_names_take_both_names():
    """Proves that names in each other's place spoil every rule with a name, once, and no other."""
    full = {"forename": 1.0, "surname": 1.0, "date_of_birth": 1.0, "uprn": 1.0}
    a, b = side(known(**{SWAPPED: 0.2}), **full), side(known(), **full)
    assert recall(a, b, [NAME_AND_BIRTH]) == pytest.approx(0.8, abs=1e-6)
    assert recall(a, b, [Rule(("date_of_birth", "uprn"))]) == pytest.approx(1)


def test_rules_met_agree_with_a_simulation():
    """Proves the chances of sets of rules against 200,000 records drawn one by one, errors gathered."""
    random = np.random.default_rng(5)
    shares = {
        "forename": 0.97,
        "surname": 0.99,
        "date_of_birth": 0.9,
        "postcode": 0.8,
        "phone": 0.6,
    }
    rates = dict.fromkeys(shares, 0.05)
    beliefs = Beliefs(
        {**{n: np.zeros(1) for n in PRIORS}, **{n: np.array([r]) for n, r in rates.items()}},
        known(**{MOVED: 0.1, SWAPPED: 0.04}).others,
        frozenset(),
        0.5,
    )
    told = statistics(shares, rows=1_000_000)
    sets = rule_sets(DEFAULT, sorted(shares))
    usable = tilted(usable_states(told.groups[0]), np.zeros(1))
    found = satisfied(usable, np.ones(1 << len(FIELDS)), beliefs, np.array([2.0]), sets)[0]
    rows = 200_000
    careless = random.random(rows) < 0.2
    times = np.where(careless, 3.0, 0.5)
    moved = random.random(rows) < 0.1 * (0.5 + 0.5 * times)
    swapped = random.random(rows) < 0.04 * (0.5 + 0.5 * times)
    bits = np.zeros(rows, dtype=np.int64)
    for place, name in enumerate(sets.fields):
        right = (random.random(rows) < shares[name]) & (random.random(rows) >= 0.05 * times)
        right &= ~(moved & (name == "postcode")) & ~(swapped & (name in ("forename", "surname")))
        bits |= right.astype(np.int64) << place
    drawn = np.bincount(bits, minlength=len(sets.member)) / rows @ sets.member
    assert found.sum() == pytest.approx(1)
    assert found == pytest.approx(drawn, abs=0.004)


def test_a_tilt_makes_gaps_commoner():
    """Proves that the tilt keeps the whole, and gives records with gaps more or less weight."""
    states = usable_states(statistics({"surname": 0.5, "postcode": 0.5}).groups[0])
    few, many = mask_of(["surname"]), mask_of(["surname", "postcode"])
    found = tilted(states, np.array([-0.5, 0.0, 0.5]))
    assert found.sum(axis=1) == pytest.approx([1, 1, 1])
    ratio = found[:, few] / found[:, many]
    assert ratio[0] < ratio[1] < ratio[2]
    assert found[1] == pytest.approx(states)


def test_a_forecast_is_its_draws():
    """Proves that the median is told, and that few common records widen the interval."""
    draws = np.linspace(0.6, 0.8, 401)
    wide, narrow = summed_up(draws, 20), summed_up(draws, 100_000)
    assert narrow.recall == pytest.approx(0.7)
    assert narrow.low == pytest.approx(0.605, abs=0.01)
    assert wide.high - wide.low > narrow.high - narrow.low


def test_a_forecast_is_repeatable_and_better_for_better_files():
    """Proves that the same statistics give the same figures, and that filled gaps give more."""
    poor = statistics({"forename": 0.9, "surname": 0.95, "date_of_birth": 0.5, "postcode": 0.6})
    good = statistics({"forename": 1.0, "surname": 1.0, "date_of_birth": 0.95, "postcode": 0.95})
    assert forecast(poor, good, 500) == forecast(poor, good, 500)
    assert forecast(good, good, 500).recall > forecast(poor, good, 500).recall + 0.2
    told = forecast(good, good, 500)
    assert 0 <= told.low <= told.recall <= told.high <= 1
