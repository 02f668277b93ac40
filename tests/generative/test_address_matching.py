"""The matcher on labelled addresses that its rules never made (needs the premises' addresses)."""

import hashlib

import pyarrow as pa
import pytest

from openoda.data.standardise.addresses import match_addresses
from tests.generative.address_damage import make_addresses

LEAST_PRECISION, LEAST_RECALL = 0.98, 0.96
LEAST_RECALL_OF_FLATS = 0.93


@pytest.fixture(scope="module")
def answers() -> list[tuple[str | None, dict[str, object], float]]:
    """UPRN found, truth and expected precision of the half that nobody looked at while tuning."""
    made = make_addresses()
    truth = made.truth.to_pylist()
    odd = [hashlib.sha256((one["uprn"] or one["id"]).encode()).digest()[0] % 2 == 1
           for one in truth]  # fmt: skip
    messy = made.messy.filter(pa.array(odd))
    columns = [messy[name].combine_chunks() for name in ("address", "postcode")]
    run = match_addresses(columns, made.gazetteer)
    kept = [one for one, keep in zip(truth, odd, strict=True) if keep]
    expected = run.threshold.expected_precision
    return [
        (uprn, one, expected) for uprn, one in zip(run.table["uprn"].to_pylist(), kept, strict=True)
    ]


def rates(answers: list[tuple[str | None, dict[str, object], float]]) -> tuple[float, float]:
    """Precision and recall."""
    taken = [(uprn, one) for uprn, one, _ in answers if uprn is not None]
    right = sum(uprn == one["uprn"] for uprn, one in taken)
    return right / len(taken), right / sum(one["uprn"] is not None for _, one, _ in answers)


def test_precision_and_recall(answers: list[tuple[str | None, dict[str, object], float]]) -> None:
    """At the threshold that the run chose by itself, over all lines and over flats alone."""
    precision, recall = rates(answers)
    assert precision >= LEAST_PRECISION
    assert recall >= LEAST_RECALL
    precision, recall = rates([answer for answer in answers if answer[1]["flat"]])
    assert precision >= LEAST_PRECISION
    assert recall >= LEAST_RECALL_OF_FLATS


def test_the_expected_precision_is_no_boast(
    answers: list[tuple[str | None, dict[str, object], float]],
) -> None:
    """What the run expects of itself, no answer seen, is within two points of the truth."""
    precision, _ = rates(answers)
    assert abs(answers[0][2] - precision) <= 0.02
