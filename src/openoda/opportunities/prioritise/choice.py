"""Choosing the one-column rule and the model: on rolling origins inside the training period only."""

from dataclasses import dataclass

import numpy as np

from openoda.opportunities.calibration import Calibration
from openoda.opportunities.cases import Cases, Floats
from openoda.opportunities.measures import Order
from openoda.opportunities.prioritise.plan import Plan
from openoda.opportunities.scorers import (
    BoostingScorer,
    ColumnScorer,
    LogisticScorer,
    Scorer,
)
from openoda.opportunities.time_splits import Split
from openoda.vocabulary.progress import Progress, Step, silent
from openoda.vocabulary.refusals import DataUnfit

PENALTY = 2.0


def fit_model(name: str, cases: Cases) -> Scorer:
    """Fit a candidate by its name. The queue is adjusted for and never part of the score."""
    if name == "logistic":
        return LogisticScorer.fit(cases, adjust=len(set(cases.queue.tolist())) > 1, penalty=PENALTY)
    return BoostingScorer.fit(cases, library=name)


@dataclass(frozen=True)
class Fold:
    """One rolling origin: cutoff, sizes, and the primary measure of each order tried, by name."""

    cutoff: int
    train_rows: int
    test_rows: int
    positives: int
    figures: dict[str, float]


@dataclass(frozen=True)
class Choice:
    """The rule and model chosen, how they did on the folds, and the model's calibration."""

    rule: ColumnScorer
    model_name: str
    calibration: Calibration
    folds: tuple[Fold, ...]


def measure_of(scores: Floats, cases: Cases, plan: Plan) -> float:
    """The plan's primary measure of an order over cases, expected over ties."""
    order = Order(scores, cases, visits=plan.visits, per_queue=plan.per_queue)
    return order.measure(np.ones(len(cases), dtype=np.int64))[plan.primary]


def choose(cases: Cases, splits: list[Split], plan: Plan, progress: Progress = silent) -> Choice:
    """Pick rule and model by their mean primary measure over the splits.

    `cases` are the training cases with the features that can be known. Ties of candidates go to
    the one named first in the plan, so that a simpler model wins where it does as well.
    """
    if not cases.numeric or not splits:
        raise DataUnfit(
            "A rule and a model can't be chosen",
            where=f"{len(cases.numeric)} usable numeric features, {len(splits)} rolling origins",
            remedy="Offer at least one number known beforehand, and a history of several periods.",
        )
    tried: dict[str, list[Floats]] = {name: [] for name in plan.candidates}
    for at, split in enumerate(splits):
        progress(Step("Trying models on past periods", at, len(splits)))
        train, test = cases.take(split.train), cases.take(split.test)
        for name in plan.candidates:
            tried[name].append(fit_model(name, train).score(test))
    progress(Step("Trying models on past periods", len(splits), len(splits)))
    tests = [cases.take(split.test) for split in splits]
    rule, rule_figures = _best_rule(tests, plan)
    figures = {
        name: [measure_of(s, t, plan) for s, t in zip(scores, tests, strict=True)]
        for name, scores in tried.items()
    }
    best = max(plan.candidates, key=lambda name: float(np.mean(figures[name])))
    pooled = np.concatenate(tried[best]), np.concatenate([test.outcome for test in tests])
    folds = tuple(
        Fold(
            split.cutoff,
            int(split.train.sum()),
            len(test),
            test.positives,
            {"rule": rule_figures[at], **{name: values[at] for name, values in figures.items()}},
        )
        for at, (split, test) in enumerate(zip(splits, tests, strict=True))
    )
    return Choice(rule, best, Calibration.fit(*pooled), folds)


def _best_rule(tests: list[Cases], plan: Plan) -> tuple[ColumnScorer, list[float]]:
    """The numeric column and direction with the best mean measure over the folds."""
    rules = [ColumnScorer(name, sign) for name in tests[0].numeric for sign in (1, -1)]
    figures = [[measure_of(rule.score(test), test, plan) for test in tests] for rule in rules]
    best = int(np.argmax([np.mean(values) for values in figures]))
    return rules[best], figures[best]
