"""What an order of work is worth: the same few measures for every order, ties dealt with honestly.

An order is an array of scores, higher first. `days_earlier` and `first_half` follow the City of
Chicago's evaluation of its food inspection forecast (Chicago/food-inspections-evaluation on GitHub):
keep the dates on which visits were made, deal them out again in the order of the scores, and look at
how much sooner the positives would have been reached.

Where scores tie, four answers exist: the expectation over a random order of the tied (which is what
counts), and the tied kept in the current order, or with the positives first (best) or last (worst).
"""

from dataclasses import dataclass

import numpy as np

from openoda.opportunities.cases import Cases, Floats, Ints

MEASURES = ("first_half", "auc", "days_earlier", "own_queue_days_earlier")
AT_K = ("precision_at_k", "recall_at_k")


@dataclass(frozen=True)
class Ladder:
    """An order laid out for measuring: positions and their ties, for any weighting of the cases.

    Rungs are cases sorted by block (one block, or one a queue), then by score, highest first; `tie`
    numbers runs of equal score within a block. Dates are dealt within blocks.
    """

    rung: Ints
    tie: Ints
    by_date: Ints
    block_starts: Ints

    @classmethod
    def of(cls, scores: Floats, cases: Cases, *, within_queue: bool) -> "Ladder":
        """Lay out `scores`, shape (n,), one a case; ties within float rounding are ties."""
        scores = rounded(scores)
        block = (
            np.unique(cases.queue, return_inverse=True)[1]
            if within_queue
            else np.zeros(len(cases), dtype=np.int64)
        )
        position = np.arange(len(cases))
        rung = np.lexsort((position, -scores, block))
        new = np.ones(len(cases), dtype=bool)
        new[1:] = (np.diff(scores[rung]) != 0) | (np.diff(block[rung]) != 0)
        by_date = np.lexsort((position, block))
        starts = np.flatnonzero(np.r_[True, np.diff(block[by_date]) != 0])
        return cls(rung, np.cumsum(new) - 1, by_date, starts)

    def untied(self, tie_break: Floats) -> "Ladder":
        """The same ladder with each tie broken by `tie_break`, shape (n,), lowest first."""
        rung = self.rung[np.lexsort((tie_break[self.rung], self.tie))]
        return Ladder(rung, np.arange(len(rung)), self.by_date, self.block_starts)

    @property
    def has_ties(self) -> bool:
        """Whether any two cases share a score (and a block)."""
        return bool(self.tie[-1] + 1 < len(self.tie)) if len(self.tie) else False


def rounded(scores: Floats) -> Floats:
    """Scores to 12 significant digits, so that noise of the last bits neither makes nor breaks ties."""
    size = np.abs(scores).max(initial=0.0)
    return scores if size == 0 else np.round(scores / size, 12)


def days_earlier(ladder: Ladder, cases: Cases, weight: Ints) -> float:
    """Mean days by which positives are reached sooner, expected over ties; negative is later."""
    dealt = np.concatenate(
        [[0.0], np.cumsum(np.repeat(cases.day[ladder.by_date], weight[ladder.by_date]))]
    )
    w = weight[ladder.rung]
    ends = np.cumsum(w)
    tie_end = ends[np.r_[np.flatnonzero(np.diff(ladder.tie)), len(ends) - 1]]
    tie_start = np.r_[0, tie_end[:-1]]
    size = np.maximum(tie_end - tie_start, 1)
    mean_dealt = (dealt[tie_end] - dealt[tie_start]) / size
    positive = w * (cases.outcome[ladder.rung] == 1)
    gained = cases.day[ladder.rung] - mean_dealt[ladder.tie]
    return _ratio(float(positive @ gained), float(positive.sum()))


def first_half(ladder: Ladder, cases: Cases, weight: Ints) -> float:
    """Share of positives dealt to the days whose running count of visits stays under n/2."""
    _, starts = np.unique(cases.day, return_index=True)
    by_day = np.cumsum(np.add.reduceat(weight, starts))
    half = float(by_day[by_day < by_day[-1] / 2].max(initial=0))
    return share_reached(ladder, cases, weight, half)


def share_reached(ladder: Ladder, cases: Cases, weight: Ints, places: float) -> float:
    """Share of positives among the first `places` of the whole ladder, expected over ties."""
    return _ratio(*_found(ladder, cases, weight, places))


