"""Every pair that the rules find, once, with its rules and levels: against looking at each pair."""

from itertools import combinations, pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openoda.linkage import pairing as engine
from openoda.linkage.comparing.encoding import Codes, encoded
from openoda.linkage.pairing import Pairing, Pairs, joined, levels_of, parts_of
from openoda.linkage.spec.conditions import Alike, Every, Exact, Measure, Missing, Otherwise
from openoda.linkage.spec.model import BlockingRule, Comparison, Level, LinkType, Spec
from openoda.vocabulary.refusals import Misused

Row = tuple[str | None, str | None, float | None]
Found = dict[tuple[int, int], tuple[frozenset[int], tuple[int, ...]]]
"""Of each pair: the rules that have it, and the levels of its comparisons."""
COMPARED = (
    Comparison("a", (Level(Missing("a"), missing=True), Level(Exact("a")), Level(Otherwise()))),
    Comparison("n", (Level(Alike(Measure.NUMBER, "n", 0.0)), Level(Alike(Measure.NUMBER, "n", 1.0)),
                     Level(Missing("n"), missing=True), Level(Otherwise()))),
)  # fmt: skip
RULES = (
    BlockingRule(("a", "b")),
    BlockingRule(("b",), Alike(Measure.NUMBER, "n", 1.0)),
    BlockingRule(("a",)),
    BlockingRule(("b",), Every((Exact("a"), Alike(Measure.NUMBER, "n", 2.0)))),
)
texts = st.sampled_from((None, "x", "y", "z"))
rows_drawn = st.lists(
    st.tuples(texts, texts, st.sampled_from((None, 0.0, 1.0, 2.0, 5.0))), max_size=24
)


def ready(rows: list[Row], link_type: LinkType, sources: Codes | None = None,
          rules: tuple[BlockingRule, ...] = RULES) -> Pairing:  # fmt: skip
    """Rows of columns a, b and n, ready to be paired."""
    a, b, n = zip(*rows, strict=True) if rows else ((), (), ())
    table = pa.table({"a": pa.array(a, pa.string()), "b": pa.array(b, pa.string()),
                      "n": pa.array(n, pa.float64())})  # fmt: skip
    return Pairing(encoded(table), Spec("s", rules, COMPARED, link_type), sources)


def all_of(pairing: Pairing) -> Pairs:
    """All rules' pairs."""
    return joined([part for rule in range(len(pairing.spec.blocking))
                   for part in pairing.pairs(rule)])  # fmt: skip


def told(pairing: Pairing, pairs: Pairs) -> Found:
    """What the signs say; no pair may be there twice."""
    met, patterns = np.divmod(pairs.signs, pairing.kinds)
    levels = levels_of(patterns, pairing.level_counts).tolist()
    rules = [frozenset(bit for bit in range(8) if each >> bit & 1) for each in met.tolist()]
    places = list(zip(pairs.lefts.tolist(), pairs.rights.tolist(), strict=True))
    assert len(set(places)) == len(places)
    return dict(zip(places, zip(rules, map(tuple, levels), strict=True), strict=True))


def _near(one: Row, other: Row, bound: float) -> bool:
    return one[2] is not None and other[2] is not None and abs(one[2] - other[2]) <= bound


def _rules(one: Row, other: Row) -> frozenset[int]:
    a = one[0] is not None and one[0] == other[0]
    b = one[1] is not None and one[1] == other[1]
    held = (a and b, b and _near(one, other, 1.0), a, b and a and _near(one, other, 2.0))
    return frozenset(rule for rule, holds in enumerate(held) if holds)


def _levels(one: Row, other: Row) -> tuple[int, int]:
    a = 0 if None in (one[0], other[0]) else 1 if one[0] == other[0] else 2
    if None in (one[2], other[2]):
        return a, 2
    return a, 0 if _near(one, other, 0.0) else 1 if _near(one, other, 1.0) else 3


def by_looking(rows: list[Row], sources: list[int], link_type: LinkType) -> Found:
    """The slow reference: each pair, each rule and each level in turn."""
    return {
        (one, other): (_rules(rows[one], rows[other]), _levels(rows[one], rows[other]))
        for one, other in combinations(range(len(rows)), 2)
        if _rules(rows[one], rows[other])
        and (link_type is not LinkType.LINK or sources[one] != sources[other])
    }


@settings(deadline=None)
@given(rows_drawn, st.sampled_from(LinkType), st.data())
def test_every_pair_is_found_once_with_its_rules_and_levels(
    rows: list[Row], link_type: LinkType, draw: st.DataObject
) -> None:
    """Proves pairs, left before right, rules met and levels, for one source and for several."""
    sources = sorted(draw.draw(st.lists(st.integers(0, 3), min_size=len(rows), max_size=len(rows))))
    pairing = ready(rows, link_type, np.array(sources, np.int32))
    assert told(pairing, all_of(pairing)) == by_looking(rows, sources, link_type)


@settings(deadline=None)
@given(rows_drawn)
def test_a_rule_gives_only_pairs_that_no_earlier_rule_has(rows: list[Row]) -> None:
    """Proves it rule by rule: the first rule of a pair is the one that gives it."""
    pairing = ready(rows, LinkType.DEDUPE)
    for rule in range(len(RULES)):
        found = told(pairing, joined(list(pairing.pairs(rule))))
        assert all(min(met) == rule for met, _ in found.values())


