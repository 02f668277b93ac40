"""Candidate keys of two columns, where none of one column is."""

from collections.abc import Mapping
from itertools import combinations

import numpy as np

from openoda.data.quality.columns import ColumnProfile
from openoda.data.quality.fingerprints import Prints, repeats_in
from openoda.data.quality.gathering import Read, gather

Sampled = Prints
COLUMNS_TRIED = 12
PAIRS_READ = 5


def pair_keys(
    sampled: Mapping[str, Sampled], columns: tuple[ColumnProfile, ...], read: Read
) -> tuple[tuple[str, ...], ...]:
    """Pairs of columns, each filled in every row, that together name each row.

    Of the twelve filled columns with most different values all pairs are tried on the first 50,000
    rows (`sampled`: fingerprints of them), and the first five that hold there on all rows. More
    columns than two, or pairs beyond these, are not looked for.
    """
    full = [one for one in columns if one.completeness.filled == one.completeness.rows]
    full = sorted(full, key=lambda one: -one.distinct)[:COLUMNS_TRIED]
    likely = [
        (a.name, b.name)
        for a, b in combinations(full, 2)
        if a.distinct * b.distinct >= a.completeness.rows
        and not repeats_in(_together(sampled[a.name], sampled[b.name])).extra
    ]
    return tuple(pair for pair in likely[:PAIRS_READ] if _holds(pair, read))


def _together(first: Prints, second: Prints) -> Prints:
    return first * np.uint64(3) + second


def _holds(pair: tuple[str, str], read: Read) -> bool:
    """Whether the pair has no repeat in all the rows."""
    arrays = gather(read(pair), pair)
    codes = []
    for name in pair:
        array = arrays.pop(name)
        coded = array if hasattr(array, "indices") else array.dictionary_encode()
        codes.append(coded.indices.to_numpy(zero_copy_only=False).astype(np.int64))
    return not repeats_in(codes[0] * (int(codes[1].max()) + 1) + codes[1]).extra
