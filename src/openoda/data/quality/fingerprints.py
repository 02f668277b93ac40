"""Rows told apart by a 64-bit fingerprint of all their values, added up column by column.

Two different rows have the same fingerprint by chance about once in 10^19 pairs: among five million
rows the chance of any such pair is below one in a million. Null differs from an empty text.

Source of the mixing function: splitmix64 (Steele, Lea and Flood, OOPSLA 2014).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from openoda.data.quality.findings import PLACES_KEPT, Mask, Rows

Prints = npt.NDArray[np.uint64]
_GOLDEN, _FIRST, _SECOND = (
    np.uint64(number) for number in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
)
_NULL = np.uint64(0xD6E8FEB86659FD93)
_SHIFTS = tuple(np.uint64(shift) for shift in (30, 27, 31))


def mixed(values: npt.NDArray[np.int64], column: int, null: Mask | None = None) -> Prints:
    """The fingerprints of one column's values or codes, shape (rows,); `column` counts from 0."""
    salt = np.uint64(int(_GOLDEN) * (2 * column + 1) % 2**64)
    prints: Prints = values.view(np.uint64) + salt
    if null is not None:
        prints[null] = _NULL ^ salt
    prints ^= prints >> _SHIFTS[0]
    prints *= _FIRST
    prints ^= prints >> _SHIFTS[1]
    prints *= _SECOND
    prints ^= prints >> _SHIFTS[2]
    return prints


@dataclass(frozen=True)
class Repeats:
    """Rows that are the same as another: `groups` of them, `rows` in all, `extra` beyond the first.

    `places` are those of the first rows that repeat an earlier one.
    """

    groups: int
    rows: int
    extra: int
    places: Rows


def repeats_in(prints: npt.NDArray[np.generic]) -> Repeats:
    """The rows, among (rows,), whose fingerprint or code is another row's too."""
    order = np.argsort(prints, kind="stable")
    same = prints[order[1:]] == prints[order[:-1]] if len(order) else np.zeros(0, dtype=bool)
    extra = int(np.count_nonzero(same))
    groups = int(np.count_nonzero(same & ~np.concatenate([[False], same[:-1]]))) if extra else 0
    later = np.sort(order[1:][same])[:PLACES_KEPT].astype(np.int64)
    return Repeats(groups, extra + groups, extra, later)
