"""Why a pair was taken or left, in words: one sentence for each distinct pattern of evidence."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from openoda.data.standardise.addresses import compare_kernel as kernel
from openoda.data.standardise.addresses.deciding import AMBIGUOUS, NOT_FOUND, Best, tied
from openoda.data.standardise.addresses.record_kernel import KIND, NAME, PLACE, ROAD

NUMBERS = (
    "same number", "number within the range", "same number, other letter",
    "number and flat number change places", "other number", "no number given",
    "no number in the gazetteer", "", "the first number of the range",
    "the number with a digit typed twice", "the pair's first number is the house's",
    "the pair's first number is the flat's",
)  # fmt: skip
FLATS = (
    "same flat", "flat and house number written otherwise", "other flat",
    "the gazetteer has a flat and the address doesn't",
    "the address has a flat and the gazetteer doesn't", "", "the flat of that place in the building",
    "a floor on one side only",
)  # fmt: skip
POSTCODES = (
    "same postcode", "postcode one slip off", "same postcode sector", "same postcode district",
    "other postcode", "",
)  # fmt: skip
ROLES = ((NAME, "name"), (ROAD, "street"), (KIND, "kind of street"), (PLACE, "place"))
TIED = "other rows fit as well"
WEAK = "too little agrees"
NOTHING = "nothing in the gazetteer is like it"


def reasons(best: Best, status: npt.NDArray[np.int8]) -> pa.DictionaryArray:
    """A sentence for each address, as a dictionary array."""
    evidence, code = _patterns(best, status)
    rows = np.column_stack([evidence, code])
    distinct, first, places = np.unique(rows, axis=0, return_index=True, return_inverse=True)
    del distinct
    said = [_sentence(rows[at]) for at in first]
    unique = list(dict.fromkeys(said))
    where = np.array([unique.index(each) for each in said], np.int32)
    return pa.DictionaryArray.from_arrays(
        pa.array(where[places.reshape(-1)], pa.int32()), pa.array(unique, pa.string())
    )


def _patterns(
    best: Best, status: npt.NDArray[np.int8]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """The evidence without weights, and what the decision rests on: status, tie, candidate."""
    evidence = best.evidence.copy()
    evidence[:, kernel.WEIGHT : kernel.WEIGHT + 4] = 0
    evidence[:, kernel.EXTRA : kernel.EXTRA + 4] = 0
    evidence[:, kernel.ORDER] = 0
    evidence[:, kernel.NAMED] = 0
    code = status.astype(np.int32) + 4 * tied(best) + 8 * best.building_only + 16 * (best.row < 0)
    return evidence, np.asarray(code, np.int32)


def _sentence(row: npt.NDArray[np.int32]) -> str:
    code = int(row[-1])
    status = code % 4
    if code & 16:
        return NOTHING
    parts = []
    if status == AMBIGUOUS and code & 4:
        parts.append(TIED)
    if status == NOT_FOUND:
        parts.append(WEAK)
    parts += _agreement(row)
    return "; ".join(part for part in parts if part)


def _agreement(row: npt.NDArray[np.int32]) -> list[str]:
    """What agrees and what doesn't, the strongest first."""
    said = [NUMBERS[row[kernel.NUMBER]], FLATS[row[kernel.FLAT]]]
    for role, word in ROLES:
        found, missed = int(row[kernel.FOUND + role]), int(row[kernel.MISSED + role])
        missed += int(row[kernel.LEFT_OUT]) if role == NAME else 0
        said.append(_words_said(word, found, missed, int(row[kernel.SIMILAR + role])))
    said.append(POSTCODES[row[kernel.POSTCODE]])
    return said


def _words_said(word: str, found: int, missed: int, similar: int) -> str:
    nearly = " (spelt nearly)" if similar else ""
    if found and not missed:
        return f"{word} found{nearly}"
    if found:
        return f"{found} of {found + missed} words of the {word} found{nearly}"
    return f"{word} not found" if missed else ""
