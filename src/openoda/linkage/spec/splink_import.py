"""Splink's settings as a spec: their SQL read into our conditions, or all that can't be is refused."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from openoda.linkage.spec.conditions import (
    Condition,
    Every,
    Exact,
    Missing,
    Neither,
    Otherwise,
    Some,
)
from openoda.linkage.spec.model import (
    BlockingRule,
    Comparison,
    Level,
    LinkType,
    Spec,
    TermFrequency,
)
from openoda.linkage.spec.splink_export import LINK_TYPES, plain
from openoda.linkage.spec.splink_reading import (
    DIALECT,
    Reader,
    Unsayable,
    of_level,
    of_rule,
    parsed,
)
from openoda.linkage.spec.splink_sql import POINT
from openoda.vocabulary.refusals import Misused

if TYPE_CHECKING:
    from sqlglot import Expr

_SHOWN = 160
_FIRST_M = 0.95
_RULES = "blocking_rules_to_generate_predictions"


def spec_from_splink(
    settings: Mapping[str, Any], name: str, certain: Sequence[str] = (), recall: float = 0.7
) -> Spec:
    """The spec that says what Splink's settings say (a dictionary as it saves them, dialect DuckDB).

    `certain`, `recall`: what was given to Splink's `estimate_probability_two_random_records_match`.
    A function of a column becomes a derived column; an equality of one column anywhere in a blocking
    rule's AND is blocked on; a rule of alternatives becomes several. Refuses (Misused) what our
    conditions can't say, all at once: each comparison, level and SQL with the reason.
    """
    reading = _Reading(settings)
    blocking = reading.rules("blocking rule", _list(settings, _RULES))
    spec = Spec(
        name=name,
        blocking=blocking,
        comparisons=reading.comparisons(_list(settings, "comparisons")),
        link_type=reading.link_type(),
        prior=reading.prior(),
        certain=reading.rules("certain rule", certain),
        recall=recall,
    )
    if not blocking and not reading.problems:
        reading.problems.append("there is no blocking rule, which Splink takes to mean all pairs")
    reading.problems += [
        f"column {each!r} has the name of one to be worked out" for each in reading.reader.clashes()
    ]
    if reading.problems:
        raise Misused(
            "Splink's settings say what a spec can't: " + "; ".join(reading.problems),
            where=name,
            remedy="Change or leave out what is named; the rest is understood.",
        )
    return reading.declared(spec)


def _list(settings: Mapping[str, Any], key: str) -> list[Any]:
    found = settings.get(key) or []
    if not isinstance(found, list | tuple):
        raise Misused(
            f"{key!r} is not a list",
            where="Splink's settings",
            remedy="Give the settings as Splink saves them.",
        )
    return list(found)


@dataclass
class _Reading:
    """One reading of settings; `problems` gathers what can't be said."""

    settings: Mapping[str, Any]
    reader: Reader = field(default_factory=Reader)
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        dialect = self.settings.get("sql_dialect") or DIALECT
        if dialect != DIALECT:
            self.problems.append(f"their SQL is of {dialect}, not of {DIALECT}")

    def link_type(self) -> LinkType:
        """Which pairs are looked at."""
        said = self.settings.get("link_type")
        for ours, theirs in LINK_TYPES.items():
            if said == theirs:
                return ours
        self.problems.append(f"link type {said!r} is none of {', '.join(LINK_TYPES.values())}")
        return LinkType.DEDUPE

    def prior(self) -> float | None:
        """The probability that two records match; None where there is none."""
        try:
            return _share(self.settings, "probability_two_random_records_match")
        except Unsayable as why:
            self.problems.append(str(why))
            return None

    def declared(self, spec: Spec) -> Spec:
        """The spec with its columns declared, points missing where either coordinate is."""
        points = {
            frozenset(each.made_from): each.name
            for each in self.reader.columns(spec.used())
            if each.by == POINT
        }
        comparisons = tuple(
            replace(each, levels=tuple(replace(level, when=_pointed(level.when, points))
                                       for level in each.levels))
            for each in spec.comparisons
        )  # fmt: skip
        found = replace(spec, comparisons=comparisons)
        return replace(found, columns=self.reader.columns(found.used()))

    def rules(self, kind: str, given: Iterable[Any]) -> tuple[BlockingRule, ...]:
        """Blocking rules from their SQL, alone or in a dictionary."""
        found: list[BlockingRule] = []
        for number, each in enumerate(given, 1):
            sql = each.get("blocking_rule") if isinstance(each, Mapping) else each
            where = f"{kind} {number}: {_shown(sql)}"
            if isinstance(each, Mapping) and each.get("arrays_to_explode"):
                self.problems.append(f"{where} (it explodes a list)")
                continue
            try:
                found += self._rules(parsed(_text(sql)))
            except Unsayable as why:
                self.problems.append(f"{where} ({why})")
        return tuple(found)

    def _rules(self, node: "Expr") -> list[BlockingRule]:
        """One rule; or one for each alternative, where only they have an equality to block on."""
        from sqlglot import exp

        parts = list(_conjuncts(node))
        equal, rest = [], []
        for part in parts:
            said = self.reader.condition(part, of_rule) if isinstance(part, exp.EQ) else None
            if isinstance(said, Exact) and not said.other:
                equal.append(said.column)
            else:
                rest.append(part)
        if equal:
            also = self.reader.condition(exp.and_(*rest), of_rule) if rest else None
            return [BlockingRule(tuple(dict.fromkeys(equal)), also)]
        for place, part in enumerate(parts):
            if isinstance(part, exp.Or):
                others = parts[:place] + parts[place + 1 :]
                return [rule for one in part.flatten()
                        for rule in self._rules(exp.and_(one, *others))]  # fmt: skip
        raise Unsayable("no column has to be equal in both records")

    def comparisons(self, given: Iterable[Any]) -> tuple[Comparison, ...]:
        """Comparisons with their levels."""
        found = []
        for number, each in enumerate(given, 1):
            if not isinstance(each, Mapping) or not isinstance(each.get("comparison_levels"), list):
                self.problems.append(f"comparison {number} has no list of comparison_levels")
                continue
            called = _name(each, number)
            levels = [
                self._level(one, f"comparison {called!r}, level {place}")
                for place, one in enumerate(each["comparison_levels"], 1)
            ]
            found.append(Comparison(called, tuple(_completed(levels))))
            self.problems += _problems_of(found[-1])
        return tuple(found)

    def _level(self, given: Any, where: str) -> Level:
        sql = given.get("sql_condition") if isinstance(given, Mapping) else None
        where = f"{where}: {_shown(sql)}"
        try:
            return _level(given, self._condition(_text(sql)), self.reader)
        except Unsayable as why:
            self.problems.append(f"{where} ({why})")
            return Level(Otherwise())

    def _condition(self, sql: str) -> Condition:
        if sql.strip().upper() == "ELSE":
            return Otherwise()
        return self.reader.condition(parsed(sql), of_level)


