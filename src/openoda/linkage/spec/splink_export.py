"""A spec as the settings of Splink 5 on DuckDB, which scores every pair as we do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from openoda.linkage.spec.conditions import (
    LIKENESSES,
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
from openoda.linkage.spec.model import BlockingRule, Column, Comparison, Level, LinkType, Spec
from openoda.linkage.spec.splink_sql import (
    DERIVATIONS,
    FORMS,
    GUARDED_MEMBERS,
    POINT,
    figure,
    of_level,
    of_rule,
    quoted,
)
from openoda.vocabulary.refusals import Misused

LINK_TYPES = {
    LinkType.DEDUPE: "dedupe_only",
    LinkType.LINK: "link_only",
    LinkType.BOTH: "link_and_dedupe",
}
LEAST = 1e-300
"""Splink takes no smaller m or u; ours count as no smaller either."""


def splink_settings(spec: Spec) -> dict[str, Any]:
    """The settings dictionary that `splink.Linker` takes, dialect DuckDB.

    Columns go by the spec's names (`_l`, `_r`); one worked out by a derivation that SQL can say is
    written out over its sources, any other is a column that the data must have. What Splink's
    settings have no place for (name, aliases, certain rules and their recall) is left out: for the
    rules see `splink_certain`. Levels without m or u have none here either, where Splink scores by its
    starting values. Refuses (Misused) a spec without blocking rules, which Splink would take to mean
    all pairs, and a comparison of one level. (Splink itself fails on term frequencies of a column whose
    name has to be quoted, such as `order`.)
    """
    if not spec.blocking:
        raise Misused(
            "The spec has no blocking rule, which Splink takes to mean all pairs",
            where=spec.name,
            remedy="Add a blocking rule.",
        )
    for each in spec.comparisons:
        if sum(not level.missing for level in each.levels) < 2:
            raise Misused(
                f"Comparison {each.name!r} has a single level, which Splink can't hold",
                where=spec.name,
                remedy="Give it another level, or take it out.",
            )
    columns = _sayable(spec)
    names = _output_names([each.name for each in spec.comparisons])
    settings: dict[str, Any] = {"link_type": LINK_TYPES[spec.link_type]}
    if spec.prior is not None:
        settings["probability_two_random_records_match"] = spec.prior
    settings["blocking_rules_to_generate_predictions"] = [
        _rule(rule, columns) for rule in spec.blocking
    ]
    settings["comparisons"] = [
        _comparison(each, name, columns) for each, name in zip(spec.comparisons, names, strict=True)
    ]
    return settings


def splink_certain(spec: Spec) -> list[str]:
    """The certain rules, for `linker.training.estimate_probability_two_random_records_match`."""
    return [_rule(rule, _sayable(spec)) for rule in spec.certain]


def derived_sql(column: Column, of: Callable[[str], str] = quoted) -> str | None:
    """A derived column in SQL; None where SQL can't say it. `of`: what a source column is called."""
    derivation = DERIVATIONS.get(column.by)
    if derivation is None or len(column.made_from) != 1:
        return None
    return derivation.sql[0].format(of=of(column.made_from[0]))


def written(condition: Condition, naming: "Naming", denied: bool = False) -> str:
    """The condition in SQL; `ELSE` for `Otherwise`. `denied`: it stands inside a NOT."""
    match condition:
        case Otherwise():
            return "ELSE"
        case Missing(column):
            return naming.missing(column)
        case Exact(column, other):
            return f"{naming.of(column, 'l')} = {naming.of(other or column, 'r')}"
        case Alike():
            return _alike(condition, naming, denied)
        case Every(of):
            return " AND ".join(f"({written(part, naming, denied)})" for part in of)
        case Some(of):
            return " OR ".join(f"({written(part, naming, denied)})" for part in of)
        case Neither(of):
            return f"NOT ({written(of, naming, True)})"


