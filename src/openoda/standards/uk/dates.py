"""Dates as they are written in the UK: the day first.

Rule: day, month, year with one separator (/ - . or space), month as number or English word; year,
month, day with the year of four digits first; eight digits run together (the year first where they
begin with a possible year, month and day); the month's word first, as only Americans write, because
it can't be misread; a five-digit Excel serial. A time of day is left out. Years are 1800 to 2199. Two
digits of a year: 69 to 99 are 19.., 00 to 68 are 20.. (PIVOT); for a date of birth instead the latest
year that isn't after the day asked. Canonical form: ISO 8601, YYYY-MM-DD.

Told apart, never mended: the day and month that fit only the other way round; days that don't exist;
placeholders of systems (1 January 1900, 31 December 9999 …); a year or month and year alone.

Source: GOV.UK, "Formatting dates and times in data" (open standards for government, read: ISO 8601 for
dates that systems exchange, in its edition of 2004; the date is the same in ISO 8601-1:2019); POSIX
strptime, %y, in copies (the pivot); Microsoft, "Excel incorrectly assumes that the year 1900 is a leap
year" (serials: 1 is 1 January 1900, and from 1 March 1900 on they are days since 30 December 1899;
39448 is 1 January 2008; below 10000, until 1927, we don't take a number for a serial), secondary: an
article that quotes Excel's documentation. Without an official list: placeholders, the zero and end
dates of .NET, SQL Server, OLE and Excel and others seen. 1 January 1970 is a real birthday too, so it
is only noted.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta

from openoda.standards.uk.checked import NOTHING, Checked, plain, sound, unsound

FIRST_YEAR, LAST_YEAR = 1800, 2199
PIVOT = 68
MOST_YEARS_OLD = 123
SERIALS = range(10_000, 73_051)
EXCEL_ZERO = date(1899, 12, 30)
MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september",
          "october", "november", "december")  # fmt: skip
PLACEHOLDERS = {
    (0, 0, 0), (1, 1, 1), (1111, 11, 11), (1753, 1, 1), (1800, 1, 1), (1899, 12, 30),
    (1899, 12, 31), (1900, 1, 0), (1900, 1, 1), (2999, 12, 31), (9999, 9, 9), (9999, 12, 31),
}  # fmt: skip
EPOCH = (1970, 1, 1)

_DAY_FIRST = re.compile(r"([0-9]{1,2})([/\-. ])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_YEAR_FIRST = re.compile(r"([0-9]{4})([/\-.])([0-9]{1,2})\2([0-9]{1,2})")
_TOGETHER = re.compile(r"[0-9]{8}")
_SERIAL = re.compile(r"([0-9]{5})(?:\.([0-9]+))?")
_WORDED = re.compile(
    r"([0-9]{1,2})(?:st|nd|rd|th)?[ \-/.]*(?:of )?([a-z]{3,9})[.,]?[ \-/.]*([0-9]{4}|[0-9]{2})"
)
_WORD_FIRST = re.compile(r"([a-z]{3,9})[. ]+([0-9]{1,2})(?:st|nd|rd|th)?,? +([0-9]{4})")
_PARTIAL = (
    re.compile(r"(?P<y>[0-9]{4})"),
    re.compile(r"(?P<m>[0-9]{1,2})[/\-. ](?P<y>[0-9]{4})"),
    re.compile(r"(?P<y>[0-9]{4})[/\-.](?P<m>[0-9]{1,2})"),
    re.compile(r"(?P<m>[a-z]{3,9})[. \-/]*(?P<y>[0-9]{4})"),
)
_TIME = re.compile(
    r"(?:t| +)([0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?)"
    r"(?: ?[ap]m)?(?:z|[+-][0-9]{2}:?[0-9]{2})?$"
)
_WEEKDAY = re.compile(r"^(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?[., ]+")

Parts = tuple[int, int, int]
"""Year, month, day as written: they needn't be a day that exists."""
Century = Callable[[int, tuple[int, int]], int]
"""The four-digit year for two digits, a month and a day."""


def check(text: str, pivot: int = PIVOT) -> Checked:
    """The date as YYYY-MM-DD. `pivot`: the last two-digit year that is taken for 20...

    Problems: missing, not-a-date, partial-date, placeholder-date, month-first, impossible-date,
    out-of-range.
    """
    return _check(text, lambda two, _: 2000 + two if two <= pivot else 1900 + two)


