"""Names that stand in each other's place: the surname written as the forename, and the other way about.

One file shows it by itself: a record whose forename many others have as their surname, and whose
surname many others have as their forename. In many languages the family's name comes first, so desks
that ask for a first name are told it. Records whose two names could each be either are left out.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from openoda.data.quality.readiness.evidence import OTHER, Evidence, seen
from openoda.data.quality.readiness.fields import Array, Codes, Mask, Prepared, codes_of

SWAPPED = "names swapped"
"""Not a field: both names of a record are each other's, so that neither can agree."""
KIND = "name-order"
_LEAST, _TIMES = 3, 5
"""A name is clearly of one kind if three others have it so, and five times as many as otherwise."""


def from_name_order(prepared: Prepared) -> list[Evidence]:
    """Of records whose names are clearly of one kind each, those in which they are swapped."""
    if not {"forename", "surname"} <= set(prepared.values):
        return []
    ordered, swapped = _told(prepared.values["forename"], prepared.values["surname"])
    trials = int(ordered.sum()) + int(swapped.sum())
    return seen(SWAPPED, KIND, OTHER, trials, int(swapped.sum()), 1)


def crossed(prepared: Prepared, first: Codes, second: Codes) -> Mask:
    """Of pairs of records, those in which a name of one is the other name of the other."""
    if not {"forename", "surname"} <= set(prepared.values):
        return np.zeros(len(first), dtype=bool)
    forenames, surnames = prepared.values["forename"], prepared.values["surname"]
    found = np.zeros(len(first), dtype=bool)
    for x, y in ((first, second), (second, first)):
        same = pc.equal(forenames.take(x), surnames.take(y))
        found |= np.asarray(pc.fill_null(same, False).to_numpy(zero_copy_only=False))
    return found


def _told(forenames: pa.Array, surnames: pa.Array) -> tuple[Mask, Mask]:
    """Which records have their names clearly in order, and which clearly swapped, shape (rows,) each."""
    there = pc.and_(pc.is_valid(forenames), pc.is_valid(surnames))
    forenames, surnames = forenames.filter(there), surnames.filter(there)
    rows = len(forenames)
    both = codes_of(pa.concat_arrays([forenames, surnames]))
    kinds = int(both.max(initial=0)) + 1
    first, second = both[:rows], both[rows:]
    as_forename = np.bincount(first, minlength=kinds).astype(np.float64)
    as_surname = np.bincount(second, minlength=kinds).astype(np.float64)
    ordered = _clearly(as_forename[first] - 1, as_surname[first])
    ordered &= _clearly(as_surname[second] - 1, as_forename[second])
    swapped = _clearly(as_surname[first], as_forename[first] - 1)
    swapped &= _clearly(as_forename[second], as_surname[second] - 1)
    return ordered, swapped & (first != second)


def _clearly(so: Array, otherwise: Array) -> Mask:
    """Whether so many other records have a name in this place, and so many in the other."""
    return (so >= _LEAST) & (so >= _TIMES * otherwise)
