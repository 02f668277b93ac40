"""Who the common records are, by year of birth: so far as two files' ages show it.

Within a band of birth years, whether the one party has a person is taken to say nothing of whether the
other has. Then of N people of a band, A known to the one and B to the other, A × B / N are common: most
where both parties have more people than there are of that age. Source: the independence that dual-system
estimation rests on (Chandra Sekar and Deming, Journal of the American Statistical Association 44, 1949).
In no band are there more than either party has, and in all there are as many as are said to be common.
How many people there are of an age: usual residents of England and Wales by five years of age, in
per cent, to about a tenth (after the Office for National Statistics, Census 2021, table TS007).
"""

from dataclasses import dataclass

import numpy as np

from openoda.data.quality.readiness.fields import FIELDS, Array
from openoda.data.quality.readiness.outcomes import USABLE, usable_states
from openoda.data.quality.readiness.patterns import BANDS, UNKNOWN, YEARS, Group
from openoda.data.quality.readiness.statistics import Statistics

_BY_FIVE_YEARS = (
    5.4, 5.9, 6.0, 5.7, 6.1, 6.6, 7.0, 6.7, 6.3, 6.4, 6.9, 6.7, 5.8, 4.9, 5.0, 3.6, 2.5, 1.5, 0.9,
)  # fmt: skip
_KNOWN = tuple(band for band in BANDS if band != UNKNOWN)
_ROUNDS = 60


@dataclass(frozen=True)
class Overlap:
    """The common records by band.

    `shares`: of the bands (of `UNKNOWN` alone, where neither party has years). `without`: for each party
    and band, the share of these people's records that don't say the year.
    """

    shares: dict[str, float]
    without: tuple[dict[str, float], dict[str, float]]


def overlap_of(first: Statistics, second: Statistics, common: int) -> Overlap:
    """How the common records are spread over the bands of birth years."""
    known = [_known(one) for one in (first, second)]
    if not (known[0].any() or known[1].any()):
        return Overlap({UNKNOWN: 1.0}, ({}, {}))
    people = population(first.year)
    a = known[0] + _unknown(first, known[0], known[1])
    b = known[1] + _unknown(second, known[1], known[0])
    shares = _common(a, b, people, common)
    return Overlap(_named(shares), (_without(known[0], a), _without(known[1], b)))


def population(year: int) -> Array:
    """The share of people of each band that has years, when it is this year, shape (bands,)."""
    ages = np.repeat(_BY_FIVE_YEARS, 5) / 5
    born = year - np.arange(len(ages))
    found = [ages[(born >= first) & (born <= last)].sum() for first, last in _spans()]
    return np.asarray(np.maximum(np.array(found), 1e-3))


def _spans() -> list[tuple[int, int]]:
    return [span for span in YEARS.values() if span is not None]


def _known(statistics: Statistics) -> Array:
    rows = {group.band: group.rows for group in statistics.groups}
    return np.array([float(rows.get(band, 0)) for band in _KNOWN])


def _unknown(statistics: Statistics, known: Array, others: Array) -> Array:
    """The records that don't say the year, spread over the bands, shape (bands,).

    So far as the party mostly knows years, as its known records, those with more gaps counting more: a
    birth is taken to be missing as other fields are. So far as it doesn't, as the other party's records.
    """
    groups = {group.band: group for group in statistics.groups}
    if UNKNOWN not in groups:
        return np.zeros(len(_KNOWN))
    missing = groups[UNKNOWN].rows
    gaps = np.array([_gaps(groups[band]) if band in groups else 0.0 for band in _KNOWN])
    own = _shares(known * gaps) if (known * gaps).any() else _shares(known)
    theirs = _shares(others) if others.any() else own
    sure = known.sum() / (known.sum() + missing)
    return np.asarray(missing * (sure * own + (1 - sure) * theirs))


def _gaps(group: Group) -> float:
    """The mean number of fields that aren't usable."""
    return len(FIELDS) - float(usable_states(group) @ USABLE)


def _common(a: Array, b: Array, people: Array, common: int) -> Array:
    """The common records of each band as shares, shape (bands,).

    In proportion to A × B / N, but no more than either party has: whatever is over goes to bands that
    have room.
    """
    most, likely = np.minimum(a, b), a * b / people
    if not most.any():
        return _shares(a + b)
    low, high = 0.0, float((most[likely > 0] / likely[likely > 0]).max())
    for _ in range(_ROUNDS):
        middle = (low + high) / 2
        low, high = (
            (middle, high) if np.minimum(most, middle * likely).sum() < common else (low, middle)
        )
    return _shares(np.minimum(most, high * likely))


def _without(known: Array, all_of_them: Array) -> dict[str, float]:
    missing = np.divide(
        all_of_them - known, all_of_them, out=np.zeros_like(known), where=all_of_them > 0
    )
    return _named(missing)


def _named(values: Array) -> dict[str, float]:
    return {band: float(value) for band, value in zip(_KNOWN, values, strict=True) if value > 0}


def _shares(weights: Array) -> Array:
    return np.asarray(weights / max(weights.sum(), 1e-9))
