"""Splink's settings and ours: what each says in the other's words, and what is refused."""

from dataclasses import replace
from typing import Any

import pytest
import splink.comparison_level_library as cll
import splink.comparison_library as cl
import sqlglot
from splink import ColumnExpression, SettingsCreator, block_on

from openoda.linkage.spec.conditions import (
    Alike,
    Condition,
    Every,
    Exact,
    Measure,
    Missing,
    Neither,
    Otherwise,
    Some,
)
from openoda.linkage.spec.model import (
    BlockingRule,
    Column,
    Comparison,
    Level,
    LinkType,
    Reads,
    Spec,
    TermFrequency,
)
from openoda.linkage.spec.splink_export import splink_certain, splink_settings
from openoda.linkage.spec.splink_import import spec_from_splink
from openoda.linkage.spec.splink_sql import FORMS

JW, DAYS, SHARE = Measure.JARO_WINKLER, Measure.DAYS, Measure.SHARE


def settings_of(*conditions: str, rules: tuple[Any, ...] = ("l.z = r.z",)) -> dict[str, Any]:
    """Settings of one comparison with these levels and an ELSE."""
    levels = [{"sql_condition": sql} for sql in (*conditions, "ELSE")]
    return {
        "link_type": "dedupe_only",
        "comparisons": [{"output_column_name": "c", "comparison_levels": levels}],
        "blocking_rules_to_generate_predictions": list(rules),
    }


def read(sql: str) -> Condition:
    """What one level's SQL is read as."""
    return spec_from_splink(settings_of(sql), "t").comparisons[0].levels[0].when


def spec_of(*levels: Level, columns: tuple[Column, ...] = ()) -> Spec:
    """A spec of one comparison."""
    comparison = Comparison("c", (*levels, Level(Otherwise())))
    return Spec("t", (BlockingRule(("z",)),), (comparison,), columns=columns)


def written(condition: Condition, columns: tuple[Column, ...] = ()) -> str:
    """What one condition is written as."""
    settings = splink_settings(spec_of(Level(condition), columns=columns))
    return str(settings["comparisons"][0]["comparison_levels"][0]["sql_condition"])


SAME_WORDS = {
    "null": (Missing("a"), cll.NullLevel("a")),
    "exact": (Exact("first name"), cll.ExactMatchLevel("first name")),
    "jaro": (Alike(Measure.JARO, "a", 0.9), cll.JaroLevel("a", 0.9)),
    "jaro-winkler": (Alike(JW, "a", 0.88), cll.JaroWinklerLevel("a", 0.88)),
    "levenshtein": (Alike(Measure.LEVENSHTEIN, "a", 2), cll.LevenshteinLevel("a", 2)),
    "damerau": (Alike(Measure.DAMERAU, "a", 1), cll.DamerauLevenshteinLevel("a", 1)),
    "days": (
        Alike(DAYS, "a", 3),
        cll.AbsoluteDateDifferenceLevel("a", input_is_string=False, threshold=3, metric="day"),
    ),
    "months": (
        Alike(DAYS, "a", 30.4375),
        cll.AbsoluteDateDifferenceLevel("a", input_is_string=False, threshold=1, metric="month"),
    ),
    "number": (Alike(Measure.NUMBER, "a", 3), cll.AbsoluteDifferenceLevel("a", 3)),
    "members": (Alike(Measure.MEMBERS, "a", 2), cll.ArrayIntersectLevel("a", 2)),
    "kilometres": (Alike(Measure.KILOMETRES, "p", 1.5), cll.DistanceInKMLevel("lat", "long", 1.5)),
    "reversed": (Exact("a", "b"), cll.ColumnsReversedLevel("a", "b")),
    "and": (
        Every((Exact("a"), Neither(Exact("b")))),
        cll.And(cll.ExactMatchLevel("a"), cll.Not(cll.ExactMatchLevel("b"))),
    ),
    "or": (Some((Exact("a"), Exact("b"))), cll.Or(cll.ExactMatchLevel("a"), cll.ExactMatchLevel("b"))),
    "date of text": (
        Alike(DAYS, "d", 1),
        cll.AbsoluteDateDifferenceLevel("a", input_is_string=True, threshold=1, metric="day"),
    ),
    "lower": (Exact("low"), cll.ExactMatchLevel(ColumnExpression("a").lower())),
    "first": (Exact("two"), cll.ExactMatchLevel(ColumnExpression("a").substr(1, 2))),
}  # fmt: skip
DERIVED = (
    Column("p", reads=Reads.POINT, made_from=("lat", "long"), by="sql-point"),
    Column("d", reads=Reads.DATE, made_from=("a",), by="sql-date"),
    Column("low", made_from=("a",), by="sql-lower"),
    Column("two", made_from=("a",), by="sql-first-2"),
)