def check_birth(text: str, as_at: date | None = None) -> Checked:
    """The same for a date of birth, as seen on a day (by default today).

    Problems besides: in-the-future, too-long-ago (older than anybody known to have lived).
    """
    today = as_at or date.today()

    def century(two: int, month_day: tuple[int, int]) -> int:
        year = today.year // 100 * 100 + two
        return year if (year, *month_day) <= (today.year, today.month, today.day) else year - 100

    found = _check(text, century)
    if found.value is None:
        return found
    if found.value > today.isoformat():
        return unsound("in-the-future", "A date of birth can't lie in the future.")
    if int(found.value[:4]) < today.year - MOST_YEARS_OLD:
        return unsound("too-long-ago", "Nobody is known to have lived so long.")
    return found


def _check(text: str, century: Century) -> Checked:
    given = plain(text).lower()
    if not given:
        return NOTHING
    given, notes = _without_time(given)
    if _SERIAL.fullmatch(given):
        return _serial(given, notes)
    parts, more = _parts(given, century)
    if parts is None:
        return _partial(given)
    return _judged(parts, notes + more)


def _without_time(given: str) -> tuple[str, tuple[str, ...]]:
    """The date without weekday and time of day, and whether a time was left out."""
    given = _WEEKDAY.sub("", given)
    found = _TIME.search(given)
    if not found:
        return given, ()
    midnight = not found[1].strip("0:.,")
    return given[: found.start()], () if midnight else ("a time of day is left out",)


def _serial(given: str, notes: tuple[str, ...]) -> Checked:
    days = int(given[:5])
    if days not in SERIALS:
        return unsound("not-a-date", "Five digits, and not the serial of a day from 1927 to 2099.")
    when = EXCEL_ZERO + timedelta(days=days)
    return sound(when.isoformat(), "taken for an Excel serial", *notes)


def _parts(given: str, century: Century) -> tuple[Parts | None, tuple[str, ...]]:
    """Year, month and day as written, or None; and what had to be supposed."""
    found = _YEAR_FIRST.fullmatch(given)
    if found:
        return (int(found[1]), int(found[3]), int(found[4])), ()
    found = _DAY_FIRST.fullmatch(given)
    if found:
        return _with_year(found[4], int(found[3]), int(found[1]), century)
    if _TOGETHER.fullmatch(given):
        return _run_together(given), ()
    found = _WORDED.fullmatch(given)
    if found and _month(found[2]):
        return _with_year(found[3], _month(found[2]), int(found[1]), century)
    found = _WORD_FIRST.fullmatch(given)
    if found and _month(found[1]):
        return (int(found[3]), _month(found[1]), int(found[2])), ("the month's word came first",)
    return None, ()


def _with_year(year: str, month: int, day: int, century: Century) -> tuple[Parts, tuple[str, ...]]:
    if len(year) == 4:
        return (int(year), month, day), ()
    return (century(int(year), (month, day)), month, day), ("the century is supposed",)


def _run_together(given: str) -> Parts:
    """Eight digits: the year first where that gives a day, since no year is 1231 or less."""
    year_first = (int(given[:4]), int(given[4:6]), int(given[6:]))
    if _exists(year_first) and FIRST_YEAR <= year_first[0] <= LAST_YEAR:
        return year_first
    return int(given[4:]), int(given[2:4]), int(given[:2])


def _month(word: str) -> int:
    """The month's number by its English word or the first three letters or more of it, else 0."""
    word = "sep" if word == "sept" else word
    for number, name in enumerate(MONTHS, 1):
        if word in (name, name[:3]):
            return number
    return 0


def _exists(parts: Parts) -> bool:
    try:
        date(*parts)
    except ValueError:
        return False
    return True


def _judged(parts: Parts, notes: tuple[str, ...]) -> Checked:
    year, month, day = parts
    if parts in PLACEHOLDERS:
        return unsound("placeholder-date", "A date that systems write where none is known.")
    if not _exists(parts):
        if _exists((year, day, month)):
            return unsound("month-first", "It is a date only if the month came before the day.")
        return unsound("impossible-date", "No such day exists.")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return unsound("out-of-range", f"The year is not between {FIRST_YEAR} and {LAST_YEAR}.")
    epoch = ("may be a computer's zero date",) if parts == EPOCH else ()
    return sound(f"{year:04}-{month:02}-{day:02}", *epoch, *notes)


def _partial(given: str) -> Checked:
    """A year, or a month and year: what is known goes to the notes."""
    for pattern in _PARTIAL:
        found = pattern.fullmatch(given)
        if not found:
            continue
        year, month = found["y"], found.groupdict().get("m")
        if month is None:
            if FIRST_YEAR <= int(year) <= LAST_YEAR:
                return unsound("partial-date", "Only the year is given.", year)
            continue
        number = int(month) if month.isdigit() else _month(month)
        if 1 <= number <= 12:
            known = f"{year}-{number:02}"
            return unsound("partial-date", "Only the month and the year are given.", known)
    return unsound("not-a-date", "It isn't a date in a form that is read here.")
