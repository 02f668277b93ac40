"""What puts cases in order: fitted right, additive exactly, and blind to who visits."""

import subprocess
import sys

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from openoda.opportunities import model_files
from openoda.opportunities.calibration import Calibration
from openoda.opportunities.cases import Cases, in_current_order
from openoda.opportunities.scorers import (
    BoostingScorer,
    ColumnScorer,
    LogisticScorer,
    RateScorer,
    ridge_logistic,
    sum_of,
)


def made(n: int = 3000, seed: int = 0) -> Cases:
    """Cases whose outcome depends on two features and, strongly, on the queue."""
    rng = np.random.default_rng(seed)
    x, z = rng.normal(size=n), rng.normal(size=n)
    kind = rng.choice(["a", "b", "c"], n)
    queue = rng.choice(["lax", "strict"], n)
    log_odds = -1 + 0.8 * x + (kind == "b") + 1.5 * (queue == "strict")
    z[rng.random(n) < 0.1] = np.nan
    return in_current_order(
        case=np.arange(n).astype(float),
        unit=rng.integers(0, 500, n).astype(float),
        day=rng.integers(0, 700, n),
        outcome=(rng.random(n) < 1 / (1 + np.exp(-log_odds))).astype(float),
        queue=queue,
        features={"x": x, "z": z, "kind": kind},
    )


def test_ridge_agrees_with_scikit_learn() -> None:
    """With the same penalty on every coefficient, ours are scikit-learn's to 1e-4."""
    rng = np.random.default_rng(3)
    features = rng.normal(size=(400, 5))
    outcome = (rng.random(400) < 1 / (1 + np.exp(-features[:, 0]))).astype(float)
    ours = ridge_logistic(
        np.column_stack([np.ones(400), features]), outcome, np.r_[0, np.full(5, 2.0)]
    )
    theirs = LogisticRegression(C=0.5, tol=1e-10, max_iter=1000).fit(features, outcome)
    assert ours[1:] == pytest.approx(theirs.coef_[0], abs=1e-4)
    assert ours[0] == pytest.approx(theirs.intercept_[0], abs=1e-4)


@pytest.mark.parametrize(
    "fit",
    [
        lambda cases: LogisticScorer.fit(cases, adjust=True, penalty=1.0),
        lambda cases: LogisticScorer.fit(cases, use_queue=True, penalty=1.0),
        BoostingScorer.fit,
        lambda cases: BoostingScorer.fit(cases, library="lightgbm"),
        lambda cases: ColumnScorer("x", -1),
        RateScorer.fit,
    ],
    ids=["logistic", "with-queue", "boosting", "lightgbm", "column", "rate"],
)
def test_contributions_add_up_to_the_score(fit, request) -> None:
    """Scores differ between cases exactly by the sum of their contributions."""
    if "lightgbm" in request.node.name:
        pytest.importorskip("lightgbm", reason="the option lightgbm is not installed")
    cases = made()
    scorer = fit(cases)
    parts = sum_of(scorer.contributions(cases), len(cases))
    difference = scorer.score(cases) - parts
    assert np.ptp(difference) < 1e-9


def test_boosting_parts_are_the_whole_model() -> None:
    """The trees don't interact: parts and the queue's own add up to the model's log odds."""
    cases = made()
    scorer = BoostingScorer.fit(cases)
    from openoda.opportunities.scorers import _codes

    matrix = _codes(scorer.design, cases, scorer.names, scorer.queues)
    rest = scorer.model.decision_function(matrix) - scorer.score(cases)
    for queue in ("lax", "strict"):
        assert np.ptp(rest[cases.queue == queue]) < 1e-6


@pytest.mark.parametrize("library", ["logistic", "boosting"])
def test_model_is_blind_to_the_queue(library: str) -> None:
    """Moving a case to another queue changes nothing in its score: strictness is fitted, not used."""
    cases = made()
    scorer = (
        LogisticScorer.fit(cases, adjust=True, penalty=1.0)
        if library == "logistic"
        else BoostingScorer.fit(cases)
    )
    swapped = Cases(
        cases.case,
        cases.unit,
        cases.day,
        cases.outcome,
        np.where(cases.queue == "lax", "strict", "lax"),
        cases.features,
    )
    assert np.array_equal(scorer.score(cases), scorer.score(swapped))


def test_adjusting_recovers_the_effect_of_what_is_visited() -> None:
    """Where the strict officer gets the low-x cases, the adjusted coefficient of x is still 0.8."""
    rng = np.random.default_rng(5)
    n = 20000
    x = rng.normal(size=n)
    queue = np.where(x + rng.normal(size=n) < 0, "strict", "lax")
    log_odds = -1 + 0.8 * x + 1.5 * (queue == "strict")
    cases = in_current_order(
        np.arange(n).astype(float), np.arange(n).astype(float), np.zeros(n, dtype=int),
        (rng.random(n) < 1 / (1 + np.exp(-log_odds))).astype(float), queue, {"x": x},
    )  # fmt: skip
    adjusted = LogisticScorer.fit(cases, adjust=True, penalty=0.01)
    plain = LogisticScorer.fit(cases)
    assert adjusted.coefficients["x"][0] == pytest.approx(0.8, abs=0.08)
    assert plain.coefficients["x"][0] < 0.6


@pytest.mark.parametrize("library", ["logistic", "boosting", "lightgbm", "column"])
def test_saved_models_score_the_same(library: str) -> None:
    """A model written to files and read back gives the same scores, bit for bit; no pickle."""
    cases = made()
    if library == "lightgbm":
        pytest.importorskip("lightgbm", reason="the option lightgbm is not installed")
    scorer = {
        "logistic": lambda: LogisticScorer.fit(cases, adjust=True, penalty=1.0),
        "column": lambda: ColumnScorer("x"),
    }.get(library, lambda: BoostingScorer.fit(cases, library=library))()
    files = model_files.to_files(scorer, Calibration(0.1, 0.9))
    again, calibration = model_files.from_files(files)
    assert np.array_equal(again.score(cases), scorer.score(cases))
    assert calibration == Calibration(0.1, 0.9)


def test_trees_are_the_same_bytes_in_another_process() -> None:
    """The file of a model doesn't depend on memory addresses or the time of day."""
    script = (
        "import hashlib; from tests.unit.opportunities.test_scorers import made; "
        "from openoda.opportunities import model_files as m; "
        "from openoda.opportunities.scorers import BoostingScorer as B; "
        "from openoda.opportunities.calibration import Calibration as C; "
        "f = m.to_files(B.fit(made(800)), C(0, 1)); "
        "print({n: hashlib.sha256(c).hexdigest() for n, c in sorted(f.items())})"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True
        ).stdout
        for _ in range(2)
    }
    assert len(seen) == 1


def test_scores_that_say_nothing_give_the_base_rate() -> None:
    """Where past scores point the wrong way, every chance is the base rate, not less."""
    rng = np.random.default_rng(1)
    outcome = (rng.random(2000) < 0.23).astype(float)
    calibration = Calibration.fit(-outcome + rng.normal(size=2000), outcome)
    assert calibration.chance(np.array([-3.0, 3.0])) == pytest.approx(outcome.mean(), abs=1e-6)
