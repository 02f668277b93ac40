"""Errors that last: whether two records of one person have the same slip.

A slip that both records share was taken from a source they share (a form, an older system, a birth
certificate), and doesn't keep them apart. It is told from names that only one person's records hold and
that are one letter from a common one.
"""

import numpy as np

from openoda.data.quality.readiness.fields import NAMES, Prepared
from openoda.data.quality.readiness.near import one_slip
from openoda.data.quality.readiness.pairing import Pairs
from openoda.data.quality.readiness.rare_names import NearNames

_USUAL, _LIKE = 0.05, 3.0


def persistence_of(prepared: Prepared, near: dict[str, NearNames], pairs: Pairs) -> float:
    """The share of slips that a person's two records share, drawn towards what is usual.

    Of `pairs` of one person's records: those that share a name that only they hold and that is near a
    common one, beyond chance; against those whose names are a slip apart, which have one slip each.
    """
    shared = apart = 0.0
    for name in NAMES:
        if name in near:
            both, one = _slips(prepared, name, near[name], pairs)
            shared, apart = shared + both, apart + one / 2
    return round((shared + _USUAL * _LIKE) / (shared + apart + _LIKE), 2)


def _slips(prepared: Prepared, name: str, near: NearNames, pairs: Pairs) -> tuple[float, float]:
    """How many pairs share a slip in this name, beyond chance, and how many are a slip apart."""
    codes, texts = prepared.codes(name), prepared.values[name]
    x, y = codes[pairs[0]], codes[pairs[1]]
    counts = np.bincount(codes[codes >= 0], minlength=1)
    alone = (x == y) & (x >= 0) & (counts[x] == 2)
    held = texts.take(pairs[0][alone]).to_pylist()
    found = sum(near.has(text) for text in held) - near.chance * len(held)
    differ = (x != y) & (x >= 0) & (y >= 0)
    left = texts.take(pairs[0][differ]).to_pylist()
    right = texts.take(pairs[1][differ]).to_pylist()
    suspect = [
        one_slip(a, b) and (near.has(a) or near.has(b)) for a, b in zip(left, right, strict=True)
    ]
    return max(found, 0.0), float(sum(suspect))
