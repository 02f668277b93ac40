"""Values that stand for nothing: words such as N/A, dates such as 1 January 1900, repeated nines.

The lists are our own, from forms and systems seen in councils. They say "looks like a placeholder":
a person may be called Null, so nothing is taken out, only counted and shown.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from openoda.data.quality.findings import Mask
from openoda.data.quality.runs import Runs

WORDS = (
    "-", "--", "---", ".", "..", "...", "?", "??", "???", "#N/A", "N/A", "N.A.", "NA", "N A", "NAN",
    "NIL", "NONE", "NULL", "(NULL)", "NONE GIVEN", "NOT APPLICABLE", "NOT AVAILABLE", "NOT GIVEN",
    "NOT KNOWN", "NOT RECORDED", "NOT STATED", "TBA", "TBC", "UNKNOWN", "UNSPECIFIED",
    "XXX", "XXXX", "DO NOT USE", "DUMMY",
)  # fmt: skip
_DAYS = ("0001-01-01", "1753-01-01", "1899-12-30", "1900-01-01", "1970-01-01", "9999-12-31")
DATES = tuple(int(np.datetime64(day, "D").astype(np.int64)) for day in _DAYS)
"""First and last days of calendars and clocks that systems fill in, in days since 1970-01-01."""
NINES = tuple(10**digits - 1 for digits in range(2, 11))
_TWICE, _SPIKE = 2, 5


def words_in(values: pa.Array) -> Mask:
    """Which texts, shape (n,), are a word that stands for nothing, whatever their case."""
    upper = pc.utf8_upper(pc.utf8_trim_whitespace(values))
    found: Mask = pc.is_in(upper, value_set=pa.array(WORDS, upper.type)).to_numpy(
        zero_copy_only=False
    )
    return found


def dates_in(runs: Runs) -> Mask:
    """Which different days, shape (n,), are first or last days of calendars that stand for nothing.

    Met at least twice, and at least five times as often as half of the days are: 1 January 1970 is
    somebody's birthday too.
    """
    often = max(_TWICE, _SPIKE * float(np.median(runs.counts))) if len(runs.counts) else _TWICE
    found: Mask = np.isin(runs.values, DATES) & (runs.counts >= often)
    return found


def numbers_in(runs: Runs) -> Mask:
    """Which different numbers, shape (n,), are a highest value of nines that stands for nothing.

    99, 999 and so on, met at least twice, and more than double the next lower value.
    """
    found = np.zeros(len(runs.values), dtype=bool)
    if len(runs.values) > 1 and runs.counts[-1] >= _TWICE:
        top, below = runs.values[-1], runs.values[-2]
        found[-1] = float(top) in NINES and float(top) > 2 * max(float(below), 0.0)
    return found
