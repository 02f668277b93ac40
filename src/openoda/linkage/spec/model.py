"""A linkage spec: columns, blocking rules, comparisons with levels, and a prior.

It says what Splink's settings say (Linacre and others, "Splink: Free software for probabilistic record
linkage at scale", International Journal of Population Data Science 7(3), 2022), the model being that of
Fellegi and Sunter, "A theory for record linkage" (JASA 64, 1969).
"""

from dataclasses import dataclass
from enum import StrEnum

from openoda.linkage.spec.conditions import Condition, columns_in


class LinkType(StrEnum):
    """Which pairs are looked at: within one source, between sources, or both."""

    DEDUPE = "dedupe"
    LINK = "link"
    BOTH = "both"


class Reads(StrEnum):
    """What a column's values are read as before they are compared."""

    TEXT = "text"
    DATE = "date"
    NUMBER = "number"
    LIST = "list"
    POINT = "point"


@dataclass(frozen=True)
class Column:
    """What the spec calls a column, and where its values come from.

    Either a file's column, which may go by one of the `aliases`; or one worked out from the columns
    in `made_from` by the derivation named `by`. `reads`: what its values are read as.
    """

    name: str
    aliases: tuple[str, ...] = ()
    reads: Reads = Reads.TEXT
    made_from: tuple[str, ...] = ()
    by: str = ""


@dataclass(frozen=True)
class TermFrequency:
    """An adjustment of a level's weight by how common the value is.

    `column`: whose values. `weight`: the adjustment's exponent, 0 to 1. `least_u`: no value counts as
    rarer than this. See "Term frequency adjustments" in Splink's topic guides.
    """

    column: str
    weight: float = 1.0
    least_u: float = 0.0


@dataclass(frozen=True)
class Level:
    """One level of a comparison: when it holds, and what it says.

    `m`, `u`: how often it holds of pairs that match, and of pairs that don't; None until trained.
    A level of `missing` values says nothing, and has neither. `fixed`: training leaves m and u alone.
    """

    when: Condition
    label: str = ""
    m: float | None = None
    u: float | None = None
    term_frequency: TermFrequency | None = None
    missing: bool = False
    fixed: bool = False


@dataclass(frozen=True)
class Comparison:
    """Levels in order: of a pair, the first that holds counts. The last is `Otherwise`."""

    name: str
    levels: tuple[Level, ...]


@dataclass(frozen=True)
class BlockingRule:
    """Pairs are looked at where `equal` columns agree and `also`, if there is one, holds."""

    equal: tuple[str, ...]
    also: Condition | None = None

    @property
    def name(self) -> str:
        """The rule in words."""
        return " + ".join(self.equal) + (" …" if self.also else "")


@dataclass(frozen=True)
class Spec:
    """Everything a linkage needs besides data.

    `prior`: the probability that two records drawn at random match; None until trained.
    `certain`: rules whose pairs nearly all match, and `recall`, the share of matches that they are
    thought to find: Splink works the prior out from them. Our own training learns the prior without.
    `columns`: as declared; a spec file declares all.
    """

    name: str
    blocking: tuple[BlockingRule, ...]
    comparisons: tuple[Comparison, ...]
    link_type: LinkType = LinkType.DEDUPE
    prior: float | None = None
    certain: tuple[BlockingRule, ...] = ()
    recall: float = 0.7
    columns: tuple[Column, ...] = ()

    def used(self) -> tuple[str, ...]:
        """Every column that rules and comparisons look at, once, in order of first use."""
        pairs = [
            pair
            for rule in (*self.blocking, *self.certain)
            for pair in (*((name, name) for name in rule.equal), *_columns_of(rule.also))
        ]
        for level in (level for each in self.comparisons for level in each.levels):
            pairs += columns_in(level.when)
            if level.term_frequency:
                pairs.append((level.term_frequency.column,) * 2)
        return tuple(dict.fromkeys(name for pair in pairs for name in pair))


def _columns_of(condition: Condition | None) -> tuple[tuple[str, str], ...]:
    return columns_in(condition) if condition else ()
