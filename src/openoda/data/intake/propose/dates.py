"""Dates and times among a column's values, and a spreadsheet's serial numbers of them."""

import re
from collections.abc import Iterator
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from openoda.data.intake.propose.fitting import (
    ENOUGH,
    Found,
    share_holding,
    share_matching,
    share_of,
)

_DATES = ("%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d/%m/%y", "%d-%m-%Y", "%d.%m.%Y", "%d-%b-%Y",
          "%d-%b-%y", "%d %b %Y", "%d %B %Y", "%Y/%m/%d", "%Y%m%d")  # fmt: skip
_TIMES = (" %H:%M:%S", " %H:%M", "T%H:%M:%S", "T%H:%M:%S.%f", " %H:%M:%S.%f")
_PATTERNS = {
    "date": _DATES,
    "datetime": tuple(date + time for date in _DATES[:8] for time in _TIMES),
}
_BETWEEN = ("-", "/", ".", " ", ":", "T")
_DATE_WORD = re.compile(r"date|dob|birth|born|commenc|expir|start|end(ed|s)?\b|from|until", re.I)
_SERIALS = (20_000, 60_000)  # October 1954 to April 2064
_PERHAPS = "if these are a spreadsheet's dates, give type date and format excel"


def propose_moments(given: pa.StringArray, *, compact: bool) -> Iterator[Found]:
    """Dates, then dates with a time; where day and month can't be told apart, the evidence says so."""
    if share_matching(given, r"\A[0-9].*[-/. T]|\A[0-9]{8}") < ENOUGH:
        return
    held = share_holding(given, _BETWEEN)
    for kind, patterns in _PATTERNS.items():
        shares = {}
        for place, pattern in enumerate(patterns):
            if _may_fit(pattern, held) and (compact or pattern != "%Y%m%d"):
                share = share_of(given, {"type": kind, "format": pattern})
                if share >= ENOUGH:
                    shares[pattern] = (share, -place)
        if shares:
            best = max(shares, key=lambda each: shares[each])
            other = best.replace("%d", "\0").replace("%m", "%d").replace("\0", "%m")
            unsure = other != best and other in shares and shares[other][0] == shares[best][0]
            note = "no day over 12 in the sample: the British order is assumed" if unsure else ""
            yield Found({"type": kind, "format": best}, shares[best][0], note, unsure)
    if _may_fit("-T:", held) and (share := share_of(given, {"type": "datetime"})) >= ENOUGH:
        yield Found({"type": "datetime"}, share)


def _may_fit(pattern: str, held: dict[str, float]) -> bool:
    """Whether enough values hold what stands between the parts; spares most of the casting."""
    return all(held[each] >= ENOUGH for each in _literal(pattern))


@cache
def _literal(pattern: str) -> frozenset[str]:
    """What stands between the parts of a pattern."""
    return frozenset(re.sub("%.", "", pattern))


def propose_serials(name: str, given: pa.StringArray) -> Iterator[Found]:
    """Five digits in the range of a spreadsheet's dates, under a name that speaks of one."""
    fits = pc.match_substring_regex(given, r"\A[0-9]{5}(\.[0-9]+)?\z")
    if fits.true_count < ENOUGH * len(given):
        return
    numbers = given.filter(fits).cast(pa.float64())
    low, high = pc.min(numbers).as_py(), pc.max(numbers).as_py()
    if not _SERIALS[0] <= low <= high <= _SERIALS[1]:
        return
    whole = pc.all(pc.equal(numbers, pc.floor(numbers))).as_py()
    if not _DATE_WORD.search(name):
        if whole:
            yield Found({"type": "integer"}, share_of(given, {"type": "integer"}), _PERHAPS)
        return
    descriptor = {"type": "date" if whole else "datetime", "format": "excel"}
    note = "a spreadsheet's serial numbers by their range and the column's name"
    yield Found(descriptor, share_of(given, descriptor), note, True)
