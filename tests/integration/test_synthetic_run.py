"""Where no real data is at hand: the same walk on made-up data, and nobody can mistake it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.command import Ran, oda, oda_many
from tests.integration.pages import shown_text


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ran, Path]:
    """The example run with an empty folder for real data."""
    root = tmp_path_factory.mktemp("example")
    (root / "nothing").mkdir()
    ran = oda(
        "run", "food-inspections", "--example", "--workspace", root / "office",
        cwd=root, env={"OPENODA_DATA": str(root / "nothing")},
    )  # fmt: skip
    return ran, root / "office"


def test_example_runs_without_real_data(example: tuple[Ran, Path]) -> None:
    """Proves that a newcomer without any data gets to a finished worklist, and is told where."""
    ran, office = example
    assert ran.code == 0, ran.told
    pages = {page.name for page in office.rglob("*.html")}
    assert {"worklist.html", "findings.html"} <= pages
    said = "".join(ran.out.split())
    assert all("".join(str(page).split()) in said for page in office.rglob("*.html")), ran.told


def test_synthetic_is_said_everywhere(example: tuple[Ran, Path]) -> None:
    """Proves that the terminal and every page say synthetic, so that nobody acts on it."""
    ran, office = example
    assert "synthetic" in ran.out.lower()
    for page in office.rglob("*.html"):
        assert "synthetic" in shown_text(page).lower(), page.name


def test_no_published_figures_beside_synthetic_ones(example: tuple[Ran, Path]) -> None:
    """Proves that a real city's results are never set beside made-up ones, nor its source claimed."""
    ran, office = example
    for text in (ran.out, *(shown_text(page) for page in office.rglob("*.html"))):
        assert "7.44" not in text
        assert "603d8db" not in text
    listed = oda("datasets", "--workspace", office, "--json", cwd=office.parent).answer
    assert {dataset["class"] for dataset in listed["datasets"]} == {"synthetic"}


def test_same_seed_same_data(synthetic_file: Path, tmp_path: Path) -> None:
    """Proves that the seed is all that decides the made-up data."""
    common = ("synthetic", "food-inspections", "--json")
    ran = oda_many(
        {
            "same": (*common, "--out", tmp_path / "a"),
            "other": (*common, "--out", tmp_path / "b", "--seed", "2"),
        },
        tmp_path,
    )
    assert all(one.code == 0 for one in ran.values())
    same, other = (next((tmp_path / name).glob("*.csv")).read_bytes() for name in ("a", "b"))
    assert same == synthetic_file.read_bytes()
    assert other != same
