"""Alarms: a batch that links much more, or much less, than the ledger's earlier batches did.

They are computed from the ledger's own history and need no truth. They say "look before you go on", not
that anything is wrong: a new source links otherwise than a known one. The first batch has nothing
to be held against, and raises none.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

from openoda.linkage.ledger.state import Figures


class Danger(StrEnum):
    """What may have happened: entities joined that are two, or entities kept apart that are one."""

    OVER_LINKING = "over-linking"
    UNDER_LINKING = "under-linking"


@dataclass(frozen=True)
class Limits:
    """From where on an alarm is raised.

    `merged_share` of the ids that lived lose them to others (and `merged_times` the median share of
    earlier batches, and at least `merged_least`); the largest entity has `larger_times` the records of
    the largest before (and at least `larger_least`); the share of new records that joined nothing
    differs by `alone_difference` from the median of `alone_batches` or more later batches than the
    first, and by `alone_errors` standard errors of a share of so many records.
    """

    merged_share: float = 0.01
    merged_times: float = 3
    merged_least: int = 10
    larger_times: float = 2
    larger_least: int = 20
    alone_difference: float = 0.10
    alone_batches: int = 2
    alone_errors: float = 4


USUAL = Limits()


@dataclass(frozen=True)
class Alarm:
    """One alarm about a batch (`act`): what was measured, and the limit that it is over."""

    act: int
    danger: Danger
    what: str
    measured: float
    limit: float


def alarms(history: Sequence[Figures], limits: Limits = USUAL) -> list[Alarm]:
    """The alarms about the last batch of a history, oldest first."""
    if len(history) < 2:
        return []
    *earlier, last = history
    found = (
        _many_merged(earlier, last, limits),
        _one_large(last, limits),
        _alone(earlier[1:], last, limits),
    )
    return [alarm for alarm in found if alarm]


def _many_merged(earlier: Sequence[Figures], last: Figures, limits: Limits) -> Alarm | None:
    share = _share(last.merged, last.before)
    usual = median(_share(one.merged, one.before) for one in earlier)
    limit = max(limits.merged_share, limits.merged_times * usual)
    if last.merged < limits.merged_least or share <= limit:
        return None
    what = f"{last.merged:,} of {last.before:,} ids were merged into others"
    return Alarm(last.act, Danger.OVER_LINKING, what, share, limit)


def _one_large(last: Figures, limits: Limits) -> Alarm | None:
    limit = max(limits.larger_least, limits.larger_times * last.largest_before)
    if last.largest < limit:
        return None
    what = f"one id has {last.largest:,} records; before, the most were {last.largest_before:,}"
    return Alarm(last.act, Danger.OVER_LINKING, what, last.largest, limit)


def _alone(earlier: Sequence[Figures], last: Figures, limits: Limits) -> Alarm | None:
    told = [one for one in earlier if one.new]
    if len(told) < limits.alone_batches or not last.new:
        return None
    usual = median(_share(one.alone, one.new) for one in told)
    share = _share(last.alone, last.new)
    cautious = (last.new * usual + 1) / (last.new + 2)  # never 0 or 1, as an error of 0 would be
    error = math.sqrt(cautious * (1 - cautious) / last.new)
    limit = max(limits.alone_difference, limits.alone_errors * error)
    if abs(share - usual) <= limit:
        return None
    danger = Danger.UNDER_LINKING if share > usual else Danger.OVER_LINKING
    what = (
        f"{last.alone:,} of {last.new:,} new records joined nothing ({share:.0%}; "
        f"earlier batches: {usual:.0%})"
    )
    return Alarm(last.act, danger, what, share, usual + math.copysign(limit, share - usual))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
