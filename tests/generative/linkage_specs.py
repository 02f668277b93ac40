"""Random linkage specs without a fault, over random names."""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import strategies as st

from openoda.linkage.spec.conditions import (
    LIKENESSES,
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
from openoda.linkage.spec.keys import READ_AS
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
from openoda.linkage.spec.naming import folded

DERIVATIONS = ("formal-names", "phonetic", "first-4")
WORDS = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from("\"\\#[]{}=,.\n\t'_- "),
    min_size=1,
    max_size=12,
)
SHARES = st.floats(0, 1)
INSIDE = st.floats(0, 1, exclude_min=True, exclude_max=True)


@st.composite
def columns(draw: st.DrawFn) -> tuple[Column, ...]:
    """Columns of files, no two of which may be called the same, and some worked out from them."""
    words = draw(st.lists(WORDS, min_size=2, max_size=12, unique_by=folded))
    count = draw(st.integers(1, min(6, len(words))))
    aliases: list[list[str]] = [[] for _ in range(count)]
    for word in words[count:]:
        aliases[draw(st.integers(0, count - 1))].append(word)
    found = [
        Column(name, tuple(others), draw(st.sampled_from(Reads)))
        for name, others in zip(words[:count], aliases, strict=True)
    ]
    for name in draw(st.lists(WORDS, max_size=3, unique=True)):
        if name not in words:
            sources = draw(st.lists(st.sampled_from([each.name for each in found]), min_size=1,
                                    max_size=3))  # fmt: skip
            by = draw(st.sampled_from(DERIVATIONS))
            found.append(Column(name, (), draw(st.sampled_from(Reads)), tuple(sources), by))
    return tuple(found)


def single_tests(declared: Sequence[Column]) -> st.SearchStrategy[Condition]:
    """One test of columns that can be tested so."""

    @st.composite
    def test(draw: st.DrawFn) -> Condition:
        column = draw(st.sampled_from(declared))
        alike = [each.name for each in declared if each.reads is column.reads]
        others = [name for name in alike if name != column.name]
        other = draw(st.sampled_from(["", *others]))
        measures = [each for each in Measure if READ_AS[each] is column.reads]
        kind = draw(st.sampled_from(["missing", "exact", *measures]))
        if kind == "missing":
            return Missing(column.name)
        if kind == "exact":
            return Exact(column.name, other)
        measure = Measure(kind)
        most = 1 if measure in LIKENESSES & OF_TEXT else None
        bound = draw(st.floats(0, most, allow_infinity=False) | st.just(1.0))
        return Alike(measure, column.name, bound, other)

    return test()


def conditions(declared: Sequence[Column]) -> st.SearchStrategy[Condition]:
    """Tests inside tests."""
    return st.recursive(
        single_tests(declared),
        lambda inner: (
            st.lists(inner, min_size=1, max_size=3).map(lambda of: Every(tuple(of)))
            | st.lists(inner, min_size=1, max_size=3).map(lambda of: Some(tuple(of)))
            | inner.map(Neither)
        ),
        max_leaves=5,
    )


@st.composite
def levels(draw: st.DrawFn, declared: Sequence[Column]) -> tuple[Level, ...]:
    """Levels with at least one that says something, and otherwise at the end."""
    tests = draw(st.lists(conditions(declared), min_size=1, max_size=5, unique=True))
    says = draw(st.integers(0, len(tests) - 1))
    share = SHARES.map(lambda value: value / (len(tests) + 1))
    found = []
    for place, test in enumerate([*tests, Otherwise()]):
        level = Level(test, draw(WORDS | st.just("")))
        if place not in (says, len(tests)) and draw(st.booleans()):
            level = replace(level, missing=True)
        else:
            level = replace(level, m=draw(st.none() | share), u=draw(st.none() | share))
        found.append(replace(level, fixed=draw(st.booleans())))
    exact = [
        each.when.column
        for each in found
        if isinstance(each.when, Exact) and not each.when.other and not each.missing
    ]
    frequencies = st.builds(TermFrequency, st.sampled_from(exact), SHARES | st.just(1.0),
                            SHARES | st.just(0.0)) if exact else st.none()  # fmt: skip
    return tuple(
        each if each.missing else replace(each, term_frequency=draw(st.none() | frequencies))
        for each in found
    )


@st.composite
def specs(draw: st.DrawFn) -> Spec:
    """A spec, trained in part or not at all."""
    declared = draw(columns())
    names = st.lists(st.sampled_from([each.name for each in declared]), min_size=1, max_size=3)
    rules = st.builds(
        BlockingRule, names.map(tuple), st.none() | conditions(declared)
    )  # fmt: skip
    called = draw(st.lists(WORDS, min_size=1, max_size=3, unique=True))
    return Spec(
        name=draw(WORDS),
        blocking=tuple(draw(st.lists(rules, min_size=1, max_size=3))),
        comparisons=tuple(Comparison(name, draw(levels(declared))) for name in called),
        link_type=draw(st.sampled_from(LinkType)),
        prior=draw(st.none() | INSIDE),
        certain=tuple(draw(st.lists(rules, max_size=2))),
        recall=draw(INSIDE | st.just(1.0)),
        columns=declared,
    )
