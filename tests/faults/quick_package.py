"""A small, quick cut of the shipped package, on synthetic data: for tests that run it often."""

import shutil
from pathlib import Path

from openoda.library.shelf import shipped


def quick_package(folder: Path) -> Path:
    """The food package with one model, two rolling origins and 3,000 synthetic visits."""
    target = folder / "quick"
    shutil.copytree(shipped() / "food-inspections", target)
    manifest = target / "intervention.toml"
    text = manifest.read_text(encoding="utf-8")
    text = text.replace('candidates = ["logistic", "boosting"]', 'candidates = ["logistic"]')
    text = text.replace("origins = 4", "origins = 2")
    manifest.write_text(text, encoding="utf-8")
    recipe = target / "synthetic.toml"
    text = recipe.read_text(encoding="utf-8")
    text = text.replace("rows = 18000", "rows = 3000").replace("units = 9700", "units = 1500")
    recipe.write_text(text, encoding="utf-8")
    return target
