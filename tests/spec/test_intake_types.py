"""What intake makes of values under a Table Schema, told by tiny files."""

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from openoda.data.intake import Limits
from openoda.vocabulary.refusals import DataUnfit, SchemaInvalid
from tests.unit.intake.samples import load, schema, written


def test_a_bad_value_never_costs_its_row(tmp_path: Path) -> None:
    """It is null, its text kept beside its line, column and reason; the row is accepted."""
    wanted = schema({"name": "id"}, {"name": "units", "type": "integer"})
    found = load(written(tmp_path, "id,units\na,3\nb,three\nc,\n"), wanted)
    assert found.values == [("a", 3), ("b", None), ("c", None)]
    assert found.marked == [(3, "units", "three", "not an integer")]
    assert found.report.flagged_values == 1
    assert found.report.problems[0].column == "units"


def test_every_type(tmp_path: Path) -> None:
    """One value of each type, in its default form."""
    wanted = schema(
        {"name": "text"},
        {"name": "whole", "type": "integer"},
        {"name": "real", "type": "number"},
        {"name": "yes", "type": "boolean"},
        {"name": "day", "type": "date"},
        {"name": "moment", "type": "datetime"},
        {"name": "clock", "type": "time"},
        {"name": "year", "type": "year"},
    )
    header = ",".join(wanted.names)
    row = "007,007,-1.5e3,TRUE,2018-03-09,2018-03-09T10:11:12Z,10:11:12,2018"
    found = load(written(tmp_path, f"{header}\n{row}\n"), wanted)
    moment = datetime(2018, 3, 9, 10, 11, 12, tzinfo=UTC)
    assert found.values == [
        ("007", 7, -1500.0, True, date(2018, 3, 9), moment, time(10, 11, 12), 2018)
    ]
    assert found.report.sound


def test_uk_dates_by_pattern(tmp_path: Path) -> None:
    """Day before month as the pattern says; a day that doesn't exist or another form is flagged."""
    wanted = schema({"name": "day", "type": "date", "format": "%d/%m/%Y"})
    content = "day\n09/03/2018\n9/3/2018\n29/02/2019\n2018-03-09\n03/09/18\n 09/03/2018\n"
    found = load(written(tmp_path, content), wanted)
    assert [value for (value,) in found.values] == [date(2018, 3, 9)] * 2 + [None] * 4
    assert {reason for *_, reason in found.marked} == {"not a date written as %d/%m/%Y"}
    assert [line for line, *_ in found.marked] == [4, 5, 6, 7]


def test_columns_may_stand_in_another_order(tmp_path: Path) -> None:
    """The file's order is kept; each column has its own field's type."""
    wanted = schema({"name": "a", "type": "integer"}, {"name": "b"})
    found = load(written(tmp_path, "b,a\nx,1\n"), wanted)
    assert found.accepted == [{"source_line": 2, "b": "x", "a": 1}]


def test_a_header_that_is_not_the_schemas_is_refused(tmp_path: Path) -> None:
    """What is missing and what is extra are listed."""
    wanted = schema({"name": "a"}, {"name": "b"})
    with pytest.raises(SchemaInvalid, match=r"missing: b; extra: c"):
        load(written(tmp_path, "a,c\n1,2\n"), wanted)


def test_missing_values(tmp_path: Path) -> None:
    """Declared markers are null in every column; undeclared, only an empty cell is, and a quoted
    empty text stays text but is no number."""
    fields = [{"name": "t"}, {"name": "n", "type": "integer"}, {"name": "y", "type": "boolean"}]
    content = 't,n,y\n"","",""\n-,-,-\n,,\n'
    found = load(written(tmp_path, content), schema(*fields))
    assert found.values == [("", None, None), ("-", None, None), (None, None, None)]
    assert [column for _, column, *_ in found.marked] == ["n", "y"]
    found = load(written(tmp_path, content), schema(*fields, missingValues=["", "-"]))
    assert found.values == [(None, None, None)] * 3
    assert found.report.sound


