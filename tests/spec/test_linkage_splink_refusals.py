"""What of Splink's settings, or of a spec for Splink, is refused, and how it is said."""

import sys
from dataclasses import replace
from typing import Any

import pytest

from openoda.linkage.spec.conditions import Missing
from openoda.linkage.spec.model import Level
from openoda.linkage.spec.splink_export import splink_settings
from openoda.linkage.spec.splink_import import spec_from_splink
from openoda.vocabulary.refusals import Misused
from tests.spec.test_linkage_splink import read, settings_of, spec_of

UNSAYABLE = {
    "jaccard(a_l, a_r) > 0.5": "no measure",
    "array_cosine_similarity(a_l, a_r) >= 0.9": "no measure",
    "a_l = 'smith'": "no column of one record",
    "a_l = b_l": "same record",
    "a_l is null": "no test",
    "a_l is null or b_r is null": "one side only",
    "regexp_extract(a_l, '^x') = regexp_extract(a_r, '^x')": "no column",
    "levenshtein(a_l, a_r) <= length(a_l)": "no measure|no number",
    "levenshtein(a_l, a_r) <= 1 and abs(epoch(a_l) - epoch(a_r)) < 1": "as a text and as a date",
    "a_l like a_r": "no test",
    "a_l = = a_r": "isn't SQL",
    "": "no SQL",
}


@pytest.mark.parametrize(("sql", "reason"), UNSAYABLE.items(), ids=UNSAYABLE)
def test_sql_that_cannot_be_said_is_refused(sql: str, reason: str) -> None:
    """With the comparison, the level, the SQL and the reason."""
    with pytest.raises(Misused, match=reason) as refused:
        read(sql)
    assert "comparison 'c', level 1" in refused.value.what
    assert sql in refused.value.what


def test_everything_unsayable_is_said_at_once() -> None:
    """Levels of several comparisons, rules, link type and dialect in one refusal."""
    settings = settings_of("a_l = 'x'", "soundex(a_l) = soundex(a_r)", rules=("l.a = r.b",))
    settings["comparisons"].append({"output_column_name": "d", "comparison_levels": []})
    settings["comparisons"].append({"output_column_name": "e"})
    settings |= {"link_type": "other", "sql_dialect": "spark"}
    with pytest.raises(Misused) as refused:
        spec_from_splink(settings, "t")
    for part in ("level 1: a_l = 'x'", "level 2: soundex", "blocking rule 1: l.a = r.b", "'other'",
                 "of spark", "'d' has no ELSE", "comparison 3 has no list"):  # fmt: skip
        assert part in refused.value.what


@pytest.mark.parametrize(
    "rules",
    [
        (),
        ("1=1",),
        ({"blocking_rule": "l.a = r.a", "arrays_to_explode": ["a"]},),
        (None,),
        ("l.a",),
    ],
    ids=str,
)
def test_rules_without_blocks_are_refused(rules: tuple[Any, ...]) -> None:
    """All pairs, exploded lists, nothing."""
    with pytest.raises(Misused, match="rule"):
        spec_from_splink(settings_of("a_l = a_r", rules=rules), "t")


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("m_probability", "level not observed", "no number"),
        ("u_probability", 1.5, "no number"),
        ("fix_m_probability", True, "only one"),
        ("tf_adjustment_column", "b", "no level of equal 'b'"),
        ("tf_adjustment_column", 3, "no name"),
    ],
)
def test_unsound_levels_are_refused(key: str, value: object, reason: str) -> None:
    """Shares that are none, one of two fixed, frequencies of a column without an equal level."""
    settings = settings_of("a_l = a_r")
    settings["comparisons"][0]["comparison_levels"][0][key] = value
    with pytest.raises(Misused, match=reason):
        spec_from_splink(settings, "t")


def test_a_derived_column_may_not_hide_a_plain_one() -> None:
    """Two columns of one name would be one column."""
    with pytest.raises(Misused, match="'a_lower' has the name"):
        read("lower(a_l) = lower(a_r) and a_lower_l = a_lower_r")


def test_a_spec_without_blocking_rules_is_not_exported() -> None:
    """Splink would compare all pairs."""
    with pytest.raises(Misused, match="no blocking rule"):
        splink_settings(replace(spec_of(), blocking=()))


def test_a_comparison_of_one_level_is_not_exported() -> None:
    """Splink divides by the number of its other levels."""
    with pytest.raises(Misused, match="'c' has a single level"):
        splink_settings(spec_of(Level(Missing("a"), missing=True)))


@pytest.mark.parametrize("deep", [40, 3_000])
def test_tests_too_deep_are_refused(deep: int) -> None:
    """The loop's stack holds thirty; Python's own gives out somewhere above."""
    sql = "a_l = a_r"
    for _ in range(deep):
        sql = f"b_l = b_r and (c_l = c_r or ({sql}))"
    with pytest.raises(Misused, match="too deep"):
        read(sql)


def test_without_sqlglot_reading_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is an extra: said with what to install."""
    monkeypatch.setitem(sys.modules, "sqlglot", None)
    with pytest.raises(Misused, match="sqlglot, which is not installed"):
        read("a_l = a_r")


@pytest.mark.parametrize(
    "settings", [{}, {"comparisons": "x"}, {"link_type": "dedupe_only"}], ids=str
)
def test_what_is_no_settings_is_refused(settings: dict[str, Any]) -> None:
    """Without a traceback."""
    with pytest.raises(Misused):
        spec_from_splink(settings, "t")
