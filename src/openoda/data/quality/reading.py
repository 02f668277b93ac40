"""Text that reads as numbers or dates: a file without a schema is all text, and still has ranges.

Nothing is guessed silently: a column reads as a scale only where at least 95% of its rows that hold
something do, the page says so, and those that don't are findings. Text with leading zeros is never
a number: it names something.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from openoda.data.quality.columns import Scale
from openoda.data.quality.findings import Mask
from openoda.data.quality.runs import Counts, Numbers

MOSTLY = 0.95
_TRIED = 2_000
_NUMBER = r"\A[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?\z"
_ZEROS = r"\A[+-]?0\d"
_DAY_FIRST = r"\A(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>\d{4})\z"
_ISO = r"\A(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})\z"
_LONGEST_EXACT = 15


@dataclass(frozen=True)
class ReadAs:
    """How texts read: `values` and `sound`, both of shape (n,); values mean nothing where not sound.

    Numbers are float64 (whole ones int64), dates days since 1970-01-01.
    """

    scale: Scale
    values: Numbers
    sound: Mask


def reading_of(texts: pa.Array, counts: Counts) -> ReadAs | None:
    """How nearly all of the rows read, from their different texts, shape (n,); None where as text."""
    if not len(texts):
        return None
    tried = pa.array(np.linspace(0, len(texts) - 1, min(len(texts), _TRIED)).astype(np.int64))
    for read in (_as_numbers, _as_days):
        if np.mean(read(texts.take(tried)).sound) < MOSTLY / 2:
            continue  # an even part of the values is enough to see that they are something else
        found = read(texts)
        if counts[found.sound].sum() >= MOSTLY * counts.sum():
            return found
    return None


def _as_numbers(texts: pa.Array) -> ReadAs:
    trimmed = pc.utf8_trim_whitespace(texts)
    sound = _true(pc.match_substring_regex(trimmed, _NUMBER))
    zeros = _true(pc.match_substring_regex(trimmed, _ZEROS))
    if zeros.any() or not sound.any():
        return ReadAs(Scale.NUMBER, np.zeros(len(texts)), np.zeros(len(texts), dtype=bool))
    plain = pc.replace_substring(pc.replace_substring(trimmed, ",", ""), "+", "")
    kept = pc.if_else(pa.array(sound), plain, "0")
    whole = not _true(pc.match_substring(kept, ".")).any()
    if whole and int(pc.max(pc.binary_length(kept)).as_py()) <= _LONGEST_EXACT:
        return ReadAs(Scale.WHOLE, kept.cast(pa.int64()).to_numpy(), sound)
    return ReadAs(Scale.NUMBER, kept.cast(pa.float64()).to_numpy(), sound)


def _as_days(texts: pa.Array) -> ReadAs:
    trimmed = pc.utf8_trim_whitespace(texts)
    readings = [_days(trimmed, pattern) for pattern in (_DAY_FIRST, _ISO)]
    return max(readings, key=lambda one: int(one.sound.sum()))


def _days(texts: pa.Array, pattern: str) -> ReadAs:
    """Days by the calendar: 30/02/2021 is no date. Source: the proleptic Gregorian calendar."""
    parts = pc.extract_regex(texts, pattern)
    there = _true(pc.is_valid(parts))
    year, month, day = (_part(parts, name) for name in "ymd")
    fits = there & (year >= 1) & (month >= 1) & (month <= 12) & (day >= 1)
    months = (np.where(fits, year, 1970) - 1970) * 12 + np.where(fits, month, 1) - 1
    first = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    after = (months + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    sound: Mask = fits & (day <= after - first)
    return ReadAs(Scale.DATE, first + day - 1, sound)


def _part(parts: pa.Array, name: str) -> Numbers:
    texts = pc.fill_null(pc.struct_field(parts, name), "0")
    return np.asarray(texts.cast(pa.int64()).to_numpy())


def _true(mask: pa.Array) -> Mask:
    return np.asarray(pc.fill_null(mask, False).to_numpy(zero_copy_only=False))
