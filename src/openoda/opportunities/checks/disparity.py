"""`group-disparity`: is one group wrongly picked more often than another?

The false-positive rate of a group is the share picked among those without the outcome; the ratio of
two groups' rates is the disparity (Saleiro et al., Aequitas: a bias and fairness audit toolkit, 2018).
"""

from dataclasses import dataclass

import numpy as np

from openoda.opportunities.cases import Column, Mask, Texts
from openoda.opportunities.checks.caution import Caution

CODE = "group-disparity"
LEAST_NEGATIVES = 100
LEAST_RATIO = 1.25


@dataclass(frozen=True)
class GroupRate:
    """A group's false-positive rate, 0 to 1, its ratio to the reference group's, 95 % interval."""

    group: str
    cases: int
    negatives: int
    false_positive_rate: float
    ratio: float
    interval: tuple[float, float]


def false_positive_rates(
    selected: Mask, outcome: Column, group: Texts, reference: str | None = None
) -> list[GroupRate]:
    """Rates of every group, the reference first (by default the largest group).

    selected, outcome, group: shape (n,); cases with an unknown outcome (NaN) are left out. The
    interval of the ratio is Katz's, on the log scale (Katz et al., Biometrics 34, 1978).
    """
    names, sizes = np.unique(group[~np.isnan(outcome)], return_counts=True)
    reference = str(names[np.argmax(sizes)]) if reference is None else reference
    base = _counts(selected, outcome, group, reference)
    rates = [_rate(name, _counts(selected, outcome, group, name), base) for name in names.tolist()]
    return sorted(rates, key=lambda rate: (rate.group != reference, rate.group))


def _counts(selected: Mask, outcome: Column, group: Texts, name: str) -> tuple[int, int, int]:
    """Cases, negatives, and negatives that were picked."""
    here = (group == name) & ~np.isnan(outcome)
    negative = here & (outcome == 0)
    return int(here.sum()), int(negative.sum()), int((negative & selected).sum())


def _rate(name: str, counts: tuple[int, int, int], base: tuple[int, int, int]) -> GroupRate:
    cases, negatives, picked = counts
    rate = picked / negatives if negatives else float("nan")
    if not (negatives and base[1] and base[2]):
        return GroupRate(name, cases, negatives, rate, float("nan"), (float("nan"),) * 2)
    ratio = rate / (base[2] / base[1])
    if not picked or counts == base:
        return GroupRate(name, cases, negatives, rate, ratio, (ratio, ratio))
    spread = 1.96 * (1 / picked - 1 / negatives + 1 / base[2] - 1 / base[1]) ** 0.5
    low, high = ratio * np.exp([-spread, spread])
    return GroupRate(name, cases, negatives, rate, ratio, (float(low), float(high)))


def group_disparity(
    selected: Mask, outcome: Column, group: Texts, reference: str | None = None
) -> Caution | None:
    """Fires where a group of at least 100 negatives has a ratio past 1.25 either way, surely not 1."""
    first, *others = false_positive_rates(selected, outcome, group, reference)
    unequal = [
        rate
        for rate in others
        if rate.negatives >= LEAST_NEGATIVES <= first.negatives
        and not 1 / LEAST_RATIO < rate.ratio < LEAST_RATIO
        and not rate.interval[0] <= 1 <= rate.interval[1]
    ]
    if not unequal:
        return None
    worst = max(unequal, key=lambda rate: abs(np.log(max(rate.ratio, 1e-9))))
    return Caution(
        CODE,
        f"Cases of {worst.group} without the outcome are picked {worst.ratio:.2f} times as often "
        f"as those of {first.group} ({worst.false_positive_rate:.1%} and "
        f"{first.false_positive_rate:.1%}).",
        "Find which feature carries the difference, and decide with those affected whether to use it.",
        {rate.group: {"rate": rate.false_positive_rate, "ratio": rate.ratio} for rate in unequal},
    )