@pytest.mark.parametrize(("condition", "level"), SAME_WORDS.values(), ids=SAME_WORDS)
def test_we_write_what_splink_writes(condition: Condition, level: Any) -> None:
    """Each condition in the very words of Splink's own library (but for spaces and capitals)."""
    theirs = level.create_level_dict("duckdb")["sql_condition"]
    ours = written(condition, DERIVED)
    theirs = theirs.replace("29800.0", "29800")  # a whole number of seconds, written as we do
    assert sqlglot.parse_one(ours, read="duckdb") == sqlglot.parse_one(theirs, read="duckdb")


READINGS = {
    "a_l = a_r": Exact("a"),
    '"A b_l" = "A b_r"': Exact("A b"),
    '"a ""q""_l" = "a ""q""_r"': Exact('a "q"'),
    "a_r = b_l": Exact("b", "a"),
    "a_l <> a_r": Neither(Exact("a")),
    "(a_l is null) or (a_r is null)": Missing("a"),
    "a_r is null or b_l is null or a_l is null or b_r is null": Some((Missing("a"), Missing("b"))),
    "a_l is not null and a_r is not null": Neither(Missing("a")),
    "not (a_l is null or a_r is null)": Neither(Missing("a")),
    "levenshtein(a_l, a_r) <= 1 + 1": Alike(Measure.LEVENSHTEIN, "a", 2),
    "LEVENSHTEIN(a_r, b_l) < 2": Alike(Measure.LEVENSHTEIN, "b", 1, "a"),
    "2 >= levenshtein(a_l, a_r)": Alike(Measure.LEVENSHTEIN, "a", 2),
    "levenshtein(a_l, a_r) > 2": Neither(Alike(Measure.LEVENSHTEIN, "a", 2)),
    "jaro_similarity(a_l, a_r) > 0.9": Alike(Measure.JARO, "a", 0.9000000000000001),
    "jaro_similarity(a_r, b_l) >= 0.9": Alike(Measure.JARO, "b", 0.9, "a"),
    "jaro_similarity(a_l, a_r) < 0.9": Neither(Alike(Measure.JARO, "a", 0.9)),
    "jaro_similarity(a_l, a_r) <= 0.9": Neither(Alike(Measure.JARO, "a", 0.9000000000000001)),
    "levenshtein(a_l, a_r) >= 2": Neither(Alike(Measure.LEVENSHTEIN, "a", 1)),
    "jaro_winkler_similarity(a_l, a_r) >= .88": Alike(JW, "a", 0.88),
    "Damerau_Levenshtein(a_l, a_r) <= -1": Alike(Measure.DAMERAU, "a", -1),
    "abs(epoch(a_l) - epoch(a_r)) <= 7 * 86400": Alike(DAYS, "a", 7),
    "abs(date_diff('day', a_l, a_r)) <= 7": Alike(DAYS, "a", 7),
    "abs(a_l - a_r) <= 1e-3": Alike(Measure.NUMBER, "a", 0.001),
    "len(list_intersect(a_l, a_r)) > 0": Alike(Measure.MEMBERS, "a", 1),
    "a_l = a_r and (b_l = b_r and c_l = c_r)": Every((Exact("a"), Every((Exact("b"), Exact("c"))))),
    "a_l = a_r and b_l = b_r or c_l = c_r": Some((Every((Exact("a"), Exact("b"))), Exact("c"))),
    "A_l = b_r and a_l = a_r": Every((Exact("A", "b"), Exact("A"))),
}


