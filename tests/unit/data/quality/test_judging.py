"""The six dimensions, agreement with a reference, and what has drifted since the last delivery."""

from datetime import date

import pyarrow as pa
import pytest

from openoda.data.quality.assessing import assess
from openoda.data.quality.dimensions import CANNOT_BE_JUDGED, DEFINITIONS, Dimension
from openoda.data.quality.drift import changes
from openoda.data.quality.intake_issues import intake_issues
from openoda.data.quality.reference import agreement
from openoda.data.quality.rule_files import Rule, Rules
from openoda.data.quality.rule_runs import run_rules
from openoda.vocabulary.refusals import Misused
from tests.unit.data.quality.tables import profiled, reader

AS_AT = date(2018, 3, 9)


def judge(found, results=(), quarantined=0, agreed=None):
    return {one.dimension: one for one in assess(found, results, quarantined, AS_AT, agreed)}


def test_all_six_dimensions_in_the_frameworks_order():
    """Proves that each is there, with a definition, in the order of the framework."""
    told = assess(profiled(x=["a"]), (), 0, AS_AT, None)
    assert [one.dimension for one in told] == list(Dimension) == list(DEFINITIONS)


def test_figures_are_the_share_of_checks_passed():
    """Proves completeness and uniqueness by counting on paper."""
    told = judge(profiled(a=["x", "x", None, "n/a"], b=[1, 1, 2, 3]))
    assert told[Dimension.COMPLETENESS].share == 6 / 8
    assert told[Dimension.UNIQUENESS].share == 3 / 4


def test_what_a_file_cannot_tell_is_said():
    """Proves that accuracy, and timeliness without dates, have words and no figure."""
    told = judge(profiled(a=["x"]))
    for dimension in (Dimension.ACCURACY, Dimension.TIMELINESS):
        assert told[dimension].share is None
        assert CANNOT_BE_JUDGED in told[dimension].words


def test_quarantined_records_and_impossible_values_count_against_validity():
    """Proves that each has its part behind the figure."""
    told = judge(profiled(day=[date(2018, 1, 1), date(3017, 1, 1)]), quarantined=2)
    parts = told[Dimension.VALIDITY].parts
    assert [(part.checked, part.failed) for part in parts] == [(4, 2), (2, 0), (2, 1)]
    assert told[Dimension.VALIDITY].share == 1 - 3 / 8


def test_own_rules_count_towards_their_dimension():
    """Proves that a rule is a part of the dimension it names, and of no other."""
    columns = {"x": [1, 2, 3, 4]}
    rule = Rule("low", "x < 2", "Too low.", dimension=Dimension.TIMELINESS)
    results = run_rules(Rules((rule,)), reader(columns), ("x",), AS_AT)
    told = judge(profiled(**columns), results)
    assert told[Dimension.TIMELINESS].share == 3 / 4
    assert told[Dimension.CONSISTENCY].share is None


def test_agreement_with_a_reference():
    """Proves matching by key, what is compared, what differs and where."""
    mine = {"id": [1, 2, 3, 4], "name": ["Hall", "barn ", "Mill", None], "own": [1, 1, 1, 1]}
    theirs = {"id": [1, 2, 3, 3, 4], "name": ["Hall", "Barn", "a", "b", "x"], "other": [1] * 5}
    found = agreement(reader(mine), tuple(mine), "truth", reader(theirs), tuple(theirs), "id")
    (one,) = found.columns
    assert (found.rows, found.matched) == (4, 3)
    assert (one.column, one.compared, one.differ) == ("name", 2, 0)
    theirs["name"] = ["Hull", "Barn", "a", "b", "x"]
    found = agreement(reader(mine), tuple(mine), "truth", reader(theirs), tuple(theirs), "id")
    assert [place.line for place in found.columns[0].places] == [2]
    told = judge(profiled(**mine), agreed=found)
    assert told[Dimension.ACCURACY].share == 1 / 2
    assert "truth" in told[Dimension.ACCURACY].words


@pytest.mark.parametrize(
    ("theirs", "key"), [({"id": [1]}, "id"), ({"x": [1]}, "id"), ({"id": [1]}, "q")]
)
def test_a_reference_needs_the_key_and_a_shared_column(theirs, key):
    """Proves that what can't be compared is refused."""
    mine = {"id": [1], "name": ["a"]}
    with pytest.raises(Misused):
        agreement(reader(mine), tuple(mine), "truth", reader(theirs), tuple(theirs), key)


def codes(before, now):
    return {(one.code, one.column) for one in changes(profiled(50, **before), profiled(50, **now))}


BASE = {"kind": ["a"] * 60 + ["b"] * 40, "size": list(range(100)), "note": ["x", None] * 50}


@pytest.mark.parametrize(
    ("now", "code"),
    [
        ({"kind": BASE["kind"], "size": BASE["size"]}, ("column-gone", "note")),
        ({**BASE, "extra": [1] * 100}, ("column-new", "extra")),
        ({name: values[:80] for name, values in BASE.items()}, ("rows", "")),
        ({**BASE, "note": ["x"] * 40 + [None] * 60}, ("gaps", "note")),
        ({**BASE, "kind": ["a"] * 60 + ["b"] * 38 + ["c"] * 2}, ("category-new", "kind")),
        ({**BASE, "kind": ["a"] * 100}, ("category-gone", "kind")),
        ({**BASE, "kind": ["a"] * 80 + ["b"] * 20}, ("category-share", "kind")),
        ({**BASE, "size": list(range(60, 160))}, ("range", "size")),
        ({**BASE, "size": [f"s{n}" for n in range(100)]}, ("type", "size")),
        ({"size": BASE["size"], "kind": BASE["kind"], "note": BASE["note"]}, ("column-order", "")),
    ],
)
def test_each_drift_is_named(now, code):
    """Proves that every kind of drift is found where it was made."""
    assert code in codes(BASE, now)


def test_the_same_again_is_no_drift():
    """Proves that an unchanged delivery, and one changed a little, raise nothing."""
    assert codes(BASE, BASE) == set()
    assert (
        codes(BASE, {**BASE, "kind": ["a"] * 64 + ["b"] * 36, "size": list(range(5, 105))}) == set()
    )


def test_what_intake_found_becomes_issues_without_raw_text():
    """Proves that flags and quarantine are issues by reason and column, and raw text is never read."""
    flags = {"column": ["a", "a", "b"], "reason": ["not an integer", "not an integer",
             "required, but missing"]}  # fmt: skip
    aside = {"first_line": [9], "reason": ["wrong number of fields: 3, expected 4"]}
    aside_table = {
        "first_line": pa.array(aside["first_line"], pa.int64()),
        "reason": aside["reason"],
    }
    found = {one.code: one for one in intake_issues(reader(flags), reader(aside_table))}
    assert found["unreadable"].rows == 2
    assert [place.line for place in found["unreadable"].places] == [2, 3]
    assert found["required"].dimension is Dimension.COMPLETENESS
    assert found["quarantined"].rule == "Wrong number of fields"
    assert found["quarantined"].places[0].line == 9
