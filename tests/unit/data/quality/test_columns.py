"""What is measured of one column: gaps, ranges, shapes, and values that can't be right."""

import random
from collections import Counter
from datetime import date, datetime, time
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest

from openoda.data.quality.columns import Scale
from openoda.data.quality.text_column import measure_text
from tests.unit.data.quality.tables import lines_of, profiled


def test_null_empty_and_placeholder_are_told_apart():
    """Proves that nothing, empty text, spaces and N/A are four things, and only words are filled."""
    held = profiled(a=["x", None, "", "  ", "n/a", " TBC ", "Nullable"]).column("a").completeness
    assert (held.null, held.empty, held.placeholder, held.filled) == (1, 2, 2, 2)
    assert {one.value for one in held.placeholders} == {"n/a", " TBC "}
    assert held.share == 2 / 7


def test_a_person_called_null_is_still_a_value():
    """Proves that a placeholder is only counted: its rows stay, and the issue is no order to delete."""
    found = profiled(surname=["Null", "Smith", "Jones"])
    assert found.column("surname").distinct == 3
    issue = next(one for one in found.issues if one.code == "placeholder")
    assert issue.severity.value == "should"
    assert "real name" in issue.remedy


def test_distinct_counts_and_top_values_are_exact_across_batches():
    """Proves that counts don't depend on how rows come in batches, against a plain count."""
    rng = random.Random(1)
    values = [rng.choice(["a", "b", "c", "d", None]) for _ in range(1_000)]
    plain = Counter(value for value in values if value is not None)
    for each in (1, 7, 1_000):
        one = profiled(each, x=values).column("x")
        assert one.distinct == len(plain)
        assert {top.value: top.rows for top in one.top} == plain
        assert one.completeness.null == values.count(None)


def test_quantiles_are_values_of_the_column():
    """Proves the definition: the smallest value that at least that share of rows doesn't exceed."""
    rng = np.random.default_rng(2)
    values = rng.integers(0, 50, 997)
    found = profiled(x=pa.array(values)).column("x").spread
    for share, told in found.quantiles.items():
        value = int(told)
        assert np.mean(values <= value) >= share
        assert np.mean(values < value) < share
    assert (found.lowest, found.highest) == (str(values.min()), str(values.max()))
    assert found.mean == pytest.approx(values.mean())
    assert found.deviation == pytest.approx(values.std(ddof=1))


def test_a_histogram_counts_every_row_within_the_fences_once():
    """Proves that bars add up to the rows that are no outliers, for whole numbers, numbers and days."""
    rng = np.random.default_rng(3)
    normal = rng.normal(0, 10, 2_000)
    for array in (
        pa.array(normal),
        pa.array(normal.round().astype(np.int64)),
        pa.array(normal.round().astype(np.int32)).cast(pa.date32()),
    ):
        one = profiled(500, x=array).column("x")
        outside = one.outliers.below + one.outliers.above
        assert sum(bar.rows for bar in one.spread.bars) == 2_000 - outside


def test_outliers_are_tukeys_outer_fences():
    """Proves the rule on numbers whose quartiles are known, and that the rows are named."""
    found = profiled(x=[1, 2, 3, 4, 5, 6, 7, 8, 100, -90])
    one = found.column("x")
    # Quartiles (definition 1) of the ten are 2 and 7: fences at 2 - 15 and 7 + 15.
    assert (one.outliers.low, one.outliers.high) == ("-13", "22")
    assert (one.outliers.below, one.outliers.above) == (1, 1)
    assert lines_of(found, "outlier") == [10, 11]


def test_no_fence_where_the_middle_half_is_one_value():
    """Proves that a column of one value with a few others has no outliers rather than all of them."""
    assert profiled(x=[5] * 20 + [6, 7]).column("x").outliers is None


