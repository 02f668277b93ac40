"""`feature-moves-with-visit`: features that nobody can know on the day the list is made.

Move the visit and the value moves with it: the weather of the day, the minutes on site, the officer
who happened to go. A model that uses them looks good on the past and fails on Monday.
"""

import numpy as np

from openoda.opportunities.cases import Cases, Column, Floats
from openoda.opportunities.checks.caution import Caution
from openoda.opportunities.checks.visits import as_signal, consecutive, share_changing

CODE = "feature-moves-with-visit"
LEAST_AGREEMENT = 0.95
LEAST_CHANGING = 0.05
LEAST_EDGE = 0.10
LEAST_Z = 4.0
LEAST_PAIRS = 200
LEAST_DISAGREEING = 20


def feature_moves_with_visit(cases: Cases) -> Caution | None:
    """Which features move with the visit, each with the way in which it does."""
    return moves_with_visit(moving_features(cases), len(cases.features))


def moves_with_visit(ways: dict[str, str], offered: int) -> Caution | None:
    """The caution for features found moving, of so many offered."""
    if not ways:
        return None
    by_way: dict[str, list[str]] = {}
    for name, way in ways.items():
        by_way.setdefault(way, []).append(name)
    listed = "; ".join(f"{', '.join(names)} ({way})" for way, names in by_way.items())
    return Caution(
        CODE,
        f"{len(ways)} of {offered} features can't be known when the list is made: {listed}.",
        "Leave them out of any list made in advance; orders that use them can only look back.",
        {"features": dict(ways)},
    )


def moving_features(cases: Cases) -> dict[str, str]:
    """Feature to the way in which it moves with the visit, in words; empty where none does."""
    ways: dict[str, str] = {}
    for name, column in cases.features.items():
        if constant_within_date(cases, column):
            ways[name] = "the same for every case of a date"
        elif recorded_at_visit(cases, column):
            ways[name] = "filled in exactly where a visit was made"
        elif tells_own_visit(cases, column):
            ways[name] = "tells of its own visit, but not of the next"
    return ways


def constant_within_date(cases: Cases, column: Column) -> bool:
    """Whether cases of one date agree far more than cases of different dates.

    Agreement is the chance that two cases have the same value; what is compared is the agreement
    within dates corrected for the overall one (as Cohen's kappa is), at 0.95. Says nothing where
    chance alone would leave fewer than 20 pairs of one date that disagree: rare flags, thin days.
    """
    values = np.unique(column, return_inverse=True, equal_nan=True)[1]
    overall = _agreement(np.zeros(len(values), dtype=np.int64), values)
    date = np.unique(cases.day, return_inverse=True)[1]
    within = _agreement(date, values)
    pairs = float((np.bincount(date) * (np.bincount(date) - 1.0)).sum()) / 2
    if np.isnan(within) or pairs * (1 - overall) < LEAST_DISAGREEING:
        return False
    return (within - overall) / (1 - overall) >= LEAST_AGREEMENT


def _agreement(group: Column, value: Column) -> float:
    """Chance that two different cases of one group have the same value; NaN without such pairs."""
    both = np.unique(group * (int(value.max()) + 1) + value, return_counts=True)[1].astype(float)
    each = np.bincount(group).astype(float)
    pairs = float((each * (each - 1)).sum())
    return float((both * (both - 1)).sum()) / pairs if pairs else float("nan")


def recorded_at_visit(cases: Cases, column: Column) -> bool:
    """Whether the value is missing where nobody visited, and hardly anywhere else."""
    unknown = ~cases.known
    if column.dtype.kind != "f" or unknown.sum() < 20:
        return False
    missing = np.isnan(column)
    return bool(missing[unknown].mean() > 0.95 and missing[~unknown].mean() < 0.02)


def tells_own_visit(cases: Cases, column: Column) -> bool:
    """Whether a changing value goes with its own visit's outcome far more than with the next's.

    What was known before a visit says about as much of the next one: risk stays with a unit.
    What was written down at the visit says far more of its own. Compared are the two correlations'
    sizes over the same pairs of consecutive visits: 0.10 apart, and four standard errors.
    """
    if share_changing(cases.unit, column) < LEAST_CHANGING:
        return False
    known = cases.take(cases.known)
    column = column[cases.known]
    signal = as_signal(column, known)
    pairs = consecutive(known.unit)
    kept = ~np.isnan(signal[pairs.earlier])
    x = signal[pairs.earlier][kept]
    own, following = known.outcome[pairs.earlier][kept], known.outcome[pairs.later][kept]
    if len(x) < LEAST_PAIRS or min(x.std(), own.std(), following.std()) == 0:
        return False
    edge = abs(_correlation(x, own)) - abs(_correlation(x, following))
    return bool(edge >= LEAST_EDGE and edge * np.sqrt(len(x) / 2) >= LEAST_Z)


def _correlation(a: Floats, b: Floats) -> float:
    """Rank correlation of a with b, so that one wild value can't make it."""
    ranks = np.unique(a, return_inverse=True)[1]
    counts = np.bincount(ranks)
    middle = np.cumsum(counts) - counts / 2
    return float(np.corrcoef(middle[ranks], b)[0, 1])
