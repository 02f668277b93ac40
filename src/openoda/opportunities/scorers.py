"""What puts cases in order: fitted on past cases, then scoring any.

Each scorer is additive on its own scale (log odds for the models), so that every score is the sum of
a base and one contribution a feature, exactly. That is what the reasons shown to officers are made of.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Protocol

import numpy as np
from scipy.special import expit
from threadpoolctl import threadpool_limits

from openoda.opportunities.cases import Cases, Column, Floats, Ints
from openoda.vocabulary.refusals import Misused

QUEUE = "the queue"
"""The name under which a scorer lists the contribution of whose queue a case is in."""


class Scorer(Protocol):
    """Something fitted that scores cases."""

    def contributions(self, cases: Cases) -> dict[str, Floats]:
        """Feature to shape (n,): how much each moves the score from the base."""
        ...

    def score(self, cases: Cases) -> Floats:
        """Shape (n,): higher goes first."""
        ...


def sum_of(parts: dict[str, Floats], n: int) -> Floats:
    """The contributions added up, shape (n,)."""
    return np.sum(list(parts.values()), axis=0) if parts else np.zeros(n)


@dataclass(frozen=True)
class ColumnScorer:
    """Order by one column: the one-column rule. `sign` 1 puts high values first, -1 low ones."""

    column: str
    sign: int = 1

    def contributions(self, cases: Cases) -> dict[str, Floats]:
        """The column itself; missing values go last."""
        values = self.sign * np.asarray(cases.features[self.column], dtype=np.float64)
        lowest = np.nanmin(values, initial=0.0) - 1
        return {self.column: np.where(np.isnan(values), lowest, values)}

    def score(self, cases: Cases) -> Floats:
        """The column, signed."""
        return self.contributions(cases)[self.column]


@dataclass(frozen=True)
class RateScorer:
    """Order by the past rate of positives of each queue: who inspects, and nothing else."""

    rates: dict[str, float]
    overall: float

    @classmethod
    def fit(cls, cases: Cases) -> "RateScorer":
        """Rates of positives by queue among `cases`."""
        names, index = np.unique(cases.queue, return_inverse=True)
        rates = np.bincount(index, cases.outcome) / np.bincount(index)
        return cls(dict(zip(names.tolist(), rates.tolist(), strict=True)), cases.outcome.mean())

    def contributions(self, cases: Cases) -> dict[str, Floats]:
        """The queue's rate; a queue never seen counts as the average."""
        return {QUEUE: np.array([self.rates.get(q, self.overall) for q in cases.queue.tolist()])}

    def score(self, cases: Cases) -> Floats:
        """The queue's past rate."""
        return self.contributions(cases)[QUEUE]


@dataclass(frozen=True)
class Design:
    """How features become numbers: standardised on the cases fitted, text as one column a level."""

    means: dict[str, float]
    deviations: dict[str, float]
    levels: dict[str, tuple[str, ...]]

    @classmethod
    def of(cls, cases: Cases) -> "Design":
        """Learn means, deviations and levels; levels seen fewer than 20 times are left out."""
        means: dict[str, float] = {}
        deviations: dict[str, float] = {}
        levels: dict[str, tuple[str, ...]] = {}
        for name, column in cases.features.items():
            if column.dtype.kind == "f":
                known = column[~np.isnan(column)]
                means[name] = float(known.mean()) if len(known) else 0.0
                deviations[name] = float(known.std()) if len(known) and known.std() > 0 else 1.0
            else:
                values, counts = np.unique(column, return_counts=True)
                levels[name] = tuple(values[counts >= 20].tolist())
        return cls(means, deviations, levels)

    def blocks(self, cases: Cases) -> dict[str, Floats]:
        """Feature to its numbers, shape (n, columns); a missing number counts as the mean."""
        blocks: dict[str, Floats] = {}
        for name, mean in self.means.items():
            column = cases.features[name]
            scaled = np.where(np.isnan(column), 0.0, (column - mean) / self.deviations[name])
            blocks[name] = scaled[:, None]
        for name, values in self.levels.items():
            blocks[name] = one_hot(cases.features[name], values)
        return blocks


def one_hot(column: Column, levels: tuple[str, ...]) -> Floats:
    """Shape (n, levels): 1 where the case has the level, else 0."""
    return np.array(column[:, None] == np.asarray(levels, dtype=column.dtype)[None, :], dtype=float)