@pytest.mark.parametrize(("sql", "condition"), READINGS.items(), ids=READINGS)
def test_sql_is_read_as_the_condition_that_it_says(sql: str, condition: Condition) -> None:
    """Operators either way round, strict and not; brackets; nulls of both sides; one column's case."""
    assert read(sql) == condition


def test_rules_are_blocked_on_every_equality() -> None:
    """Wherever in the AND it stands; the rest is asked of each pair; alternatives are several rules."""
    rules = spec_from_splink(
        settings_of(
            rules=(
                block_on("a", "b c").create_blocking_rule_dict("duckdb"),
                {
                    "blocking_rule": "l.a = r.a and (l.b = r.c and l.d = r.d)",
                    "sql_dialect": "duckdb",
                },
                "substr(l.a, 1, 3) = substr(r.a, 1, 3)",
                "(l.a = r.a or l.b = r.b) and l.c <> r.c",
                "l.a = r.a and levenshtein(l.b, r.b) < 2 and l.c = r.d",
            )
        ),
        "t",
    ).blocking
    close = Alike(Measure.LEVENSHTEIN, "b", 1)
    assert rules == (
        BlockingRule(("a", "b c")),
        BlockingRule(("a", "d"), Exact("b", "c")),
        BlockingRule(("a_first_3",)),
        BlockingRule(("a",), Neither(Exact("c"))),
        BlockingRule(("b",), Neither(Exact("c"))),
        BlockingRule(("a",), Every((close, Exact("c", "d")))),
    )


def test_what_a_level_has_besides_its_condition() -> None:
    """m, u, label, fixed, term frequencies, null level: there and back."""
    counted = TermFrequency("a", 0.5, 0.001)
    spec = replace(
        spec_of(
            Level(Missing("a"), missing=True),
            Level(Exact("a"), "the same", 0.5, 0.01, counted, fixed=True),
            Level(Alike(JW, "a", 0.9), m=1e-300, u=1.0, term_frequency=TermFrequency("a")),
            columns=(Column("z"), Column("a")),
        ),
        link_type=LinkType.BOTH, prior=0.003,
    )  # fmt: skip
    spec = replace(
        spec,
        comparisons=tuple(
            replace(each, levels=(*each.levels[:-1], Level(Otherwise(), m=0.1, u=0.9)))
            for each in spec.comparisons
        ),
    )
    assert spec_from_splink(splink_settings(spec), "t") == spec


def test_a_zero_is_written_as_the_least_that_splink_takes() -> None:
    """Splink refuses smaller ones, and scores them as this."""
    levels = splink_settings(spec_of(Level(Exact("a"), m=1.0, u=0.0)))["comparisons"][0]
    assert levels["comparison_levels"][0]["u_probability"] == 1e-300


def test_levels_that_training_never_saw_have_what_splink_starts_from() -> None:
    """It saves no m for them, and scores by its starting values when it loads that."""
    settings = settings_of("a_l = a_r", "levenshtein(a_l, a_r) <= 1", "levenshtein(a_l, a_r) <= 2")
    settings["comparisons"][0]["comparison_levels"][0]["m_probability"] = 0.8
    full = SettingsCreator.from_path_or_dict(settings).get_settings("duckdb")
    theirs = [(each.m_probability, each.u_probability)
              for each in full.comparisons[0].comparison_levels]  # fmt: skip
    levels = spec_from_splink(settings, "t").comparisons[0].levels
    for level, (m, u) in zip(levels, theirs, strict=True):
        assert (level.m, level.u) == pytest.approx((m, u))


def test_untrained_settings_stay_untrained() -> None:
    """No m, no u, no prior."""
    spec = spec_from_splink(settings_of("a_l = a_r"), "t")
    assert spec.prior is None
    assert all(level.m is None and level.u is None for level in spec.comparisons[0].levels)


