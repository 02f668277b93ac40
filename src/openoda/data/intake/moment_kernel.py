"""Text to dates and times by a pattern, compiled by numba.

Source of the grammar: C's `strptime`, made strict. %Y is four digits. %y is two, 69 to 99 in the last
century (POSIX). Other numbers are one digit or two, but exactly two where the next part is a number
as well or where the pattern is the ISO default. %f is one to six digits. %b and %B are English month
names in any case. %z is Z, +hh:mm or +hhmm. Days are checked against the calendar (Gregorian, as
ISO 8601 has it); hours run from 0 to 23, seconds from 0 to 59. Nothing is trimmed.
"""

import numpy as np

from openoda.data.intake.compiled import ByteRoom, Bytes, LongRoom, MonthNames, Program, compiled
from openoda.data.intake.lexical_kernel import (
    ABSENT,
    GOOD,
    MALFORMED,
    Texts,
    digit,
    is_digit,
    is_missing,
)
from openoda.standards.time_pattern import tokens

DAY_MICROS = 86_400_000_000
_CODES = {
    part: code
    for code, part in enumerate(
        ["text", "Y", "y", "m", "d", "H", "I", "M", "S", "f", "p", "z", "b", "B"]
    )
}
_TEXT, _YEAR, _SHORT_YEAR, _MONTH, _DAY, _HOUR, _TWELVE, _MINUTE, _SECOND = range(9)
_FRACTION, _HALF, _ZONE, _BRIEF, _NAMED = range(9, 14)
_ANY_WIDTH, _TWO = 0, 2
_OPTIONAL_TAIL = 99
_NAMES = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
MONTH_NAMES: MonthNames = np.zeros((12, 10), dtype=np.uint8)
for _place, _name in enumerate(_NAMES):
    MONTH_NAMES[_place, : len(_name)] = np.frombuffer(_name.encode(), dtype=np.uint8)
    MONTH_NAMES[_place, 9] = len(_name)


def program(pattern: str, *, padded: bool = False) -> np.ndarray:
    """The pattern as rows of code and argument (a character, or the digits a number must have).

    `padded` asks for two digits everywhere, as ISO 8601 does.
    """
    parts = tokens(pattern)
    rows = []
    for place, token in enumerate(parts):
        following = parts[place + 1].part if place + 1 < len(parts) else "text"
        if token.part == "text":
            rows += [(_TEXT, byte) for byte in token.text.encode()]
        else:
            numeric = following in tuple("YymdHIMSf")
            rows.append((_CODES[token.part], _TWO if padded or numeric else _ANY_WIDTH))
    return np.array(rows, dtype=np.int64).reshape(-1, 2)


def default_moments() -> np.ndarray:
    """ISO 8601 date and time with an optional fraction and an optional zone."""
    rows = program("%Y-%m-%dT%H:%M:%S", padded=True)
    return np.vstack([rows, [(_OPTIONAL_TAIL, 0)]]).astype(np.int64)


@compiled
def digits_at(data: Bytes, at: int, end: int, least: int, most: int) -> tuple[int, int]:
    """The number of `least` to `most` digits at `at`, and where it ends (-1 if there is none)."""
    value, start, stop = 0, at, min(end, at + most)
    while at < stop and is_digit(data[at]):
        value = value * 10 + digit(data[at])
        at += 1
    return value, (at if at - start >= least else -1)


@compiled
def month_at(data: Bytes, at: int, end: int, names: MonthNames, brief: bool) -> tuple[int, int]:
    """The month named at `at`, in full or by three letters, and where its name ends (-1: none)."""
    for month in range(12):
        size = 3 if brief else names[month, 9]
        if at + size > end:
            continue
        same = True
        for place in range(size):
            same = same and (data[at + place] | 32) == names[month, place]
        if same:
            return month + 1, at + size
    return 0, -1


@compiled
def zone_at(data: Bytes, at: int, end: int) -> tuple[int, int]:
    """Minutes east of UTC written at `at`, and where they end (-1: none)."""
    if at < end and data[at] == ord("Z"):
        return 0, at + 1
    if at + 5 > end or not (data[at] == ord("+") or data[at] == ord("-")):
        return 0, -1
    hours, after = digits_at(data, at + 1, end, 2, 2)
    if after > 0 and after < end and data[after] == ord(":"):
        after += 1
    minutes, stop = (0, -1) if after < 0 else digits_at(data, after, end, 2, 2)
    if stop < 0 or hours > 14 or minutes > 59:
        return 0, -1
    east = hours * 60 + minutes
    return (-east if data[at] == ord("-") else east), stop