def _found(ladder: Ladder, cases: Cases, weight: Ints, places: float) -> tuple[float, float]:
    """Positives expected in the first `places`, and all positives."""
    w = weight[ladder.rung]
    positive = w * (cases.outcome[ladder.rung] == 1)
    size = np.bincount(ladder.tie, w)
    found = np.bincount(ladder.tie, positive)
    before = np.cumsum(size) - size
    share = np.clip((places - before) / np.maximum(size, 1), 0, 1)
    return float(found @ share), float(found.sum())


def auc(ladder: Ladder, cases: Cases, weight: Ints) -> float:
    """Chance that a positive outranks a negative, ties counting half (one block only)."""
    w = weight[ladder.rung]
    positive = np.bincount(ladder.tie, w * (cases.outcome[ladder.rung] == 1))
    negative = np.bincount(ladder.tie, w * (cases.outcome[ladder.rung] == 0))
    below = negative.sum() - np.cumsum(negative)
    return _ratio(float(positive @ (below + negative / 2)), float(positive.sum() * negative.sum()))


def at_capacity(ladder: Ladder, cases: Cases, weight: Ints, visits: int) -> tuple[float, float]:
    """Precision and recall at `visits` places a block (a queue, or all), expected over ties."""
    w = weight[ladder.rung]
    sizes = np.add.reduceat(weight[ladder.by_date], ladder.block_starts)
    block = np.repeat(np.arange(len(sizes)), np.diff(np.r_[ladder.block_starts, len(w)]))
    size = np.bincount(ladder.tie, w)
    found = np.bincount(ladder.tie, w * (cases.outcome[ladder.rung] == 1))
    tie_block = block[np.r_[0, np.flatnonzero(np.diff(ladder.tie)) + 1]]
    before = np.cumsum(size) - size - (np.cumsum(sizes) - sizes)[tie_block]
    hits = float(found @ np.clip((visits - before) / np.maximum(size, 1), 0, 1))
    places = float(np.minimum(sizes, visits).sum())
    return _ratio(hits, places), _ratio(hits, float(found.sum()))


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")


@dataclass(frozen=True)
class Measured:
    """One order's measures over one set of cases: name to value (0–1, or days)."""

    expected: dict[str, float]
    ties_current: dict[str, float] | None
    best: dict[str, float] | None
    worst: dict[str, float] | None


class Order:
    """A named order over `cases`, ready to be measured under any weighting of the cases."""

    def __init__(self, scores: Floats, cases: Cases, *, visits: int, per_queue: bool) -> None:
        self.scores = scores
        self._cases = cases
        self._visits = visits
        self._per_queue = per_queue
        self._whole = Ladder.of(scores, cases, within_queue=False)
        self._own = Ladder.of(scores, cases, within_queue=True)

    def measure(self, weight: Ints) -> dict[str, float]:
        """Every measure, expected over ties; `weight`, shape (n,), says how often each case counts."""
        return self._along(self._whole, self._own, weight)

    def measured(self) -> Measured:
        """Every measure with each case counted once, and what ties could make of it."""
        once = np.ones(len(self._cases), dtype=np.int64)
        expected = self.measure(once)
        if not (self._whole.has_ties or self._own.has_ties):
            return Measured(expected, None, None, None)
        current = np.zeros(len(self._cases))
        best = -self._cases.outcome
        return Measured(expected, *(self._broken(by, once) for by in (current, best, -best)))

    def _broken(self, tie_break: Floats, weight: Ints) -> dict[str, float]:
        return self._along(self._whole.untied(tie_break), self._own.untied(tie_break), weight)

    def _along(self, whole: Ladder, own: Ladder, weight: Ints) -> dict[str, float]:
        cases = self._cases
        precision, recall = at_capacity(
            own if self._per_queue else whole, cases, weight, self._visits
        )
        return {
            "first_half": first_half(whole, cases, weight),
            "auc": auc(whole, cases, weight),
            "days_earlier": days_earlier(whole, cases, weight),
            "own_queue_days_earlier": days_earlier(own, cases, weight),
            "precision_at_k": precision,
            "recall_at_k": recall,
        }
