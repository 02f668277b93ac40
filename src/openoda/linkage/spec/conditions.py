"""Conditions on a pair of records: a small tree that the engine compiles and SQL can say.

A missing value makes a test neither true nor false, as in SQL: only `Missing` and `Otherwise` hold
of it. `other` is the right-hand record's column where it isn't the same one.
"""

from dataclasses import dataclass
from enum import StrEnum


class Measure(StrEnum):
    """How alike two values are, or how far apart."""

    JARO = "jaro"
    JARO_WINKLER = "jaro_winkler"
    LEVENSHTEIN = "levenshtein"
    DAMERAU = "damerau_levenshtein"
    DAYS = "days"
    NUMBER = "number"
    SHARE = "share"
    KILOMETRES = "kilometres"
    MEMBERS = "members"


LIKENESSES = frozenset({Measure.JARO, Measure.JARO_WINKLER, Measure.MEMBERS})
"""Measures of which more is more alike: they are bound from below, all others from above."""
OF_TEXT = frozenset({Measure.JARO, Measure.JARO_WINKLER, Measure.LEVENSHTEIN, Measure.DAMERAU})


@dataclass(frozen=True)
class Missing:
    """Either record has no value."""

    column: str


@dataclass(frozen=True)
class Exact:
    """Both records have the same value."""

    column: str
    other: str = ""


@dataclass(frozen=True)
class Alike:
    """A measure of two values is at least `bound` (a likeness) or at most (a distance)."""

    measure: Measure
    column: str
    bound: float
    other: str = ""


@dataclass(frozen=True)
class Every:
    """All of these hold."""

    of: "tuple[Condition, ...]"


@dataclass(frozen=True)
class Some:
    """At least one of these holds."""

    of: "tuple[Condition, ...]"


@dataclass(frozen=True)
class Neither:
    """This is false; where it is unknown, so is its opposite."""

    of: "Condition"


@dataclass(frozen=True)
class Otherwise:
    """Whatever no level before holds of."""


Condition = Missing | Exact | Alike | Every | Some | Neither | Otherwise


def columns_in(condition: Condition) -> tuple[tuple[str, str], ...]:
    """The columns that a condition sets side by side: (left record's, right record's), in order."""
    match condition:
        case Missing(column):
            return ((column, column),)
        case Exact(column, other) | Alike(_, column, _, other):
            return ((column, other or column),)
        case Every(of) | Some(of):
            return tuple(pair for part in of for pair in columns_in(part))
        case Neither(of):
            return columns_in(of)
    return ()
