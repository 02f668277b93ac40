"""Small variations on the food-inspections package and its synthetic data."""

from __future__ import annotations

import csv
import json
import random
import shutil
from collections.abc import Iterable
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
PACKAGE = REPOSITORY / "interventions" / "food-inspections"
CASE, UNIT, DATE, FOUND, QUEUE = (
    "Inspection_ID",
    "License",
    "Inspection_Date",
    "criticalFound",
    "Inspector_Assigned",
)
TEST_FROM = "2014-09-02"
VISITS, LOTTERY_SHARE = 12, 0.15

Row = dict[str, str]


def read_rows(path: Path) -> list[Row]:
    """Read a CSV file as text."""
    with path.open(encoding="utf-8-sig", newline="") as source:
        return list(csv.DictReader(source))


def write_rows(path: Path, rows: Iterable[Row], columns: list[str] | None = None) -> Path:
    """Write rows as CSV, the columns in the order given."""
    rows = list(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, columns or list(rows[0]), extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


def some_units(rows: list[Row], one_in: int) -> list[Row]:
    """Keep all cases of every n-th premises, chosen at random but always the same."""
    units = sorted({row[UNIT] for row in rows})
    kept = set(random.Random(1).sample(units, len(units) // one_in))
    return [row for row in rows if row[UNIT] in kept]


def quick_package(folder: Path) -> Path:
    """Copy the package for quick runs: one kind of model, fewer origins, short lists, text ids."""
    shutil.copytree(PACKAGE, folder)
    manifest = folder / "intervention.toml"
    text = manifest.read_text(encoding="utf-8")
    for old, new in (
        ('candidates = ["logistic", "boosting"]', 'candidates = ["logistic"]'),
        ("origins = 4", "origins = 2"),
        ("visits = 30", f"visits = {VISITS}"),
        ("lottery_share = 0.1", f"lottery_share = {LOTTERY_SHARE}"),
    ):
        assert text.count(old) == 1, f"the package no longer says {old}"
        text = text.replace(old, new)
    manifest.write_text(text, encoding="utf-8")
    schema = json.loads((folder / "schema.json").read_text(encoding="utf-8"))
    for field in schema["fields"]:
        if field["name"] == CASE:
            field["type"] = "string"
    (folder / "schema.json").write_text(json.dumps(schema), encoding="utf-8")
    return folder