@dataclass(frozen=True)
class LogisticScorer:
    """Logistic regression with a ridge penalty on text levels and, if wanted, on the queue.

    With `use_queue` the queue's strictness is part of the score; with `adjust` it is fitted, so that
    other coefficients aren't bent by who happened to visit, and then left out of the score.
    """

    design: Design
    coefficients: dict[str, tuple[float, ...]]
    intercept: float
    queues: tuple[str, ...]
    use_queue: bool
    penalty: float

    @classmethod
    def fit(
        cls,
        cases: Cases,
        *,
        use_queue: bool = False,
        adjust: bool = False,
        penalty: float | None = None,
    ) -> "LogisticScorer":
        """Fit by maximum penalised likelihood; the penalty is chosen by 10-fold deviance if None.

        Numbers are never penalised; folds come from a hash of the case id.
        """
        design = Design.of(cases)
        blocks = design.blocks(cases)
        queues = tuple(np.unique(cases.queue).tolist()) if use_queue or adjust else ()
        if queues:
            blocks[QUEUE] = one_hot(cases.queue, queues)
        matrix = np.hstack([np.ones((len(cases), 1)), *blocks.values()])
        penalised = np.concatenate(
            [[0.0]]
            + [np.full(b.shape[1], float(name not in design.means)) for name, b in blocks.items()]
        )
        if penalty is None:
            penalty = choose_penalty(matrix, cases.outcome, penalised, folds_of(cases.case))
        beta = ridge_logistic(matrix, cases.outcome, penalty * penalised)
        coefficients, at = {}, 1
        for name, block in blocks.items():
            coefficients[name] = tuple(beta[at : at + block.shape[1]].tolist())
            at += block.shape[1]
        return cls(design, coefficients, float(beta[0]), queues, use_queue, penalty)

    def contributions(self, cases: Cases) -> dict[str, Floats]:
        """Log odds by feature, from the average case."""
        blocks = self.design.blocks(cases)
        if self.use_queue:
            blocks[QUEUE] = one_hot(cases.queue, self.queues)
        return {name: block @ np.array(self.coefficients[name]) for name, block in blocks.items()}

    def score(self, cases: Cases) -> Floats:
        """Log odds, without the queue unless `use_queue`."""
        return self.intercept + sum_of(self.contributions(cases), len(cases))


MOST_LEVELS = 60
"""Levels of one text feature that boosted trees tell apart (they bin at 64)."""

PENALTIES = np.exp(np.linspace(np.log(1000.0), np.log(0.01), 13))


def choose_penalty(matrix: Floats, outcome: Floats, penalised: Floats, fold: Ints) -> float:
    """The ridge penalty (on sums, not means) with the least 10-fold deviance."""
    if not penalised.any():
        return 0.0
    deviance = np.zeros(len(PENALTIES))
    for held in np.unique(fold):
        train, test = fold != held, fold == held
        beta = None
        for at, penalty in enumerate(PENALTIES):
            beta = ridge_logistic(matrix[train], outcome[train], penalty * penalised, beta)
            eta = matrix[test] @ beta
            deviance[at] += np.sum(np.logaddexp(0, eta) - outcome[test] * eta)
    return float(PENALTIES[np.argmin(deviance)])


def ridge_logistic(
    matrix: Floats, outcome: Floats, penalty: Floats, start: Floats | None = None
) -> Floats:
    """Coefficients that maximise the likelihood less half of sum(penalty · beta²).

    Newton's method with halved steps (Hastie, Tibshirani and Friedman, The Elements of Statistical
    Learning, 2nd ed., section 4.4.1). A hair of penalty on every column but the first keeps a
    constant or repeated column from making the system singular. matrix (n, p); returns (p,).
    """
    hair = np.full(len(penalty), 1e-6)
    hair[0] = 0.0
    penalty = penalty + hair
    beta = np.zeros(matrix.shape[1]) if start is None else start.copy()
    with threadpool_limits(1):  # at this size, threads that wait for each other only cost time
        return _newton(matrix, outcome, penalty, beta)


def _newton(matrix: Floats, outcome: Floats, penalty: Floats, beta: Floats) -> Floats:
    loss = _loss(matrix, outcome, penalty, beta)
    for _ in range(100):
        p = expit(matrix @ beta)
        gradient = matrix.T @ (outcome - p) - penalty * beta
        curvature = (matrix.T * (p * (1 - p))) @ matrix + np.diag(penalty)
        step = np.linalg.solve(curvature, gradient)
        while (new := _loss(matrix, outcome, penalty, beta + step)) > loss + 1e-12 * abs(loss):
            step = step / 2
            if np.abs(step).max() < 1e-12:
                return beta
        beta, loss = beta + step, new
        if np.abs(step).max() < 1e-8:
            break
    return beta


def _loss(matrix: Floats, outcome: Floats, penalty: Floats, beta: Floats) -> float:
    eta = matrix @ beta
    return float(np.sum(np.logaddexp(0, eta) - outcome * eta) + 0.5 * penalty @ beta**2)