@dataclass(frozen=True)
class Naming:
    """What columns are called: `one` gives a plain column's SQL, `derived` those to write out."""

    one: Callable[[str, str], str]
    derived: dict[str, Column]

    def of(self, name: str, side: str) -> str:
        """A column of the record on one side ("l" or "r")."""
        column = self.derived.get(name)
        if column is None or column.by == POINT:
            return self.one(name, side)
        found = derived_sql(column, lambda source: self.of(source, side))
        return found or self.one(name, side)

    def missing(self, name: str) -> str:
        """Either record has no value; a point none where it lacks either coordinate."""
        column = self.derived.get(name)
        if column is not None and column.by == POINT:
            return " OR ".join(f"({self.missing(part)})" for part in column.made_from)
        return f"{self.of(name, 'l')} IS NULL OR {self.of(name, 'r')} IS NULL"

    def coordinates(self, name: str, side: str) -> tuple[str, str]:
        """A point's latitude and longitude: two columns, or a struct's parts."""
        column = self.derived.get(name)
        if column is not None and column.by == POINT:
            latitude, longitude = column.made_from
            return self.of(latitude, side), self.of(longitude, side)
        whole = self.one(name, side)
        return f"{whole}['latitude']", f"{whole}['longitude']"


def _sayable(spec: Spec) -> dict[str, Column]:
    """Derived columns that SQL can say and that no term frequency is counted of."""
    counted = {
        level.term_frequency.column
        for each in spec.comparisons
        for level in each.levels
        if level.term_frequency
    }
    return {
        each.name: each
        for each in spec.columns
        if (each.by == POINT or derived_sql(each) is not None) and each.name not in counted
    }


def _alike(condition: Alike, naming: Naming, denied: bool) -> str:
    form = FORMS[condition.measure][0]
    sql, sign = form.sql, ">=" if condition.measure in LIKENESSES else "<="
    bound = _bound(condition.bound, form.scale)
    if condition.measure is Measure.MEMBERS and (denied or condition.bound < 1):
        sql = GUARDED_MEMBERS
    if condition.measure is Measure.KILOMETRES and "e" in bound:  # else it were held as 64 bits
        bound = f"CAST({bound} AS FLOAT)"
    return f"{sql.format(**_places(condition, naming))} {sign} {bound}"


def _places(condition: Alike, naming: Naming) -> dict[str, str]:
    """What stands in a form's places."""
    column, other = condition.column, condition.other or condition.column
    if condition.measure is not Measure.KILOMETRES:
        return {"left": naming.of(column, "l"), "right": naming.of(other, "r")}
    places: dict[str, str] = {}
    for side, name in (("left", column), ("right", other)):
        latitude, longitude = naming.coordinates(name, side[0])
        places |= {f"{side}_latitude": latitude, f"{side}_longitude": longitude}
    return places


def _bound(bound: float, scale: int) -> str:
    """The bound in the form's units; a product where multiplying here would not be undone exactly."""
    if bound * scale / scale != bound:
        return f"{figure(bound)} * {scale}"
    return figure(bound * scale)


def _rule(rule: BlockingRule, columns: dict[str, Column]) -> str:
    naming = Naming(of_rule, columns)
    parts = [f"{naming.of(name, 'l')} = {naming.of(name, 'r')}" for name in rule.equal]
    if rule.also:
        parts.append(f"({written(rule.also, naming)})")
    return " AND ".join(parts)


def _comparison(
    comparison: Comparison, output_name: str, columns: dict[str, Column]
) -> dict[str, Any]:
    return {
        "output_column_name": output_name,
        "comparison_description": comparison.name,
        "comparison_levels": [
            _level(level, Naming(of_level, columns)) for level in comparison.levels
        ],
    }


def _level(level: Level, naming: Naming) -> dict[str, Any]:
    found: dict[str, Any] = {"sql_condition": written(level.when, naming)}
    if level.label:
        found["label_for_charts"] = level.label
    if level.missing:
        found["is_null_level"] = True
    if level.m is not None and not level.missing:
        found["m_probability"] = max(level.m, LEAST)
    if level.u is not None and not level.missing:
        found["u_probability"] = max(level.u, LEAST)
    if level.fixed:
        found |= {"fix_m_probability": True, "fix_u_probability": True}
    if level.term_frequency:
        found["tf_adjustment_column"] = level.term_frequency.column
        found["tf_adjustment_weight"] = level.term_frequency.weight
        found["tf_minimum_u_value"] = level.term_frequency.least_u
    return found


def plain(name: str) -> str:
    """A comparison's name in letters that Splink's unquoted column names allow."""
    return "".join(one if one.isascii() and one.isalnum() else "_" for one in name)


def _output_names(names: Sequence[str]) -> list[str]:
    """Plain names, no two alike but for case."""
    found: list[str] = []
    for name in map(plain, names):
        count, unique = 1, name
        while unique.casefold() in {each.casefold() for each in found}:
            count += 1
            unique = f"{name}_{count}"
        found.append(unique)
    return found
