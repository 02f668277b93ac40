"""Giving out the places: who is on the list, by which route, and why."""

from dataclasses import dataclass

import numpy as np

from openoda.opportunities.cases import Cases, Floats, Ints
from openoda.opportunities.lottery import Places, give_places
from openoda.opportunities.prioritise.analysis import Analysis, calibrated, refitted
from openoda.opportunities.prioritise.plan import Plan
from openoda.opportunities.reasons import reasons
from openoda.opportunities.scorers import QUEUE, Scorer

YARDSTICKS = {"actual": "In the order of dates", "chance": "By chance"}


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
    """The list and what it was drawn from.

    `back_test`: no case waits, so cases with a known outcome stand in. `unsettled`: cases without an
    outcome that are dated before the last known one, and so aren't listed.
    """

    cases: Cases
    lines: tuple[Line, ...]
    order: str
    scorer: Scorer | None
    made_on: int
    back_test: bool
    unsettled: int


def make_list(analysis: Analysis, plan: Plan, *, seed: int, order: str | None = None) -> Listed:
    """The list by the recommended order, or by the order named.

    Cases without an outcome, dated after the last known one (or not dated), are what a list is for;
    what orders them is fitted again on all known outcomes. Where none waits, the test cases stand
    in, and the list is a back-test as at the cutoff. Earlier cases without an outcome are taken for
    visits that settled nothing: they are counted, not listed.
    """
    name = order or analysis.recommended
    last = int(analysis.cases.day[analysis.cases.known].max())
    waiting = ~analysis.cases.known & (analysis.cases.day > last)
    back_test = not waiting.any()
    cases = analysis.test if back_test else analysis.cases.take(waiting)
    made_on = analysis.split.cutoff if back_test else last + 1
    scorer = analysis.orders[name].scorer if back_test else refitted(analysis, plan, name)
    parts = scorer.contributions(cases) if scorer else {}
    scores = scorer.score(cases) if scorer else _yardstick(name, cases)
    chances = calibrated(analysis, name, scores)
    why = reasons(parts, cases, plan.words)
    if name in YARDSTICKS or set(parts) == {QUEUE}:
        why = [(YARDSTICKS.get(name, "By who would visit"),)] * len(cases)
    lines = []
    for queue, rows in _queues(cases, plan):
        places = give_places(
            cases.case[rows], scores[rows], plan.visits, plan.lottery_share, seed, made_on
        )
        lines += _lines(queue, rows, places, chances, why)
    unsettled = int((~analysis.cases.known).sum()) - int(waiting.sum())
    return Listed(cases, tuple(lines), name, scorer, made_on, back_test, unsettled)


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
