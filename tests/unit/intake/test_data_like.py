"""Whether names of columns look like a record, and what is then said."""

from pathlib import Path

import pytest

from openoda.data.intake import ColumnsUnfit, data_like
from tests.unit.intake.samples import load, schema, written


@pytest.mark.parametrize(
    ("names", "likeness"),
    [
        (["Jane", "01/02/1980"], "date × 1"),
        (["x", "AB123456C"], "NINO × 1"),
        (["x", "943 476 5919"], "NHS number × 1"),
        (["x", "OX1 1BX", "a@example.org"], "postcode × 1, e-mail address × 1"),
        (["12", "x", "3.50"], "number × 2"),
        (["2020-01-01", "2020-02-01"], "date × 2"),
    ],
)
def test_a_record_in_place_of_names(names: list[str], likeness: str) -> None:
    """Proves that each form of value is told, and named by its kind alone."""
    assert data_like(names) == likeness


@pytest.mark.parametrize(
    "names",
    [
        ["ward", "2018", "2019", "2020", "2021"],
        ["ward", "0-4", "5-9", "10-14", "85+"],
        ["id", "name", "visits", "seen"],
        ["postcode", "E1", "Q1 2020", "Jan 2020", "March", "1"],
        ["A", "B", "", "x" * 500],
        [],
    ],
)
def test_names_that_only_resemble_data(names: list[str]) -> None:
    """Proves that years, age bands, months and short codes are names."""
    assert data_like(names) == ""


def test_names_that_look_like_data_are_noted(tmp_path: Path) -> None:
    """Proves that a file without a header is taken in with a note of it, and that a schema which says
    how it is written ends the note."""
    path = written(tmp_path, "Ann,01/02/1980\nBob,02/03/1981\n")
    report = load(path).report
    assert "look like data (date × 1)" in report.notes[0]
    assert "Ann" not in report.notes[0]
    known = schema({"name": "Ann"}, {"name": "01/02/1980"})
    assert not any("look like data" in note for note in load(path, known).report.notes)


def test_names_refused_can_be_said_by_their_places(tmp_path: Path) -> None:
    """Proves that a refusal of names can be told without any that the schema doesn't know."""
    path = written(tmp_path, "name,Ann,Ann\nBob,x,y\n")
    with pytest.raises(ColumnsUnfit, match="more than once: Ann") as refused:
        load(path)
    told = refused.value.without_names()
    assert "columns 2, 3" in told.what
    assert "Ann" not in str(told)
    path = written(tmp_path, "name,Ann\nBob,x\n")
    with pytest.raises(ColumnsUnfit, match="missing: born; extra: Ann") as refused:
        load(path, schema({"name": "name"}, {"name": "born"}))
    told = refused.value.without_names()
    assert "missing: born; extra: column 2" in told.what
    assert "Ann" not in str(told)


@pytest.mark.parametrize("content", ["id,name\n", "id"])
def test_no_record_is_noted(tmp_path: Path, content: str) -> None:
    """Proves that a file of names alone isn't passed over as sound without a word."""
    report = load(written(tmp_path, content)).report
    assert (report.rows_in, report.notes[0][:12]) == (0, "no record at")
