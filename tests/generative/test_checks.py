"""Each check fires where its flaw is planted, and stays silent where it is not.

The generator and its sizes were written before the checks and are frozen.
"""

import numpy as np
import pyarrow as pa
import pytest

from openoda.opportunities.cases import Cases, in_current_order
from openoda.opportunities.checks.caution import Caution
from openoda.opportunities.checks.disparity import group_disparity
from openoda.opportunities.checks.drift import base_rate_drift
from openoda.opportunities.checks.labels_seen import labels_seen_only_for_visited
from openoda.opportunities.checks.moves_with_visit import feature_moves_with_visit
from openoda.opportunities.checks.positives import too_few_positives
from openoda.opportunities.checks.staff_identity import staff_identity_dominates
from tests.generative.flaws import CODES, FlawedSet, make


def column(table: pa.Table, name: str) -> np.ndarray:
    """A column as the product holds it: numbers as float with NaN, text as str."""
    values = table[name].combine_chunks()
    if pa.types.is_floating(values.type) or pa.types.is_integer(values.type):
        return np.asarray(values.cast(pa.float64()).to_numpy(zero_copy_only=False))
    return np.array(["" if v is None else v for v in values.to_pylist()])


def as_cases(given: FlawedSet) -> Cases:
    table, roles = given.table, given.roles
    return in_current_order(
        case=column(table, roles["case"]),
        unit=column(table, roles["unit"]),
        day=table[roles["date"]].combine_chunks().cast(pa.int32()).to_numpy().astype(np.int64),
        outcome=column(table, roles["outcome"]),
        queue=column(table, roles["queue"]) if "queue" in roles else None,
        features={name: column(table, name) for name in given.features},
    )


def answer(given: FlawedSet) -> Caution | None:
    """What the check that the set is about says of it."""
    cases = as_cases(given)
    if given.code == "group-disparity":
        table, roles = given.table, given.roles
        return group_disparity(
            column(table, roles["selected"]) == 1,
            column(table, roles["outcome"]),
            column(table, roles["group"]),
        )
    if given.code == "labels-seen-only-for-visited":
        universe = given.universe
        ids = None if universe is None else column(universe, universe.column_names[0])
        return labels_seen_only_for_visited(cases, ids)
    if given.code == "too-few-positives":
        return too_few_positives(
            cases.positives, cases.take(np.arange(len(cases)) >= 0.75 * len(cases)).positives
        )
    return {
        "staff-identity-dominates": staff_identity_dominates,
        "feature-moves-with-visit": feature_moves_with_visit,
        "base-rate-drift": base_rate_drift,
    }[given.code](cases)


def fired(code: str, planted: bool, seeds: range) -> int:
    return sum(answer(make(code, planted, seed)) is not None for seed in seeds)


@pytest.mark.parametrize("code", CODES)
def test_flaw_is_found(code: str) -> None:
    """Of 100 sets with the flaw planted, at least 95 are found."""
    assert fired(code, True, range(100)) >= 95


@pytest.mark.parametrize("code", CODES)
def test_innocent_data_is_left_alone(code: str) -> None:
    """Of 100 sets without the flaw, at most 5 are accused."""
    assert fired(code, False, range(100)) <= 5
