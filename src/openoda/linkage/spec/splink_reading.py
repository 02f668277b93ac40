"""SQL read back into conditions, with the columns that it names or works out.

sqlglot parses both the SQL and our own forms of it, and a condition is known by its tree being a
form's; so no names of sqlglot's own node classes for functions are relied on.
"""

import math
from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from openoda.linkage.spec.conditions import (
    LIKENESSES,
    Alike,
    Condition,
    Every,
    Exact,
    Measure,
    Missing,
    Neither,
    Some,
)
from openoda.linkage.spec.model import Column, Reads
from openoda.linkage.spec.splink_sql import DERIVATIONS, FORMS, POINT, READS
from openoda.vocabulary.refusals import Misused

if TYPE_CHECKING:
    from sqlglot import Expr

DIALECT = "duckdb"
DEEPEST = 30
"""The compiled loop keeps the answers of tests inside one another in one word."""
_TOO_DEEP = "its tests stand too deep inside one another"
_COUNTED = frozenset({Measure.LEVENSHTEIN, Measure.DAMERAU, Measure.MEMBERS})
_PLACES = (
    "left", "right", "left_latitude", "left_longitude", "right_latitude", "right_longitude", "of",
)  # fmt: skip
_MARKED = {name: f"__{name}__" for name in _PLACES}
Sided = tuple[str, str]
"""The side of the pair ("l" or "r") and the column's name."""
Bound = tuple["Expr", "Expr"]


class Unsayable(Exception):
    """SQL that our conditions can't say; its message is the reason."""


def parsed(sql: str) -> "Expr":
    """The SQL as a tree; `Unsayable` where it isn't SQL; Misused where sqlglot is not installed."""
    try:
        from sqlglot import ErrorLevel, errors, parse_one
    except ImportError as absent:
        raise Misused(
            "Splink's settings are read with sqlglot, which is not installed",
            remedy="Install it: pip install openoda[link].",
        ) from absent
    try:
        return parse_one(sql, read=DIALECT, error_level=ErrorLevel.RAISE)
    except (errors.SqlglotError, AttributeError, KeyError, TypeError, ValueError) as wrong:
        # On some text that is no SQL the parser trips over itself: {= is an AttributeError.
        raise Unsayable("it isn't SQL of DuckDB's dialect") from wrong
    except RecursionError:
        raise Unsayable(_TOO_DEEP) from None


def depth(condition: Condition) -> int:
    """How deep tests stand inside one another."""
    match condition:
        case Every(of) | Some(of):
            return 1 + max(map(depth, of), default=0)
        case Neither(of):
            return 1 + depth(of)
    return 1


class Reader:
    """Reads the conditions of one set of settings, and gathers the columns that they need."""

    def __init__(self) -> None:
        self._derived: dict[tuple[tuple[str, ...], str], Column] = {}
        self._reads: dict[str, Reads] = {}
        self._spelt: dict[str, str] = {}

    def spelt(self, name: str) -> str:
        """The column's name as it was first spelt: DuckDB tells no small letters from great ones."""
        return self._spelt.setdefault(name.lower(), name)

    def clashes(self) -> list[str]:
        """Plain columns that are called as a derived one is."""
        return [each.name for each in self._derived.values() if each.name.lower() in self._spelt]

    def columns(self, used: tuple[str, ...]) -> tuple[Column, ...]:
        """The declarations of these columns, each derived one's sources before it."""
        by_name = {each.name: each for each in self._derived.values()}
        found: dict[str, Column] = {}

        def declare(name: str) -> None:
            column = by_name.get(name)
            for source in column.made_from if column else ():
                declare(source)
            found.setdefault(name, column or Column(name, reads=self._read(name)))

        for name in used:
            declare(name)
        return tuple(found.values())

    def _read(self, name: str) -> Reads:
        return self._reads.get(name, Reads.TEXT)

    def derived(self, sources: tuple[str, ...], by: str, reads: Reads) -> str:
        """The name of a derived column, one for each derivation from the same sources."""
        name = "_".join((*sources, by.removeprefix("sql-").replace("-", "_")))
        return self._derived.setdefault(
            (sources, by), Column(name, reads=reads, made_from=sources, by=by)
        ).name

    def noted(self, name: str, reads: Reads) -> str:
        """The column, noted as one of this kind; `Unsayable` where it is used as another too."""
        derived = next((each for each in self._derived.values() if each.name == name), None)
        known = derived.reads if derived else self._reads.setdefault(name, reads)
        if known is not reads:
            raise Unsayable(f"column {name!r} is compared as a {known} and as a {reads}")
        return name

    def condition(self, node: "Expr", sided: Callable[["Expr"], Sided | None]) -> Condition:
        """What the tree says; `sided` tells a plain column's side. `Unsayable` with the reason."""
        try:
            found = _Sentence(self, sided).condition(node)
        except RecursionError:
            raise Unsayable(_TOO_DEEP) from None
        if depth(found) > DEEPEST:
            raise Unsayable(_TOO_DEEP)
        return found


