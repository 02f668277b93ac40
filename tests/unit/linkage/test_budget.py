"""Counting pairs before any is looked at, and leaving out the rules that a run can't afford."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openoda.linkage.blocking import budget
from openoda.linkage.blocking.budget import Fitted, fitted
from openoda.linkage.blocking.keys import block_numbers, blocks_of
from openoda.linkage.comparing.encoding import Encoded, encoded
from openoda.linkage.spec.conditions import Exact, Otherwise
from openoda.linkage.spec.model import BlockingRule, Comparison, Level, LinkType, Spec
from openoda.vocabulary.refusals import Misused

Rows = list[tuple[str | None, str | None, str | None]]
NAMES = ("a", "b", "c")
values = st.sampled_from((None, "x", "y", "z"))
tables = st.lists(st.tuples(values, values, values), max_size=25)
RULES = (("a",), ("a", "b"), ("c", "b", "a"), ("b",))


def records(rows: Rows) -> Encoded:
    """Rows of three columns, encoded."""
    columns = zip(*rows, strict=True) if rows else [(), (), ()]
    return encoded(pa.table({
        name: pa.array(each, pa.string()) for name, each in zip(NAMES, columns, strict=True)
    }))  # fmt: skip


def spec(*rules: Sequence[str], link_type: LinkType = LinkType.DEDUPE) -> Spec:
    """A spec of these rules."""
    compared = (Comparison("a", (Level(Exact("a")), Level(Otherwise()))),)
    return Spec("s", tuple(BlockingRule(tuple(each)) for each in rules), compared, link_type)


def listed(rows: Rows, sources: list[int], link_type: LinkType, rule: tuple[str, ...]) -> int:
    """How many pairs a rule has, by looking at each pair."""
    places = [NAMES.index(name) for name in rule]
    keys = [tuple(row[place] for place in places) for row in rows]
    return sum(
        None not in keys[one]
        and keys[one] == keys[other]
        and (link_type is not LinkType.LINK or sources[one] != sources[other])
        for one, other in combinations(range(len(rows)), 2)
    )


@given(tables, st.sampled_from(LinkType), st.data())
def test_pairs_are_as_many_as_looking_at_each_finds(
    rows: Rows, link_type: LinkType, draw: st.DataObject
) -> None:
    """Proves the counts for one source and several, missing values and keys of several columns."""
    sources = sorted(draw.draw(st.lists(st.integers(0, 2), min_size=len(rows), max_size=len(rows))))
    wanted = spec(*RULES, link_type=link_type)
    found = fitted(records(rows), wanted, np.array(sources, np.int32))
    assert found.pairs == tuple(listed(rows, sources, link_type, rule) for rule in RULES)
    assert found.spec == wanted
    assert found.left_out == ()


@given(tables)
def test_records_share_a_block_where_all_its_columns_are_equal(rows: Rows) -> None:
    """Proves block numbers themselves: equal for equal keys alone, and none where one is missing."""
    numbers = block_numbers(records(rows), spec(*RULES).blocking)
    for place, rule in enumerate(RULES):
        keys = [tuple(row[NAMES.index(name)] for name in rule) for row in rows]
        assert [number < 0 for number in numbers[:, place]] == [None in key for key in keys]
        kept = [(key, int(number)) for key, number in zip(keys, numbers[:, place], strict=True)
                if None not in key]  # fmt: skip
        assert (
            len({key for key, _ in kept}) == len({number for _, number in kept}) == len(set(kept))
        )


def _cut(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    monkeypatch.setattr(budget, "FEWEST", most)
    monkeypatch.setattr(budget, "PAIRS_A_RECORD", 0)


def _sized() -> Encoded:
    """Rule a makes 45 pairs, b 20, c 5."""
    return records([("x", f"{place // 5}", f"{place // 2}") for place in range(10)])


def _names(found: Fitted) -> tuple[list[str], list[tuple[str, int]]]:
    kept = [rule.name for rule in found.spec.blocking]
    return kept, [(rule.name, pairs) for rule, pairs in found.left_out]


@pytest.mark.parametrize(
    ("rules", "most", "kept", "left_out"),
    [
        ("cba", 70, ["c", "b", "a"], []),
        ("cba", 69, ["c", "b"], [("a", 45)]),
        ("cab", 25, ["c", "b"], [("a", 45)]),
        ("cba", 24, ["c"], [("b", 20), ("a", 45)]),
        ("abc", 3, ["a"], [("b", 20), ("c", 5)]),
        ("bac", 30, ["b", "c"], [("a", 45)]),
    ],
)  # fmt: skip
def test_rules_that_do_not_fit_are_left_out_in_order(
    monkeypatch: pytest.MonkeyPatch,
    rules: str, most: int, kept: list[str], left_out: list[tuple[str, int]],
) -> None:  # fmt: skip
    """Proves that the first stays, a wide one goes, and a narrower one after it still runs."""
    _cut(monkeypatch, most)
    found = fitted(_sized(), spec(*rules))
    assert _names(found) == (kept, left_out)
    assert len(found.pairs) == len(kept)


def test_the_budget_grows_with_the_records(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves that so many pairs a record are allowed where that is more than the least."""
    monkeypatch.setattr(budget, "FEWEST", 10)
    monkeypatch.setattr(budget, "PAIRS_A_RECORD", 7)
    assert _names(fitted(_sized(), spec("c", "b", "a")))[0] == ["c", "b", "a"]
    monkeypatch.setattr(budget, "PAIRS_A_RECORD", 6)
    assert _names(fitted(_sized(), spec("c", "b", "a")))[0] == ["c", "b"]


def test_a_first_rule_of_billions_of_pairs_is_refused_with_its_count() -> None:
    """Proves that a hundred thousand records of one value are counted, refused, and a way out named."""
    one_value = encoded(pa.table({"a": ["x"] * 100_000, "b": ["y"] * 100_000}))
    with pytest.raises(Misused) as refused:
        fitted(one_value, spec(("a", "b")))
    assert "a + b alone makes 4,999,950,000 pairs" in refused.value.what
    assert refused.value.where == "a + b"
    assert "Add a column" in refused.value.remedy


def test_a_later_rule_of_billions_of_pairs_is_left_out() -> None:
    """Proves that it doesn't stop a run whose first rule is narrow."""
    ids = [f"{place // 2}" for place in range(100_000)]
    table = encoded(pa.table({"a": ["x"] * 100_000, "b": ids}))
    found = fitted(table, spec("b", "a"))
    assert _names(found) == (["b"], [("a", 4_999_950_000)])
    assert found.pairs == (50_000,)


def test_two_sources_count_pairs_between_them_alone() -> None:
    """Proves that linking two sources of one value has the product of their sizes."""
    numbers = np.zeros(70_000, np.int32)
    sources = np.repeat(np.array([0, 1], np.int32), [20_000, 50_000])
    assert blocks_of(numbers, sources, LinkType.LINK).pairs == 20_000 * 50_000
    assert blocks_of(numbers, sources, LinkType.BOTH).pairs == 70_000 * 69_999 // 2
