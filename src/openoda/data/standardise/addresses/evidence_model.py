"""From counts of agreement to the probability that a gazetteer row is the address's.

A Fellegi–Sunter model (Journal of the American Statistical Association 64, 1969) learned from the run's
own pairs, unsupervised, by expectation-maximisation (Winkler, 1988), with two turns of its own. Words
count by role: a word of the gazetteer copied to the address weighs by its rarity; one not copied, or
one left over, by how often that happens to true pairs. And the alternative to a match isn't a
random pair but a neighbour: an address of the same street and place that the gazetteer doesn't hold
(or, where no street is like its own, any address at all). So agreement on street and town proves
nothing alone; number, flat and name must tell it from its neighbours.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from openoda.data.standardise.addresses import compare_kernel as kernel
from openoda.data.standardise.addresses.record_kernel import KIND, NAME, PLACE, ROAD

Array = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int32]

ROLES = 4
ROUNDS = 12
# What is known of true pairs beforehand, as shares, and how many pairs that knowledge is worth.
COPIED = np.array([0.75, 0.92, 0.92, 0.75])
NOISE = np.array([0.15, 0.05, 0.05, 0.10])
NUMBER = np.array([0.80, 0.005, 0.01, 0.01, 0.002, 0.04, 0.01, 0.115, 0.005, 0.001, 0.001, 0.001])
FLAT = np.array([0.10, 0.01, 0.002, 0.01, 0.01, 0.84, 0.01, 0.018])
POSTCODE = np.array([0.80, 0.04, 0.01, 0.01, 0.04, 0.10])
PRIOR_PAIRS = 50.0
LISTED = 0.9
# However often it seems to happen, a different number or flat all but rules a pair out (odds at most):
# a run whose addresses are mostly absent from the gazetteer would else learn that numbers don't matter.
ODDS_OF_A_BUILDING = 0.01  # a flat on one side only
MOST = {
    "number": {
        kernel.OTHER_NUMBER: 0.003,
        kernel.OTHER_LETTER: 0.01,
        kernel.IN_RANGE: 0.02,
        kernel.RANGE_BEGINS: 0.5,
        kernel.DOUBLED: 0.02,
    },
    "flat": {
        kernel.OTHER_FLAT: 0.003,
        kernel.FLAT_NOT_GIVEN: ODDS_OF_A_BUILDING,
        kernel.FLAT_NOT_LISTED: ODDS_OF_A_BUILDING,
    },
}
SLIP = 0.05
BESIDE_STREET = 0.5  # where the street is found its postcode says half as much: they go together
LEFT_OUT = 0.1
OUT_OF_ORDER = 0.4


@dataclass(frozen=True)
class Model:
    """Weights in natural logarithms: of a word found, missed and left over by role, of a word found
    only nearly, of a name left out whole, and of each level of number, flat and postcode. `listed`
    is the share of addresses that the gazetteer holds, `size` its rows.
    """

    found: Array
    missed: Array
    extra: Array
    similar: float
    left_out: float
    number: Array
    flat: Array
    postcode: Array
    listed: float
    size: int


@dataclass(frozen=True)
class Chance:
    """Shares of each level among neighbours (number, flat) and random pairs (postcode).

    `size` is how many rows the gazetteer has: the odds against any one of them.
    """

    number: Array
    flat: Array
    postcode: Array
    size: int


def first_model(chance: Chance) -> Model:
    """The model before anything is learned."""
    return _model(COPIED, NOISE, LEFT_OUT, (NUMBER, FLAT, POSTCODE), chance, LISTED)


def place_score(model: Model, evidence: Counts) -> Array:
    """How well street, place and postcode agree, each pair."""
    street = (evidence[:, kernel.FOUND + ROAD] > 0) & (evidence[:, kernel.MISSED + ROAD] == 0)
    total = model.postcode[evidence[:, kernel.POSTCODE]] * np.where(street, BESIDE_STREET, 1.0)
    total = total + np.log(OUT_OF_ORDER) * evidence[:, kernel.ORDER]
    for role in (ROAD, KIND, PLACE):
        total += _role_score(model, evidence, role)
    return np.asarray(total, np.float64)


def own_score(model: Model, evidence: Counts) -> Array:
    """How well agrees what tells an address from its neighbours, each pair."""
    return np.asarray(
        _role_score(model, evidence, NAME)
        + model.left_out * evidence[:, kernel.LEFT_OUT]
        + model.number[evidence[:, kernel.NUMBER]]
        + model.flat[evidence[:, kernel.FLAT]],
        np.float64,
    )


def _role_score(model: Model, evidence: Counts, role: int) -> Array:
    return np.asarray(
        np.minimum(evidence[:, kernel.WEIGHT + role] / 1000.0, np.log(model.size))
        + model.found[role] * evidence[:, kernel.FOUND + role]
        + model.missed[role] * evidence[:, kernel.MISSED + role]
        + model.extra[role] * evidence[:, kernel.EXTRA + role]
        + model.similar * evidence[:, kernel.SIMILAR + role],
        np.float64,
    )


@dataclass(frozen=True)
class Posterior:
    """Probability of each pair, and of each address that the gazetteer doesn't hold it."""

    pair: Array
    absent: Array


