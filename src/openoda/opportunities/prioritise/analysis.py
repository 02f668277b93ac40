"""Every order tried on what came later, beside chance, the current order and a one-column rule."""

from dataclasses import dataclass

import numpy as np

from openoda.opportunities.calibration import Bin, Calibration, reliability
from openoda.opportunities.cases import Cases, Floats, Mask, Texts
from openoda.opportunities.checks.caution import Caution
from openoda.opportunities.checks.disparity import group_disparity
from openoda.opportunities.checks.drift import base_rate_drift
from openoda.opportunities.checks.labels_seen import labels_seen_only_for_visited
from openoda.opportunities.checks.moves_with_visit import CODE as MOVES
from openoda.opportunities.checks.moves_with_visit import moves_with_visit, moving_features
from openoda.opportunities.checks.positives import too_few_positives
from openoda.opportunities.checks.staff_identity import staff_identity_dominates
from openoda.opportunities.measures import Measured, Order
from openoda.opportunities.prioritise.choice import Choice, choose, fit_model
from openoda.opportunities.prioritise.plan import Kind, OrderSpec, Plan
from openoda.opportunities.resampling import RESAMPLES, Resampled, resample
from openoda.opportunities.scorers import ColumnScorer, LogisticScorer, RateScorer, Scorer
from openoda.opportunities.time_splits import Split, holdout, horizon_of, rolling_origins
from openoda.vocabulary.progress import Progress, Step, silent

Interval = tuple[float, float]


@dataclass(frozen=True)
class Tried:
    """One order on the test cases: its measures, their 95 % intervals, what made it, its scores."""

    measured: Measured
    intervals: dict[str, Interval]
    scores: Floats
    scorer: Scorer | None


@dataclass(frozen=True)
class Analysis:
    """What was found. `gain` is the model's over the rule in the primary measure, 95 %."""

    cases: Cases
    test: Cases
    split: Split
    knowable: tuple[str, ...]
    choice: Choice
    orders: dict[str, Tried]
    gain: Interval
    recommended: str
    cautions: tuple[Caution, ...]
    calibration: tuple[Bin, ...]


def prioritise(
    cases: Cases,
    plan: Plan,
    *,
    seed: int,
    universe: Texts | None = None,
    group: Texts | None = None,
    resamples: int = RESAMPLES,
    progress: Progress = silent,
) -> Analysis:
    """Learn on the earlier cases, try every order on the later ones, and say which to use.

    universe: ids of all units, if known. group: shape (n,), aligned with `cases`, for disparity.
    Deterministic in its arguments. Refuses (DataUnfit) where the data can't carry it.
    """
    split = holdout(cases, plan.train_until, plan.test_from)
    train, test = cases.take(split.train), cases.take(split.test)
    offered = plan.features or tuple(cases.features)
    progress(Step("Looking for features that move with the visit"))
    unseen = cases.take(split.train | ~cases.known)  # what is known before the test, and what waits
    moving = moving_features(unseen.with_features(offered))
    knowable = tuple(name for name in offered if name not in moving and _is_not_queue(name, cases))
    inner = train.with_features(knowable)
    splits = rolling_origins(inner, plan.origins, horizon_of(cases, split))
    choice = choose(inner, splits, plan, progress)
    scorers = _scorers(train, inner, choice, plan)
    orders = _try_orders(scorers, test, plan, seed, resamples, progress)
    gain = orders[1].gain("model", "rule", plan.primary)
    recommended = "model" if gain[0] > plan.margin else "rule"
    progress(Step("Checking what could mislead"))
    picked = _picked(orders[0][recommended].scores, test, plan)
    cautions = [moves_with_visit(moving, len(offered))]
    cautions += _cautions(cases, split, knowable, offered, universe, plan)
    if group is not None:
        cautions.append(group_disparity(picked, test.outcome, group[split.test]))
    return Analysis(
        cases=cases,
        test=test,
        split=split,
        knowable=knowable,
        choice=choice,
        orders=orders[0],
        gain=gain,
        recommended=recommended,
        cautions=tuple(caution for caution in cautions if caution),
        calibration=reliability(choice.calibration.chance(orders[0]["model"].scores), test.outcome),
    )


