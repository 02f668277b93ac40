"""Columns worked out from a file's own: each derivation on cases made by hand."""

import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from openoda.linkage.preparing import DERIVATIONS, read_as, with_worked_out, written
from openoda.linkage.spec.conditions import Alike, Exact, Measure, Otherwise
from openoda.linkage.spec.model import BlockingRule, Column, Comparison, Level, Reads, Spec


def texts(*values: str | None) -> pa.StringArray:
    """A column of text."""
    return pa.array(values, pa.string())


def column(values: Any, kind: pa.DataType | None = None) -> pa.ChunkedArray:
    """A column as a file gives it, in two chunks."""
    whole = pa.array(values, kind)
    return pa.chunked_array([whole[:1], whole[1:]])


OURS = sorted(by for by in DERIVATIONS if not by.startswith("sql-"))
"""Those of the standards; what a database would make of a column has tests of its own."""
CASES: list[tuple[str, str | None, Any]] = [
    ("forename", " José ", "JOSE"),
    ("forename", "Łukasz", "LUKASZ"),
    ("forename", "anne   marie", "ANNE MARIE"),
    ("forename", "李", "李"),
    ("forename", "N/A", None),
    ("surname", "O'Brien", "OBRIEN"),
    ("surname", "Müller-Lüdenscheid", "MULLER-LUDENSCHEID"),
    ("surname", " unknown ", None),
    ("surname", "", None),
    ("plain", "  12\thigh   street ", "12 HIGH STREET"),
    ("plain", "Zoë", "ZOE"),
    ("plain", "n/a", None),
    ("plain", "   ", None),
    ("postcode", "nw1 8qx", "NW1 8QX"),
    ("postcode", "NW18QX", "NW1 8QX"),
    ("postcode", " n w 1 8 q x", "NW1 8QX"),
    ("postcode", "sw1a1aa", "SW1A 1AA"),
    ("postcode", "N1", "N1"),
    ("postcode", "tba", None),
    ("phone", "07700 900123", "+447700900123"),
    ("phone", "0044 20 7946 0018", "+442079460018"),
    ("phone", "(020) 7946 0018", "+442079460018"),
    ("phone", "12", "12"),
    ("phone", "none", None),
    ("email", " A@B.com ", "a@b.com"),
    ("email", "nobody", "NOBODY"),
    ("email", "not known", None),
    ("nhs-number", "943 476 5919", "9434765919"),
    ("nhs-number", "9434765918", "9434765918"),
    ("nhs-number", "0000000000", None),
    ("nino", "ab 12 34 56 c", "AB123456C"),
    ("nino", "12", "12"),
    ("uprn", "000100023336956", "100023336956"),
    ("uprn", "0", None),
    ("date-of-birth", "03/02/1980", "1980-02-03"),
    ("date-of-birth", "3 Feb 1980", "1980-02-03"),
    ("date-of-birth", "31/02/1980", "31/02/1980"),
    ("formal-names", "LIZ", ["ELIZABETH", "LIZ"]),
    ("formal-names", "ELIZABETH ANNE", ["ELIZABETH"]),
    ("formal-names", "BOB", ["BOB", "ROBERT"]),
    ("formal-names", "XZ", ["XZ"]),
    ("first-word", "ANNE MARIE LOUISE", "ANNE"),
    ("first-word", "ANNE", "ANNE"),
    ("first-letter", "ŁUKASZ", "Ł"),
    ("first-2-letters", "李", None),
    ("first-3-letters", "ANN", "ANN"),
    ("first-4-letters", "ANN", None),
    ("postcode-sector", "NW1 8QX", "NW1 8"),
    ("postcode-sector", "N1", None),
    ("postcode-district", "NW1 8QX", "NW1"),
    ("postcode-district", "SW1A 1AA", "SW1A"),
    ("postcode-district", "N1", None),
    ("year", "1980-02-03", "1980"),
    ("year", "1980", "1980"),
    ("year", "31/02/1980", None),
    ("year", "1980123", None),
    ("day-and-month-swapped", "1980-02-03", "1980-03-02"),
    ("day-and-month-swapped", "1980-12-01", "1980-01-12"),
    ("day-and-month-swapped", "1980-13-02", "1980-02-13"),
    ("day-and-month-swapped", "1980-02-13", None),
    ("day-and-month-swapped", "1980-05-05", None),
    ("day-and-month-swapped", "1980-05-00", None),
    ("day-and-month-swapped", "1980-31-02", None),
    ("day-and-month-swapped", "1980-29-02", "1980-02-29"),
    ("day-and-month-swapped", "1981-29-02", None),
    ("day-and-month-swapped", "03/02/1980", None),
    ("words", "12/3 HIGH ST, LONDON", ["12", "3", "HIGH", "ST", "LONDON"]),
    ("words", "ВУЛИЦЯ 5", ["ВУЛИЦЯ", "5"]),
    ("words", "--", None),
]


