"""Every comparison of Splink's library that a spec can say: imported, it scores as Splink does."""

import datetime as dt
import random
from typing import Any

import pyarrow as pa
import pytest
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import ColumnExpression, SettingsCreator, block_on

from openoda.linkage.spec.reading import spec_from
from openoda.linkage.spec.splink_export import splink_settings
from openoda.linkage.spec.splink_import import spec_from_splink
from openoda.linkage.spec.writing import written
from openoda.linkage.sql_columns import SQL_DERIVATIONS
from tests.generative.linkage_parity import AGREED, faults, splink_weights

ROWS = 120
COMPARISONS = {
    "exact": cl.ExactMatch("name").configure(term_frequency_adjustments=True),
    "levenshtein": cl.LevenshteinAtThresholds("name", [1, 2, 4]),
    "damerau": cl.DamerauLevenshteinAtThresholds("name", [1, 2]),
    "jaro": cl.JaroAtThresholds("name", [0.9, 0.7]),
    "jaro-winkler": cl.JaroWinklerAtThresholds("name", [0.92, 0.88, 0.7]),
    "distance": cl.DistanceFunctionAtThresholds("name", "levenshtein", [1, 3], False),
    "name": cl.NameComparison("name"),
    "name, phonetic": cl.NameComparison("name", dmeta_col_name="tags"),
    "two names": cl.ForenameSurnameComparison("name", "family"),
    "names joined": cl.ForenameSurnameComparison(
        "name", "family", forename_surname_concat_col_name="email"
    ),
    "birth as text": cl.DateOfBirthComparison("born", input_is_string=True),
    "birth as date": cl.DateOfBirthComparison("day", input_is_string=False),
    "dates as text": cl.AbsoluteDateDifferenceAtThresholds(
        "born", input_is_string=True, metrics=["day", "month", "year"], thresholds=[1, 2, 1]
    ),
    "dates": cl.AbsoluteDateDifferenceAtThresholds(
        "day", input_is_string=False, metrics=["day", "month"], thresholds=[3, 1]
    ),
    "times of dates": cl.AbsoluteTimeDifferenceAtThresholds(
        "day", input_is_string=False, metrics=["hour", "day"], thresholds=[36, 20]
    ),
    "postcode": cl.PostcodeComparison("postcode"),
    "postcode by place": cl.PostcodeComparison(
        "postcode", lat_col="north", long_col="east", km_thresholds=[0.5, 1, 50]
    ),
    "kilometres": cl.DistanceInKMAtThresholds("north", "east", [0.1, 1, 111.2, 5000]),
    "email": cl.EmailComparison("email"),
    "members": cl.ArrayIntersectAtSizes("tags", [3, 2, 1]),
    "custom": cl.CustomComparison(
        output_column_name="several",
        comparison_levels=[
            cll.NullLevel("name"),
            cll.ColumnsReversedLevel("name", "family", symmetrical=True),
            cll.And(cll.ExactMatchLevel("family"), cll.Not(cll.ExactMatchLevel("name"))),
            cll.PercentageDifferenceLevel("size", 0.1),
            cll.Or(cll.AbsoluteDifferenceLevel("size", 3), cll.JaroLevel("family", 0.8)),
            cll.ColumnsReversedLevel("name", "family"),
            cll.DistanceInKMLevel("north", "east", 10, not_null=True),
            cll.ExactMatchLevel(ColumnExpression("family").lower().substr(1, 2)),
            cll.LevenshteinLevel(ColumnExpression("day").cast_to_string(), 1),
            cll.ElseLevel(),
        ],
    ),
}
NAMES = ("Ann", "ann", "anne", "Hannah", "Émile", "emile", "O'Brien", "Martha", "Marhta", "")
POSTCODES = ("N1 9AA", "N1 9AB", "N1 8AA", "NW1 9AA", "SW1A 1AA", "sw1a 1ab", "XX", "EC1A1BB")
BIRTHS = ("1990-01-31", "1990-1-31", "1990-02-28", "1991-13-01", "2000-12-01", "31/01/1990", "")
EMAILS = ("ann@x.org", "ann@y.org", "anne@x.org", "@x.org", "ann", "hannah@x.org")