def test_names_that_sql_does_not_allow_come_back() -> None:
    """A comparison's name goes as its description, under an output name that no other has."""
    names = ("né à", "a b", "a_b", "A b", "plain")
    spec = replace(
        spec_of(), comparisons=tuple(Comparison(name, (Level(Exact("a")), Level(Otherwise())))
                                     for name in names),
    )  # fmt: skip
    settings = splink_settings(spec)
    outputs = [each["output_column_name"] for each in settings["comparisons"]]
    assert len({each.lower() for each in outputs}) == len(names)
    assert all(each.replace("_", "a").isalnum() and each.isascii() for each in outputs)
    assert tuple(each.name for each in spec_from_splink(settings, "t").comparisons) == names


def test_columns_are_declared_by_what_is_asked_of_them() -> None:
    """Text, date, number, list, point; those worked out stand after their sources."""
    settings = settings_of(
        "abs(epoch(try_strptime(a_l, '%Y-%m-%d')) - epoch(try_strptime(a_r, '%Y-%m-%d'))) <= 86400",
        "abs(b_l - b_r) <= 1",
        "len(list_intersect(c_l, c_r)) >= 1",
        cll.DistanceInKMLevel("north", "east", 1).create_level_dict("duckdb")["sql_condition"],
    )
    assert spec_from_splink(settings, "t").columns == (
        Column("z"),
        Column("a"),
        Column("a_date", reads=Reads.DATE, made_from=("a",), by="sql-date"),
        Column("b", reads=Reads.NUMBER),
        Column("c", reads=Reads.LIST),
        Column("north", reads=Reads.NUMBER),
        Column("east", reads=Reads.NUMBER),
        Column("north_east_point", reads=Reads.POINT, made_from=("north", "east"), by="sql-point"),
    )


def test_a_column_of_another_derivation_is_the_datas_own() -> None:
    """What SQL can't work out is named, and the data must have it; so is one whose terms are counted."""
    columns = (Column("n", made_from=("a",), by="formal-names"),
               Column("low", made_from=("a",), by="sql-lower"))  # fmt: skip
    assert written(Exact("n"), columns) == '"n_l" = "n_r"'
    settings = splink_settings(
        spec_of(Level(Exact("low"), term_frequency=TermFrequency("low")), columns=columns)
    )
    level = settings["comparisons"][0]["comparison_levels"][0]
    assert level["sql_condition"] == '"low_l" = "low_r"'


def test_certain_rules_and_their_recall_are_given_beside_the_settings() -> None:
    """Splink takes them as arguments of its training."""
    rules = (BlockingRule(("a", "b")), BlockingRule(("c",), Alike(JW, "a", 0.9)))
    spec = replace(spec_of(Level(Exact("a"))), certain=rules, recall=0.6)
    sql = splink_certain(spec)
    assert sql[0] == 'l."a" = r."a" AND l."b" = r."b"'
    found = spec_from_splink(splink_settings(spec), "t", sql, 0.6)
    assert (found.certain, found.recall) == (rules, 0.6)


@pytest.mark.parametrize("measure", Measure)
def test_every_measure_is_written_and_read(measure: Measure) -> None:
    """No measure without a form; every form of it is read as it; bounds come back to the last bit."""
    for bound in (0.0, 1.0, 0.1, 1 / 3, 1e-7, 0.30000000000000004, 12345.678901234567):
        condition = Alike(measure, "a", bound)
        assert read(written(condition)) == condition
        assert read(written(Neither(condition))) == Neither(condition)
    assert measure in FORMS


def test_the_library_is_read_whole() -> None:
    """A saved model, as Splink writes it, with every key that it writes."""
    creator = SettingsCreator(
        link_type="link_and_dedupe",
        comparisons=[cl.NameComparison("a"), cl.PostcodeComparison("p")],
        blocking_rules_to_generate_predictions=[block_on("a")],
    )
    spec = spec_from_splink(creator.get_settings("duckdb").as_dict(), "t")
    assert spec.link_type is LinkType.BOTH
    assert [each.name for each in spec.comparisons] == ["a", "p"]
    assert spec.comparisons[0].levels[1] == Level(
        Exact("a"), "Exact match on a", term_frequency=TermFrequency("a")
    )
