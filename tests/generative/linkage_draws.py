"""Random small tables and specs over them, for holding engines against each other (hypothesis)."""

import datetime as dt
from collections.abc import Sequence

import pyarrow as pa
from hypothesis import strategies as st

from openoda.linkage.spec.conditions import (
    OF_TEXT,
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

TEXTS = ("given name", "family_name", "Où né", "a-b.c", "order")
KINDS = {
    **dict.fromkeys(TEXTS, Reads.TEXT),
    "born": Reads.DATE,
    "moved": Reads.DATE,
    "size": Reads.NUMBER,
    "rooms": Reads.NUMBER,
    "tags": Reads.LIST,
    "place": Reads.POINT,
}
COUNTED = TEXTS[:3]
"""Splink itself fails on term frequencies of a column whose name must be quoted, like `order`."""
SHARED = "rooms"
"""The column whose shares are measured: a share of minus nought is minus infinity in SQL, not here."""
WORDS = (
    "", "a", "b", "ab", "ba", "anna", "hanna", "annah", "ana", "émile", "emile", "EMILE", "Zoë", "Zoe",
    "o'neill", "oneill", "martha", "marhta", "dixon", "dicksonx", "日本", "日本語", "NA", "  ",
    "x" * 63, "x" * 64, "x" * 65, "x" * 30 + "y" * 40, "y" * 40 + "x" * 30, "long " * 30,
)  # fmt: skip
NUMBERS = (
    0.0,
    -0.0,
    float("nan"),
    float("inf"),
    1.0,
    1.1,
    1.2,
    2.0,
    2.5,
    100.0,
    110.0,
    -3.0,
    -3.3,
    1e9,
    1e-9,
)
BOUNDS = {
    Measure.JARO: (0.0, 0.7, 0.8, 0.9, 0.95, 1.0),
    Measure.JARO_WINKLER: (0.0, 0.7, 0.8, 0.88, 0.9, 0.92, 1.0),
    Measure.LEVENSHTEIN: (0.0, 1.0, 2.0, 2.5, 5.0),
    Measure.DAMERAU: (0.0, 1.0, 2.0, 3.0),
    Measure.DAYS: (0.0, 1.0, 30.4375, 365.25, 1000.0),
    Measure.NUMBER: (0.0, 0.1, 1.0, 1.5, 10.0),
    Measure.SHARE: (0.0, 0.1, 0.5, 1.0),
    Measure.KILOMETRES: (0.0, 0.1, 1.0, 111.0, 5000.0),
    Measure.MEMBERS: (0.0, 1.0, 2.0),
}
MEASURES_OF = {
    Reads.TEXT: tuple(sorted(OF_TEXT)),
    Reads.DATE: (Measure.DAYS,),
    Reads.NUMBER: (Measure.NUMBER, Measure.SHARE),
    Reads.LIST: (Measure.MEMBERS,),
    Reads.POINT: (Measure.KILOMETRES,),
}
TYPES = {
    Reads.TEXT: pa.string(),
    Reads.DATE: pa.date32(),
    Reads.NUMBER: pa.float64(),
    Reads.LIST: pa.list_(pa.string()),
    Reads.POINT: pa.struct({"latitude": pa.float64(), "longitude": pa.float64()}),
}
_DEGREES = (0.0, 51.5, 51.5001, 52.0, -51.5, 90.0)
_VALUES = {
    Reads.TEXT: st.one_of(st.sampled_from(WORDS), st.text("abé ", max_size=6)),
    Reads.DATE: st.dates(dt.date(1999, 12, 1), dt.date(2001, 2, 1)),
    Reads.NUMBER: st.sampled_from(NUMBERS),
    Reads.LIST: st.lists(st.one_of(st.none(), st.sampled_from("abcd")), max_size=4),
    Reads.POINT: st.fixed_dictionaries(
        {"latitude": st.sampled_from(_DEGREES), "longitude": st.sampled_from(_DEGREES)}
    ),
}
shares = st.floats(1e-6, 1.0)


@st.composite
def tables(draw: st.DrawFn, most: int = 30) -> pa.Table:
    """A table of every kind of column; some values missing, many met twice."""
    rows = draw(st.integers(6, most))
    found = {}
    for name, kind in KINDS.items():
        pool = draw(st.lists(_VALUES[kind], min_size=1, max_size=5))
        dealt = draw(st.randoms(use_true_random=False))
        values = [None if dealt.random() < 0.12 else dealt.choice(pool) for _ in range(rows)]
        if name == SHARED:
            values = [None if value is None else value + 0.0 for value in values]
        found[name] = pa.array(values, TYPES[kind])
    return pa.table(found)


@st.composite
def single_tests(draw: st.DrawFn, columns: Sequence[str]) -> Condition:
    """Missing, equal, or alike by a measure of the column's kind; sometimes across two columns."""
    name = draw(st.sampled_from(columns))
    partners = [each for each in columns if KINDS[each] is KINDS[name] and each != name]
    other = draw(st.sampled_from(["", "", *partners]))
    if draw(st.integers(0, 5)) == 0:
        return Missing(name)
    if draw(st.integers(0, 2)) == 0:
        return Exact(name, other)
    measure = draw(st.sampled_from(MEASURES_OF[KINDS[name]]))
    if measure is Measure.SHARE:
        name, other = SHARED, ""
    return Alike(measure, name, draw(st.sampled_from(BOUNDS[measure])), other)


def conditions(columns: Sequence[str]) -> st.SearchStrategy[Condition]:
    """Trees of tests."""
    several = st.lists(st.deferred(lambda: tree), min_size=2, max_size=3).map(tuple)
    joined: st.SearchStrategy[Condition] = st.one_of(several.map(Every), several.map(Some))
    tree: st.SearchStrategy[Condition] = st.one_of(
        single_tests(columns), single_tests(columns), single_tests(columns),
        joined, st.deferred(lambda: tree).map(Neither),
    )  # fmt: skip
    return tree


@st.composite
def comparisons(draw: st.DrawFn, name: str, columns: Sequence[str]) -> Comparison:
    """A level of missing values, perhaps one of equal ones with term frequencies, others, the rest."""
    column = draw(st.sampled_from(columns))
    levels = []
    if draw(st.booleans()):
        levels.append(Level(draw(conditions(columns)), missing=True, label="nothing to compare"))
    if draw(st.booleans()):
        adjusted = TermFrequency(column, draw(st.sampled_from((1.0, 0.5))),
                                 draw(st.sampled_from((0.0, 0.1))))  # fmt: skip
        counted = column in COUNTED and draw(st.booleans())
        levels.append(Level(Exact(column), "equal", draw(shares), draw(shares),
                            adjusted if counted else None))  # fmt: skip
    levels += [
        Level(condition, m=draw(shares), u=draw(shares), fixed=draw(st.booleans()))
        for condition in draw(st.lists(conditions(columns), min_size=1, max_size=3))
    ]
    levels.append(Level(Otherwise(), m=draw(shares), u=draw(shares)))
    return Comparison(name, tuple(levels))


@st.composite
def rules(draw: st.DrawFn) -> BlockingRule:
    """Equal columns, and perhaps a further condition that doesn't itself ask for equal columns."""
    equal = draw(st.lists(st.sampled_from(list(KINDS)), min_size=1, max_size=2, unique=True))
    also = draw(st.one_of(st.none(), conditions(list(KINDS)).filter(_may_follow)))
    return BlockingRule(tuple(equal), also)


def _may_follow(condition: Condition) -> bool:
    """Whether it is read back as it is: an AND's parts and equal columns join the rule's own."""
    if isinstance(condition, Every):
        return all(not isinstance(part, Every) and _may_follow(part) for part in condition.of)
    return not (isinstance(condition, Exact) and not condition.other)


@st.composite
def specs(draw: st.DrawFn) -> Spec:
    """A trained spec over the tables' columns."""
    names = draw(st.lists(st.sampled_from(("name", "né à", "a b", "a_b", "born-on")),
                          min_size=1, max_size=3, unique=True))  # fmt: skip
    columns = list(KINDS)
    found = Spec(
        name="drawn",
        blocking=tuple(draw(st.lists(rules(), min_size=1, max_size=3))),
        comparisons=tuple(draw(comparisons(name, columns)) for name in names),
        link_type=draw(st.sampled_from(LinkType)),
        prior=draw(st.floats(1e-9, 0.999)),
    )
    return declared(found)


def declared(spec: Spec) -> Spec:
    """The spec with its columns declared as an import declares them."""
    measured = {test.column for test in _measured(spec)} | {
        test.other for test in _measured(spec)
    }  # fmt: skip
    columns = tuple(
        Column(name, reads=KINDS[name] if name in measured else Reads.TEXT) for name in spec.used()
    )
    return Spec(spec.name, spec.blocking, spec.comparisons, spec.link_type, spec.prior,
                columns=columns)  # fmt: skip


def _measured(spec: Spec) -> list[Alike]:
    waiting: list[Condition] = [rule.also for rule in spec.blocking if rule.also]
    waiting += [level.when for each in spec.comparisons for level in each.levels]
    found = []
    while waiting:
        match waiting.pop():
            case Every(of) | Some(of):
                waiting += of
            case Neither(of):
                waiting.append(of)
            case Alike() as test:
                found.append(test)
    return found
