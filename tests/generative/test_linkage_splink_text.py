"""SQL of any kind is read or refused, and never breaks the reader."""

from contextlib import suppress
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openoda.linkage.spec.conditions import Otherwise
from openoda.linkage.spec.model import Comparison, Level, Spec
from openoda.linkage.spec.splink_export import splink_settings
from openoda.linkage.spec.splink_import import spec_from_splink
from openoda.vocabulary.refusals import Misused
from tests.generative.linkage_draws import KINDS, conditions, rules

SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)
SIGNS = (
    "=",
    "<",
    ">=",
    "(",
    ")",
    ",",
    "-",
    "'",
    '"',
    ";",
    "--",
    "::",
    "[1]",
    "{",
    "x -> x",
    "\0",
    "é",
)
WORDS = (
    *SIGNS, "a_l", "a_r", "l.a", "r.a", "and", "or", "not", "1", "0.5", "levenshtein", "abs", "then",
    "end", "null", "is null", "case when", "'x'", "lower(a_l)", "in", "between", "cast(a_l as date)",
)  # fmt: skip


def settings_of(level: str, rule: str) -> dict[str, Any]:
    """Settings with one level and one rule."""
    levels = [{"sql_condition": level}, {"sql_condition": "ELSE"}]
    return {
        "link_type": "dedupe_only",
        "comparisons": [{"output_column_name": "c", "comparison_levels": levels}],
        "blocking_rules_to_generate_predictions": ["l.z = r.z", rule],
    }


@settings(max_examples=300, deadline=None, suppress_health_check=SLOW)
@given(st.lists(st.sampled_from(WORDS), max_size=12), st.lists(st.sampled_from(WORDS), max_size=12))
def test_words_at_random(level: list[str], rule: list[str]) -> None:
    """A spec, or a refusal."""
    with suppress(Misused):
        spec_from_splink(settings_of(" ".join(level), " ".join(rule)), "t")


@settings(max_examples=150, deadline=None, suppress_health_check=SLOW)
@given(conditions(list(KINDS)), rules(), st.data())
def test_sound_sql_with_a_slip(condition: Any, rule: Any, data: st.DataObject) -> None:
    """A character put in, taken out or changed: a spec that can be written again, or a refusal."""
    whole = Comparison("c", (Level(condition), Level(Otherwise())))
    written = splink_settings(Spec("t", (rule,), (whole,)))
    level = written["comparisons"][0]["comparison_levels"][0]
    level["sql_condition"] = slipped(level["sql_condition"], data)
    with suppress(Misused):
        found = spec_from_splink(written, "t")
        assert spec_from_splink(splink_settings(found), "t") == found


def slipped(text: str, data: st.DataObject) -> str:
    """The text with one slip."""
    at = data.draw(st.integers(0, len(text)))
    taken = data.draw(st.integers(0, 3))
    return text[:at] + data.draw(st.text("()=<>\"'_lr 1.,ANDx", max_size=2)) + text[at + taken :]
