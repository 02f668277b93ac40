"""A spreadsheet's serial numbers as dates, by both systems."""

import datetime as dt

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openoda.data.intake.casting import cast_for
from openoda.data.intake.sheet_cells import moment_at
from openoda.standards.table_schema import TableSchema
from openoda.vocabulary.refusals import SchemaInvalid


def cast(values: list[str | None], kind: str, form: str) -> tuple[list[object], list[int]]:
    """The typed values, and the places of those that are flagged."""
    schema = TableSchema.from_descriptor({"fields": [{"name": "x", "type": kind, "format": form}]})
    typed = cast_for(schema.fields[0], schema)(pa.array(values, pa.string()))
    return typed.values.to_pylist(), sorted(int(at) for places, _ in typed.bad for at in places)


@pytest.mark.parametrize(
    ("serial", "form", "date"),
    [
        ("1", "excel", dt.date(1900, 1, 1)),
        ("59", "excel", dt.date(1900, 2, 28)),
        ("61", "excel", dt.date(1900, 3, 1)),
        ("25569", "excel", dt.date(1970, 1, 1)),
        ("45322", "excel", dt.date(2024, 1, 31)),
        ("2958465", "excel", dt.date(9999, 12, 31)),
        ("0", "excel-1904", dt.date(1904, 1, 1)),
        ("43860", "excel-1904", dt.date(2024, 1, 31)),
        ("2957003", "excel-1904", dt.date(9999, 12, 31)),
    ],
)
def test_dates(serial: str, form: str, date: dt.date) -> None:
    """The ends of the calendar, both sides of the day that never was, and known days."""
    assert cast([serial], "date", form) == ([date], [])


@pytest.mark.parametrize("serial", ["60", "-1", "2958466", "45322.5", "x", "1e300", "45,322"])
def test_what_is_no_date(serial: str) -> None:
    """Each is nulled and named once."""
    assert cast([None, serial, ""], "date", "excel") == ([None, None, None], [1])


@given(st.floats(0, 2_950_000, allow_nan=False), st.booleans())
def test_both_ways_to_a_moment_agree(serial: float, from_1904: bool) -> None:
    """Proves that a number in a text file and the same number in a workbook are the same moment, to
    the millisecond."""
    found, _ = cast([repr(serial)], "datetime", "excel-1904" if from_1904 else "excel")
    assert found == [moment_at(serial, from_1904)]


def test_a_time_of_day_has_no_serial_format() -> None:
    """The schema says so, and not each value."""
    with pytest.raises(SchemaInvalid, match="no time of day"):
        cast(["0.5"], "time", "excel")
