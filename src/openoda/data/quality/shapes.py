"""Shapes of text: 9 for a digit, A for a capital, a for a small letter, all else as it is.

"OX1 4TQ" has the shape "AA9 9AA". Where a column has long values a run of one sign counts once, so
that "Abbey Road" and "Mill Lane" have the same shape "Aa Aa". A shape tells how values are written
and nothing about anyone.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from openoda.data.quality.columns import Counted
from openoda.data.quality.runs import Counts

VALUES_AT_MOST = 50_000
SHAPES_SHOWN = 8
LONG = 20
_SIGNS = ((r"\p{Nd}", "9"), (r"\p{Lu}|\p{Lt}", "A"), (r"\p{Ll}|\p{Lo}|\p{Lm}", "a"))


def shape_of(values: pa.Array, *, runs_once: bool) -> pa.Array:
    """The shape of each text, shape (n,)."""
    for pattern, sign in _SIGNS:
        found = f"(?:{pattern})+" if runs_once else pattern
        values = pc.replace_substring_regex(values, found, sign)
    return values


def shapes_in(values: pa.Array, counts: Counts, longest: int) -> tuple[tuple[Counted, ...], int]:
    """The most frequent shapes of different texts, shape (n,), that `counts` rows have each.

    The second value says from how many different texts they were taken, 0 where from all: past
    50,000 an evenly spaced part of them stands for the rest.
    """
    taken = 0
    if len(values) > VALUES_AT_MOST:
        places = np.linspace(0, len(values) - 1, VALUES_AT_MOST).astype(np.int64)
        values, counts, taken = values.take(pa.array(places)), counts[places], VALUES_AT_MOST
    if not len(values):
        return (), 0
    coded = shape_of(values, runs_once=longest > LONG).dictionary_encode()
    rows = np.bincount(coded.indices.to_numpy(), weights=counts).astype(np.int64)
    first = np.argsort(-rows, kind="stable")[:SHAPES_SHOWN]
    names = coded.dictionary.take(pa.array(first)).to_pylist()
    return tuple(Counted(name, int(rows[at])) for name, at in zip(names, first, strict=True)), taken
