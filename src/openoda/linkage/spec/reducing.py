"""A spec without the columns that a file hasn't: what needs them goes, the rest stays as it is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from openoda.linkage.spec.conditions import (
    Alike,
    Condition,
    Every,
    Exact,
    Missing,
    Neither,
    Otherwise,
    Some,
    columns_in,
)
from openoda.linkage.spec.model import BlockingRule, Comparison, Level, Spec
from openoda.vocabulary.refusals import Misused


@dataclass(frozen=True)
class LeftOut:
    """One thing left out, and the file's absent columns that it needs.

    `kind`: column, blocking rule, certain rule, comparison, level, test (a part of a level or of a
    rule) or term frequency; `name`: which.
    """

    kind: str
    name: str
    because: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.kind} {self.name} (needs {', '.join(self.because)})"


@dataclass(frozen=True)
class Reduced:
    """A spec and what was left out of it."""

    spec: Spec
    left_out: tuple[LeftOut, ...]


class _Gone(Enum):
    """What is left of a condition without its columns."""

    NEEDS = "it can't hold without them"
    SAYS_NOTHING = "it asks only whether they are missing, which they are"


def without(spec: Spec, absent: Collection[str]) -> Reduced:
    """The spec without rules, levels and comparisons that need an absent column.

    What is left decides of each pair what the whole would decide were the column empty in every
    record, but for tests of its being missing: they are passed over, so that a comparison of several
    columns goes on with the others. A comparison left with nothing but missing and otherwise goes. m
    and u stay as they are: train again where levels went. Refuses (Misused) where no blocking rule or
    no comparison is left.
    """
    gone = _roots(spec, absent)
    reducer = _Reducer(gone)
    found = replace(
        spec,
        columns=tuple(each for each in spec.columns if each.name not in gone),
        blocking=reducer.rules("blocking rule", spec.blocking),
        certain=reducer.rules("certain rule", spec.certain),
        comparisons=reducer.comparisons(spec.comparisons),
    )
    for what, left in (("blocking rule", found.blocking), ("comparison", found.comparisons)):
        if not left:
            needed = dict.fromkeys(root for name in spec.used() for root in gone.get(name, ()))
            raise Misused(
                f"Without {', '.join(needed)} the spec {spec.name} has no {what} left",
                remedy="Say with --map NAME=COLUMN which columns hold them, or use another spec.",
            )
    columns = (
        LeftOut("column", each.name, gone[each.name])
        for each in spec.columns
        if each.name in gone and each.name not in absent
    )
    return Reduced(found, (*columns, *reducer.left_out))


def _roots(spec: Spec, absent: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The absent columns and those that can't be worked out without them; for each, which they are."""
    found: dict[str, tuple[str, ...]] = {name: (name,) for name in absent}
    for _ in spec.columns:
        for each in spec.columns:
            roots = [root for name in each.made_from for root in found.get(name, ())]
            if roots and each.name not in absent:
                found[each.name] = tuple(dict.fromkeys(roots))
    return found


class _Reducer:
    """Takes parts out, and keeps what it took."""

    def __init__(self, roots: dict[str, tuple[str, ...]]) -> None:
        self._roots, self._gone = roots, frozenset(roots)
        self.left_out: list[LeftOut] = []

    def rules(self, kind: str, rules: Sequence[BlockingRule]) -> tuple[BlockingRule, ...]:
        """The rules that can still find pairs."""
        found = []
        for rule in rules:
            also = reduced(rule.also, self._gone) if rule.also else None
            if self._gone.intersection(rule.equal) or also is _Gone.NEEDS:
                self._leave(kind, rule.name, (*rule.equal, *_names(rule.also)))
            else:
                if also != rule.also:
                    self._leave("test", f"{kind} {rule.name}", _names(rule.also))
                found.append(replace(rule, also=None if isinstance(also, _Gone) else also))
        return tuple(found)

    def comparisons(self, comparisons: Sequence[Comparison]) -> tuple[Comparison, ...]:
        """The comparisons that still compare something, with the levels that they have left."""
        found = []
        for comparison in comparisons:
            before = len(self.left_out)
            left = self._levels(comparison)
            if all(each.missing or each.when == Otherwise() for each in left):
                del self.left_out[before:]
                needed = (name for each in comparison.levels for name in _names(each.when))
                self._leave("comparison", comparison.name, tuple(needed))
            else:
                found.append(replace(comparison, levels=self._frequencies(comparison, left)))
        return tuple(found)

    def _levels(self, comparison: Comparison) -> tuple[Level, ...]:
        """The levels that can still hold: none that one before has taken over."""
        found: dict[Condition, Level] = {}
        wholes: dict[Condition, Condition] = {}
        for place, level in enumerate(comparison.levels):
            when = reduced(level.when, self._gone)
            name = f"{comparison.name}, {level.label or place + 1}"
            if isinstance(when, _Gone) or when in found:
                before = () if isinstance(when, _Gone) else _names(wholes[when])
                self._leave("level", name, (*_names(level.when), *before))
                continue
            if when != level.when:
                self._leave("test", name, _names(level.when))
            found[when], wholes[when] = replace(level, when=when), level.when
        return tuple(found.values())

    def _frequencies(self, comparison: Comparison, levels: Sequence[Level]) -> tuple[Level, ...]:
        """The levels, without frequencies of values that no level tests any more."""
        tests = [each.when for each in levels]
        found = []
        for level in levels:
            wanted = level.term_frequency
            if wanted and Exact(wanted.column) not in tests:
                self._leave("term frequency", comparison.name, (wanted.column,))
                level = replace(level, term_frequency=None)
            found.append(level)
        return tuple(found)

    def _leave(self, kind: str, name: str, names: Sequence[str]) -> None:
        because = dict.fromkeys(root for each in names for root in self._roots.get(each, ()))
        self.left_out.append(LeftOut(kind, name, tuple(because)))


def _names(condition: Condition | None) -> tuple[str, ...]:
    return tuple(name for pair in columns_in(condition) for name in pair) if condition else ()


def reduced(condition: Condition, gone: frozenset[str], wanted: bool = True) -> "Condition | _Gone":
    """What is left of a condition whose absent columns are missing from every record.

    `wanted`: whether it matters when the condition is true, or (under a `not`) when it is false.
    """
    match condition:
        case Missing(column):
            if column not in gone:
                return condition
            return _Gone.SAYS_NOTHING if wanted else _Gone.NEEDS
        case Exact(column, other) | Alike(_, column, _, other):
            return _Gone.NEEDS if gone.intersection((column, other)) else condition
        case Neither(of):
            part = reduced(of, gone, not wanted)
            return _Gone.NEEDS if isinstance(part, _Gone) else Neither(part)
        case Every(of):
            return _joined(Every, [reduced(each, gone, wanted) for each in of], wanted)
        case Some(of):
            return _joined(Some, [reduced(each, gone, wanted) for each in of], not wanted)
    return condition


def _joined(
    kind: type[Every] | type[Some], parts: Sequence["Condition | _Gone"], all_needed: bool
) -> "Condition | _Gone":
    """The parts that are left; `all_needed`: it settles nothing once one of them can't."""
    left = tuple(part for part in parts if not isinstance(part, _Gone))
    if _Gone.NEEDS in parts and (all_needed or not left):
        return _Gone.NEEDS
    if not left:
        return _Gone.SAYS_NOTHING
    return left[0] if len(left) == 1 and len(parts) > 1 else kind(left)
