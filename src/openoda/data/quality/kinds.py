"""Kinds of columns that tell which values are impossible: postcodes, NHS numbers, ages, dates.

A kind of text is known by its values: at least 90% of the rows that hold something satisfy the rule
of `standards.uk`. UPRNs, whose rule nearly any number satisfies, and kinds of numbers, which are
ranges, are known by the column's name. Dates need no name. Well-formed is not existing.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from openoda.data.quality.columns import Scale
from openoda.data.quality.findings import Mask
from openoda.data.quality.runs import Counts, Numbers
from openoda.data.standardise.columns import as_text
from openoda.data.standardise.kinds import standardiser
from openoda.standards.uk import email, nhs_number, nino, postcode
from openoda.standards.uk.checked import Checked

MOSTLY = 0.9
_TRIED = 500


@dataclass(frozen=True)
class Kind:
    """A kind of column: its code, its name in words, what a value must be, and the rule's source."""

    code: str
    title: str
    must: str
    source: str


Check = Callable[[str], Checked]
_BY_VALUES: dict[Kind, Check] = {
    Kind("postcode", "UK postcode", "a well-formed UK postcode", "standards.uk.postcode"):
        postcode.check,
    Kind("nhs-number", "NHS number", "ten digits whose check digit fits", "standards.uk.nhs_number"):
        nhs_number.check,
    Kind("nino", "National Insurance number", "two allowed letters, six digits and A to D",
         "standards.uk.nino"): nino.check,
    Kind("email", "email address", "a name, one @ and a domain", "standards.uk.email"): email.check,
}  # fmt: skip
UPRN = Kind("uprn", "UPRN", "1 to 12 digits, not all of them nought", "standards.uk.uprn")
_RANGES = {
    Kind("latitude", "latitude", "between -90 and 90 degrees", "WGS 84"):
        (re.compile(r"\b(?:lat|latitude)\b"), -90.0, 90.0),
    Kind("longitude", "longitude", "between -180 and 180 degrees", "WGS 84"):
        (re.compile(r"\b(?:lon|long|lng|longitude)\b"), -180.0, 180.0),
    Kind("age", "age in years", "between 0 and 125 years", "No verified age is above 122"):
        (re.compile(r"\bage\b"), 0.0, 125.0),
}  # fmt: skip
DAY = Kind(
    "date", "date", "between 1 January 1900 and 31 December 2100",
    "Our own wide limit: outside it a date in a council's file is a slip of the keyboard",
)  # fmt: skip
KINDS = {kind.code: kind for kind in (*_BY_VALUES, UPRN, *_RANGES, DAY)}
_FIRST, _LAST = (
    int(np.datetime64(day, "D").astype(np.int64)) for day in ("1900-01-01", "2100-12-31")
)
_A_DAY = 86_400_000_000
Test = Callable[[Numbers], Mask]


@dataclass(frozen=True)
class Held:
    """Texts held against a kind: `wrong`, shape (n,)."""

    kind: Kind
    wrong: Mask


def named_kind(name: str, values: pa.Array, counts: Counts) -> Held | None:
    """The kind that the column's name says and nearly all rows have the form of: UPRN, no number."""
    named = len(values) and "uprn" in name.lower()
    return _held(UPRN, values, counts) if named else None


def text_kind(values: pa.Array, counts: Counts) -> Held | None:
    """The kind that nearly all rows have the form of, and which different texts, (n,), don't."""
    if not len(values):
        return None
    tried = _even(len(values), _TRIED)
    for kind, check in _BY_VALUES.items():
        if np.mean(_sound(values, tried, check)) >= MOSTLY / 2:
            held = _held(kind, values, counts)
            if held:
                return held
    return None


def _held(kind: Kind, values: pa.Array, counts: Counts) -> Held | None:
    """Every text is asked, by the column's way, which gives what the rule gives."""
    found = standardiser(kind.code)(as_text(values))
    sound = found.values.is_valid().to_numpy(zero_copy_only=False)
    if counts[sound].sum() < MOSTLY * counts.sum():
        return None
    return Held(kind, ~sound)


def _even(count: int, most: int) -> Counts:
    """Evenly spaced places among `count`, `most` of them at most."""
    return np.linspace(0, count - 1, min(count, most)).astype(np.int64)


def _sound(values: pa.Array, places: Counts, check: Check) -> Mask:
    texts = values.take(pa.array(places)).to_pylist()
    return np.fromiter((check(text).sound for text in texts), dtype=bool, count=len(texts))


def number_kind(name: str, scale: Scale) -> tuple[Kind, Test] | None:
    """The kind of an ordered column, and a test of which of its values are impossible."""
    if scale in (Scale.DATE, Scale.MOMENT):
        unit = 1 if scale is Scale.DATE else _A_DAY
        low, high = _FIRST * unit, (_LAST + 1) * unit
        return DAY, lambda values: (values < low) | (values >= high)
    if scale not in (Scale.WHOLE, Scale.NUMBER):
        return None
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
    words = re.sub(r"[^a-z0-9]+", " ", parted)
    for kind, (pattern, least, most) in _RANGES.items():
        if pattern.search(words):
            return kind, _outside(least, most)
    return None


def _outside(least: float, most: float) -> Test:
    return lambda values: (values < least) | (values > most)