class _Sentence:
    """One condition: whose columns are told apart by suffix (levels) or by table (rules)."""

    def __init__(self, reader: Reader, sided: Callable[["Expr"], Sided | None]) -> None:
        self._reader, self._sided = reader, sided

    def condition(self, node: "Expr") -> Condition:
        """What a tree says."""
        from sqlglot import exp

        node = node.unnest()
        if isinstance(node, exp.And):
            return self._joined(node, Every)
        if isinstance(node, exp.Or):
            return self._joined(node, Some)
        if isinstance(node, exp.Not):
            return Neither(self.condition(node.this))
        if isinstance(node, exp.EQ | exp.NEQ):
            equal = self._equal(node.this, node.expression)
            return equal if isinstance(node, exp.EQ) else Neither(equal)
        if isinstance(node, exp.GTE | exp.GT | exp.LTE | exp.LT):
            return self._bounded(node)
        raise Unsayable(f"{_short(node)} is no test of two values")

    def _joined(self, node: "Expr", join: type[Every] | type[Some]) -> Condition:
        """Parts of AND or OR; tests of one side's null are put together to one of both."""
        parts: list[Condition] = []
        waiting: list[Sided] = []
        for part in node.flatten():
            null = self._null(part, wanted=join is Some)
            if null is None:
                parts.append(self.condition(part))
                continue
            side, name = null
            partner = ("l" if side == "r" else "r", name)
            if partner in waiting:
                waiting.remove(partner)
                parts.append(Missing(name) if join is Some else Neither(Missing(name)))
            elif null not in waiting:
                waiting.append(null)
        if waiting:
            raise Unsayable("a null is asked of one side only")
        return parts[0] if len(parts) == 1 else join(tuple(parts))

    def _null(self, node: "Expr", wanted: bool) -> Sided | None:
        """The column of `x IS NULL` (`wanted`) or `x IS NOT NULL`; None where it is something else."""
        from sqlglot import exp

        node = node.unnest()
        if not wanted:
            if not isinstance(node, exp.Not):
                return None
            node = node.this.unnest()
        if isinstance(node, exp.Is) and isinstance(node.expression, exp.Null):
            return self._operand(node.this)
        return None

    def _equal(self, one: "Expr", other: "Expr") -> Exact:
        left, right = self._pair(one, other)
        return Exact(left, "" if right == left else right)

    def _bounded(self, node: "Expr") -> Condition:
        """A measure held against a number, either way round and with or without equality."""
        from sqlglot import exp

        from_below, strict = isinstance(node, exp.GTE | exp.GT), isinstance(node, exp.GT | exp.LT)
        told, limit = node.this, node.expression
        if _constant(told) is not None:
            told, limit, from_below = limit, told, not from_below
        for measure, number, form in _forms():
            found: dict[str, Expr] = {}
            if _same(form, told, found):
                return self._alike(measure, found, _limit(limit, FORMS[measure][number].scale),
                                   from_below, strict)  # fmt: skip
        raise Unsayable(f"{_short(told)} is no measure of two values that is known here")

    def _alike(
        self,
        measure: Measure,
        found: dict[str, "Expr"],
        bound: float,
        from_below: bool,
        strict: bool,
    ) -> Condition:
        """The test, or its opposite where the SQL asks for the other side of the bound.

        A bound that counts as outside is moved to the next value inside, and the other way about.
        """
        likeness = measure in LIKENESSES
        opposite = from_below != likeness
        if strict != opposite:
            bound = _next(bound, up=likeness, whole=measure in _COUNTED)
        left, right = self._compared(measure, found)
        test = Alike(measure, left, bound, "" if right == left else right)
        return Neither(test) if opposite else test

    def _compared(self, measure: Measure, found: dict[str, "Expr"]) -> tuple[str, str]:
        reads = READS.get(measure, Reads.TEXT)
        if measure is Measure.KILOMETRES:
            left, right = self._sorted(
                self._point(found[_MARKED["left_latitude"]], found[_MARKED["left_longitude"]]),
                self._point(found[_MARKED["right_latitude"]], found[_MARKED["right_longitude"]]),
            )
        else:
            left, right = self._pair(found[_MARKED["left"]], found[_MARKED["right"]])
        return self._reader.noted(left, reads), self._reader.noted(right, reads)

    def _pair(self, one: "Expr", other: "Expr") -> tuple[str, str]:
        return self._sorted(self._operand(one), self._operand(other))

    def _sorted(self, one: Sided, other: Sided) -> tuple[str, str]:
        """The left record's column and the right one's; all measures are the same either way round."""
        if one[0] == other[0]:
            raise Unsayable("it compares two columns of the same record")
        return (other[1], one[1]) if one[0] == "r" else (one[1], other[1])

    def _operand(self, node: "Expr") -> Sided:
        """A column of one record, plain or worked out from a plain one."""
        node = node.unnest()
        plain = self._sided(node)
        if plain:
            return plain[0], self._reader.spelt(plain[1])
        for by, form in _derivations():
            found: dict[str, Expr] = {}
            if _same(form, node, found):
                side, source = self._operand(found[_MARKED["of"]])
                return side, self._reader.derived((source,), by, DERIVATIONS[by].reads)
        raise Unsayable(f"{_short(node)} is no column of one record")

    def _point(self, latitude: "Expr", longitude: "Expr") -> Sided:
        """A struct's two coordinates, or a point worked out from two columns."""
        from sqlglot import exp

        if isinstance(latitude, exp.Bracket) and isinstance(longitude, exp.Bracket):
            parts = [each.expressions[0].name for each in (latitude, longitude)]
            whole, other = self._operand(latitude.this), self._operand(longitude.this)
            if parts == ["latitude", "longitude"] and whole == other:
                return whole
            raise Unsayable("a point is a struct of 'latitude' and 'longitude'")
        (side, one), (across, other_one) = self._operand(latitude), self._operand(longitude)
        if side != across:
            raise Unsayable("a point's coordinates are of two records")
        sources = tuple(self._reader.noted(name, Reads.NUMBER) for name in (one, other_one))
        return side, self._reader.derived(sources, POINT, Reads.POINT)


