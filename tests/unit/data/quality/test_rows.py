"""What only the table as a whole can tell: repeated rows, candidate keys, estimates, passes."""

import random

import pytest

from openoda.data.quality import profiling
from openoda.data.quality.profiling import Source, profile
from tests.unit.data.quality.tables import lines_of, profiled, reader


def test_repeated_rows_are_counted_beyond_the_first():
    """Proves groups, rows and extras, and that null isn't the empty text."""
    found = profiled(a=["x", "x", "y", "x", None, ""], b=[1, 1, 1, 1, 1, 1])
    assert (found.exact.groups, found.exact.rows, found.exact.extra) == (1, 3, 2)
    assert lines_of(found, "duplicate-rows") == [3, 5]


def test_repeats_but_for_spelling_are_told_apart():
    """Proves that normalised repeats are counted besides the exact ones."""
    found = profiled(a=["1, High St", "1 HIGH ST.", "2 High St"], b=["x", "x", "x"])
    assert found.exact.extra == 0
    assert found.loose.extra == 1
    assert lines_of(found, "duplicate-rows-loosely") == [3]


def test_repeated_rows_against_a_plain_count():
    """Proves the fingerprints on random rows of mixed types, columns swapped included."""
    rng = random.Random(4)
    rows = [
        (rng.choice(["p", "q", None]), rng.choice(["p", "q", None]), rng.choice([0, 1, None]))
        for _ in range(60)
    ]
    a, b, c = (list(column) for column in zip(*rows, strict=True))
    found = profiled(7, a=a, b=b, c=c)
    assert found.exact.extra == len(rows) - len(set(rows))


def test_keys_of_one_column_need_every_row():
    """Proves that a gap or a repeat makes a column no key."""
    found = profiled(a=[1, 2, 3], b=[1, 2, None], c=[1, 1, 2])
    assert found.keys == (("a",),)


def test_keys_of_two_columns_where_none_of_one_is():
    """Proves that a pair is found and checked on all rows."""
    found = profiled(ward=["a", "a", "b", "b"], number=[1, 2, 1, 2], same=["s"] * 4)
    assert found.keys == (("ward", "number"),)
    assert profiled(ward=["a", "a", "b"], number=[1, 1, 2]).keys == ()


def test_many_passes_give_what_one_does(monkeypatch):
    """Proves that gathering few columns at a time changes nothing."""
    columns = {"a": ["x", "y", "x"], "b": [1, 2, 1], "c": ["n/a", "z", "z"], "d": [1.5, None, 1.5]}
    source = Source(reader(columns), 3, tuple(columns))
    whole = profile(source)
    monkeypatch.setattr(profiling, "CELLS_A_PASS", 3)
    assert profile(source).columns == whole.columns
    assert profile(source).issues == whole.issues


def test_very_long_tables_are_estimated_and_say_so(monkeypatch):
    """Proves that past the limit counts of gaps stay exact and distinct values are marked as not."""
    rng = random.Random(5)
    words = [rng.choice(["a", "b", "", "N/A", None]) for _ in range(500)]
    numbers = [rng.randrange(1_000) for _ in range(500)]
    columns = {"w": words, "n": numbers, "flag": [n > 5 for n in numbers]}
    source = Source(reader(columns, 50), 500, tuple(columns))
    exact = profile(source)
    monkeypatch.setattr(profiling, "ROWS_EXACT", 499)
    found = profile(source)
    assert found.exact is None
    for name in columns:
        assert not found.column(name).exact
        ours, whole = found.column(name).completeness, exact.column(name).completeness
        assert (ours.null, ours.empty, ours.placeholder) == (
            whole.null, whole.empty, whole.placeholder
        )  # fmt: skip
    assert found.column("n").distinct == pytest.approx(exact.column("n").distinct, rel=0.1)
    assert found.column("n").spread.lowest == exact.column("n").spread.lowest
    assert float(found.column("n").spread.quantiles[0.5]) == pytest.approx(500, abs=60)