def _level(given: Mapping[str, Any], when: Condition, reader: Reader) -> Level:
    """A level with what the settings say of it besides its condition."""
    missing = bool(given.get("is_null_level"))
    fixed, other = (bool(given.get(f"fix_{one}_probability")) for one in "mu")
    if fixed != other:
        raise Unsayable("only one of its m and u is fixed")
    return Level(
        when,
        label=str(given.get("label_for_charts") or ""),
        m=None if missing else _share(given, "m_probability"),
        u=None if missing else _share(given, "u_probability"),
        term_frequency=None if missing else _term_frequency(given, when, reader),
        missing=missing,
        fixed=fixed,
    )


def _share(given: Mapping[str, Any], key: str) -> float | None:
    value = given.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise Unsayable(f"{key} is no number from 0 to 1")
    return float(value)


def _term_frequency(
    given: Mapping[str, Any], when: Condition, reader: Reader
) -> TermFrequency | None:
    """The adjustment; none on the last level, where Splink makes none."""
    column = given.get("tf_adjustment_column")
    if not column or when == Otherwise():
        return None
    if not isinstance(column, str):
        raise Unsayable("its tf_adjustment_column is no name")
    column = column[1:-1].replace('""', '"') if column[0] == column[-1] == '"' else column
    column = reader.spelt(column)
    if given.get("disable_tf_exact_match_detection") and when != Exact(column):
        raise Unsayable("its term frequencies stand in for its own u, not for that of equal values")
    weight, least = _share(given, "tf_adjustment_weight"), _share(given, "tf_minimum_u_value")
    return TermFrequency(column, 1.0 if weight is None else weight, least or 0.0)