@settings(deadline=None)
@given(rows_drawn)
def test_listed_pairs_have_the_signs_that_the_rules_give(rows: list[Row]) -> None:
    """Proves that pairs which no rule has are told apart, and levels are the same either way."""
    pairing = ready(rows, LinkType.DEDUPE)
    every = list(combinations(range(len(rows)), 2))
    lefts, rights = (np.array([each[side] for each in every], np.int32) for side in (0, 1))
    found = told(pairing, Pairs(lefts, rights, pairing.signs(lefts, rights)))
    assert found == {
        (one, other): (_rules(rows[one], rows[other]), _levels(rows[one], rows[other]))
        for one, other in every
    }


def large(count: int = 6_000) -> tuple[list[Row], Codes]:
    """Rows of three sources, with blocks of a few and blocks of hundreds."""
    draw = np.random.default_rng(2)
    rows: list[Row] = [
        (f"a{draw.integers(9) ** 3}" if draw.random() < 0.9 else None, f"b{draw.integers(400)}",
         float(draw.integers(30)))
        for _ in range(count)
    ]  # fmt: skip
    return rows, np.sort(draw.integers(0, 3, count)).astype(np.int32)


@pytest.mark.parametrize("link_type", LinkType)
def test_one_worker_gives_what_many_give_in_the_same_order(
    monkeypatch: pytest.MonkeyPatch, link_type: LinkType
) -> None:
    """Proves that the result, to its order, doesn't depend on how many work or on the pieces' size."""
    rows, sources = large()
    results = []
    for workers, at_once in ((1, 1 << 18), (5, 1_000), (3, 77)):
        monkeypatch.setattr("os.cpu_count", lambda workers=workers: workers)
        monkeypatch.setattr(engine, "PAIRS_AT_ONCE", at_once)
        results.append(all_of(ready(rows, link_type, sources)))
    assert len(results[0]) > 100_000
    for other in results[1:]:
        for name in ("lefts", "rights", "signs"):
            assert np.array_equal(getattr(results[0], name), getattr(other, name))


@pytest.mark.parametrize("link_type", LinkType)
def test_the_left_record_comes_first(link_type: LinkType) -> None:
    """Proves orientation on many pairs, and that linking never pairs a source with itself."""
    rows, sources = large()
    found = all_of(ready(rows, link_type, sources))
    assert (found.lefts < found.rights).all()
    same = sources[found.lefts] == sources[found.rights]
    assert same.any() == (link_type is not LinkType.LINK)
    assert not same.all()


def test_parts_cover_every_row_with_partners_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proves that pieces follow each other without gap or overlap, and say how many pairs they have."""
    monkeypatch.setattr(engine, "PAIRS_AT_ONCE", 500)
    blocks = ready(large()[0], LinkType.DEDUPE).blocks(2)
    sizes = blocks.ends.astype(np.int64) - blocks.nexts
    parts = parts_of(blocks)
    assert sum(pairs for _, _, pairs in parts) == blocks.pairs
    assert all(sizes[first:last].sum() == pairs for first, last, pairs in parts)
    assert all(last <= first for (_, last, _), (first, _, _) in pairwise(parts))
    assert all(pairs <= 500 or last == first + 1 for first, last, pairs in parts)


@pytest.mark.parametrize(
    ("link_type", "expected"),
    [(LinkType.DEDUPE, 45), (LinkType.BOTH, 45), (LinkType.LINK, 2 * 3 + 2 * 5 + 3 * 5)],
)
def test_pairs_in_all_are_those_before_any_blocking(link_type: LinkType, expected: int) -> None:
    """Proves the number that the prior is a share of: of several sources, pairs across them."""
    sources = np.repeat(np.array([0, 1, 2], np.int32), [2, 3, 5])
    assert ready([("x", "y", 1.0)] * 10, link_type, sources).pairs_in_all == expected


@pytest.mark.parametrize("rows", [[], [("x", "x", 0.0)], [(None, None, None)] * 5])
def test_nothing_to_pair_gives_no_pairs(rows: list[Row]) -> None:
    """Proves that no record, one record and records without values are no errors."""
    pairing = ready(rows, LinkType.DEDUPE)
    assert len(all_of(pairing)) == 0
    assert len(joined([])) == 0
    nobody = np.zeros(0, np.int32)
    assert len(pairing.signs(nobody, nobody)) == 0


def test_more_rules_and_levels_than_a_sign_holds_are_refused() -> None:
    """Proves the limit of 62 bits: sixty comparisons of two levels and two rules, not three."""
    compared = tuple(Comparison(f"{place}", COMPARED[0].levels[1:]) for place in range(60))
    table = encoded(pa.table({"a": ["x", "x"], "b": ["y", "y"]}))
    rule = BlockingRule(("a",))
    assert len(all_of(Pairing(table, Spec("s", (rule,) * 2, compared)))) == 1
    with pytest.raises(Misused, match="too many levels together"):
        Pairing(table, Spec("s", (rule,) * 3, compared))
