"""The threshold that a run chooses for itself, from its own probabilities and no truth."""

from dataclasses import dataclass

import numpy as np

from openoda.linkage.scoring import Weights, probability

_SPARE = 1e-6


@dataclass(frozen=True)
class Chosen:
    """A threshold and what it is expected to give.

    `weight`: pairs of this match weight or more are taken. `precision`, `recall`, `f1`: as the
    probabilities say; None where no pair was scored.
    """

    weight: float
    precision: float | None
    recall: float | None
    f1: float | None


def chosen_threshold(weights: Weights, matches: float) -> Chosen:
    """The threshold of greatest expected F1.

    `matches`: how many matching pairs there are thought to be in all, those that no rule found among
    them. With calibrated probabilities that threshold is where the probability is half of the F1 it
    gives (Lipton, Elkan and Naryanaswamy, "Optimal thresholding of classifiers to maximize F1 measure",
    ECML 2014); here all are tried that it could be. A pair raises the F1 only where its probability is
    over half of it, so pairs less likely than half of what the threshold 0 gives needn't be sorted.
    """
    if not len(weights):
        return Chosen(0.0, None, None, None)
    all_matches = max(matches, float(probability(weights).sum()))
    falling = -np.sort(-weights[weights >= _floor(weights, all_matches)])
    right = np.cumsum(probability(falling))
    f1 = 2 * right / (np.arange(1, len(falling) + 1) + all_matches)
    last = np.append(falling[1:] != falling[:-1], True)  # pairs of equal weight stand together
    best = int(np.argmax(np.where(last, f1, -1.0)))
    return expected_at(weights, matches, float(falling[best]))


def _floor(weights: Weights, matches: float) -> float:
    """A weight that the best threshold isn't below, with a little to spare."""
    taken = weights[weights >= 0]
    f1 = 2 * float(probability(taken).sum()) / (len(taken) + matches) if matches else 0.0
    return float(np.log2(f1 / (2 - f1))) - _SPARE if f1 else -np.inf


def expected_at(weights: Weights, matches: float, threshold: float) -> Chosen:
    """What a threshold that was given is expected to give."""
    taken = weights[weights >= threshold]
    right = float(probability(taken).sum())
    all_matches = max(matches, float(probability(weights).sum()))
    return Chosen(
        threshold,
        right / len(taken) if len(taken) else None,
        right / all_matches if all_matches else None,
        2 * right / (len(taken) + all_matches) if all_matches else None,
    )
