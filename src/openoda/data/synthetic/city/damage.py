"""What goes wrong when records are typed, copied and kept: in text, dates and numbers.

Only the rows that are damaged are touched, as arrays of code points. The mix of slips is chosen after
what studies of typing find: most are one letter left out, doubled, swapped or a neighbouring key
(Damerau, Communications of the ACM 7, 1964: 80% of misspellings are one such slip).
"""

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from openoda.data.synthetic.city.draws import Draws, Flags, Whole
from openoda.data.synthetic.city.scale import EPOCH
from openoda.data.synthetic.city.text import put_few

_KEYS = {
    "q": "w", "w": "e", "e": "r", "r": "t", "t": "y", "y": "u", "u": "i", "i": "o", "o": "p",
    "p": "o", "a": "s", "s": "d", "d": "f", "f": "g", "g": "h", "h": "j", "j": "k", "k": "l",
    "l": "k", "z": "x", "x": "c", "c": "v", "v": "b", "b": "n", "n": "m", "m": "n", "1": "2",
    "2": "3", "3": "4", "4": "5", "5": "6", "6": "7", "7": "8", "8": "9", "9": "8", "0": "9",
}  # fmt: skip
_NEIGHBOUR = np.arange(128, dtype=np.uint32)
for _key, _next in _KEYS.items():
    _NEIGHBOUR[ord(_key)], _NEIGHBOUR[ord(_key.upper())] = ord(_next), ord(_next.upper())
LEFT_OUT, DOUBLED, SWAPPED, NEIGHBOUR = range(4)
PLACEHOLDER_DAYS = np.array([(date(1900, 1, 1) - EPOCH).days, (date(1901, 1, 1) - EPOCH).days])
"""Dates that a form offers when nobody knows: 1 January 1900 and 1901."""


def mistype(draws: Draws, stream: str, texts: pa.Array, rows: Flags, keys: Whole) -> pa.Array:
    """The texts with one typing slip in these rows, never in the first letter of longer ones.

    Null stays null; a text of one letter stays as it is. `keys` has one draw's key for each row.
    """
    at = np.flatnonzero(rows)
    if not len(at):
        return texts
    few = texts.take(pa.array(at))
    valid = few.is_valid().to_numpy(zero_copy_only=False)
    letters = np.array(few.fill_null("").to_pylist(), dtype=np.str_)
    slipped = _slip(draws, stream, letters, keys[at])
    return put_few(texts, rows, pa.array(slipped, pa.string(), mask=~valid))


def _slip(draws: Draws, stream: str, texts: np.ndarray[Any, Any], keys: Whole) -> Any:
    """Each text with one slip, as an array of text one letter wider."""
    width = max(texts.dtype.itemsize // 4, 1)
    wide = texts.astype(f"<U{width + 1}")
    codes = wide.view(np.uint32).reshape(len(wide), width + 1)
    length = (codes != 0).sum(axis=1)
    kind = draws.below(f"{stream}/slip", keys, 4)
    place = 1 + draws.below(f"{stream}/place", keys, np.maximum(length - 1, 1))
    place = np.minimum(place, np.maximum(length - 1, 0))
    columns = np.arange(width + 1)[None, :]
    spot = place[:, None]
    source = np.where((kind[:, None] == LEFT_OUT) & (columns >= spot), columns + 1, columns)
    source = np.where((kind[:, None] == DOUBLED) & (columns > spot), columns - 1, source)
    swap = (kind == SWAPPED)[:, None] & (spot + 1 < length[:, None])
    source = np.where(swap & (columns == spot), columns + 1, source)
    source = np.where(swap & (columns == spot + 1), columns - 1, source)
    made = np.take_along_axis(codes, np.clip(source, 0, width), axis=1)
    made[(source > width)] = 0
    hit = (kind == NEIGHBOUR) | ((kind == SWAPPED) & ~swap.any(axis=1))
    row = np.flatnonzero(hit)
    struck = made[row, place[row]]
    made[row, place[row]] = np.where(struck < 128, _NEIGHBOUR[np.minimum(struck, 127)], ord("a"))
    kept = np.where((length > 1)[:, None], made, codes)
    return np.ascontiguousarray(kept).view(f"<U{width + 1}").reshape(len(wide))


def _parts(days: Whole) -> tuple[Whole, Whole, Whole]:
    """Year, month and day of the month."""
    stamps = (days - 25_567).astype("datetime64[D]")
    months = stamps.astype("datetime64[M]")
    return (
        months.astype(np.int64) // 12 + 1970,
        months.astype(np.int64) % 12 + 1,
        (stamps - months).astype(np.int64) + 1,
    )


def _days(year: Whole, month: Whole, day: Whole) -> Whole:
    """Days since 1900; a day past the month's end becomes its last."""
    months = (year - 1970) * 12 + month - 1
    first = months.astype("datetime64[M]").astype("datetime64[D]")
    after = (months + 1).astype("datetime64[M]").astype("datetime64[D]")
    last = (after - first).astype(np.int64)
    return np.asarray(first.astype(np.int64) + np.minimum(day, last) - 1 + 25_567)


def swap_day_month(days: Whole, rows: Flags) -> Whole:
    """Day and month changed about in these rows, where both readings are dates."""
    year, month, day = _parts(days)
    able = rows & (day <= 12) & (days >= 0)
    return np.where(able, _days(year, day, month), days)


def misread_date(draws: Draws, stream: str, days: Whole, rows: Flags, keys: Whole) -> Whole:
    """One part of the date wrong in these rows: the year by 1 or 10, the month by 1, or the day."""
    year, month, day = _parts(days)
    kind = draws.below(f"{stream}/part", keys, 4)
    up = np.where(draws.chance(f"{stream}/way", keys, 0.5), 1, -1)
    year = np.clip(year + np.where(kind == 0, up, np.where(kind == 1, 10 * up, 0)), 1901, 2026)
    month = np.where(kind == 2, (month - 1 + up) % 12 + 1, month)
    day = np.where(kind == 3, (day - 1 + 10 * up) % 28 + 1, day)
    return np.where(rows & (days >= 0), _days(year, month, day), days)


def placeholder(draws: Draws, stream: str, days: Whole, rows: Flags, keys: Whole) -> Whole:
    """A placeholder instead of the date in these rows."""
    instead = PLACEHOLDER_DAYS[draws.below(f"{stream}/instead", keys, len(PLACEHOLDER_DAYS))]
    return np.where(rows & (days >= 0), instead, days)


def cut(texts: pa.Array, length: int) -> pa.Array:
    """The texts cut to a field's length, as an old system does."""
    return pc.utf8_slice_codeunits(texts, 0, length)
