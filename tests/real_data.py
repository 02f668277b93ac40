"""Real data for tests: read where it is, never copied here; skipped, with the reason, where absent."""

import os
from pathlib import Path

import pytest

FOLDER = (Path(__file__).parents[1] / os.environ.get("OPENODA_DATA", "../shared/data")).resolve()


def real_data(name: str) -> Path:
    """The file, or a skip that says what is missing and how to name another place."""
    path = FOLDER / name
    if not path.is_file():
        pytest.skip(f"real data not at hand: {name} (set OPENODA_DATA to the folder that holds it)")
    return path