@pytest.mark.parametrize(
    ("values", "scale", "lowest", "highest"),
    [
        (["3", "12", "1,200"], Scale.WHOLE, "3", "1200"),
        (["3.5", "-2", "0.25"], Scale.NUMBER, "-2", "3.5"),
        (["01/02/2018", "31/12/2017", "9/3/2018"], Scale.DATE, "2017-12-31", "2018-03-09"),
        (["2018-02-01", "2017-12-31", "2018-03-09"], Scale.DATE, "2017-12-31", "2018-03-09"),
    ],
)
def test_text_that_reads_as_something_has_its_range(values, scale, lowest, highest):
    """Proves that a file without a schema still has ranges, days before months."""
    one = profiled(x=values).column("x")
    assert (one.type, one.reads_as) == (Scale.TEXT, scale)
    assert (one.spread.lowest, one.spread.highest) == (lowest, highest)


@pytest.mark.parametrize("values", [["007", "12", "13"], ["Flat 1", "2", "3"], ["31/02/2018"] * 3])
def test_text_that_does_not_read_so_stays_text(values):
    """Proves that leading zeros, words and days that don't exist keep a column as text."""
    assert profiled(x=values).column("x").reads_as is Scale.TEXT


def test_the_odd_value_in_a_column_of_numbers_is_named():
    """Proves that what doesn't read like the rest is an issue with its line, not silently dropped."""
    found = profiled(x=[str(n) for n in range(40)] + ["12O"])
    assert found.column("x").reads_as is Scale.WHOLE
    assert lines_of(found, "reads-otherwise", "x") == [42]


def test_shapes_stand_for_digits_and_letters():
    """Proves the shapes of postcodes, and that long values show runs once."""
    one = profiled(p=["OX1 4TQ", "OX12 9ab", "OX1 4TQ"]).column("p")
    assert {each.value: each.rows for each in one.shapes} == {"AA9 9AA": 2, "AA99 9aa": 1}
    long = profiled(a=["18 Abbey Road, Oxford OX2 0AE"]).column("a")
    assert long.shapes[0].value == "9 Aa Aa, Aa A9 9A"


def test_a_column_of_postcodes_knows_which_are_none():
    """Proves that the kind is told from the values and the wrong ones are named by line."""
    values = [f"OX{n} {n}TQ" for n in range(1, 10)] * 3 + ["OX1 4T", "QQ1 1AA"]
    found = profiled(where=values)
    assert found.column("where").kind == "postcode"
    assert lines_of(found, "impossible") == [29, 30]


def test_a_column_of_words_has_no_kind():
    """Proves that ordinary text isn't held to a rule that isn't its own."""
    found = profiled(ward=["Abbey", "Bridge", "Castle", "Docks"] * 5)
    assert found.column("ward").kind == ""
    assert lines_of(found, "impossible") == []


def test_a_date_a_thousand_years_off_is_impossible():
    """Proves the limits of dates, for typed dates and moments alike."""
    days = [date(2018, 1, 1), date(3017, 3, 2), date(1899, 12, 31), date(1900, 1, 2)]
    found = profiled(x=days)
    assert lines_of(found, "impossible") == [3, 4]
    moments = [datetime(2018, 1, 1, 12), datetime(3017, 3, 2), datetime(2100, 12, 31, 23, 59)]
    assert lines_of(profiled(x=moments), "impossible") == [3]


@pytest.mark.parametrize(
    ("name", "values", "wrong"),
    [
        ("latitude", [51.7, 91.0, -90.0], [3]),
        ("SiteLongitude", [-1.2, 181.0, 180.0], [3]),
        ("age", [0, 126, 125], [3]),
        ("usage", [500, 126, 125], []),
    ],
)
def test_ranges_of_kinds_known_by_name(name, values, wrong):
    """Proves the limits, and that a name that only contains the word isn't one."""
    assert lines_of(profiled(**{name: values}), "impossible") == wrong


def test_numbers_that_are_none():
    """Proves that infinity and NaN are named, and spoil neither the range nor the average."""
    found = profiled(x=pa.array([1.0, float("inf"), 3.0, float("nan"), None]))
    one = found.column("x")
    assert lines_of(found, "not-a-number") == [3, 5]
    assert (one.spread.lowest, one.spread.highest, one.spread.mean) == ("1", "3", 2.0)
    assert one.completeness.null == 1


