"""Pairs of records of one file that share values."""

from collections.abc import Sequence

import numpy as np

from openoda.data.quality.readiness.fields import Array, Codes, Prepared
from openoda.data.quality.readiness.rules import combined

Pairs = tuple[Codes, Codes]
LARGEST = 8


def relative_of(rates: Array, pairs: Pairs) -> float:
    """The mean relative error rate of the records in pairs; 1 where there are none."""
    return float(rates[np.concatenate(pairs)].mean()) if len(pairs[0]) else 1.0


def sharing(prepared: Prepared, fields: Sequence[str]) -> Pairs:
    """All pairs of records, the earlier first, that agree on these fields; see `alike`."""
    if not all(name in prepared.values for name in fields):
        none = np.zeros(0, dtype=np.int64)
        return none, none
    return alike(combined([prepared.codes(name) for name in fields]))


def alike(keys: Codes) -> Pairs:
    """All pairs of places with the same key; −1 is none, and keys held more than eight times are out."""
    order = np.argsort(keys, kind="stable")
    order = order[keys[order] >= 0]
    ordered = keys[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(ordered) else order
    sizes = np.diff(np.r_[starts, len(ordered)])
    small = np.repeat(sizes <= LARGEST, sizes)
    first, second = [], []
    for step in range(1, LARGEST):
        same = (ordered[step:] == ordered[:-step]) & small[step:]
        first.append(order[:-step][same])
        second.append(order[step:][same])
    return np.concatenate(first), np.concatenate(second)


def together(found: Sequence[Pairs], rows: int) -> Pairs:
    """The distinct pairs of several searches."""
    keys = np.unique(np.concatenate([first * rows + second for first, second in found]))
    return keys // max(rows, 1), keys % max(rows, 1)