def of_level(node: "Expr") -> Sided | None:
    """A column by its suffix: `surname_l`."""
    from sqlglot import exp

    if not isinstance(node, exp.Column) or node.table or node.name[-2:].lower() not in ("_l", "_r"):
        return None
    return node.name[-1].lower(), node.name[:-2]


def of_rule(node: "Expr") -> Sided | None:
    """A column by its table: `l.surname`."""
    from sqlglot import exp

    if not isinstance(node, exp.Column) or node.table.lower() not in ("l", "r"):
        return None
    return node.table.lower(), node.name


@cache
def _forms() -> tuple[tuple[Measure, int, "Expr"], ...]:
    """Every form of every measure, parsed."""
    return tuple(
        (measure, number, parsed(form.sql.format(**_MARKED)))
        for measure, forms in FORMS.items()
        for number, form in enumerate(forms)
    )


@cache
def _derivations() -> tuple[tuple[str, "Expr"], ...]:
    return tuple(
        (by, parsed(sql.format(**_MARKED)))
        for by, derivation in DERIVATIONS.items()
        for sql in derivation.sql
    )


def _same(form: "Expr", node: "Expr", found: dict[str, "Expr"]) -> bool:
    """Whether a tree is a form's, parentheses apart; `found` takes what stands in the form's places."""
    from sqlglot import exp

    form, node = form.unnest(), node.unnest()
    if isinstance(form, exp.Column) and form.name in _MARKED.values():
        return found.setdefault(form.name, node) == node
    if type(form) is not type(node):
        return False
    mine, theirs = list(_arguments(form)), list(_arguments(node))
    if [name for name, _ in mine] != [name for name, _ in theirs]:
        return False
    unnamed = isinstance(form, exp.Anonymous)  # its `this` is the function's name
    return all(
        _same(one, other, found)
        if isinstance(one, exp.Expr) and isinstance(other, exp.Expr)
        else one == other or (unnamed and str(one).lower() == str(other).lower())
        for (_, one), (_, other) in zip(mine, theirs, strict=True)
    )


def _arguments(node: "Expr") -> Iterator[tuple[str, object]]:
    """A node's parts by name, those that are absent or false left out."""
    for name, value in sorted(node.args.items()):
        for each in value if isinstance(value, list) else [value]:
            if each is not None and each is not False:
                yield name, each


def _constant(node: "Expr") -> float | None:
    """The number that a tree without columns comes to; None for anything else."""
    from sqlglot import exp

    node = node.unnest()
    if isinstance(node, exp.Literal) and not node.is_string:
        return float(node.name)
    if isinstance(node, exp.Neg):
        inner = _constant(node.this)
        return None if inner is None else -inner
    if isinstance(node, exp.Cast) and node.to.is_type("double", "float", "decimal"):
        return _constant(node.this)
    if isinstance(node, exp.Mul | exp.Div | exp.Add | exp.Sub):
        one, other = _constant(node.this), _constant(node.expression)
        if one is None or other is None or (isinstance(node, exp.Div) and other == 0):
            return None
        return {exp.Mul: one * other, exp.Add: one + other, exp.Sub: one - other}.get(
            type(node), one / (other or 1)
        )
    return None


def _limit(node: "Expr", scale: int) -> float:
    """A bound, in the measure's units."""
    from sqlglot import exp

    value = _constant(node)
    if value is None or not math.isfinite(value):
        raise Unsayable(f"{_short(node)} is no number")
    node = node.unnest()
    if isinstance(node, exp.Mul) and _constant(node.expression) == scale:
        return _constant(node.this) or 0.0
    return value / scale


def _next(bound: float, up: bool, whole: bool) -> float:
    """The least value above a bound, or the greatest below it."""
    if whole:
        return math.floor(bound) + 1.0 if up else math.ceil(bound) - 1.0
    return math.nextafter(bound, math.inf if up else -math.inf)


def _short(node: "Expr") -> str:
    text = " ".join(node.sql(dialect=DIALECT).split())
    return text if len(text) <= 60 else text[:59] + "…"
