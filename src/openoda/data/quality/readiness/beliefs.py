"""What may be believed of a party's error rates, from its evidence and from files like it.

Each field's error has two parts: slips of the hand, which come at a rate that the file's fields share in
rough proportion, and other differences (a changed name, a nickname, a swapped day and month). Bayes'
theorem on a grid: the prior of each part is lognormal; the evidence is binomial, its weight cut because
trials are neither independent nor quite what they seem; a count under ten says that it is under ten.
How often people change names, homes and telephones is in part a matter of the people, so one party's
evidence tells something of the other party's file.
Source: Gelman and others, Bayesian Data Analysis, 3rd ed., sections 3.7 (a grid) and 5 (shared rates).
The priors' medians are what the eleven agencies of our synthetic city show, in round figures, half to
twice of which is usual; they matter where a file shows nothing of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln
from scipy.stats import binom

from openoda.data.quality.readiness import forms, homes, name_order, rare_names, same_person
from openoda.data.quality.readiness.disclosure import MOST_HIDDEN
from openoda.data.quality.readiness.evidence import ANY, OTHER, SLIP, Evidence
from openoda.data.quality.readiness.fields import Array
from openoda.data.quality.readiness.name_order import SWAPPED

MOVED = "address"
"""Not a field: the home has changed since the record was made, so all of the place is wrong together."""
PLACES = ("postcode", "uprn")


@dataclass(frozen=True)
class Prior:
    """Of a field: its slips as a multiple of the file's rate, and the median of other differences."""

    slips: float
    other: float


PRIORS = {
    "forename": Prior(1.0, 0.012),
    "surname": Prior(1.2, 0.007),
    "date_of_birth": Prior(0.8, 0.004),
    "postcode": Prior(0.8, 0.003),
    "uprn": Prior(0.3, 0.005),
    "nhs_number": Prior(0.2, 0.002),
    "nino": Prior(0.6, 0.003),
    "phone": Prior(0.8, 0.050),
    "email": Prior(1.0, 0.020),
    MOVED: Prior(0.0, 0.045),
    SWAPPED: Prior(0.0, 0.004),
}
_RATE, _RATE_SPREAD = 0.012, 1.0
_SLIP_SPREAD, _SHARED_SPREAD, _OWN_SPREAD = 0.8, 0.65, 0.6
_POINTS = (-2, -1, 0, 1, 2)
_POINT_SHARES = (0.09, 0.24, 0.34, 0.24, 0.09)
"""Five points, in spreads, that stand for a normal distribution of doubt."""
_MOVES_DOUBT = 0.6
"""How far, in logs, moves among people who are in twice may be from what two records at random would
show: many were entered again because they moved, others at one visit."""
_DOUBT = {rare_names.KIND: 0.5, homes.KIND: 0.5}
"""How far, in logs, what indirect evidence shows may be from the rate of slips: which share of slips
gives a name that nobody has, or falls on one of two at home, differs between files and languages."""
_OTHER_FORENAMES_SEEN = 0.7
"""Of one person's other forenames, the share that `same_person.forenames_alike` knows: another one
altogether (a middle name in use) can't be told from a twin's. Our guess."""
_WEIGHT = {
    rare_names.KIND: 0.3, homes.KIND: 0.5, same_person.KIND: 0.6, same_person.SHARED: 0.3,
    name_order.KIND: 0.5,
}  # fmt: skip
KINDS = (*_WEIGHT, forms.NEW_YEAR)
"""The kinds of evidence there are."""
_RATES = np.geomspace(5e-4, 0.25, 33)
_GRID = np.geomspace(1e-4, 0.5, 60)


@dataclass(frozen=True)
class Beliefs:
    """Draws from what may be believed: of each field, `MOVED` and `SWAPPED`, rates of shape (draws,).

    `slips` and `others` are the two parts of the error. `informed`: the fields (and `MOVED`) of which
    the file itself shows something of other differences than slips. `gathered`: the share of those
    that falls on the same records as slips do.
    """

    slips: dict[str, Array]
    others: dict[str, Array]
    informed: frozenset[str]
    gathered: float = 0.0

    @property
    def errors(self) -> dict[str, Array]:
        """Of each field, of `MOVED` and of `SWAPPED`, the whole error rate, shape (draws,)."""
        return {name: np.minimum(self.slips[name] + self.others[name], 0.95) for name in self.slips}


def beliefs_of(
    evidence: Sequence[Evidence],
    draws: int,
    random: np.random.Generator,
    theirs: Sequence[Evidence] = (),
    lasting: float = 0.0,
    moving: float = 1.0,
) -> Beliefs:
    """Draws of every field's error rate, given a party's evidence and the other party's.

    `lasting`: the share of slips that are the person's and not the record's, so that two records of a
    person agree on them. `moving`: how many times as often as everybody people of these ages move.
    """
    grids = _grids(evidence, lasting)
    priors = _other_priors(_grids(theirs, 0.0), moving)
    slip_priors = {name: _slip_prior(prior.slips) for name, prior in PRIORS.items()}
    weight = np.log(_lognormal(_RATES, _RATE, _RATE_SPREAD))
    for name, grid in grids.items():
        weight += np.log(slip_priors[name] @ (grid @ priors[name]) + 1e-300)
    chosen = random.choice(len(_RATES), draws, p=_shares(np.exp(weight - weight.max())))
    slips, others = {}, {}
    for name, grid in grids.items():
        slips[name], others[name] = _drawn(slip_priors[name], grid * priors[name], chosen, random)
    others["date_of_birth"] = others["date_of_birth"] + made_up_days(evidence)
    told = {one.field for one in evidence if one.kind == same_person.KIND and one.part != SLIP}
    moved = {MOVED} if told & set(PLACES) else set()
    return Beliefs(slips, others, frozenset(told | moved))