def _completed(levels: Sequence[Level]) -> list[Level]:
    """Levels of a trained comparison whose m or u wasn't observed, with those that Splink starts from.

    It leaves them out of what it saves, and scores by its starting values when it loads that: m .95 for
    the first level, the rest shared equally; u so that weights rise evenly from -5 to 3, and 10.
    """
    kept = [level for level in levels if not level.missing]
    trained = any(level.m is not None or level.u is not None for level in kept)
    if not trained or len(kept) < 2:
        return list(levels)
    highest, found = len(kept) - 1, []
    rank = highest
    for level in levels:
        if not level.missing:
            m = _FIRST_M if rank == highest else (1 - _FIRST_M) / highest
            weight = 10.0 if rank == highest else -5.0 + rank * 8 / max(1, highest - 1)
            level = replace(level, m=m if level.m is None else level.m,
                            u=m / 2**weight if level.u is None else level.u)  # fmt: skip
            rank -= 1
        found.append(level)
    return found


def _problems_of(comparison: Comparison) -> Iterable[str]:
    """What a comparison lacks to be scored."""
    if not comparison.levels or comparison.levels[-1].when != Otherwise():
        yield f"comparison {comparison.name!r} has no ELSE at its end"
    exact = {level.when for level in comparison.levels}
    counted = [each.term_frequency.column for each in comparison.levels if each.term_frequency]
    for column in dict.fromkeys(counted):
        if Exact(column) not in exact:
            yield (
                f"comparison {comparison.name!r} has no level of equal {column!r}, which its term "
                "frequencies stand in for"
            )


def _conjuncts(node: "Expr") -> Iterable["Expr"]:
    """What all must hold, however it is bracketed."""
    from sqlglot import exp

    node = node.unnest()
    if isinstance(node, exp.And):
        for part in node.flatten():
            yield from _conjuncts(part)
    else:
        yield node


def _pointed(condition: Condition, points: Mapping[frozenset[str], str]) -> Condition:
    """Missing latitude or missing longitude as a missing point."""
    match condition:
        case Some(of) if all(isinstance(part, Missing) for part in of):
            point = points.get(frozenset(part.column for part in of if isinstance(part, Missing)))
            return Missing(point) if point else condition
        case Every(of):
            return Every(tuple(_pointed(part, points) for part in of))
        case Some(of):
            return Some(tuple(_pointed(part, points) for part in of))
        case Neither(of):
            return Neither(_pointed(of, points))
    return condition


def _name(given: Mapping[str, Any], number: int) -> str:
    """The comparison's name: its description where the output column is named after that."""
    output, said = given.get("output_column_name"), given.get("comparison_description")
    output, said = str(output or f"comparison {number}"), str(said or "")
    named = said and re.fullmatch(re.escape(plain(said)) + r"(_\d+)?", output)
    return said if named else output


def _text(sql: object) -> str:
    if not isinstance(sql, str) or not sql.strip():
        raise Unsayable("it has no SQL")
    return sql


def _shown(sql: object) -> str:
    text = " ".join(str(sql).split())
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
