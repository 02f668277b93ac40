"""The main job on the real city's data: every figure as declared, and every file as promised."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import math
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from tests.integration.command import oda
from tests.integration.conftest import Walk
from tests.integration.pages import assert_self_contained, shown_text

ORDERS = (
    "actual", "city-model", "inspector-alone", "no-inspector", "past-critical", "chance", "model",
)  # fmt: skip
METRICS = ("first_half", "auc", "days_earlier", "own_queue_days_earlier")


@pytest.fixture(scope="module")
def orders(chicago: Walk) -> dict[str, Any]:
    """The orders as reported."""
    found = chicago.ran.answer["orders"]
    assert isinstance(found, dict)
    return found


def test_sizes(chicago: Walk) -> None:
    """Proves that all rows came in and that the city's own test period was used."""
    answer = chicago.ran.answer
    assert (answer["rows"], answer["test_rows"], answer["positives"]) == (18712, 1637, 258)


def test_every_order_has_every_figure(orders: dict[str, Any]) -> None:
    """Proves the shape of the answer: shares within 0 and 1, intervals two finite ordered ends."""
    assert set(ORDERS) <= set(orders)
    for name, order in orders.items():
        assert set(METRICS) <= set(order), name
        assert set(METRICS) <= set(order["interval"]), name
        assert all(0 <= order[metric] <= 1 for metric in ("first_half", "auc"))
        for low, high in order["interval"].values():
            assert math.isfinite(low)
            assert math.isfinite(high)
            assert low <= high


def test_ties_bound_the_expected_figure(orders: dict[str, Any]) -> None:
    """Proves that the expected figure and the one in current order lie between worst and best."""
    for name in ("inspector-alone", "past-critical", "chance"):
        order = orders[name]
        for metric in METRICS:
            worst, best = order["worst"][metric], order["best"][metric]
            assert worst <= order[metric] <= best, (name, metric)
            assert worst <= order["ties_current"][metric] <= best, (name, metric)
            assert worst < best


def test_actual_order(orders: dict[str, Any]) -> None:
    """Proves that the order of the visits as made found 54.65 % in the first half."""
    actual = orders["actual"]
    assert actual["first_half"] == pytest.approx(0.5465, abs=0.00005)
    assert actual["days_earlier"] == actual["own_queue_days_earlier"] == 0


def test_city_model(orders: dict[str, Any]) -> None:
    """Proves that the city's own model comes out as published, and what is left in own queues."""
    city = orders["city-model"]
    assert city["first_half"] == pytest.approx(0.69, abs=0.015)
    assert city["days_earlier"] == pytest.approx(7.4, abs=0.3)
    assert city["own_queue_days_earlier"] == pytest.approx(1.75, abs=0.05)
    assert_interval_holds(city, "days_earlier")


def test_inspector_alone(orders: dict[str, Any]) -> None:
    """Proves that who inspects gives most of it alone: 6.9 days expected, 7.5 in current order."""
    alone = orders["inspector-alone"]
    assert alone["days_earlier"] == pytest.approx(6.9, abs=0.05)
    assert alone["ties_current"]["days_earlier"] == pytest.approx(7.5, abs=0.05)
    assert alone["ties_current"]["own_queue_days_earlier"] == 0


def test_without_inspector(orders: dict[str, Any]) -> None:
    """Proves that without who inspects little is left, and not surely more than nothing."""
    without = orders["no-inspector"]
    assert without["first_half"] == pytest.approx(0.57, abs=0.01)
    assert without["days_earlier"] == pytest.approx(2.3, abs=0.1)
    assert without["own_queue_days_earlier"] == pytest.approx(0.8, abs=0.05)
    low, high = without["interval"]["days_earlier"]
    assert low < 0 < high


def test_past_critical(orders: dict[str, Any]) -> None:
    """Proves both figures of the one-column rule that leaves most cases tied."""
    rule = orders["past-critical"]
    assert rule["first_half"] == pytest.approx(0.53, abs=0.005)
    assert rule["days_earlier"] == pytest.approx(0.4, abs=0.05)
    assert rule["ties_current"]["first_half"] == pytest.approx(0.59, abs=0.005)
    assert rule["ties_current"]["days_earlier"] == pytest.approx(1.8, abs=0.05)


def assert_interval_holds(order: dict[str, Any], metric: str) -> None:
    """The figure lies in its interval."""
    low, high = order["interval"][metric]
    assert low <= order[metric] <= high


def test_past_critical_by_hand(chicago: Walk, orders: dict[str, Any]) -> None:
    """Proves the tie figures against the definitions, worked out here from the raw file."""
    cases = tried_cases(chicago.data)
    assert sum(1 for case in cases if case["rule"] == 0) == 1479
    reported = orders["past-critical"]
    for key, tie in (("ties_current", 0), ("best", -1), ("worst", 1)):
        queues = [[c for c in cases if c["queue"] == q] for q in {c["queue"] for c in cases}]
        whole = gains([cases], tie)
        own = gains(queues, tie)
        assert reported[key]["days_earlier"] == pytest.approx(sum(whole) / 258, abs=1e-9)
        assert reported[key]["own_queue_days_earlier"] == pytest.approx(sum(own) / 258, abs=1e-9)
    assert reported["days_earlier"] == pytest.approx(expected_gain(cases), abs=1e-9)


