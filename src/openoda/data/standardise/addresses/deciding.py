"""Which pairs are matches: the run's own threshold, ties left open, flats apart."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from openoda.data.standardise.addresses import compare_kernel as kernel
from openoda.data.standardise.addresses.evidence_model import (
    ODDS_OF_A_BUILDING,
    Model,
    posterior,
)
from openoda.data.standardise.addresses.pairing import Pairs
from openoda.data.standardise.addresses.record_kernel import NAME

Array = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int32]

MATCHED, AMBIGUOUS, NOT_FOUND = range(3)
STATUSES = ("matched", "ambiguous", "not found")
MOST_SHOWN = 3
# A name's words speak for a flat that is given on one side only if together they are this rare.
NAME_SPEAKS = 5_000
LEAST_PRECISION = 0.9
LEAST_SHOWN = 0.02
TIE = 0.5  # a runner-up at least half as likely ties the best


@dataclass(frozen=True)
class Best:
    """For each address: its likeliest gazetteer row (-1: none), that pair's probability, the
    probability that the gazetteer holds the address at all, the pair's evidence, whether a flat
    stands on one side only, and up to three likeliest rows (-1: none) with their probabilities.
    """

    row: Rows
    probability: Array
    listed: Array
    evidence: Rows
    building_only: npt.NDArray[np.bool_]
    rows: Rows
    probabilities: Array


def empty_best(rows: int) -> Best:
    """Room for that many addresses, none with a candidate."""
    return Best(
        np.full(rows, -1, np.int32), np.zeros(rows), np.zeros(rows),
        np.zeros((rows, kernel.WIDTH), np.int32), np.zeros(rows, bool),
        np.full((rows, MOST_SHOWN), -1, np.int32), np.zeros((rows, MOST_SHOWN)),
    )  # fmt: skip


def choose_best(model: Model, pairs: Pairs, best: Best) -> None:
    """Fill what the pairs say into `best`."""
    if not len(pairs.starts):
        return
    found = posterior(model, np.asfortranarray(pairs.evidence), pairs.starts)
    who = pairs.mine[pairs.starts]
    order = np.lexsort((pairs.theirs, -found.pair, pairs.mine))
    sizes = np.diff(np.append(pairs.starts, len(order)))
    for place in range(MOST_SHOWN):
        have = sizes > place
        at = order[pairs.starts[have] + place]
        best.rows[who[have], place] = pairs.theirs[at]
        best.probabilities[who[have], place] = found.pair[at]
    first = order[pairs.starts]
    best.row[who], best.probability[who] = pairs.theirs[first], found.pair[first]
    best.listed[who], best.evidence[who] = 1 - found.absent, pairs.evidence[first]
    best.building_only[who] = building_only(pairs.evidence[first])


def building_only(evidence: Rows) -> npt.NDArray[np.bool_]:
    """Whether a pair agrees on a building while only one side says which flat, and no name does."""
    level = evidence[:, kernel.FLAT]
    one_sided = (level == kernel.FLAT_NOT_GIVEN) | (level == kernel.FLAT_NOT_LISTED)
    named = evidence[:, kernel.WEIGHT + NAME] >= NAME_SPEAKS
    return np.asarray(one_sided & ~named)


@dataclass(frozen=True)
class Threshold:
    """The probability from which a pair counts as a match, and what to expect of the matches.

    Precision and recall as the model expects them: the mean probability of what is taken, and the
    share of findable addresses that it takes.
    """

    probability: float
    expected_precision: float
    expected_recall: float


def chosen_threshold(best: Best, least_precision: float = LEAST_PRECISION) -> Threshold:
    """The threshold with the best balance (F1) of expected precision and recall.

    Among those whose expected precision is at least `least_precision`, or else the most precise.
    """
    able = (best.row >= 0) & ~best.building_only & ~tied(best)
    sure = np.sort(best.probability[able])[::-1]
    if not len(sure):
        return Threshold(1.0, 1.0, 0.0)
    findable = max(float(best.listed.sum()), 1e-9)
    right = np.cumsum(sure)
    precision = right / np.arange(1, len(sure) + 1)
    recall = np.minimum(right / findable, 1.0)
    balance = 2 * precision * recall / np.maximum(precision + recall, 1e-9)
    whole = np.append(sure[1:] != sure[:-1], True)  # a threshold takes all of one probability
    allowed = whole & (precision >= least_precision)
    allowed = allowed if allowed.any() else whole & (precision == precision[whole].max())
    at = int(np.argmax(np.where(allowed, balance, -1.0)))
    return Threshold(float(sure[at]), float(precision[at]), float(recall[at]))


def tied(best: Best) -> npt.NDArray[np.bool_]:
    """Whether a runner-up is nearly as likely as the likeliest row."""
    second = best.probabilities[:, 1]
    return np.asarray((second > 0) & (second >= TIE * best.probability))


def building_listed(best: Best) -> Array:
    """The probability that the gazetteer holds the address or, where only one side says which flat,
    its building: the odds without what the flat took from them.
    """
    free = np.where(best.building_only, ODDS_OF_A_BUILDING, 1.0)
    odds = best.listed / free
    return np.asarray(odds / (odds + 1 - best.listed + 1e-12), np.float64)


def statuses(best: Best, threshold: Threshold) -> npt.NDArray[np.int8]:
    """Matched, ambiguous or not found, each address (places in `STATUSES`).

    Ambiguous: the gazetteer seems to hold it, but several rows tie or a flat is given on one side
    only.
    """
    status = np.full(len(best.row), NOT_FOUND, np.int8)
    status[(best.row >= 0) & (building_listed(best) >= threshold.probability)] = AMBIGUOUS
    sure = (best.row >= 0) & (best.probability >= threshold.probability) & ~best.building_only
    sure &= ~tied(best)
    status[sure] = MATCHED
    return status
