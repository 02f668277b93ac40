"""Postcodes of the addresses that the gazetteer lacks, and those of it that they may stand for.

Most mistyped postcodes belong nowhere, so that the few listed ones one slip away say where the address
is. A space in the wrong place (OD 23WQ, OD23 WQ) is no slip: the postcode is read as it stands.
"""

import numpy as np
import numpy.typing as npt

from openoda.data.standardise.addresses.record_kernel import CODE, WRITTEN
from openoda.data.standardise.addresses.records import Records
from openoda.data.standardise.addresses.spelling import Slips
from openoda.data.standardise.addresses.vocabulary import INWARD_ROOM, postcode_code

MOST_NEAR = 40
LEAST_SIGNS = 5
_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
Longs = npt.NDArray[np.int64]


def mend_spaces(addresses: Records) -> None:
    """Give a postcode its code where only the space stands in the wrong place."""
    code, written = addresses.codes[CODE], addresses.codes[WRITTEN]
    broken = (written > 0) & _partial(code)
    for number in np.unique(written[broken]).tolist():
        mended = postcode_code(in_base_36(number))
        if mended:
            code[broken & (written == number)] = mended


def near_codes(addresses: Records, gazetteer: Records) -> tuple[npt.NDArray[np.int32], Longs]:
    """For every address where its near postcodes start (one more at the end), and their codes.

    Only addresses whose postcode the gazetteer lacks have any.
    """
    known = np.unique(gazetteer.codes[CODE])
    known = known[~_partial(known)]
    code, written = addresses.codes[CODE], addresses.codes[WRITTEN]
    strange = (written > 0) & ~np.isin(code, known)
    distinct, places = np.unique(written[strange], return_inverse=True)
    lists = _near(distinct, known)
    counts = np.array([len(each) for each in lists], np.int32)
    starts = np.zeros(len(addresses) + 1, np.int32)
    starts[1:][strange] = counts[places] if len(counts) else 0
    flat = [lists[place] for place in places]
    joined = np.concatenate(flat) if flat else np.zeros(0, np.int64)
    return np.cumsum(starts, dtype=np.int32), joined


def _near(distinct: Longs, known: Longs) -> list[Longs]:
    """The known codes near each of some postcodes as written; none where too many are."""
    texts = [in_base_36(number) for number in distinct.tolist()]
    asked = {text for text in texts if len(text) >= LEAST_SIGNS}
    if not asked:
        return [np.zeros(0, np.int64) for _ in texts]
    by_text = {text_of(code): code for code in known.tolist()}
    slips = Slips(list(by_text), asked)
    found = [slips.near(text) if text in asked else [] for text in texts]
    return [
        np.array([by_text[each] for each in near] if len(near) <= MOST_NEAR else [], np.int64)
        for near in found
    ]


def _partial(codes: Longs) -> npt.NDArray[np.bool_]:
    """Whether codes lack their outward or inward part."""
    return np.asarray((codes % INWARD_ROOM == 0) | (codes < INWARD_ROOM))


def text_of(code: int) -> str:
    """The signs of a whole postcode's code, without a space."""
    return in_base_36(code // INWARD_ROOM) + in_base_36(code % INWARD_ROOM - 1).rjust(3, "0")


def in_base_36(number: int) -> str:
    """A whole number from 0 in base 36, in capitals."""
    signs = _SIGNS[number % 36]
    while number := number // 36:
        signs = _SIGNS[number % 36] + signs
    return signs
