"""A unit's visits one after another: what the checks of moving features are made of."""

from typing import NamedTuple

import numpy as np

from openoda.opportunities.cases import Cases, Column, Floats, Ints


class Pairs(NamedTuple):
    """Positions of a unit's visit and of its next one, each of shape (pairs,)."""

    earlier: Ints
    later: Ints


def consecutive(unit: Column) -> Pairs:
    """Pairs of consecutive visits of one unit, from cases in the current order."""
    order = np.argsort(unit, kind="stable")
    same = unit[order][1:] == unit[order][:-1]
    return Pairs(order[:-1][same], order[1:][same])


def share_changing(unit: Column, column: Column) -> float:
    """Share of consecutive visits of a unit between which the column changed."""
    pairs = consecutive(unit)
    if not len(pairs.earlier):
        return 0.0
    a, b = column[pairs.earlier], column[pairs.later]
    changed = a != b
    if column.dtype.kind == "f":
        changed &= ~(np.isnan(a) & np.isnan(b))
    return float(changed.mean())


def as_signal(column: Column, cases: Cases) -> Floats:
    """The column as a number: itself, or for text the rate of positives of its level elsewhere.

    The rate leaves out the case itself and leans on the overall rate as if by 10 more cases, so
    that a rare level can't stand for its own outcome.
    """
    if column.dtype.kind == "f":
        return np.asarray(column, dtype=np.float64)
    known = cases.known
    mean = float(cases.outcome[known].mean())
    index = np.unique(column, return_inverse=True)[1]
    found = np.bincount(index, np.where(known, cases.outcome, 0.0))
    seen = np.bincount(index, known.astype(np.float64))
    own = np.where(known, cases.outcome, 0.0)
    return np.asarray((found[index] - own + 10 * mean) / (seen[index] - known + 10))
