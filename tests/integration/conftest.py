"""Runs that several tests look at: each is made once, by the installed command."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.integration.command import Ran, oda
from tests.integration.samples import (
    REPOSITORY,
    Row,
    quick_package,
    read_rows,
    some_units,
    write_rows,
)

DATA = REPOSITORY / os.environ.get("OPENODA_DATA", "../shared/data")


@dataclass(frozen=True)
class Walk:
    """A finished `oda run --json`: what it said, and the folder of files it left."""

    ran: Ran
    data: Path
    workspace: Path

    @property
    def run(self) -> str:
        """The run's id."""
        return str(self.ran.answer["run"])

    @property
    def folder(self) -> Path:
        """Where its files are."""
        return self.workspace / "runs" / self.run

    def file(self, name: str) -> Path:
        """One of its files; it must be there."""
        found = self.folder / name
        assert found.is_file(), sorted(path.name for path in self.folder.iterdir())
        return found


def real_file(name: str) -> Path:
    """Find a file of real data, or skip."""
    path = DATA / name
    if not path.is_file():
        pytest.skip(f"real data not at hand: {name} (set OPENODA_DATA to its folder)")
    return path


@pytest.fixture(scope="session")
def chicago_file() -> Path:
    """Chicago's published frame, where it is at hand."""
    return real_file("food/chicago_food_model_frame.csv.gz")


@pytest.fixture(scope="session")
def compas_file() -> Path:
    """The published scores by race, where they are at hand."""
    return real_file("fairness/compas_for_aequitas.csv")


@pytest.fixture(scope="session")
def chicago(chicago_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Walk:
    """The main job on the real city's data, as the command line of the manual has it."""
    root = tmp_path_factory.mktemp("chicago")
    package = REPOSITORY / "interventions" / "food-inspections"
    ran = oda(
        "run", package, "--data", chicago_file, "--workspace", root / "office", "--json", cwd=root
    )
    assert ran.code == 0, ran.told
    return Walk(ran, chicago_file, root / "office")


@pytest.fixture(scope="session")
def synthetic_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Synthetic data of the package's shape."""
    root = tmp_path_factory.mktemp("synthetic")
    ran = oda("synthetic", "food-inspections", "--out", root, "--json", cwd=root)
    assert ran.code == 0, ran.told
    return next(root.glob("*.csv"))


@pytest.fixture(scope="session")
def small_rows(synthetic_file: Path) -> list[Row]:
    """A sixth of the synthetic premises: enough for every order, quick to run."""
    return some_units(read_rows(synthetic_file), 6)


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The food-inspections package, made quick."""
    return quick_package(tmp_path_factory.mktemp("package") / "quick")


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory, package: Path, small_rows: list[Row]) -> Walk:
    """A quick run on a small synthetic file, in an office of its own."""
    root = tmp_path_factory.mktemp("office")
    data = write_rows(root / "cases.csv", small_rows)
    ran = oda(
        "run", package, "--data", data, "--class", "synthetic", "--workspace", root / "office",
        "--json", cwd=root,
    )  # fmt: skip
    assert ran.code == 0, ran.told
    return Walk(ran, data, root / "office")
