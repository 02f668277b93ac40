"""Runs on files that aren't sound, and offices that aren't there: what people are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.command import assert_refused, oda
from tests.integration.conftest import Walk
from tests.integration.samples import DATE, FOUND, Row, write_rows


def test_a_run_names_what_was_not_sound(
    tmp_path: Path, package: Path, small_rows: list[Row]
) -> None:
    """Proves that a run on a partly bad file finishes with 1 and names reasons, columns and lines."""
    rows = [{**row, DATE: "31/02/2013"} if at == 4 else row for at, row in enumerate(small_rows)]
    write_rows(tmp_path / "bad.csv", rows)
    ran = oda("run", package, "--data", "bad.csv", "--class", "synthetic", cwd=tmp_path)
    assert ran.code == 1, ran.told
    assert f"in {DATE} (first at line 6)" in " ".join(ran.out.split())
    assert "31/02/2013" not in ran.out + ran.err
    assert "temporary" in ran.err


def test_a_semicolon_file_runs_as_the_refusal_says(
    tmp_path: Path, package: Path, small_rows: list[Row]
) -> None:
    """Proves that the remedy for a file of semicolons, an option, works on the same command."""
    path = write_rows(tmp_path / "semi.csv", small_rows)
    path.write_text(path.read_text(encoding="utf-8").replace(",", ";"), encoding="utf-8")
    command = ("run", package, "--data", "semi.csv", "--class", "synthetic")
    refused = oda(*command, cwd=tmp_path)
    assert_refused(refused)
    assert "--delimiter" in refused.err
    ran = oda(*command, "--delimiter", ";", "--json", cwd=tmp_path)
    assert ran.code == 0, ran.told
    assert ran.answer["rows"] == len(small_rows)


def test_a_file_without_a_sound_row_is_refused_with_its_reason(
    tmp_path: Path, package: Path, small_rows: list[Row]
) -> None:
    """Proves that a file in which every row is short is refused by that reason, not by another."""
    path = write_rows(tmp_path / "short.csv", small_rows[:50])
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([header, *(line.rsplit(",", 2)[0] for line in lines)]), "utf-8")
    ran = oda("run", package, "--data", "short.csv", "--class", "synthetic", cwd=tmp_path)
    assert_refused(ran)
    assert "50" in ran.err
    assert "number of fields" in ran.err


@pytest.mark.parametrize("command", ["verify", "runs", "datasets", "audit"])
def test_a_mistyped_office_is_not_made(tmp_path: Path, command: str) -> None:
    """Proves that looking at an office that isn't there is refused, and leaves none behind."""
    assert_refused(oda(command, "--workspace", "ofice", cwd=tmp_path))
    assert not (tmp_path / "ofice").exists()


def test_files_of_different_columns_are_named(tmp_path: Path) -> None:
    """Proves that two files that can't be one dataset are refused by name."""
    (tmp_path / "a.csv").write_text("id,name\n1,Hall\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text("id,place\n1,Hall\n", encoding="utf-8")
    ran = oda("intake", "a.csv", "b.csv", "--class", "synthetic", cwd=tmp_path)
    assert_refused(ran)
    assert "b.csv" in ran.err
    assert "a.csv" in ran.err


def test_one_column_for_two_names_is_a_fault_of_the_mapping(tmp_path: Path, office: Walk) -> None:
    """Proves that the remedy speaks of --map, where the mistake is."""
    ran = oda(
        "run", "food-inspections", "--data", office.data, "--class", "synthetic",
        "--map", "unit=License", "--map", "queue=License", cwd=tmp_path,
    )  # fmt: skip
    assert_refused(ran)
    assert "--map" in ran.err


def test_a_list_not_worth_using_says_so_to_officers(
    tmp_path: Path, package: Path, small_rows: list[Row]
) -> None:
    """Proves that the worklist itself warns where its order isn't surely better than today's."""
    found = [row[FOUND] for row in small_rows]
    rows = [{**row, FOUND: found[(at * 7919) % len(found)]} for at, row in enumerate(small_rows)]
    write_rows(tmp_path / "noise.csv", rows)
    command = ("run", package, "--data", "noise.csv", "--class", "synthetic", "--json")
    ran = oda(*command, cwd=tmp_path)
    assert ran.code == 0, ran.told
    assert "not-surely-better" in [one["code"] for one in ran.answer["warnings"]]
    page = Path(ran.answer["files"]["Worklist for a phone or paper"]).read_text(encoding="utf-8")
    assert "not surely better" in page