def test_nines_and_calendar_ends_are_placeholders():
    """Proves the rule for 999 and 1 January 1900: met twice, and for nines far above the rest."""
    held = profiled(x=[1, 2, 3, 999, 999]).column("x").completeness
    assert [(one.value, one.rows) for one in held.placeholders] == [("999", 2)]
    assert profiled(x=[1, 2, 3, 999]).column("x").completeness.placeholder == 0
    assert profiled(x=[600, 700, 999, 999]).column("x").completeness.placeholder == 0
    days = [date(1900, 1, 1)] * 5 + [date(2018, 1, day) for day in range(1, 4)]
    found = profiled(x=days)
    assert found.column("x").completeness.placeholder == 5
    assert lines_of(found, "placeholder") == [2, 3, 4, 5, 6]
    birthdays = [date(1969 + n % 2, 1, 1 + n // 2 % 9) for n in range(60)]
    assert profiled(x=birthdays).column("x").completeness.placeholder == 0
    assert lines_of(found, "impossible") == []


def test_spellings_name_the_rarer_ones():
    """Proves that values equal but for case, punctuation and spaces are one, the commonest kept."""
    found = profiled(x=["St. John's", "ST JOHNS", "St. John's", "st  john's", "St Joan's"])
    assert found.column("x").spellings == 2
    assert lines_of(found, "spellings") == [3, 5]


def test_edge_spaces_and_broken_characters():
    """Proves that both are named, and sound accents aren't."""
    found = profiled(x=["Café", " Hall", "CafÃ©", "Caf\ufffd", "a\x07b", "Â£ is odd but whole"])
    assert lines_of(found, "edge-spaces") == [3]
    assert lines_of(found, "broken-characters") == [4, 5, 6]


@pytest.mark.parametrize(
    "array",
    [
        pa.array([Decimal("1.50"), None, Decimal("2.25")]),
        pa.array([time(9, 30), None, time(17, 0)]),
        pa.array([True, None, False]),
        pa.array([None, None, None]),
        pa.array([b"x", None, b"y"]),
        pa.array([["a"], None, ["b"]]),
        pa.array(["a", None, "b"]).dictionary_encode(),
        pa.array(["a", None, "b"], pa.large_string()),
        pa.array([datetime(2020, 1, 1), None, datetime(2021, 1, 1)], pa.timestamp("ns")),
    ],
)
def test_every_type_is_measured(array):
    """Proves that no type that intake can store makes profiling fail, and gaps are counted in all."""
    one = profiled(1, x=array).column("x")
    assert one.completeness.null == array.null_count
    assert one.completeness.rows == 3


def test_a_table_without_rows():
    """Proves that an empty delivery has a profile: columns, no values, no keys."""
    found = profiled(x=pa.array([], pa.string()), y=pa.array([], pa.int64()))
    assert [one.distinct for one in found.columns] == [0, 0]
    assert found.keys == ()
    assert found.issues == ()


def test_every_value_is_judged_however_many_there_are() -> None:
    """Proves that of 300,000 different values each impossible one is counted, not those of a sample."""
    wrong = [f"clerk{place}@" for place in range(7)]
    values = [f"clerk{number}@council.test" for number in range(300_000)] + wrong
    measured = measure_text("contact", pa.array(values), 0)
    counts = {found.code: found.count for found in measured.findings}
    assert measured.profile.kind == "email"
    assert counts["impossible"] == len(wrong)


def test_a_uprn_is_no_number() -> None:
    """Proves that a column named so, of digits, has no mean and no outliers, and 0 is impossible."""
    values = [str(10**11 + number) for number in range(50)] + ["0"]
    measured = measure_text("UPRN", pa.array(values), 0)
    assert (measured.profile.kind, measured.profile.reads_as) == ("uprn", Scale.TEXT)
    assert measured.profile.outliers is None
    assert [(found.code, found.count) for found in measured.findings] == [("impossible", 1)]
