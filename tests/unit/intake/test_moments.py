"""Dates and times by pattern: the exact grammar and the calendar."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pyarrow as pa
import pytest

from openoda.data.intake.casting import cast_for
from openoda.standards.table_schema import Field, TableSchema
from openoda.standards.time_pattern import fault, tokens


def read(kind: str, pattern: str, *texts: str) -> list[object]:
    field = Field("f", type=kind, format=pattern)
    return cast_for(field, TableSchema((field,)))(pa.array(texts, pa.string())).values.to_pylist()


def test_every_day_of_eight_centuries_as_python_has_it() -> None:
    """Day numbers agree with the standard library, leap years and all."""
    first = date(1600, 1, 1)
    days = [first + timedelta(days=n) for n in range(0, 292_000, 3)]
    assert read("date", "default", *(day.isoformat() for day in days)) == days
    assert read("date", "%d/%m/%Y", *(f"{d.day}/{d.month}/{d.year:04}" for d in days)) == days


@pytest.mark.parametrize(
    "text",
    ["2018-02-29", "1900-02-29", "2018-04-31", "2018-13-01", "2018-00-10", "2018-01-00", "0000-01-01",
     "2018-1-1", "18-01-01", "2018/01/01", "2018-01-01 ", "2018-01-01T00:00:00", "20180101"],
)  # fmt: skip
def test_what_is_no_iso_date(text: str) -> None:
    """Days that don't exist, and any other way to write one."""
    assert read("date", "default", text) == [None]


def test_the_least_and_the_last_day() -> None:
    """Year 1 to year 9999."""
    assert read("date", "default", "0001-01-01", "9999-12-31", "2000-02-29") == [
        date(1, 1, 1), date(9999, 12, 31), date(2000, 2, 29)
    ]  # fmt: skip


def test_default_datetimes_are_in_utc() -> None:
    """Without a zone, with Z or with an offset; fractions to a microsecond."""
    east = timezone(timedelta(hours=1, minutes=30))
    assert read("datetime", "default", "2018-03-09T10:11:12", "2018-03-09T10:11:12.5Z",
                "2018-03-09T00:30:00+01:30", "2018-03-09T23:30:00-0130") == [
        datetime(2018, 3, 9, 10, 11, 12, tzinfo=UTC),
        datetime(2018, 3, 9, 10, 11, 12, 500_000, tzinfo=UTC),
        datetime(2018, 3, 9, 0, 30, tzinfo=east),
        datetime(2018, 3, 10, 1, 0, tzinfo=UTC),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["2018-03-09 10:11:12", "2018-03-09T24:00:00", "2018-03-09T10:60:00", "2018-03-09T10:00:60",
     "2018-03-09T10:11", "2018-03-09T10:11:12.", "2018-03-09T10:11:12.1234567", "2018-03-09T10:11:12z",
     "2018-03-09T10:11:12+15:00", "2018-03-09T10:11:12+1", "2018-03-09", "2018-03-09T1:11:12"],
)  # fmt: skip
def test_what_is_no_default_datetime(text: str) -> None:
    """Each breaks one rule."""
    assert read("datetime", "default", text) == [None]


def test_patterns_with_a_time_of_day() -> None:
    """A pattern without a zone gives a time without one; with %z it is taken to UTC."""
    assert read("datetime", "%d/%m/%Y %H:%M", "9/3/2018 9:05") == [datetime(2018, 3, 9, 9, 5)]
    zoned = read("datetime", "%Y-%m-%d %H:%M:%S %z", "2018-03-09 10:11:12 +0100")
    assert zoned == [datetime(2018, 3, 9, 9, 11, 12, tzinfo=UTC)]


def test_twelve_hour_clocks() -> None:
    """12 am is midnight, 12 pm noon; there is no 13 pm and no 0 am."""
    found = read(
        "time", "%I:%M %p", "12:00 AM", "12:00 pm", "1:05 PM", "13:00 PM", "0:30 AM", "9:00 xm"
    )
    assert found == [time(0, 0), time(12, 0), time(13, 5), None, None, None]


def test_months_by_name() -> None:
    """In English, whole or by three letters, in any case."""
    assert read("date", "%d %B %Y", "9 March 2018", "1 may 2019", "9 Mar 2018") == [
        date(2018, 3, 9), date(2019, 5, 1), None
    ]  # fmt: skip
    assert read("date", "%d-%b-%y", "09-MAR-18", "1-jan-69", "09-MAX-18") == [
        date(2018, 3, 9), date(1969, 1, 1), None
    ]  # fmt: skip


def test_numbers_that_run_together_have_two_digits() -> None:
    """Where nothing stands between, one digit would be a guess."""
    assert read("date", "%d%m%Y", "09032018", "932018") == [date(2018, 3, 9), None]
    assert read("date", "%Y%m%d", "20180309", "201839") == [date(2018, 3, 9), None]


def test_times() -> None:
    """The default is hours, minutes and seconds, two digits each."""
    assert read("time", "default", "23:59:59", "24:00:00", "9:00:00", "09:00") == [
        time(23, 59, 59), None, None, None
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("pattern", "kind", "said"),
    [
        ("%d/%m", "date", "year is missing"),
        ("%d/%m/%Y %H:%M", "date", "no time of day"),
        ("%d/%m/%Y %M", "datetime", "hour is missing"),
        ("%d/%m/%Y %H:%S", "datetime", "minute is missing"),
        ("%d/%m/%Y %H:%M.%f", "datetime", "second is missing"),
        ("%d/%m/%Y/%y", "date", "given twice"),
        ("%H:%M %z", "time", "no zone"),
        ("%I:%M", "time", "go together"),
        ("%j %Y", "date", "%j is not supported"),
        ("%d/%m/%Y%", "date", "not supported"),
    ],
)
def test_patterns_that_would_leave_a_guess(pattern: str, kind: str, said: str) -> None:
    """Each is refused by what it lacks."""
    assert said in fault(pattern, kind)


@pytest.mark.parametrize(
    "pattern", ["%d/%m/%Y", "%Y-%m-%dT%H:%M:%S.%f%z", "%d %b %y", "100%% %Y%m%d"]
)
def test_patterns_that_are_sound(pattern: str) -> None:
    """Nothing to say about them."""
    assert fault(pattern, "datetime" if "%H" in pattern else "date") == ""
    assert tokens("100%%")[-1].text == "%"