def posterior(model: Model, evidence: Counts, starts: npt.NDArray[np.int64]) -> Posterior:
    """The probabilities given that an address is one of its candidates or none.

    `starts`: where each address's pairs begin; every address has one pair at least.
    """
    place = place_score(model, evidence)
    score = place + own_score(model, evidence)
    beside = place + np.where(_differs(evidence), _role_score(model, evidence, NAME), 0.0)
    sizes = np.diff(np.append(starts, len(score)))
    unlike = np.log((1 - model.listed) / model.listed)
    none = np.logaddexp(np.maximum.reduceat(beside, starts), np.log(model.size)) + unlike
    top = np.maximum(np.maximum.reduceat(score, starts), none)
    odds = np.exp(score - np.repeat(top, sizes))
    absent = np.exp(none - top)
    total = np.add.reduceat(odds, starts) + absent
    return Posterior(odds / np.repeat(total, sizes), absent / total)


def _differs(evidence: Counts) -> npt.NDArray[np.bool_]:
    """Whether number or flat differ: a neighbour in the same building then explains its name too."""
    other_number = evidence[:, kernel.NUMBER] == kernel.OTHER_NUMBER
    return np.asarray(other_number | (evidence[:, kernel.FLAT] == kernel.OTHER_FLAT))


def learned(
    evidence: Counts, starts: npt.NDArray[np.int64], chance: Chance, rounds: int = ROUNDS
) -> Model:
    """The model that expectation-maximisation settles on."""
    evidence = np.asfortranarray(evidence)  # columns are read one by one
    counts = evidence.astype(np.float64)
    model = first_model(chance)
    for _ in range(rounds if len(starts) else 0):
        found = posterior(model, evidence, starts)
        model = _maximised(evidence, counts, found, chance)
    return model


def _maximised(evidence: Counts, counts: Array, found: Posterior, chance: Chance) -> Model:
    """The model that fits probabilities best; `counts` is the evidence as floats."""
    weight = found.pair
    expected = weight @ counts

    def summed(first: int) -> Array:
        return np.asarray(expected[first : first + ROLES], np.float64)

    hits, misses = summed(kernel.FOUND), summed(kernel.MISSED)
    extras = summed(kernel.EXTRA)
    copied = (hits + PRIOR_PAIRS * COPIED) / (hits + misses + PRIOR_PAIRS)
    noise = (extras + PRIOR_PAIRS * NOISE) / (hits + extras + PRIOR_PAIRS)
    levels = tuple(
        _shares(evidence[:, column], weight, prior)
        for column, prior in (
            (kernel.NUMBER, NUMBER), (kernel.FLAT, FLAT), (kernel.POSTCODE, POSTCODE),
        )
    )  # fmt: skip
    listed = float(np.clip(1 - found.absent.mean(), 0.05, 0.995))
    left = expected[kernel.LEFT_OUT] + PRIOR_PAIRS * LEFT_OUT
    out = float(left / (expected[kernel.NAMED] + left + PRIOR_PAIRS * (1 - LEFT_OUT)))
    return _model(copied, noise, out, (levels[0], levels[1], levels[2]), chance, listed)


def _shares(levels: Counts, weight: Array, prior: Array) -> Array:
    counts = np.bincount(levels, weights=weight, minlength=len(prior)) + PRIOR_PAIRS * prior
    return np.asarray(counts / counts.sum(), np.float64)


def _model(
    copied: Array,
    noise: Array,
    out: float,
    levels: tuple[Array, Array, Array],
    chance: Chance,
    listed: float,
) -> Model:
    """The weights that shares give."""
    number, flat = np.log(levels[0] / chance.number), np.log(levels[1] / chance.flat)
    for weights, most in ((number, MOST["number"]), (flat, MOST["flat"])):
        for level, odds in most.items():
            weights[level] = min(weights[level], np.log(odds))
    return Model(
        np.log(copied), np.log(1 - copied), np.log(noise), float(np.log(SLIP)),
        float(np.log(out)),
        number, flat, np.log(levels[2] / chance.postcode), listed, chance.size,
    )  # fmt: skip
