"""The City of Chicago's food inspection forecast, in figures that the city or its data give.

Published by the city: 69 % of critical violations in the first half, 7.44 days earlier (Food
Inspection Forecasting, chicago.github.io/food-inspections-evaluation). The others follow from the
published frame by the definitions in `openoda.opportunities.measures`.
"""

import csv
import gzip
import random
from pathlib import Path
from typing import Any

import pytest

from openoda.custody.workspace import Workspace
from openoda.office.run import Request, run
from tests.real_data import real_data

FRAME = "food/chicago_food_model_frame.csv.gz"


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    workspace = Workspace.create(tmp_path_factory.mktemp("golden") / "office")
    return run(workspace, Request("food-inspections"), real_data(FRAME)).figures


def test_sizes(figures: dict[str, Any]) -> None:
    """Rows, test rows and positives are the city's."""
    assert (figures["rows"], figures["test_rows"], figures["positives"]) == (18712, 1637, 258)


@pytest.mark.parametrize(
    ("order", "measure", "value", "within"),
    [
        ("actual", "first_half", 0.5465, 0.0001),
        ("actual", "days_earlier", 0.0, 1e-9),
        ("city-model", "first_half", 0.69, 0.015),
        ("city-model", "days_earlier", 7.44, 0.3),
        ("city-model", "own_queue_days_earlier", 1.75, 0.05),
        ("inspector-alone", "days_earlier", 6.916, 0.001),
        ("no-inspector", "first_half", 0.566, 0.001),
        ("no-inspector", "days_earlier", 2.275, 0.001),
        ("no-inspector", "own_queue_days_earlier", 0.81, 0.01),
        ("past-critical", "first_half", 0.530, 0.001),
        ("past-critical", "days_earlier", 0.411, 0.001),
        ("chance", "auc", 0.5, 1e-9),
    ],
)
def test_expected_figures(
    figures: dict[str, Any], order: str, measure: str, value: float, within: float
) -> None:
    """Each order's figure, expected over random ties."""
    assert figures["orders"][order][measure] == pytest.approx(value, abs=within)


def test_ties_are_shown(figures: dict[str, Any]) -> None:
    """1,479 of 1,637 premises tie on the past-critical rule: keeping the order flatters it."""
    past, inspector = figures["orders"]["past-critical"], figures["orders"]["inspector-alone"]
    assert past["ties_current"]["days_earlier"] == pytest.approx(1.845, abs=0.001)
    assert past["ties_current"]["first_half"] == pytest.approx(0.589, abs=0.001)
    assert inspector["ties_current"]["days_earlier"] == pytest.approx(7.492, abs=0.001)
    assert past["worst"]["days_earlier"] < past["days_earlier"] < past["best"]["days_earlier"]


def test_what_can_be_claimed(figures: dict[str, Any]) -> None:
    """Without the inspector the gain isn't sure; the model's gain over the rule is."""
    low, high = figures["orders"]["no-inspector"]["interval"]["days_earlier"]
    assert low < 0 < high
    low, high = figures["orders"]["city-model"]["interval"]["own_queue_days_earlier"]
    assert low < 0 < high
    assert figures["can_be_acted_on"] == "own_queue_days_earlier"
    assert figures["recommended"] == ("model" if figures["gain_over_rule"][0] > 0.5 else "rule")


def test_warnings_come_by_themselves(figures: dict[str, Any]) -> None:
    """Who inspects dominates, and the weather of the day moves with the visit."""
    codes = [warning["code"] for warning in figures["warnings"]]
    assert "staff-identity-dominates" in codes
    moving = next(w for w in figures["warnings"] if w["code"] == "feature-moves-with-visit")
    assert set(moving["evidence"]["features"]) == {"temperature_max", "rain", "wind", "humidity"}


def test_names_and_order_of_the_file_mean_nothing(figures: dict[str, Any], tmp_path: Path) -> None:
    """Columns renamed, columns and rows shuffled: the same figures, intervals and warnings."""
    rng = random.Random(7)
    with gzip.open(real_data(FRAME), "rt", newline="") as file:
        header, *rows = list(csv.reader(file))
    order = rng.sample(range(len(header)), len(header))
    names = [f"c{rng.getrandbits(40):x}" for _ in header]
    rng.shuffle(rows)
    shuffled = tmp_path / "shuffled.csv"
    with shuffled.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([names[at] for at in order])
        writer.writerows([[row[at] for at in order] for row in rows])
    package_names = {field for field in header if field not in NOT_IN_SCHEMA}
    mapping = {header[at]: names[at] for at in order if header[at] in package_names}
    workspace = Workspace.create(tmp_path / "office")
    request = Request("food-inspections", mapping=mapping)
    again = run(workspace, request, shuffled).figures
    for key in ("rows", "test_rows", "positives", "orders", "recommended", "warnings"):
        assert again[key] == figures[key], key


NOT_IN_SCHEMA = {
    "Business_ID", "criticalCount", "seriousCount", "minorCount", "pass_flag", "fail_flag",
    "city_xgb_score", "Test",
}  # fmt: skip