def _is_not_queue(name: str, cases: Cases) -> bool:
    """Whether a feature is anything but the queue under another name or number."""
    queue = np.unique(cases.queue, return_inverse=True)[1]
    column = np.unique(cases.features[name], return_inverse=True)[1]
    together = len(np.unique(column * (int(queue.max()) + 1) + queue))
    return not (queue.max() > 0 and together == queue.max() + 1 == column.max() + 1)


def _scorers(train: Cases, inner: Cases, choice: Choice, plan: Plan) -> dict[str, Scorer]:
    """Everything fitted on the training cases, by the name of its order."""
    return {
        "rule": choice.rule,
        "model": fit_model(choice.model_name, inner),
        **{spec.name: _fit_spec(spec, train) for spec in plan.orders},
    }


def _fit_spec(spec: OrderSpec, train: Cases) -> Scorer:
    """A package's own order, fitted as it says."""
    if spec.kind is Kind.QUEUE_RATE:
        return RateScorer.fit(train)
    if spec.kind is Kind.COLUMN:
        return ColumnScorer(spec.features[0])
    cases = train.with_features(spec.features)
    return LogisticScorer.fit(cases, use_queue=spec.kind is Kind.LOGISTIC_WITH_QUEUE)


def refitted(analysis: Analysis, plan: Plan, name: str) -> Scorer | None:
    """What makes an order, fitted on every known outcome: for a list of cases that wait."""
    known = analysis.cases.take(analysis.cases.known)
    if name == "model":
        return fit_model(analysis.choice.model_name, known.with_features(analysis.knowable))
    specs = {spec.name: spec for spec in plan.orders}
    return _fit_spec(specs[name], known) if name in specs else analysis.orders[name].scorer


def _try_orders(
    scorers: dict[str, Scorer],
    test: Cases,
    plan: Plan,
    seed: int,
    resamples: int,
    progress: Progress,
) -> tuple[dict[str, Tried], Resampled]:
    """Measure each order and the two yardsticks on the test cases."""
    scores = {
        "actual": -np.arange(len(test), dtype=np.float64),
        "chance": np.zeros(len(test)),
        **{name: scorer.score(test) for name, scorer in scorers.items()},
    }
    orders = {
        name: Order(values, test, visits=plan.visits, per_queue=plan.per_queue)
        for name, values in scores.items()
    }
    drawn = resample(orders, test, seed=seed, resamples=resamples, progress=progress)
    tried = {}
    for name, order in orders.items():
        measured = order.measured()
        intervals = {key: drawn.interval(name, key) for key in measured.expected}
        tried[name] = Tried(measured, intervals, scores[name], scorers.get(name))
    return tried, drawn


def _picked(scores: Floats, cases: Cases, plan: Plan) -> Mask:
    """The cases that the order would take within the capacity, for comparing groups."""
    picked = np.zeros(len(cases), dtype=bool)
    queue = cases.queue if plan.per_queue else np.full(len(cases), "all")
    for name in np.unique(queue):
        rows = np.flatnonzero(queue == name)
        picked[rows[np.argsort(-scores[rows], kind="stable")[: plan.visits]]] = True
    return picked


def _cautions(
    cases: Cases,
    split: Split,
    knowable: tuple[str, ...],
    offered: tuple[str, ...],
    universe: Texts | None,
    plan: Plan,
) -> list[Caution | None]:
    known = cases.take(cases.known)
    who = tuple(n for n, c in cases.features.items() if c.dtype.kind != "f" and n not in knowable)
    return [
        staff_identity_dominates(known.with_features((*knowable, *who))),
        labels_seen_only_for_visited(cases, universe),
        base_rate_drift(known),
        too_few_positives(known.positives, cases.take(split.test).positives),
        None if plan.history else _no_history(known.with_features(offered)),
    ]


def _no_history(cases: Cases) -> Caution:
    """The warning for a file whose features are as at the visit, not as at the list's date."""
    return Caution(
        "no-feature-history",
        "The file gives each feature as it was at the visit, not as it was on the day a list would "
        f"have been made. {MOVES} finds those that give themselves away; others may not.",
        "Keep dated history of each feature, so that lists can be tried as they would have been.",
        {"features": len(cases.features)},
    )


def calibrated(analysis: Analysis, name: str, scores: Floats) -> Floats | None:
    """Chances for the model's scores; None for orders that make no claim of a chance."""
    calibration: Calibration = analysis.choice.calibration
    return calibration.chance(scores) if name == "model" else None
