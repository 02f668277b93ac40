"""The worklist as CSV and JSON."""

import csv
import io
import json
from dataclasses import replace
from datetime import date

import pytest

from openoda.rendering.worklist_files import columns, worklist_csv, worklist_json
from tests.unit.rendering import samples


def _read(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_csv_has_a_byte_order_mark_and_crlf_line_ends():
    """Excel reads the accents right, and every line ends as RFC 4180 says."""
    content = worklist_csv(samples.worklist())
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\n") == content.count(b"\r\n") == 19


def test_csv_columns_come_in_the_order_people_read():
    """What identifies a row comes first, what to fill in comes last and is empty."""
    rows = _read(worklist_csv(samples.worklist()))
    assert list(rows[0]) == [
        *("run", "place", "queue", "case", "unit", "date_due", "Risk class", "Distance"),
        *("reasons", "route", "inclusion_probability", "outcome", "visited_on", "note"),
    ]
    assert {row["outcome"] + row["visited_on"] + row["note"] for row in rows} == {""}


def test_csv_leaves_out_a_due_date_nobody_has():
    """A column that would be empty in every row isn't there."""
    doc = samples.worklist()
    undated = replace(doc, rows=tuple(replace(row, date_due=None) for row in doc.rows))
    assert "date_due" not in columns(undated)
    one = replace(
        undated, rows=(replace(doc.rows[0], date_due=date(2030, 1, 2)), *undated.rows[1:])
    )
    assert [row["date_due"] for row in _read(worklist_csv(one))][:2] == ["2030-01-02", ""]


def test_csv_guards_every_text_and_no_number():
    """Formulas in any text column are neutralised, and probabilities stay numbers."""
    doc = samples.worklist(queues=1, each=1)
    evil = "=HYPERLINK(1)"
    row = replace(
        doc.rows[0], queue=evil, case=evil, unit=evil, reasons=(evil,), details=(evil, "-2.5")
    )
    text = _read(worklist_csv(replace(doc, run_id=evil, rows=(row,), column_titles=("=x", "y"))))[0]
    assert {text[name] for name in ("run", "queue", "case", "unit", "reasons", "'=x")} == {
        "'" + evil
    }
    assert text["y"] == "-2.5"
    assert float(text["inclusion_probability"]) == row.inclusion_probability


def test_json_holds_every_row_with_its_score_and_untouched_id():
    """Machines get the whole document, unguarded."""
    doc = samples.worklist()
    content = json.loads(worklist_json(doc))
    assert [row["case"] for row in content["rows"]] == [row.case for row in doc.rows]
    assert [row["score"] for row in content["rows"]] == [row.score for row in doc.rows]
    assert content["origin"]["data_label"] == "synthetic"
    assert content["made_on"] == "2030-09-01"


def test_json_refuses_what_is_no_number():
    """NaN isn't JSON, so it never gets out."""
    doc = samples.worklist(queues=1, each=1)
    broken = replace(doc, rows=(replace(doc.rows[0], score=float("nan")),))
    with pytest.raises(ValueError, match="JSON"):
        worklist_json(broken)


def test_a_row_with_too_few_details_is_refused():
    """Details can't slip into the wrong column."""
    doc = samples.worklist(queues=1, each=1)
    with pytest.raises(ValueError, match="one detail for each"):
        worklist_csv(replace(doc, column_titles=("Risk class", "Distance", "Ward")))
