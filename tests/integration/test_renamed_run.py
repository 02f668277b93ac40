"""Names and order mean nothing: the same cases under other names give the same figures."""

from __future__ import annotations

import csv
import gzip
import json
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.integration.command import oda, oda_many
from tests.integration.conftest import Walk
from tests.integration.samples import REPOSITORY, Row, write_rows

FIGURES = ("rows", "test_rows", "positives", "recommended")


def schema_names(package: Path) -> list[str]:
    """List the names by which a package knows its columns."""
    fields = json.loads((package / "schema.json").read_text(encoding="utf-8"))["fields"]
    return [field["name"] for field in fields]


def new_names(columns: list[str], rng: random.Random) -> dict[str, str]:
    """Give every column a name without meaning."""
    numbers = rng.sample(range(1000), len(columns))
    return {column: f"col {number}é" for column, number in zip(columns, numbers, strict=True)}


def swapped_names(columns: list[str], rng: random.Random) -> dict[str, str]:
    """Give every column the name of another one."""
    mixed = rng.sample(columns, len(columns))
    return dict(zip(mixed, mixed[1:] + mixed[:1], strict=True))


def shuffled(rows: list[Row], names: Mapping[str, str], rng: random.Random) -> list[Row]:
    """Rename the columns and shuffle columns and rows."""
    columns = rng.sample(list(rows[0]), len(rows[0]))
    renamed = [{names[column]: row[column] for column in columns} for row in rows]
    return rng.sample(renamed, len(renamed))


def map_options(package: Path, names: Mapping[str, str]) -> list[str]:
    """Spell the mapping as options."""
    known = [name for name in schema_names(package) if name in names]
    return [part for name in known for part in ("--map", f"{name}={names[name]}")]


def assert_same_answer(ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    """Compare all figures, intervals and warnings; texts may name columns."""
    for key in FIGURES:
        assert ours[key] == theirs[key], key
    codes = [[w["code"] for w in answer["warnings"]] for answer in (ours, theirs)]
    assert sorted(codes[0]) == sorted(codes[1])
    assert set(ours["orders"]) == set(theirs["orders"])
    for name, order in ours["orders"].items():
        assert_same_figures(order, theirs["orders"][name], name)


def assert_same_figures(ours: Any, theirs: Any, where: str) -> None:
    """Compare numbers at every depth."""
    if isinstance(ours, dict):
        assert set(ours) == set(theirs), where
        for key, value in ours.items():
            assert_same_figures(value, theirs[key], f"{where} {key}")
    else:
        assert ours == pytest.approx(theirs, abs=1e-9), where


def ranked(walk: Walk) -> list[tuple[str, str, str]]:
    """List who is where on the worklist, and by which route."""
    rows = json.loads(walk.file("worklist.json").read_text(encoding="utf-8"))["rows"]
    return sorted((row["queue"], f"{row['place']:04}{row['route']}", row["case"]) for row in rows)


@pytest.fixture(scope="module")
def renamed(
    tmp_path_factory: pytest.TempPathFactory, package: Path, small_rows: list[Row]
) -> dict[str, Walk]:
    """The small run under names without meaning, and under each other's names."""
    root = tmp_path_factory.mktemp("renamed")
    commands, data = {}, {}
    for kind, rename in (("new", new_names), ("swapped", swapped_names)):
        rng = random.Random(7)
        names = rename(list(small_rows[0]), rng)
        data[kind] = write_rows(root / f"{kind}.csv", shuffled(small_rows, names, rng))
        commands[kind] = (
            "run", package, "--data", data[kind], "--class", "synthetic",
            "--workspace", root / f"office-{kind}", "--json", *map_options(package, names),
        )  # fmt: skip
    return {
        kind: Walk(ran, data[kind], root / f"office-{kind}")
        for kind, ran in oda_many(commands, root).items()
    }


@pytest.mark.parametrize("kind", ["new", "swapped"])
def test_names_and_order_mean_nothing(office: Walk, renamed: dict[str, Walk], kind: str) -> None:
    """Proves that other names, columns and rows shuffled, give the same figures and worklist."""
    other = renamed[kind]
    assert other.ran.code == 0, other.ran.told
    assert_same_answer(office.ran.answer, other.ran.answer)
    assert ranked(other) == ranked(office)


@pytest.mark.long
def test_names_and_order_mean_nothing_on_the_real_data(chicago: Walk, tmp_path: Path) -> None:
    """Proves the same of the main job on the real city's data."""
    package = REPOSITORY / "interventions" / "food-inspections"
    with gzip.open(chicago.data, "rt", encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    rng = random.Random(11)
    names = new_names(list(rows[0]), rng)
    data = write_rows(tmp_path / "renamed.csv", shuffled(rows, names, rng))
    ran = oda(
        "run", package, "--data", data, "--workspace", tmp_path / "office", "--json",
        *map_options(package, names), cwd=tmp_path,
    )  # fmt: skip
    assert ran.code == 0, ran.told
    assert_same_answer(chicago.ran.answer, ran.answer)
    assert ranked(Walk(ran, data, tmp_path / "office")) == ranked(chicago)
