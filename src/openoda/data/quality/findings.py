"""What was found wrong or odd in a column, and in which rows, before it is put into words."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

PLACES_KEPT = 1000

Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Finding:
    """`count` rows of a column with one fault; `rows` are the places of the first of them, from 0.

    `code` names the fault in `catalogue`; `about` completes its words where they need it.
    """

    code: str
    column: str
    count: int
    rows: Rows
    about: str = ""


def finding(code: str, column: str, at: Mask, about: str = "") -> Finding | None:
    """The finding for the rows where `at` is true, shape (rows,); None where it nowhere is."""
    count = int(np.count_nonzero(at))
    if not count:
        return None
    return Finding(code, column, count, np.flatnonzero(at)[:PLACES_KEPT], about)
