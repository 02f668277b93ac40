"""A flat's place in its building: flat 2, flat B and the first floor flat are each the second.

Flats of a converted house are lettered, numbered or called by their floors, and a clerk who writes 2/18
for the first floor flat of number 18 counts them from the ground. So a letter counts by its place in
the alphabet and a floor by its storey; the top floor counts after all other flats of the building.
"""

import numpy as np
import numpy.typing as npt

from openoda.data.standardise.addresses.record_kernel import (
    FLAT,
    FLAT_VALUE,
    LETTER_FROM,
    LOW,
    ORDER,
    SUFFIX,
)
from openoda.data.standardise.addresses.vocabulary import LAST_STOREY

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
MOST_FLATS = 40


def put_order(numbers: tuple[Ints, ...]) -> None:
    """Fill ORDER from the flat's number or letter; where it has neither, the storey there stays."""
    value = numbers[FLAT_VALUE]
    lettered = value >= LETTER_FROM
    numbers[ORDER][:] = np.where(
        lettered, value - LETTER_FROM - ord("A") + 1, np.where(value >= 0, value, numbers[ORDER])
    )


def settle_last(numbers: tuple[Ints, ...], codes: tuple[Longs, ...], streets: Longs) -> None:
    """Put the place of each top floor flat of a gazetteer: one after its building's other flats.

    `streets` is a hash of each row's words: rows of one building have one hash and one number.
    """
    last = numbers[ORDER] == LAST_STOREY
    if not last.any():
        return
    building = streets * 1_000_003 + numbers[LOW] * 131 + numbers[SUFFIX]
    mine = np.isin(building, building[last]) & (codes[FLAT] != 0)
    rows = np.flatnonzero(mine)
    order = rows[np.lexsort((codes[FLAT][rows], building[rows]))]
    fresh = np.ones(len(order), bool)
    fresh[1:] = (np.diff(building[order]) != 0) | (np.diff(codes[FLAT][order]) != 0)
    places, counts = np.unique(building[order[fresh]], return_counts=True)
    found = counts[np.searchsorted(places, building[last])]
    numbers[ORDER][last] = np.where(found <= MOST_FLATS, found, 0)


__all__ = ["put_order", "settle_last"]
