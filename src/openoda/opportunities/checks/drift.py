"""`base-rate-drift`: has the share of positives changed over the period?"""

import numpy as np

from openoda.opportunities.cases import Cases, Floats, Ints
from openoda.opportunities.checks.caution import Caution

CODE = "base-rate-drift"
CUTS = np.linspace(0.2, 0.8, 7)
LEAST_Z = 3.3
LEAST_RATIO = 1.2


def base_rate_drift(cases: Cases) -> Caution | None:
    """Compare the rate before and after each of seven dates (at 20 % to 80 % of the cases).

    Standard errors are clustered by unit, since the same premises fail again and again. Fires where
    the largest difference is over 3.3 standard errors (about 0.5 % false alarms over the seven
    looks) and the higher rate is at least 1.2 times the lower.
    """
    cases = cases.take(cases.known)
    if cases.positives < 20:
        return None
    unit = np.unique(cases.unit, return_inverse=True)[1]
    looks = [_difference(cases.outcome, unit, int(cut * len(cases))) for cut in CUTS]
    z, before, after, cut = max(looks, key=lambda look: abs(look[0]))
    low, high = sorted((before, after))
    if abs(z) < LEAST_Z or high < LEAST_RATIO * low:
        return None
    when = cases.day[cut].astype("datetime64[D]")
    return Caution(
        CODE,
        f"The share of positives moved from {before:.1%} to {after:.1%} about {when}. "
        "Figures from before may not hold after.",
        "Ask what changed (rules, recording, who is visited) and judge the list on recent cases.",
        {"before": before, "after": after, "date": str(when), "z": z},
    )


def _difference(outcome: Floats, unit: Ints, cut: int) -> tuple[float, float, float, int]:
    """z of the difference in rate at a cut, the two rates, and the cut."""
    later = np.arange(len(outcome)) >= cut
    before, after = float(outcome[~later].mean()), float(outcome[later].mean())
    residual = np.where(later, outcome - after, outcome - before)
    influence = residual * np.where(later, 1 / later.sum(), -1 / (~later).sum())
    variance = float((np.bincount(unit, influence) ** 2).sum())
    return (after - before) / max(variance, 1e-18) ** 0.5, before, after, cut