def made_up_days(evidence: Sequence[Evidence]) -> float:
    """The share of births put on 1 January because the day wasn't known."""
    found = [one for one in evidence if one.kind == forms.NEW_YEAR]
    return (found[0].errors or 0) / found[0].trials if found else 0.0


def _grids(evidence: Sequence[Evidence], lasting: float) -> dict[str, Array]:
    """The likelihood of each field's slips and other differences, given a party's evidence."""
    grids = {name: _likelihood(_about(name, evidence), lasting) for name in PRIORS}
    grids[MOVED] = _uncertain(grids[MOVED])
    return grids


def _other_priors(theirs: dict[str, Array], moving: float) -> dict[str, Array]:
    """Shares over other differences of each field, given the likelihoods of the other party's file.

    A rate that both files share in part, and each file's own about it.
    """
    own = np.stack([_lognormal(_GRID, shared, _OWN_SPREAD) for shared in _GRID])
    usual = _lognormal(_RATES, _RATE, _RATE_SPREAD)
    found = {}
    for name, grid in theirs.items():
        seen = (usual @ _slip_prior(PRIORS[name].slips)) @ grid
        usually = PRIORS[name].other * (moving if name == MOVED else 1.0)
        shared = _lognormal(_GRID, usually, _SHARED_SPREAD) * (own @ seen)
        found[name] = _shares(shared) @ own
    return found


def _about(name: str, evidence: Sequence[Evidence]) -> list[Evidence]:
    """The evidence that bears on one field; a home that differs altogether is a move."""
    bears = [one for one in evidence if one.kind != forms.NEW_YEAR]
    moves = [
        one
        for one in bears
        if one.kind == same_person.KIND and one.part == OTHER and one.field in PLACES
    ]
    if name == MOVED:
        return sorted(moves, key=lambda one: one.trials)[-1:]
    return [one for one in bears if one.field == name and one not in moves]


def _likelihood(evidence: Sequence[Evidence], lasting: float) -> Array:
    """The likelihood over slips (rows) and other differences (columns), its greatest value 1."""
    slip, other = _GRID[:, None], _GRID[None, :]
    total = np.zeros((len(_GRID), len(_GRID)))
    for one in evidence:
        seen_slips = slip * (1 - lasting) if one.kind == same_person.KIND else slip
        slips = seen_slips * one.relative + 0 * other
        others = other * (one.relative if one.part == OTHER else 1.0) + 0 * slip
        wrong = {SLIP: slips, OTHER: others, ANY: slips + others}[one.part]
        total += _log_seen(one, wrong)
    return np.asarray(np.exp(total - total.max()))


def _log_seen(one: Evidence, wrong: Array) -> Array:
    """The log likelihood of one piece of evidence, with the doubt that its kind is open to."""
    found = np.zeros_like(wrong)
    if (one.field, one.kind, one.part) == ("forename", same_person.KIND, OTHER):
        wrong = wrong * _OTHER_FORENAMES_SEEN
    for point, share in zip(_POINTS, _POINT_SHARES, strict=True):
        shifted = np.minimum(wrong * np.exp(point * _DOUBT.get(one.kind, 0.0)), 0.999)
        seen = np.clip(1 - (1 - shifted) ** one.each, 1e-9, 1 - 1e-9)
        found += share * np.exp(_log_binomial(one, seen) * _WEIGHT[one.kind])
    return np.log(found + 1e-300)


def _uncertain(grid: Array) -> Array:
    """A likelihood of moves with the doubt of whether people who are in twice move as others do."""
    logs = np.log(_GRID)
    found = np.zeros_like(grid)
    for point, share in zip(_POINTS, _POINT_SHARES, strict=True):
        shift = point * _MOVES_DOUBT
        found += share * np.stack([np.interp(logs + shift, logs, row) for row in grid])
    return found


def _log_binomial(one: Evidence, rate: Array) -> Array:
    if one.errors is None:
        return np.asarray(binom.logcdf(MOST_HIDDEN, one.trials, rate))
    errors = min(one.errors, one.trials)
    constant = gammaln(one.trials + 1) - gammaln(errors + 1) - gammaln(one.trials - errors + 1)
    return np.asarray(constant + errors * np.log(rate) + (one.trials - errors) * np.log1p(-rate))


def _lognormal(at: Array, median: float, spread: float) -> Array:
    """Shares over a geometric grid."""
    return _shares(np.exp(-0.5 * (np.log(at / median) / spread) ** 2))


def _slip_prior(multiple: float) -> Array:
    """Shares over slips for each rate of the file, shape (rates, grid)."""
    if not multiple:
        first = np.zeros((len(_RATES), len(_GRID)))
        first[:, 0] = 1.0
        return first
    return np.stack([_lognormal(_GRID, rate * multiple, _SLIP_SPREAD) for rate in _RATES])


def _drawn(
    slip_prior: Array, others: Array, chosen: npt.NDArray[np.int64], random: np.random.Generator
) -> tuple[Array, Array]:
    """Slips and other differences, shape (draws,) each, drawn for the file's rate of each draw."""
    cell = np.empty(len(chosen), dtype=np.int64)
    for rate in np.unique(chosen):
        cells = (slip_prior[rate][:, None] * others).ravel()
        here = chosen == rate
        cell[here] = random.choice(len(cells), int(here.sum()), p=_shares(cells))
    return _GRID[cell // len(_GRID)], _GRID[cell % len(_GRID)]


def _shares(weights: Array) -> Array:
    return np.asarray(weights / weights.sum())