@pytest.mark.parametrize(("by", "text", "expected"), CASES)
def test_a_value_is_written_as_others_write_it(by: str, text: str, expected: Any) -> None:
    """Proves each derivation on one value, with a missing one before and after."""
    found = DERIVATIONS[by]([texts(None, text, None)])
    assert found.to_pylist() == [None, expected, None]


def test_every_derivation_is_tried() -> None:
    """Proves that none is added without a case here, but those tried by themselves below."""
    alone = {"joined", "without-spikes"}
    assert {by for by, _, _ in CASES} | alone == set(OURS)


@pytest.mark.parametrize("by", OURS)
def test_a_column_of_nothing_gives_nothing(by: str) -> None:
    """Proves that empty tables and columns without a value are worked out, and to as many rows."""
    several = 2 if by == "joined" else 1
    assert DERIVATIONS[by]([texts()] * several).to_pylist() == []
    assert DERIVATIONS[by]([texts(None, None)] * several).to_pylist() == [None, None]


def test_columns_are_joined_where_both_have_a_value() -> None:
    """Proves the space between, and that half a text isn't made."""
    found = DERIVATIONS["joined"]([texts("A", None, "B"), texts("1", "2", None)])
    assert found.to_pylist() == ["A 1", None, None]


def _spiky(spike: int, others: int, different: int = 12) -> pa.StringArray:
    return texts(*["1900-01-01"] * spike, None,
                 *(f"d{place}" for place in range(different) for _ in range(others)))  # fmt: skip


@pytest.mark.parametrize(
    ("column", "gone"),
    [
        (_spiky(31, 3), True),
        (_spiky(30, 3), False),
        (_spiky(11, 1), True),
        (_spiky(10, 1), False),
        (_spiky(500, 1, different=9), False),
        (_spiky(500, 1, different=10), True),
    ],
)
def test_a_spike_stands_for_nothing(column: pa.StringArray, gone: bool) -> None:
    """Proves the bounds: over ten times the tenth most common, and enough values to tell."""
    found = DERIVATIONS["without-spikes"]([column]).to_pylist()
    expected = [None if gone and each == "1900-01-01" else each for each in column.to_pylist()]
    assert found == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (column([9434765919.0, None, 7.0]), ["9434765919", None, "7"]),
        (column([100023336956.0, 2.5, None]), ["100023336956", "2.5", None]),
        (column([100023336956.0, float("nan"), float("inf")]), ["100023336956", None, None]),
        (column([-0.0, 1e300, -3.0]), ["0", "1e+300", "-3"]),
        (column([1.0, 2.5], pa.float32()), ["1", "2.5"]),
        (column(np.array([1, 2.5], np.float16)), ["1", "2.5"]),
        (column([Decimal("100023336956.00"), Decimal("1.50")]), ["100023336956", "1.50"]),
        (column([7, None], pa.int64()), ["7", None]),
        (column([True, None]), ["true", None]),
        (column([dt.date(1980, 7, 1), None]), ["1980-07-01", None]),
        (column([dt.date(1980, 7, 1)], pa.date64()), ["1980-07-01"]),
        (column([dt.datetime(1980, 7, 1, 23, 59)], pa.timestamp("us")), ["1980-07-01"]),
        (column([dt.datetime(1980, 6, 30, 23)], pa.timestamp("us", "Europe/London")), ["1980-07-01"]),
        (column(["a", " ", "", "\t", None]), ["a", None, None, None, None]),
        (column(["a", ""], pa.large_string()), ["a", None]),
        (column(["a", ""], pa.string_view()), ["a", None]),
        (column(["a", None, " "]).dictionary_encode(), ["a", None, None]),
        (column([100023336956.0, 2.5]).dictionary_encode(), ["100023336956", "2.5"]),
        (column([None, None], pa.null()), [None, None]),
        (pa.chunked_array([], pa.string()), []),
        (pa.chunked_array([], pa.float64()), []),
    ],
)  # fmt: skip
def test_a_column_of_any_type_is_written(given: pa.ChunkedArray, expected: list[Any]) -> None:
    """Proves that identifiers read as numbers keep every digit, and blanks are missing."""
    found = written(given)
    assert found.to_pylist() == expected
    assert found.type == pa.string()


