"""What numbers, dates and times have in common: spread, outliers, impossible values, placeholders."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from openoda.data.quality import kinds, placeholders, spread
from openoda.data.quality.columns import Counted, Outliers, Scale, Spread
from openoda.data.quality.findings import Finding, Mask, finding
from openoda.data.quality.runs import Numbers, Runs

RowsWhere = Callable[[kinds.Test], Mask]
"""The rows, shape (rows,), whose value satisfies a test."""

TOP_SHOWN = 10
_NO_MASK: Mask = np.zeros(0, dtype=bool)


@dataclass(frozen=True)
class Ordered:
    """The measures of one ordered column.

    `runs` are its values without placeholders; `placeholders`, for text, is true of the different
    texts that are one.
    """

    runs: Runs
    kind: str
    spread: Spread | None
    outliers: Outliers | None
    findings: tuple[Finding, ...]
    placeholder_values: Numbers
    placeholder_rows: int
    placeholder_words: tuple[Counted, ...]
    placeholders: Mask = field(default_factory=lambda: _NO_MASK)

    def with_texts(self, unread: Finding | None, at: Mask) -> "Ordered":
        """The same for a column of text: what doesn't read so, and which texts are placeholders."""
        found = (*self.findings, unread) if unread else self.findings
        return replace(self, findings=found, placeholders=at)


def measure_ordered(name: str, scale: Scale, runs: Runs, rows_where: RowsWhere) -> Ordered:
    """Measure a column's runs; `rows_where` finds the rows of what is wrong or odd."""
    empty = _stand_for_nothing(scale, runs)
    kept = runs.without(empty)
    found: list[Finding | None] = []
    known = kinds.number_kind(name, scale)
    kind = ""
    sound = kept
    if known:
        kind = known[0].code
        wrong = known[1](kept.values)
        sound = kept.without(wrong)
        if wrong.any():
            at = _but(rows_where, known[1], runs.values[empty])
            found.append(finding("impossible", name, at, kind))
    outliers = spread.outliers_of(sound, scale)
    if outliers and outliers.below + outliers.above:
        found.append(_outlier_rows(name, sound, rows_where))
    words = [
        Counted(spread.saying(scale)(value), int(count))
        for value, count in zip(runs.values[empty], runs.counts[empty], strict=True)
    ]
    return Ordered(
        kept, kind, spread.spread_of(kept, scale), outliers, tuple(one for one in found if one),
        runs.values[empty], int(runs.counts[empty].sum()), tuple(words),
    )  # fmt: skip


def _stand_for_nothing(scale: Scale, runs: Runs) -> Mask:
    if scale is Scale.DATE:
        return placeholders.dates_in(runs)
    if scale in (Scale.WHOLE, Scale.NUMBER):
        return placeholders.numbers_in(runs)
    return np.zeros(len(runs.values), dtype=bool)


def _outlier_rows(name: str, sound: Runs, rows_where: RowsWhere) -> Finding | None:
    bounds = spread.fences(sound)
    if bounds is None:
        return None
    low, high = bounds
    least, most = sound.values[0], sound.values[-1]

    def outside(values: Numbers) -> Mask:
        """Outside the fences, and not among the values that are impossible already."""
        within: Mask = (values >= least) & (values <= most)
        return within & ((values < low) | (values > high))

    return finding("outlier", name, rows_where(outside))


def _but(rows_where: RowsWhere, test: kinds.Test, but: Numbers) -> Mask:
    return rows_where(lambda values: test(values) & ~np.isin(values, but))


def top_of(runs: Runs, scale: Scale) -> tuple[Counted, ...]:
    """The most frequent values, the lower of equally frequent ones first."""
    counts, say = runs.counts, spread.saying(scale)
    most = np.arange(len(counts))
    if len(counts) > TOP_SHOWN:
        most = np.argpartition(-counts, TOP_SHOWN)[:TOP_SHOWN]
    most = most[np.lexsort((most, -counts[most]))]
    return tuple(Counted(say(runs.values[at]), int(counts[at])) for at in most)