def people() -> pa.Table:
    """People whose values are often alike, a tenth of them missing."""
    draws = random.Random(7)

    def some(values: Any) -> list[Any]:
        return [None if draws.random() < 0.1 else draws.choice(values) for _ in range(ROWS)]

    days = [dt.date(1990, 1, 1) + dt.timedelta(days=each) for each in (0, 1, 2, 20, 40, 400)]
    return pa.table(
        {
            "name": some(NAMES),
            "family": some(NAMES),
            "born": some(BIRTHS),
            "day": pa.array(some(days), pa.date32()),
            "postcode": some(POSTCODES),
            "email": some(EMAILS),
            "tags": some([["a"], ["a", "b"], ["b", "a", "c"], [], ["c", "c", "d"]]),
            "north": pa.array(some([51.5, 51.501, 51.51, 52.5, -51.5]), pa.float64()),
            "east": pa.array(some([0.0, 0.001, 0.1, 1.0, 179.9, -179.9]), pa.float64()),
            "size": pa.array(some([0.0, 1.0, 10.0, 11.0, 11.2, 100.0, 110.0, -5.0]), pa.float64()),
            "block": some(["x", "y"]),
        }
    )


def given_weights(settings: dict[str, Any]) -> dict[str, Any]:
    """The settings with an m and a u at every level, all different, so that none passes for another."""
    for comparison in settings["comparisons"]:
        kept = [each for each in comparison["comparison_levels"] if not each.get("is_null_level")]
        for place, level in enumerate(kept):
            level["m_probability"] = 0.5 / (place + 1)
            level["u_probability"] = 0.01 * (place + 1) ** 2
    return settings


@pytest.mark.parametrize("comparison", COMPARISONS.values(), ids=COMPARISONS)
def test_a_comparison_of_the_library(comparison: Any) -> None:
    """Every pair's weight, by Splink with its own settings, by us, by Splink with our export."""
    settings = given_weights(
        SettingsCreator(
            link_type="dedupe_only",
            comparisons=[comparison],
            blocking_rules_to_generate_predictions=[block_on("block")],
        ).create_settings_dict("duckdb")
    )
    spec = spec_from_splink(settings, "library")
    table = people()
    assert faults(spec, table, settings=settings) == []
    theirs = splink_weights(settings, table)
    again = splink_weights(splink_settings(spec), table)
    assert theirs.keys() == again.keys()
    assert max(abs(theirs[pair] - again[pair]) for pair in theirs) < AGREED
    levels = {round(weight, 6) for weight in theirs.values()}
    assert len(levels) > 2  # else it would have shown little


@pytest.mark.parametrize("comparison", COMPARISONS.values(), ids=COMPARISONS)
def test_an_import_is_a_sound_spec_file(comparison: Any) -> None:
    """Written as TOML and read again it is the same, with nothing found wrong."""
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[comparison],
        blocking_rules_to_generate_predictions=[block_on("block", "substr(name, 1, 3)")],
    ).create_settings_dict("duckdb")
    spec = spec_from_splink(settings, "library")
    assert spec_from(written(spec), "library", SQL_DERIVATIONS) == spec


RULES = {
    "substring": block_on("substr(family, 1, 2)", "block"),
    "two columns": block_on("name", "postcode"),
    "across": "l.block = r.block and l.name = r.family",
    "alternatives": "(l.name = r.name or l.family = r.family) and l.block = r.block",
    "alternatives alone": "l.block = r.block and l.name = r.name or l.postcode = r.postcode",
    "distance": "l.block = r.block and levenshtein(l.name, r.name) < 3 and l.born <> r.born",
    "not": "l.block = r.block and not (jaro_winkler_similarity(l.name, r.name) > 0.8)",
    "close": "l.block = r.block and abs(l.size - r.size) <= 1 and l.tags is not null "
    "and r.tags is not null",
}


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_blocking_rule(rule: Any) -> None:
    """The same pairs, also where one of Splink's rules is several of ours."""
    settings = given_weights(
        SettingsCreator(
            link_type="dedupe_only",
            comparisons=[cl.ExactMatch("email")],
            blocking_rules_to_generate_predictions=[block_on("born", "block"), rule],
        ).create_settings_dict("duckdb")
    )
    table = people()
    assert faults(spec_from_splink(settings, "rule"), table, settings=settings) == []