def test_lists_and_points_are_not_text() -> None:
    """Proves that they are kept for the measures that take them."""
    lists = column([["a"], None])
    assert written(lists).to_pylist() == [["a"], None]
    points = column([{"latitude": 51.5, "longitude": -0.1}, None])
    assert written(points).to_pylist() == points.to_pylist()


@pytest.mark.parametrize(
    ("kind", "given", "expected"),
    [
        (Reads.TEXT, texts("1980-02-03"), ["1980-02-03"]),
        (Reads.DATE, texts("1980-02-03", "03/02/1980", "x", None),
         [dt.date(1980, 2, 3), dt.date(1980, 2, 3), None, None]),
        (Reads.NUMBER, texts("7", " -2.5 ", "1e3", ".5", "seven", "1.2.3", None),
         [7.0, -2.5, 1000.0, 0.5, None, None, None]),
        (Reads.LIST, texts("a, b;c|", ",", None), [["a", "b", "c"], [], None]),
        (Reads.LIST, pa.array([["a", "b,c"]]), [["a", "b,c"]]),
        (Reads.NUMBER, texts(), []),
        (Reads.DATE, texts(None), [None]),
    ],
)  # fmt: skip
def test_text_is_read_as_the_spec_says(kind: Reads, given: pa.Array, expected: list[Any]) -> None:
    """Proves dates, numbers and lists; what can't be read is missing, and no error."""
    assert read_as(given, kind).to_pylist() == expected


def _spec(*columns: Column, used: tuple[str, ...]) -> Spec:
    compared = (Comparison("c", (Level(Exact(used[0])), Level(Otherwise()))),)
    return Spec("s", (BlockingRule(used),), compared, columns=columns)


def test_columns_are_worked_out_of_worked_out_ones_in_whatever_order() -> None:
    """Proves a chain of three that is declared backwards, and that only what is used is kept."""
    spec = _spec(
        Column("year", made_from=("birth",), by="year"),
        Column("birth", made_from=("as_written",), by="without-spikes"),
        Column("as_written", made_from=("dob",), by="date-of-birth"),
        Column("dob"), Column("idle"),
        used=("year", "birth"),
    )  # fmt: skip
    table = pa.table({"dob": ["3 Feb 1980", " ", None], "idle": [1.5, 2.5, 3.5]})
    found = with_worked_out(table, spec)
    assert found.to_pydict() == {"birth": ["1980-02-03", None, None], "year": ["1980", None, None]}


def test_a_column_that_nothing_gives_is_an_error() -> None:
    """Proves that it names the column, rather than go round for ever."""
    spec = _spec(Column("year", made_from=("birth",), by="year"), used=("year",))
    with pytest.raises(ValueError, match="year"):
        with_worked_out(pa.table({"dob": ["1980-02-03"]}), spec)


def test_a_measure_of_dates_and_numbers_has_them_to_measure() -> None:
    """Proves that declared columns, and worked-out ones, come as what the spec reads them as."""
    levels = (Level(Alike(Measure.DAYS, "moved", 30.0)), Level(Alike(Measure.NUMBER, "rooms", 1.0)),
              Level(Alike(Measure.DAYS, "birth", 1.0)), Level(Otherwise()))  # fmt: skip
    spec = Spec(
        "s", (BlockingRule(("rooms",)),), (Comparison("c", levels),),
        columns=(Column("moved", reads=Reads.DATE), Column("rooms", reads=Reads.NUMBER), Column("dob"),
                 Column("birth", reads=Reads.DATE, made_from=("dob",), by="date-of-birth")),
    )  # fmt: skip
    table = pa.table({"moved": ["2001-02-03"], "rooms": ["4"], "dob": ["3 Feb 1980"]})
    found = with_worked_out(table, spec)
    assert found.to_pylist() == [
        {"moved": dt.date(2001, 2, 3), "rooms": 4.0, "birth": dt.date(1980, 2, 3)}
    ]