def test_constraints_null_the_value_and_name_themselves(tmp_path: Path) -> None:
    """Each broken constraint is flagged with the text; the row stays."""
    wanted = schema(
        {"name": "n", "type": "integer", "constraints": {"minimum": 1, "maximum": "9"}},
        {"name": "d", "type": "date", "format": "%d/%m/%Y",
         "constraints": {"minimum": "2018-01-01", "maximum": "31/12/2018"}},
        {"name": "t", "constraints": {"pattern": "[A-Z]{2}[0-9]*", "minLength": 3, "maxLength": 4}},
        {"name": "e", "constraints": {"enum": ["A", "B"], "required": True}},
    )  # fmt: skip
    content = (
        "n,d,t,e\n1,01/01/2018,AB1,A\n0,31/12/2017,ab1,C\n10,01/01/2019,AB,\n9,31/12/2018,AB123,B\n"
    )
    found = load(written(tmp_path, content), wanted)
    assert found.values == [
        (1, date(2018, 1, 1), "AB1", "A"),
        (None, None, None, None),
        (None, None, None, None),
        (9, date(2018, 12, 31), None, "B"),
    ]
    assert found.marked == [
        (3, "n", "0", "below the minimum"),
        (3, "d", "31/12/2017", "below the minimum"),
        (3, "t", "ab1", "not of the pattern"),
        (3, "e", "C", "not one of the values listed"),
        (4, "n", "10", "above the maximum"),
        (4, "d", "01/01/2019", "above the maximum"),
        (4, "t", "AB", "shorter than allowed"),
        (4, "e", None, "required, but missing"),
        (5, "t", "AB123", "longer than allowed"),
    ]


def test_a_pattern_must_match_the_whole_value(tmp_path: Path) -> None:
    """Alternatives too, and a line end after the match is no match."""
    wanted = schema({"name": "t", "constraints": {"pattern": "A|B"}})
    found = load(written(tmp_path, 't\nA\nAB\n"A\n"\n'), wanted)
    assert found.values == [("A",), (None,), (None,)]


def test_unique_values_and_keys(tmp_path: Path) -> None:
    """A repeat is flagged where it comes again and kept as it is; nulls repeat freely; typed values
    are compared, not their spelling; a key is its columns together."""
    wanted = schema(
        {"name": "n", "type": "integer", "constraints": {"unique": True}},
        {"name": "a"},
        {"name": "b"},
        primaryKey=["a", "b"],
    )
    content = "n,a,b\n1,x,y\n01,x,z\n,x,y\n,xy,q\n2,,y\n"
    found = load(written(tmp_path, content), wanted, limits=Limits(block=5, record=99, raw=9))
    assert [row[0] for row in found.values] == [1, 1, None, None, 2]
    assert found.marked == [
        (3, "n", "01", "not unique"),
        (4, "a", "x", "primary key not unique"),
        (6, "a", None, "required, but missing"),
    ]


def test_uniqueness_past_its_bound_is_refused_not_skipped(tmp_path: Path) -> None:
    """More values than may be held: the delivery is refused, with what to do."""
    wanted = schema({"name": "n", "constraints": {"unique": True}})
    content = "n\n" + "\n".join(str(n) for n in range(500))
    with pytest.raises(DataUnfit, match="over 100 different values") as refused:
        load(written(tmp_path, content), wanted, limits=Limits(block=64, unique_values=100))
    assert "unique" in refused.value.remedy


def test_one_flag_a_cell(tmp_path: Path) -> None:
    """A stray quote in a number is one bad value, not two."""
    wanted = schema({"name": "n", "type": "number"}, {"name": "t"})
    found = load(written(tmp_path, 'n,t\n6",6"\n'), wanted)
    assert [(column, reason[:8]) for _, column, _, reason in found.marked] == [
        ("n", "not a nu"),
        ("t", "a quote "),
    ]


def test_flags_match_their_rows_when_records_are_set_aside(tmp_path: Path) -> None:
    """Lines and values stay together across quarantined records, blocks and quoted line ends."""
    wanted = schema({"name": "n", "type": "integer"}, {"name": "t"})
    rows = [f'{n if n % 7 else "bad"},"x\ny"' if n % 5 else "only" for n in range(1, 400)]
    content = "n,t\n" + "\n".join(rows) + "\n"
    for block in (37, 1 << 20):
        limits = Limits(block=block, record=99, raw=9)
        found = load(written(tmp_path, content), wanted, limits=limits)
        line, expected = 2, []
        for n in range(1, 400):
            if n % 5 and not n % 7:
                expected.append((line, "n", "bad", "not an integer"))
            line += 2 if n % 5 else 1
        assert found.marked == expected
        assert found.report.quarantined == 79


def test_a_time_without_a_zone_is_taken_as_utc_and_noted(tmp_path: Path) -> None:
    """Proves that the default form's UTC is said, with the format that keeps such a time as it is."""
    path = written(tmp_path, "seen\n2020-07-01T09:00:00\n")
    found = load(path, schema({"name": "seen", "type": "datetime"}))
    assert "taken as UTC in: seen" in found.report.notes[0]
    as_it_is = schema({"name": "seen", "type": "datetime", "format": "%Y-%m-%dT%H:%M:%S"})
    found = load(path, as_it_is)
    assert found.accepted[0]["seen"].tzinfo is None
    assert not any("UTC" in note for note in found.report.notes)
