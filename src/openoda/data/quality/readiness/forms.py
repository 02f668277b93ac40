"""How names and dates are written where that can make two true records differ: one file's habits.

Short forms (Liz) and halves of double names are counted for each band of birth years, since names go
by fashion; fields too narrow for the name, and births made up as 1 January, for the whole file. Each is
to be held against the other file's.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from openoda.data.quality.readiness.disclosure import FEWEST
from openoda.data.quality.readiness.evidence import OTHER, Evidence, seen
from openoda.data.quality.readiness.fields import NAMES, Mask, Prepared
from openoda.standards.uk.nicknames import formal_names

NEW_YEAR = "first-of-january"
LONGEST_TOLD = 20
_FIELD_MOST = 16
_DAYS = 365.25


@dataclass(frozen=True)
class Forms:
    """Lengths of names, of the records with a usable one.

    `cut_at`: of each name, the number of letters at which it is cut off, where it is; `longer`: of each
    name, the share with more than 1, 2 … 20 letters, to three places, nought where fewer than ten.
    """

    cut_at: dict[str, int]
    longer: dict[str, tuple[float, ...]]


def forms_of(prepared: Prepared) -> Forms:
    """How this file writes names."""
    names = [name for name in NAMES if name in prepared.values]
    cuts = {name: _cut_at(prepared.lengths.get(name, Counter())) for name in names}
    return Forms(
        {name: cut for name, cut in cuts.items() if cut},
        {name: _longer(prepared.values[name]) for name in names},
    )


def from_new_year(prepared: Prepared) -> list[Evidence]:
    """Births on 1 January beyond their share of the year: the day wasn't known and was made up."""
    if "date_of_birth" not in prepared.values:
        return []
    days = prepared.values["date_of_birth"].drop_null()
    on_it = int(pc.sum(pc.ends_with(days, "-01-01")).as_py() or 0)
    return seen("date_of_birth", NEW_YEAR, OTHER, len(days), on_it - len(days) / _DAYS, 1)


def short_forms(prepared: Prepared) -> Mask:
    """Which records have a forename that may stand for a longer one, shape (rows,)."""
    if "forename" not in prepared.values:
        return np.zeros(prepared.rows, dtype=bool)
    encoded = prepared.values["forename"].dictionary_encode()
    short = np.array(
        [bool(formal_names(name)) for name in encoded.dictionary.to_pylist()] + [False]
    )
    places = pc.fill_null(encoded.indices, len(short) - 1).to_numpy(zero_copy_only=False)
    return np.asarray(short[places])


def compound(prepared: Prepared) -> Mask:
    """Which records have a surname of several parts, shape (rows,)."""
    return np.zeros(prepared.rows, dtype=bool) if prepared.compound is None else prepared.compound


def _cut_at(lengths: Counter[int]) -> int:
    """Where a narrow field ends: its greatest length is met more often than the length before it."""
    if not lengths:
        return 0
    longest = max(lengths)
    cut = longest <= _FIELD_MOST and lengths[longest] > max(FEWEST, 1.2 * lengths[longest - 1])
    return longest if cut else 0


def _longer(values: pa.Array) -> tuple[float, ...]:
    lengths = pc.utf8_length(values.drop_null()).to_numpy()
    if not len(lengths):
        return (0.0,) * LONGEST_TOLD
    counts = [int((lengths > length).sum()) for length in range(1, LONGEST_TOLD + 1)]
    return tuple(round(many / len(lengths), 3) if many >= FEWEST else 0.0 for many in counts)
