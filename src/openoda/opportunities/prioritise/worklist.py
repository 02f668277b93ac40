"""Giving out the places: who is on the list, by which route, and why."""

from dataclasses import dataclass

import numpy as np

from openoda.opportunities.cases import Cases, Floats, Ints
from openoda.opportunities.lottery import Places, give_places
from openoda.opportunities.prioritise.analysis import Analysis, calibrated
from openoda.opportunities.prioritise.plan import Plan
from openoda.opportunities.reasons import reasons


@dataclass(frozen=True)
class Line:
    """One place: position of the case in `Listed.cases`, place within its list, how and why."""

    row: int
    queue: str
    place: int
    by_lottery: bool
    probability: float
    chance: float | None
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Listed:
    """The list and what it was drawn from. `back_test`: cases whose outcome is already known."""

    cases: Cases
    lines: tuple[Line, ...]
    order: str
    made_on: int
    back_test: bool


def make_list(analysis: Analysis, plan: Plan, *, seed: int, order: str | None = None) -> Listed:
    """The list by the recommended order, or by the order named.

    Cases without an outcome, dated from the end of the learning period on, are what a list is for.
    Where there is none, the test cases stand in, and the list is a back-test as at the cutoff.
    """
    name = order or analysis.recommended
    cases, back_test = _eligible(analysis)
    scorer = analysis.orders[name].scorer
    parts = scorer.contributions(cases) if scorer else {}
    scores = scorer.score(cases) if scorer else _yardstick(name, cases)
    chances = calibrated(analysis, name, scores)
    why = reasons(parts, cases, plan.words)
    lines = []
    for queue, rows in _queues(cases, plan):
        places = give_places(cases.case[rows], scores[rows], plan.visits, plan.lottery_share, seed)
        lines += _lines(queue, rows, places, chances, why)
    made_on = analysis.split.cutoff if back_test else int(cases.day.min())
    return Listed(cases, tuple(lines), name, made_on, back_test)


def _eligible(analysis: Analysis) -> tuple[Cases, bool]:
    cases = analysis.cases
    waiting = ~cases.known & (cases.day >= analysis.split.cutoff)
    if waiting.any():
        return cases.take(waiting), False
    return analysis.test, True


def _yardstick(name: str, cases: Cases) -> Floats:
    """The current order, or none at all for chance."""
    n = len(cases)
    return -np.arange(n, dtype=np.float64) if name == "actual" else np.zeros(n)


def _queues(cases: Cases, plan: Plan) -> list[tuple[str, Ints]]:
    """The lists to make: one a queue, or one for all; each with the positions of its cases."""
    if not plan.per_queue:
        return [("all", np.arange(len(cases)))]
    return [(str(name), np.flatnonzero(cases.queue == name)) for name in np.unique(cases.queue)]


def _lines(
    queue: str, rows: Ints, places: Places, chances: Floats | None, why: list[tuple[str, ...]]
) -> list[Line]:
    return [
        Line(
            row=int(rows[at]),
            queue=queue,
            place=place,
            by_lottery=bool(lottery),
            probability=float(places.probability[at]),
            chance=None if chances is None else float(chances[rows[at]]),
            reasons=why[rows[at]],
        )
        for place, (at, lottery) in enumerate(
            zip(places.chosen.tolist(), places.by_lottery.tolist(), strict=True), 1
        )
    ]
