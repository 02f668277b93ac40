"""Slips told from who shares a home: a family's surname, and a home's postcode, should be the same."""

import numpy as np
import pyarrow.compute as pc

from openoda.data.quality.readiness.evidence import OTHER, SLIP, Evidence, seen
from openoda.data.quality.readiness.fields import Array, Codes, Prepared, codes_of
from openoda.data.quality.readiness.near import one_slip
from openoda.data.quality.readiness.pairing import Pairs, alike, relative_of
from openoda.data.quality.readiness.rules import combined
from openoda.data.quality.readiness.spelling import spelled_alike

KIND = "same-home"
_SHORTEST, _RARE, _SLIPPED = 5, 10, 2


def from_homes(prepared: Prepared, rates: Array) -> list[Evidence]:
    """The evidence of slips in surnames and in postcodes.

    `rates`: each record's relative error rate by its gaps, shape (rows,).
    """
    found: list[Evidence] = []
    homes = _homes(prepared)
    if "surname" in prepared.values and homes is not None:
        found += _slips(prepared, "surname", alike(homes), rates)
    families = _families(prepared)
    if "postcode" in prepared.values and families is not None:
        found += _slips(prepared, "postcode", alike(families), rates)
    return found


def _homes(prepared: Prepared) -> Codes | None:
    """A number for each home: its UPRN, or else postcode and the numbers of the address."""
    if "uprn" in prepared.values:
        return prepared.codes("uprn")
    if "postcode" in prepared.values and prepared.house is not None:
        return combined([prepared.codes("postcode"), codes_of(prepared.house)])
    return None


def _families(prepared: Prepared) -> Codes | None:
    """A number for each home that needs no postcode: its UPRN, or else a rare surname and the numbers.

    Rare is a surname that at most ten records hold, so that two families seldom share both.
    """
    if "uprn" in prepared.values:
        return prepared.codes("uprn")
    if "surname" not in prepared.values or prepared.house is None:
        return None
    names = prepared.codes("surname")
    counts = np.bincount(names[names >= 0], minlength=1)
    rare = np.where((names >= 0) & (counts[names] <= _RARE), names, -1)
    return combined([rare, codes_of(prepared.house)])


def _slips(prepared: Prepared, name: str, pairs: Pairs, rates: Array) -> list[Evidence]:
    """Of pairs in a home whose values are the same or one slip apart, those a slip apart.

    Of a surname's two spellings one must be rare in the file: Nowak and Nowaka are both names. Those
    spelled by ear are counted by themselves.
    """
    codes, texts = prepared.codes(name), prepared.values[name]
    length = pc.fill_null(pc.utf8_length(texts), 0).to_numpy(zero_copy_only=False)
    long = (length[pairs[0]] >= _SHORTEST) & (length[pairs[1]] >= _SHORTEST)
    first, second = pairs[0][long], pairs[1][long]
    differ = codes[first] != codes[second]
    left = texts.take(first[differ]).to_pylist()
    right = texts.take(second[differ]).to_pylist()
    counts = np.bincount(codes[codes >= 0], minlength=1)
    rarer = np.minimum(counts[codes[first[differ]]], counts[codes[second[differ]]])
    rare = (rarer <= _SLIPPED) if name == "surname" else np.ones(len(left), dtype=bool)
    near = sum(bool(odd) and one_slip(x, y) for odd, x, y in zip(rare, left, right, strict=True))
    trials, relative = int((~differ).sum()) + near, relative_of(rates, (first, second))
    found = seen(name, KIND, SLIP, trials, near, 2, relative)
    if name == "surname":
        heard = sum(
            spelled_alike(x, y) and not one_slip(x, y) for x, y in zip(left, right, strict=True)
        )
        found += seen(name, KIND, OTHER, trials + heard, heard, 2)
    return found