def tried_cases(path: Path) -> list[dict[str, Any]]:
    """Read the test period in current order: date, then number."""
    with gzip.open(path, "rt", encoding="utf-8") as source:
        rows = [row for row in csv.DictReader(source) if row["Test"] == "True"]
    rows.sort(key=lambda row: (row["Inspection_Date"], float(row["Inspection_ID"])))
    return [
        {
            "day": date.fromisoformat(row["Inspection_Date"]),
            "queue": row["Inspector_Assigned"],
            "found": float(row["criticalFound"]) == 1,
            "rule": min(float(row["pastCritical"]), 1),
        }
        for row in rows
    ]


def gains(lists: list[list[dict[str, Any]]], tie: int) -> list[int]:
    """Deal each list's own days out by the rule; days gained by each positive.

    Tied positives go first (-1), last (1), or wherever the current order has them (0).
    """
    gained = []
    for cases in lists:
        days = [case["day"] for case in cases]
        ranked = sorted(cases, key=lambda case: (-case["rule"], tie * case["found"]))
        gained += [(c["day"] - d).days for c, d in zip(ranked, days, strict=True) if c["found"]]
    return gained


def expected_gain(cases: list[dict[str, Any]]) -> float:
    """Average days gained where ties are shuffled: each tied case gets its block's mean day."""
    days = [case["day"] for case in cases]
    ranked = sorted(cases, key=lambda case: -case["rule"])
    gained, at = [], 0
    for _, group in groupby(ranked, key=lambda case: case["rule"]):
        block = list(group)
        span = [(day - days[0]) / timedelta(days=1) for day in days[at : at + len(block)]]
        mean = sum(span) / len(span)
        gained += [(c["day"] - days[0]) / timedelta(days=1) - mean for c in block if c["found"]]
        at += len(block)
    return float(sum(gained) / len(gained))


def test_warnings_are_raised_by_themselves(chicago: Walk) -> None:
    """Proves that the checks that sank real projects speak up on the real city's data."""
    texts = {warning["code"]: warning["text"] for warning in chicago.ran.answer["warnings"]}
    assert {"staff-identity-dominates", "feature-moves-with-visit"} <= set(texts)
    assert "unknown: every row is a visit" in texts["labels-seen-only-for-visited"].lower()
    assert any("history" in json.dumps(w).lower() for w in chicago.ran.answer["warnings"])
    assert all(texts.values())


def test_recommendation_is_one_of_the_orders(chicago: Walk, orders: dict[str, Any]) -> None:
    """Proves that what is recommended is shown with its figures, and is no order that looks back."""
    assert chicago.ran.answer["recommended"] in orders
    assert chicago.ran.answer["recommended"] not in ("chance", "city-model", "inspector-alone")


def test_published_figures_stand_beside_ours(chicago: Walk) -> None:
    """Proves that the findings show the city's own figures with their label, and both tie figures."""
    text = shown_text(chicago.file("findings.html"))
    for figure in ("18,712", "1,637", "258", "7.44", "69", "53.0", "58.9"):
        assert figure in text, figure
    assert "simulated" in text.lower()
    assert "act on" in text or "acted on" in text


def test_pages_need_nothing_else(chicago: Walk) -> None:
    """Proves that each page is one file: nothing loaded, no script needed, fit for phone and print."""
    for page in ("worklist.html", "findings.html"):
        assert_self_contained(chicago.file(page))
    findings = chicago.file("findings.html").read_text(encoding="utf-8")
    assert "<svg" in findings or "data:image" in findings


def test_record_names_inputs_versions_and_seed(chicago: Walk) -> None:
    """Proves that the run record says what went in, by hash, with what, and from which seed."""
    record = json.loads(chicago.file("record.json").read_text(encoding="utf-8"))
    assert hashlib.sha256(chicago.data.read_bytes()).hexdigest() in record["inputs"].values()
    assert record["settings"]["seed"] == 1
    assert {"openoda", "python", "scikit-learn"} <= set(record["versions"])


def test_model_is_kept_in_a_native_format(chicago: Walk) -> None:
    """Proves that no file of the run is a pickle, which would run code when read."""
    for path in chicago.folder.rglob("*"):
        assert path.suffix not in (".pkl", ".pickle", ".joblib"), path
        if path.is_file():
            assert not path.read_bytes().startswith((b"\x80\x03", b"\x80\x04", b"\x80\x05")), path


@pytest.mark.long
def test_run_can_be_reproduced(chicago: Walk) -> None:
    """Proves that the record and the vault give the same files again, byte by byte."""
    ran = oda(
        "reproduce", chicago.run, "--workspace", chicago.workspace, "--json",
        cwd=chicago.workspace.parent,
    )  # fmt: skip
    assert ran.code == 0, ran.told
