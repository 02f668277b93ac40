"""Trying an order on what came later: splits by date that never see the future."""

from dataclasses import dataclass
from datetime import date

from openoda.opportunities.cases import Cases, Mask
from openoda.vocabulary.refusals import DataUnfit

LEAST_POSITIVES = 10
TEST_SHARE = 0.25


@dataclass(frozen=True)
class Split:
    """Cases to learn from, and later ones to try on. `cutoff` is the first day of the later ones."""

    cutoff: int
    train: Mask
    test: Mask


def as_day(when: date) -> int:
    """Days since 1970-01-01."""
    return when.toordinal() - date(1970, 1, 1).toordinal()


def as_date(day: int) -> date:
    """The date of a number of days since 1970-01-01; the calendar's last day for any after it."""
    return date.fromordinal(min(int(day) + date(1970, 1, 1).toordinal(), date.max.toordinal()))


def holdout(cases: Cases, train_until: date | None = None, test_from: date | None = None) -> Split:
    """Learn from cases up to `train_until`, try on those from `test_from`.

    Without dates the last quarter of the cases with a known outcome is kept for the test, cut
    between two dates. Refuses (DataUnfit) where either side has fewer than ten positives.
    """
    known = cases.known
    if test_from is None:
        days = cases.day[known]
        if not len(days):
            raise DataUnfit("No case has an outcome", remedy="Give past cases with their outcomes.")
        test_from = as_date(int(days[int((1 - TEST_SHARE) * (len(days) - 1))]) + 1)
    cutoff = as_day(test_from)
    until = cutoff - 1 if train_until is None else min(as_day(train_until), cutoff - 1)
    split = Split(cutoff, known & (cases.day <= until), known & (cases.day >= cutoff))
    for words, part in (("to learn from", split.train), ("to try the orders on", split.test)):
        positives = cases.take(part).positives
        if positives < LEAST_POSITIVES or positives == part.sum():
            raise DataUnfit(
                f"Of {int(part.sum()):,} past cases {words}, {positives:,} are positive",
                where=f"learning until {as_date(until)}, trying from {test_from}",
                remedy="Give a longer history, or other dates in the package's [validation].",
            )
    return split


def rolling_origins(cases: Cases, count: int, horizon_days: int) -> list[Split]:
    """Up to `count` splits inside `cases`, oldest first: learn before a date, try on what followed.

    Each tries on the `horizon_days` days from its cutoff; a split with under ten positives on either
    side is left out.
    """
    last = int(cases.day.max()) + 1
    splits = []
    for back in range(count, 0, -1):
        cutoff = last - back * horizon_days
        later = (cases.day >= cutoff) & (cases.day < cutoff + horizon_days)
        split = Split(cutoff, cases.known & (cases.day < cutoff), cases.known & later)
        if min(cases.take(part).positives for part in (split.train, split.test)) >= LEAST_POSITIVES:
            splits.append(split)
    return splits


def horizon_of(cases: Cases, split: Split) -> int:
    """Length in days of the split's test, so that inner tries look as far ahead as the outer one."""
    days = cases.day[split.test]
    return max(int(days.max()) - split.cutoff + 1, 28) if len(days) else 28
