"""From scores to chances that mean what they say."""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from openoda.opportunities.cases import Floats
from openoda.opportunities.scorers import ridge_logistic


@dataclass(frozen=True)
class Calibration:
    """Chance = 1 / (1 + exp(−(intercept + slope · score))).

    Platt scaling (Platt, 1999), fitted on scores of cases that the scorer hadn't seen.
    """

    intercept: float
    slope: float

    @classmethod
    def fit(cls, score: Floats, outcome: Floats) -> "Calibration":
        """Fit on out-of-time scores, shape (n,), and outcomes, 0 or 1."""
        matrix = np.column_stack([np.ones(len(score)), score])
        intercept, slope = ridge_logistic(matrix, outcome, np.zeros(2))
        if slope > 0:
            return cls(float(intercept), float(slope))
        mean = float(np.clip(outcome.mean(), 1e-6, 1 - 1e-6))  # scores say nothing: the base rate
        return cls(float(np.log(mean / (1 - mean))), 0.0)

    def chance(self, score: Floats) -> Floats:
        """Shape (n,), 0 to 1."""
        return np.asarray(expit(self.intercept + self.slope * score))


@dataclass(frozen=True)
class Bin:
    """Cases given about `predicted` chance, the share that was positive, and its 95 % interval."""

    predicted: float
    observed: float
    cases: int
    interval: tuple[float, float]


def reliability(chance: Floats, outcome: Floats, bins: int = 8) -> tuple[Bin, ...]:
    """Cases in bins of equal count by chance; Wilson intervals (Wilson, JASA 22, 1927)."""
    groups = np.array_split(np.argsort(chance, kind="stable"), min(bins, max(len(chance) // 30, 1)))
    return tuple(
        Bin(
            float(chance[rows].mean()),
            float(outcome[rows].mean()),
            len(rows),
            wilson(float(outcome[rows].sum()), len(rows)),
        )
        for rows in groups
        if len(rows)
    )


def wilson(found: float, n: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's score interval of a share."""
    share = found / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * (share * (1 - share) / n + z * z / (4 * n * n)) ** 0.5 / (1 + z * z / n)
    return max(middle - half, 0.0), min(middle + half, 1.0)