@compiled
def month_length(year: int, month: int) -> int:
    """Days in a month of the Gregorian calendar."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month == 4 or month == 6 or month == 9 or month == 11 else 31


@compiled
def day_number(year: int, month: int, day: int) -> int:
    """Days from 1 January 1970 (Hinnant, "chrono-compatible low-level date algorithms")."""
    year -= month <= 2
    era = year // 400
    of_era = year - era * 400
    of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719468


@compiled
def fraction_at(data: Bytes, at: int, end: int, parts: LongRoom) -> int:
    """One to six digits as millionths; where they end (-1: none)."""
    value, stop = digits_at(data, at, end, 1, 6)
    for _ in range(6 - (stop - at)):
        value *= 10
    parts[_FRACTION] = value
    return stop


@compiled
def tail_at(data: Bytes, at: int, end: int, parts: LongRoom) -> int:
    """An optional fraction and an optional zone, as ISO 8601 has them; where they end."""
    if at < end and data[at] == ord("."):
        at = fraction_at(data, at + 1, end, parts)
    if 0 <= at < end:
        parts[_ZONE], at = zone_at(data, at, end)
    return at


@compiled
def part_at(
    data: Bytes, at: int, end: int, code: int, width: int, names: MonthNames, parts: LongRoom
) -> int:
    """Read one part into `parts`; returns where it ends, or -1."""
    if code == _TEXT:
        return at + 1 if at < end and data[at] == width else -1
    if _MONTH <= code <= _SECOND:
        parts[code], stop = digits_at(data, at, end, 1 if width == _ANY_WIDTH else 2, 2)
        return stop
    if code == _YEAR:
        parts[_YEAR], stop = digits_at(data, at, end, 4, 4)
        return stop
    if code == _SHORT_YEAR:
        short, stop = digits_at(data, at, end, 2, 2)
        parts[_YEAR] = short + (1900 if short >= 69 else 2000)
        return stop
    if code in (_BRIEF, _NAMED):
        parts[_MONTH], stop = month_at(data, at, end, names, code == _BRIEF)
        return stop
    if code == _FRACTION:
        return fraction_at(data, at, end, parts)
    if code == _ZONE:
        parts[_ZONE], stop = zone_at(data, at, end)
        return stop
    if code == _OPTIONAL_TAIL:
        return tail_at(data, at, end, parts)
    half = at + 2 <= end and (data[at + 1] | 32) == ord("m")
    parts[_HALF] = 12 if half and (data[at] | 32) == ord("p") else 0
    return at + 2 if half and (parts[_HALF] or (data[at] | 32) == ord("a")) else -1


@compiled
def moment(parts: LongRoom) -> tuple[int, int, bool]:
    """Days from 1970, microseconds of the day (in UTC), and whether such a moment exists."""
    year, month, day = parts[_YEAR], parts[_MONTH], parts[_DAY]
    if year < 1 or not 1 <= month <= 12 or not 1 <= day <= month_length(year, month):
        return 0, 0, False
    hour = parts[_HOUR]
    if parts[_TWELVE] >= 0:
        hour = parts[_TWELVE] % 12 + parts[_HALF]
    if parts[_TWELVE] == 0 or parts[_TWELVE] > 12:
        return 0, 0, False
    if hour > 23 or parts[_MINUTE] > 59 or parts[_SECOND] > 59:
        return 0, 0, False
    minutes = hour * 60 + parts[_MINUTE] - parts[_ZONE]
    micros = (minutes * 60 + parts[_SECOND]) * 1_000_000 + parts[_FRACTION]
    return day_number(year, month, day), micros, True


@compiled
def parse_moments(
    texts: Texts,
    rows: Program,
    names: MonthNames,
    moments: tuple[LongRoom, LongRoom],
    outcomes: ByteRoom,
) -> int:
    """Fill `moments` (days, microseconds) and `outcomes` by the program `rows`; returns the bad.

    `names` are the months' names. What the pattern leaves out is midnight on 1 January 1970, UTC.
    """
    data, offsets, _ = texts
    days, micros = moments
    bad = 0
    parts = np.empty(_NAMED + 1, dtype=np.int64)
    for row in range(len(days)):
        days[row] = micros[row] = 0
        if is_missing(texts, row):
            outcomes[row] = ABSENT
            continue
        parts[:] = 0
        parts[_YEAR], parts[_MONTH], parts[_DAY], parts[_TWELVE] = 1970, 1, 1, -1
        at, end = int(offsets[row]), int(offsets[row + 1])
        for step in range(len(rows)):
            at = part_at(data, at, end, rows[step, 0], rows[step, 1], names, parts)
            if at < 0:
                break
        sound = at == end
        if sound:
            days[row], micros[row], sound = moment(parts)
        outcomes[row] = GOOD if sound else MALFORMED
        bad += not sound
    return bad
