"""How sure we are of a measure: bootstrap over units, so that a premises' visits stay together.

Percentile intervals from resampling whole units with replacement (Efron and Tibshirani, An
Introduction to the Bootstrap, 1993, chapters 8 and 13). Every order sees the same resamples, so
differences between orders are paired.
"""

from dataclasses import dataclass

import numpy as np

from openoda.opportunities.cases import Cases, Floats, Ints
from openoda.opportunities.measures import Order
from openoda.vocabulary.progress import Progress, Step, silent

RESAMPLES = 1000
LEVEL = 0.95


@dataclass(frozen=True)
class Resampled:
    """Measures of several orders under the same resamples: order to measure to shape (resamples,)."""

    draws: dict[str, dict[str, Floats]]

    def interval(self, order: str, measure: str) -> tuple[float, float]:
        """The central 95 % of the resampled measure."""
        return central(self.draws[order][measure])

    def gain(self, order: str, over: str, measure: str) -> tuple[float, float]:
        """The central 95 % of the paired difference between two orders."""
        return central(self.draws[order][measure] - self.draws[over][measure])


def central(draws: Floats) -> tuple[float, float]:
    """The central 95 % of draws, leaving out those in which the measure has no value."""
    draws = draws[~np.isnan(draws)]
    if not len(draws):
        return float("nan"), float("nan")
    low, high = np.quantile(draws, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def resample(
    orders: dict[str, Order],
    cases: Cases,
    *,
    seed: int,
    resamples: int = RESAMPLES,
    progress: Progress = silent,
) -> Resampled:
    """Measure every order under `resamples` draws of units with replacement."""
    unit = np.unique(cases.unit, return_inverse=True)[1]
    rng = np.random.default_rng(seed)
    rows: dict[str, list[dict[str, float]]] = {name: [] for name in orders}
    for done in range(resamples):
        if done % 50 == 0:
            progress(Step("Measuring how sure the figures are", done, resamples))
        weight = unit_weights(unit, rng)
        for name, order in orders.items():
            rows[name].append(order.measure(weight))
    progress(Step("Measuring how sure the figures are", resamples, resamples))
    return Resampled(
        {
            name: {key: np.array([draw[key] for draw in drawn]) for key in drawn[0]}
            for name, drawn in rows.items()
        }
    )


def unit_weights(unit: Ints, rng: np.random.Generator) -> Ints:
    """How often each case counts in one resample; `unit`, shape (n,), numbers the units from 0."""
    units = int(unit.max()) + 1
    counts = np.bincount(rng.integers(0, units, units), minlength=units)
    return counts[unit]
