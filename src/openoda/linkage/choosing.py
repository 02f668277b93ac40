"""The threshold that a run chooses for itself, from its own probabilities and no truth."""

from dataclasses import dataclass

import numpy as np

from openoda.linkage.scoring import Weights, probability


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
    ECML 2014); here all are tried.
    """
    falling = -np.sort(-weights)
    if not len(falling):
        return Chosen(0.0, None, None, None)
    right = np.cumsum(probability(falling))
    all_matches = max(matches, float(right[-1]))
    f1 = 2 * right / (np.arange(1, len(falling) + 1) + all_matches)
    last = np.append(falling[1:] != falling[:-1], True)  # pairs of equal weight stand together
    best = int(np.argmax(np.where(last, f1, -1.0)))
    return Chosen(
        float(falling[best]),
        float(right[best] / (best + 1)),
        float(right[best] / all_matches) if all_matches else None,
        float(f1[best]),
    )


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
