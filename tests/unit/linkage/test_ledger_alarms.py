"""Alarms: what is raised when a batch links otherwise than the ledger's earlier ones."""

from dataclasses import replace
from pathlib import Path

import pytest

from openoda.linkage.ledger.alarms import Danger, Limits, alarms
from openoda.linkage.ledger.state import Figures
from openoda.vocabulary.refusals import Misused
from tests.unit.linkage.ledger_cases import WHO, WHY, add, key, new_ledger

USUAL = Figures(
    act=1, before=10_000, merged=20, new=1_000, alone=400, largest_before=9, largest=9,
    records=20_000, entities=10_000,
)  # fmt: skip
HISTORY = [replace(USUAL, act=act) for act in range(1, 5)]


def raised(**changed: int) -> list[tuple[Danger, float, float]]:
    """The alarms about a fifth batch that differs from the usual by this."""
    found = alarms([*HISTORY, replace(USUAL, act=5, **changed)])
    assert all(one.act == 5 for one in found)
    return [(one.danger, one.measured, one.limit) for one in found]


def test_a_batch_like_the_others_raises_nothing() -> None:
    """Proves that there is no alarm without a difference, nor about the first batch."""
    assert raised() == []
    assert alarms([replace(USUAL, merged=9_000, largest=5_000, alone=0)]) == []
    assert alarms([]) == []


def test_many_merges_raise_an_alarm_from_the_limit_on() -> None:
    """Proves that over 1 % of ids merged is over-linking, and 1 % is not yet."""
    assert raised(merged=100) == []
    assert raised(merged=101) == [(Danger.OVER_LINKING, 0.0101, 0.01)]


def test_merging_is_held_against_the_ledgers_own_habit() -> None:
    """Proves that where 1 % is usual, an alarm needs three times that; and few merges never give one."""
    history = [replace(one, merged=100) for one in HISTORY]
    assert alarms([*history, replace(USUAL, act=5, merged=300)]) == []
    assert len(alarms([*history, replace(USUAL, act=5, merged=301)])) == 1
    small = [replace(one, before=50, merged=0) for one in HISTORY]
    assert alarms([*small, replace(USUAL, act=5, before=50, merged=9)]) == []


def test_an_entity_much_larger_than_any_before_raises_an_alarm() -> None:
    """Proves that twice the largest is over-linking, but no entity under 20 records."""
    assert raised(largest=19) == []
    assert raised(largest=20) == [(Danger.OVER_LINKING, 20, 20)]
    assert raised(largest_before=15, largest=29) == []
    assert raised(largest_before=15, largest=30) == [(Danger.OVER_LINKING, 30, 30)]


@pytest.mark.parametrize(
    ("alone", "danger"),
    [(499, None), (501, Danger.UNDER_LINKING), (301, None), (299, Danger.OVER_LINKING)],
)
def test_new_records_that_join_nothing_more_or_less_often(
    alone: int, danger: Danger | None
) -> None:
    """Proves that a share ten points above the usual is under-linking, and below it over-linking."""
    assert [found for found, _, _ in raised(alone=alone)] == ([danger] if danger else [])


def test_a_small_batch_may_differ_by_chance() -> None:
    """Proves that of 20 records 14 alone is no alarm (chance), where 700 of 1,000 are one."""
    assert raised(new=20, alone=14) == []
    assert raised(new=1_000, alone=700)[0][0] is Danger.UNDER_LINKING


def test_the_first_batch_is_no_yardstick_for_joining() -> None:
    """Proves that a first batch, in which most records join nothing, isn't what later ones must do."""
    first = replace(USUAL, act=1, before=0, merged=0, new=20_000, alone=18_000, largest_before=0)
    assert alarms([first, *HISTORY[1:], replace(USUAL, act=5)]) == []
    assert alarms([first, replace(USUAL, act=2)]) == []


def test_limits_can_be_chosen() -> None:
    """Proves that every limit is used."""
    batch = [*HISTORY, replace(USUAL, act=5, merged=150, largest=25, alone=520)]
    assert len(alarms(batch)) == 3
    for wider in (
        Limits(merged_share=0.02), Limits(merged_times=10), Limits(merged_least=151),
        Limits(larger_times=3), Limits(larger_least=26),
        Limits(alone_difference=0.2), Limits(alone_batches=4), Limits(alone_errors=8),
    ):  # fmt: skip
        assert len(alarms(batch, wider)) == 2, wider


def test_figures_are_counted_from_the_batches_themselves(tmp_path: Path) -> None:
    """Proves what each figure counts, overrides between batches being none of theirs."""
    ledger = new_ledger(tmp_path, "a | b | c d")
    ledger.same(key("a"), key("b"), WHO, WHY)
    add(ledger, "a b c | new | n1 n2", withdrawn="d")
    first, second = ledger.now.batches
    assert first == Figures(1, 0, 0, 4, 2, 0, 2, 4, 3)
    assert second == Figures(3, 2, 1, 3, 1, 2, 3, 6, 3)


def test_a_ledger_raises_the_alarms_of_any_of_its_batches(tmp_path: Path) -> None:
    """Proves that a batch that merges everything is noticed, then and later."""
    singles = [f"r{number}" for number in range(40)]
    ledger = new_ledger(tmp_path, " | ".join(singles), "x", "y")
    act = add(ledger, " ".join(singles))
    assert [one.danger for one in ledger.alarms()] == [Danger.OVER_LINKING] * 2
    assert "39 of 42 ids" in ledger.alarms()[0].what
    add(ledger, "z")
    assert ledger.alarms() == []
    assert len(ledger.alarms(act)) == 2
    with pytest.raises(Misused):
        ledger.alarms(99)