def folds_of(case: Column, folds: int = 10) -> Ints:
    """A fold a case from a hash of its id: the same whatever the order or names of the file."""
    return np.array(
        [int(sha256(str(c).encode()).hexdigest()[:8], 16) % folds for c in case.tolist()]
    )


@dataclass(frozen=True)
class BoostingScorer:
    """Gradient-boosted trees without interactions: one curve a feature, added up.

    scikit-learn's HistGradientBoostingClassifier with `interaction_cst="no_interactions"` (or
    LightGBM with one interaction set a feature), which makes the sum of contributions exact. The
    queue is fitted beside the features and left out of the score.
    """

    model: Any
    design: Design
    names: tuple[str, ...]
    queues: tuple[str, ...]

    @classmethod
    def fit(cls, cases: Cases, *, library: str = "boosting") -> "BoostingScorer":
        """Fit few, shallow, slow trees; `library` is "boosting" (scikit-learn) or "lightgbm"."""
        design = Design.of(cases)
        names = (*cases.features, QUEUE)
        queues = tuple(np.unique(cases.queue).tolist())
        matrix = _codes(design, cases, names, queues)
        text = [at for at, name in enumerate(names) if name not in design.means]
        make = boosting_model if library == "boosting" else lightgbm_model
        model = make(len(names), text)  # loads the library, whose threads are limited below
        with threadpool_limits(1):
            model.fit(matrix, cases.outcome)
        return cls(model, design, names, queues)

    def contributions(self, cases: Cases) -> dict[str, Floats]:
        """Log odds by feature, against a case about which nothing is known; the queue left out."""
        matrix = _codes(self.design, cases, self.names, self.queues)
        unknown = np.full((1, len(self.names)), np.nan)
        floor = self._log_odds(unknown)[0]
        parts: dict[str, Floats] = {}
        for at, name in enumerate(self.names[:-1]):
            values, back = np.unique(matrix[:, at], return_inverse=True)
            probe = np.repeat(unknown, len(values), axis=0)
            probe[:, at] = values
            parts[name] = (self._log_odds(probe) - floor)[back]
        return parts

    def score(self, cases: Cases) -> Floats:
        """Log odds without the queue."""
        return sum_of(self.contributions(cases), len(cases))

    def _log_odds(self, matrix: Floats) -> Floats:
        if hasattr(self.model, "decision_function"):
            with threadpool_limits(1):
                return np.asarray(self.model.decision_function(matrix))
        return np.asarray(self.model.predict(matrix, raw_score=True))


def boosting_model(features: int, text: list[int]) -> Any:
    """scikit-learn's boosting, additive. Imported late: it takes a second, and rules don't need it."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(
        max_iter=80,
        learning_rate=0.05,
        max_leaf_nodes=6,
        min_samples_leaf=60,
        l2_regularization=5.0,
        max_bins=64,
        interaction_cst="no_interactions",
        categorical_features=text,
        early_stopping=False,
        random_state=0,
    )


def lightgbm_model(features: int, text: list[int]) -> Any:
    """LightGBM, additive; an option that needs the extra `openoda[ml]`."""
    try:
        from lightgbm import LGBMClassifier
    except ImportError as error:
        raise Misused(
            "The candidate lightgbm isn't installed",
            where="[model] candidates",
            remedy='Install it with: pip install "openoda[ml]"',
        ) from error
    return LGBMClassifier(
        n_estimators=80,
        learning_rate=0.05,
        num_leaves=6,
        min_child_samples=60,
        reg_lambda=5.0,
        max_bin=64,
        interaction_constraints=[[at] for at in range(features)],
        categorical_feature=text,
        deterministic=True,
        force_row_wise=True,
        n_jobs=1,
        verbose=-1,
        random_state=0,
    )


def _codes(design: Design, cases: Cases, names: tuple[str, ...], queues: tuple[str, ...]) -> Floats:
    """Shape (n, features): numbers as they are, text as the number of its level (NaN if rare)."""
    columns = []
    for name in names:
        column = cases.queue if name == QUEUE else cases.features[name]
        if name in design.means:
            columns.append(column)
            continue
        levels = queues if name == QUEUE else design.levels[name]
        columns.append(_level_codes(column, np.array(levels[:MOST_LEVELS])))
    return np.column_stack(columns).astype(np.float64)


def _level_codes(column: Column, levels: Column) -> Floats:
    if not len(levels):
        return np.full(len(column), np.nan)
    at = np.clip(np.searchsorted(levels, column), 0, len(levels) - 1)
    return np.where(levels[at] == column, at.astype(np.float64), np.nan)
