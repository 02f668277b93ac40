"""Who is common by age: held against cases worked out by hand."""

from dataclasses import replace

import pytest

from openoda.data.quality.readiness.overlap import overlap_of, population
from openoda.data.quality.readiness.patterns import BANDS, UNKNOWN, Group
from tests.unit.data.quality.readiness.samples import statistics

FIELDS_HERE = {"forename": 1.0, "surname": 1.0, "date_of_birth": 1.0}
YOUNG, OLD = "1995 to 1999", "1940 to 1954"


def party(**rows):
    """A party with so many records in these bands, all fields usable but the birth where unknown."""
    base = statistics(FIELDS_HERE)
    full = base.groups[0].patterns[0][0]
    groups = tuple(
        Group(band, many, ((full, many),), None, base.groups[0].rest_usable)
        for band, many in rows.items()
    )
    return replace(base, rows=sum(rows.values()), groups=groups)


def test_the_population_is_whole():
    """Proves that the bands hold everybody who lives in 2026 up to 95, and that the old are few."""
    shares = dict(zip((band for band in BANDS if band != UNKNOWN), population(2026), strict=True))
    assert sum(shares.values()) == pytest.approx(100, abs=0.5)
    assert shares["before 1940"] < shares[OLD]


def test_where_both_have_more_than_the_population_more_are_common():
    """Proves that of two files, half young, half old, the young are the more common: they are fewer."""
    a = party(**{YOUNG: 1_000, OLD: 1_000})
    shares = overlap_of(a, a, 500).shares
    here = dict(zip((band for band in BANDS if band != UNKNOWN), population(2026), strict=True))
    assert shares[YOUNG] / shares[OLD] == pytest.approx(here[OLD] / here[YOUNG], rel=0.01)


def test_nobody_is_common_whom_one_party_lacks():
    """Proves that a band of one party only has no share, and no band more than the smaller party has."""
    a, b = party(**{YOUNG: 100, OLD: 1_000}), party(**{YOUNG: 1_000, OLD: 1_000})
    assert set(overlap_of(a, party(**{OLD: 500}), 200).shares) == {OLD}
    shares = overlap_of(a, b, 1_100).shares
    assert shares[YOUNG] == pytest.approx(100 / 1_100, abs=0.001)
    apart = overlap_of(party(**{YOUNG: 10}), party(**{OLD: 10}), 5).shares
    assert apart == {YOUNG: 0.5, OLD: 0.5}


def test_records_without_a_year_are_spread():
    """Proves that they go by the party's own bands where it has them, by the other's where it hasn't."""
    a = party(**{YOUNG: 900, UNKNOWN: 100})
    b = party(**{YOUNG: 500, OLD: 500})
    none = party(**{UNKNOWN: 1_000})
    assert overlap_of(a, b, 300).without[0][YOUNG] == pytest.approx(0.1, abs=0.02)
    seen = overlap_of(none, b, 300)
    assert set(seen.shares) == {YOUNG, OLD}
    assert seen.without[0] == {YOUNG: 1.0, OLD: 1.0}
    assert overlap_of(none, none, 10).shares == {UNKNOWN: 1.0}
