"""Slips in names, told from names that nobody else has and that are one letter from a common one."""

from dataclasses import dataclass

import numpy as np

from openoda.data.quality.readiness.evidence import SLIP, Evidence, seen
from openoda.data.quality.readiness.fields import NAMES, Codes, Mask, Prepared
from openoda.data.quality.readiness.near import NearTo

KIND = "rare-names"
COMMON, MIDDLING, SHORTEST = 10, range(3, 10), 4
_FEWEST_MIDDLING = 30
_ONE_SLIP_ONLY = 0.85
MOST_ROWS = 50_000
"""Among more records the same slip of a common name comes twice, and is rare no longer."""


@dataclass(frozen=True)
class NearNames:
    """The file's common names, and the chance that a genuine name is one slip from one of them."""

    common: NearTo
    chance: float

    def has(self, text: str) -> bool:
        """Whether a name is one slip from a common one."""
        return len(text) >= SHORTEST and text in self.common


@dataclass(frozen=True)
class Suspects:
    """Records whose name is suspected of a slip.

    `where`: which records, shape (rows,), among those `looked` at. `by_chance`: how many of them would
    be there without slips. `trials`: of how many records a slip would have been suspected. `near`: what
    they were held against. `once`, `common`: records whose name nobody else or many have, shape (rows,).
    """

    where: Mask
    looked: Mask
    by_chance: float
    trials: float
    near: NearNames
    once: Mask
    common: Mask


def suspects_of(prepared: Prepared) -> dict[str, Suspects]:
    """The suspects of each name, where the file has names enough to tell."""
    found = {name: _of(name, prepared) for name in NAMES if name in prepared.values}
    return {name: suspects for name, suspects in found.items() if suspects is not None}


def from_rare_names(suspects: dict[str, Suspects]) -> list[Evidence]:
    """The evidence of slips in forenames and surnames."""
    found: list[Evidence] = []
    for name, those in suspects.items():
        slips = float(those.where.sum()) - those.by_chance
        found += seen(name, KIND, SLIP, those.trials, slips, 1)
    return found


def _of(name: str, prepared: Prepared) -> Suspects | None:
    """Names held once that are one slip from a common name.

    Names held three to nine times tell how often a genuine name lies so near a common one (`chance`).
    With S1 names held once, S of them near, T slips, and a share w of the records with a common name:
    S = chance (S1 − T) + T (0.85 w + chance (1 − w)). Of slips, 0.85 are taken to be of one letter and
    to give a name that nobody else has.
    """
    looked = np.zeros(prepared.rows, dtype=bool)
    looked[:: max(1, -(-prepared.rows // MOST_ROWS))] = True
    texts = np.array(prepared.values[name].dictionary_encode().dictionary.to_pylist(), dtype=object)
    codes = np.where(looked, prepared.codes(name), -1)
    counts = np.bincount(codes[codes >= 0], minlength=len(texts))
    long = np.array([len(text) >= SHORTEST for text in texts], dtype=bool)
    common, middling = long & (counts >= COMMON), long & np.isin(counts, MIDDLING)
    if middling.sum() < _FEWEST_MIDDLING:
        return None
    near = NearTo(texts[common])
    chance = (1 + sum(text in near for text in texts[middling])) / (2 + int(middling.sum()))
    once = np.flatnonzero(long & (counts == 1))
    slipped = np.array([text in near for text in texts[once]], dtype=bool)
    trials = int(counts[common].sum()) * max(_ONE_SLIP_ONLY - chance, 0.0)
    where, alone = _of_records(once[slipped], codes), _of_records(once, codes)
    many = _of_records(np.flatnonzero(common), codes)
    told = NearNames(near, chance)
    return Suspects(where, looked, chance * len(once), trials, told, alone, many)


def _of_records(names: Codes, codes: Codes) -> Mask:
    """Which records have one of these names."""
    return np.isin(codes, names)
