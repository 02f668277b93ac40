"""Real files, read where they are at hand."""

import os
from pathlib import Path

import pytest

from tests.unit.intake.samples import load, schema

DATA = Path(os.environ.get("OPENODA_DATA", Path(__file__).parents[3] / ".." / "shared" / "data"))


def real(name: str) -> Path:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{name} is not at hand (OPENODA_DATA)")
    return path


def test_oxfords_register_with_bare_carriage_returns() -> None:
    """All 3,211 licences of 2018 are read, none set aside, dates and counts typed."""
    wanted = schema(
        {"name": "Case Number", "constraints": {"required": True}},
        {"name": "Location"},
        {"name": "Total Number Occupants", "type": "integer"},
        {"name": "Total Number Units", "type": "integer"},
        {"name": "Licence Commenced", "type": "date", "format": "%d/%m/%Y"},
        {"name": "Licence Expires", "type": "date", "format": "%d/%m/%Y"},
    )
    found = load(real("hmo/oxford_hmo_register_2018.csv"), wanted)
    assert (found.report.accepted, found.report.quarantined) == (3_211, 0)


def test_chicagos_inspections_from_gzip() -> None:
    """18,712 rows of the model frame, none set aside."""
    found = load(real("food/chicago_food_model_frame.csv.gz"))
    assert (found.report.accepted, found.report.quarantined) == (18_712, 0)
