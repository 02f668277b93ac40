"""The six dimensions of a profile: which checks stand behind each, and what they found."""

from collections.abc import Sequence
from datetime import date

from openoda.data.quality.columns import ColumnProfile, Scale
from openoda.data.quality.dimensions import CANNOT_BE_JUDGED, Dimension, Judged, Part, judged
from openoda.data.quality.issues import Issue
from openoda.data.quality.profiling import Profile
from openoda.data.quality.reference import Agreement
from openoda.data.quality.rule_runs import RuleResult

_BAD_VALUES = ("impossible", "not-a-number", "broken-characters", "reads-otherwise")


def assess(
    profile: Profile,
    results: Sequence[RuleResult],
    unread: int,
    as_at: date,
    agreement: Agreement | None,
) -> tuple[Judged, ...]:
    """All six, in the framework's order.

    `unread`: records set aside that should have been data. `as_at`: the day timeliness is judged by.
    """
    return (
        judged(Dimension.COMPLETENESS, _completeness(profile, results)),
        judged(Dimension.UNIQUENESS, _uniqueness(profile, results)),
        judged(Dimension.CONSISTENCY, _consistency(profile, results)),
        judged(Dimension.TIMELINESS, _own(results, Dimension.TIMELINESS), _newest(profile, as_at)),
        judged(Dimension.VALIDITY, _validity(profile, results, unread)),
        _accuracy(agreement),
    )


def _own(results: Sequence[RuleResult], dimension: Dimension) -> list[Part]:
    """The analyst's own rules that count towards a dimension."""
    mine = (one for one in results if one.dimension is dimension)
    return [Part(f"Own rule {one.name}: {one.reason}", one.asked, one.broken) for one in mine]


def _completeness(profile: Profile, results: Sequence[RuleResult]) -> list[Part]:
    cells = sum(one.completeness.rows for one in profile.columns)
    filled = sum(one.completeness.filled for one in profile.columns)
    rule = "Cells that hold a value: not null, not empty, not a placeholder"
    return [Part(rule, cells, cells - filled), *_own(results, Dimension.COMPLETENESS)]


def _uniqueness(profile: Profile, results: Sequence[RuleResult]) -> list[Part]:
    parts = []
    if profile.exact is not None:
        rule = "Rows that don't repeat an earlier row in every column"
        parts.append(Part(rule, profile.rows, profile.exact.extra))
    return [*parts, *_own(results, Dimension.UNIQUENESS)]


def _consistency(profile: Profile, results: Sequence[RuleResult]) -> list[Part]:
    texts = [one for one in profile.columns if one.reads_as is Scale.TEXT and one.exact]
    rule = "Values of text spelled as their most common spelling (case, punctuation, spaces)"
    parts = [
        Part(
            rule,
            sum(one.completeness.filled for one in texts),
            sum(one.spellings for one in texts),
        )
    ]
    return [*parts, *_own(results, Dimension.CONSISTENCY)]


def _validity(profile: Profile, results: Sequence[RuleResult], unread: int) -> list[Part]:
    filled = sum(one.completeness.filled for one in profile.columns)
    unreadable = sum(one.completeness.unreadable for one in profile.columns)
    bad = _rows_of(profile.issues, _BAD_VALUES)
    return [
        Part("Records that could be read", profile.rows + unread, unread),
        Part("Values that fit the schema's types and constraints", filled + unreadable, unreadable),
        Part("Values possible for the kind of column and whole in their characters", filled, bad),
        *_own(results, Dimension.VALIDITY),
    ]


def _rows_of(issues: Sequence[Issue], codes: Sequence[str]) -> int:
    return sum(one.rows for one in issues if one.code in codes)


def _newest(profile: Profile, as_at: date) -> str:
    """The newest date up to `as_at` of each column of dates, in words."""
    dated = [one for one in profile.columns if one.reads_as in (Scale.DATE, Scale.MOMENT)]
    told = [f"{one.name}: {_reach(one)}" for one in dated if one.spread]
    if not told:
        return ""
    return f"Judged as at {as_at.isoformat()}. Dates run, for the middle 90%: {'; '.join(told)}."


def _reach(column: ColumnProfile) -> str:
    assert column.spread is not None  # noqa: S101  (the caller has looked)
    found = column.spread.quantiles
    if not found:
        return f"{column.spread.lowest} to {column.spread.highest}"
    return f"{found[0.05]} to {found[0.95]}"


def _accuracy(agreement: Agreement | None) -> Judged:
    if agreement is None:
        words = f"Accuracy {CANNOT_BE_JUDGED}: name a reference with --reference."
        return Judged(Dimension.ACCURACY, (), words)
    parts = tuple(
        Part(f"{one.column} agrees with {agreement.reference}", one.compared, one.differ)
        for one in agreement.columns
    )
    matched = f"{agreement.matched:,} of {agreement.rows:,} rows have one row in "
    return judged(Dimension.ACCURACY, parts, f"{matched}{agreement.reference} by {agreement.key}.")
