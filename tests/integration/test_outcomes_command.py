"""The filled worklist comes back: counted honestly, and never confused with another."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from openoda.vocabulary.outcomes import Outcome
from tests.integration.command import Ran, assert_no_fault, assert_refused, oda
from tests.integration.conftest import Walk

WORDS = tuple(word.value for word in Outcome)
TIMES = {"found": 3, "not found": 2, "no access": 1, "wrong address": 2, "already known": 1}


@pytest.fixture
def office(office: Walk, tmp_path: Path) -> Walk:
    """The run in an office of this test's own: a run's files are added up."""
    copied = shutil.copytree(office.workspace, tmp_path / "copied-office")
    return Walk(office.ran, office.data, copied)


def filled_words() -> list[str]:
    """List what an officer wrote, in the order of the rows; the rest stays empty."""
    return [word for word, times in TIMES.items() for _ in range(times)] + ["not visited"] * 2


def csv_lines(walk: Walk) -> list[list[str]]:
    """Read the worklist as lines of cells, the header first."""
    with walk.file("worklist.csv").open(encoding="utf-8-sig", newline="") as source:
        return list(csv.reader(source))


def save_lines(path: Path, lines: list[list[str]]) -> Path:
    """Write lines as a spreadsheet program would."""
    with path.open("w", encoding="utf-8-sig", newline="") as target:
        csv.writer(target).writerows(lines)
    return path


def fill_csv(walk: Walk, path: Path) -> Path:
    """Fill the CSV."""
    lines = csv_lines(walk)
    column = lines[0].index("outcome")
    for line, word in zip(lines[1:], filled_words(), strict=False):
        line[column] = word
    return save_lines(path, lines)


def fill_xlsx(walk: Walk, path: Path) -> Path:
    """Fill the sheet."""
    book = openpyxl.load_workbook(walk.file("worklist.xlsx"))
    sheet = book.worksheets[0]
    head = next(row for row in sheet.iter_rows() if any(c.value == "case" for c in row))
    column = next(cell.column for cell in head if cell.value == "outcome")
    for at, word in enumerate(filled_words(), start=head[0].row + 1):
        sheet.cell(at, column, word)
    book.save(path)
    return path


def take_back(walk: Walk, file: Path, *options: str) -> Ran:
    """Hand a filled file in to the office of the run."""
    return oda("outcomes", file, *options, "--workspace", walk.workspace, "--json", cwd=file.parent)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_filled_list_is_counted(office: Walk, tmp_path: Path, kind: str) -> None:
    """Proves that each word is counted as written, and an empty row as not visited, never negative."""
    fill = fill_csv if kind == "csv" else fill_xlsx
    file = fill(office, tmp_path / f"filled.{kind}")
    ran = take_back(office, file)
    assert ran.code == 0, ran.told
    places = len(csv_lines(office)) - 1
    expected = {**TIMES, "not visited": places - sum(TIMES.values())}
    answer = ran.answer
    assert answer["outcomes"] == expected
    assert (answer["rows_in"], answer["accepted"], answer["quarantined"]) == (places, places, 0)
    assert_only_evidence_counts(answer)


def assert_only_evidence_counts(answer: dict[str, Any]) -> None:
    """Only *found* and *not found* settle a place; every other word leaves it open."""
    routes = answer["routes"].values()
    assert sum(route["settled"] for route in routes) == TIMES["found"] + TIMES["not found"]
    assert sum(route["found"] for route in routes) == TIMES["found"]
    visited = sum(times for word, times in TIMES.items() if word != "already known")
    assert sum(route["visited"] for route in routes) == visited


def test_empty_list_counts_nothing(office: Walk, tmp_path: Path) -> None:
    """Proves that a list handed in untouched says nothing about anything."""
    ran = take_back(office, save_lines(tmp_path / "empty.csv", csv_lines(office)))
    assert ran.code == 0, ran.told
    assert ran.answer["outcomes"]["not found"] == 0
    assert ran.answer["outcomes"]["not visited"] == len(csv_lines(office)) - 1
    assert all(route["share_found"] is None for route in ran.answer["routes"].values())


def test_bad_rows_are_named(office: Walk, tmp_path: Path) -> None:
    """Proves that an unknown word, a stranger and a repeated case cost only their own rows."""
    lines = csv_lines(office)
    outcome, case = lines[0].index("outcome"), lines[0].index("case")
    lines[1][outcome] = "found"
    lines[2][outcome] = "perhaps"
    lines[3][case], lines[3][outcome] = "stranger-1", "found"
    lines[4][outcome] = "found"
    lines.append([*lines[4]])
    lines[-1][outcome] = "not found"
    ran = take_back(office, save_lines(tmp_path / "bad.csv", lines))
    assert ran.code == 1, ran.told
    answer = ran.answer
    assert {3, 4, 5, len(lines)} <= {problem["row"] for problem in answer["problems"]}
    assert all(problem["remedy"] for problem in answer["problems"])
    assert answer["rows_in"] == answer["accepted"] + answer["quarantined"] == len(lines) - 1
    assert answer["outcomes"]["found"] == 1
    assert "perhaps" not in ran.out + ran.err


def test_another_runs_list_is_refused_or_reported(
    office: Walk, tmp_path: Path, package: Path
) -> None:
    """Proves that outcomes never land on a run that did not send the list."""
    lines = csv_lines(office)
    run, outcome = lines[0].index("run"), lines[0].index("outcome")
    for line in lines[1:]:
        line[run], line[outcome] = "food-inspections-0123456789ab", "found"
    file = save_lines(tmp_path / "other.csv", lines)
    assert_refused(take_back(office, file))
    named = take_back(office, file, "--run", office.run)
    assert_no_fault(named)
    assert named.code in (1, 2), named.told
    if named.code == 1:
        assert named.answer["outcomes"]["found"] == 0
    elsewhere = oda("outcomes", fill_csv(office, tmp_path / "own.csv"), "--json", cwd=tmp_path)
    assert_refused(elsewhere)


def test_sheet_saved_the_european_way_is_read(office: Walk, tmp_path: Path) -> None:
    """Proves that a CSV that a spreadsheet saved with semicolons and without BOM isn't misread."""
    lines = csv_lines(office)
    lines[1][lines[0].index("outcome")] = "found"
    path = tmp_path / "semicolons.csv"
    with path.open("w", encoding="utf-8", newline="") as target:
        csv.writer(target, delimiter=";").writerows(lines)
    ran = take_back(office, path)
    assert_no_fault(ran)
    if ran.code == 2:
        assert_refused(ran)
    else:
        assert ran.answer["outcomes"]["found"] == 1, ran.told


def test_capitals_and_spaces_are_forgiven_or_reported(office: Walk, tmp_path: Path) -> None:
    """Proves that 'Found ' is taken as found or reported by row, never dropped in silence."""
    lines = csv_lines(office)
    lines[1][lines[0].index("outcome")] = " Found "
    ran = take_back(office, save_lines(tmp_path / "capitals.csv", lines))
    assert_no_fault(ran)
    if ran.code == 0:
        assert ran.answer["outcomes"]["found"] == 1
    else:
        assert [problem["row"] for problem in ran.answer["problems"]] == [2]


def fill_rows(walk: Walk, path: Path, words: dict[int, str]) -> Path:
    """Save the worklist with these words in these lines, the header being line 0."""
    lines = csv_lines(walk)
    for number, word in words.items():
        lines[number][lines[0].index("outcome")] = word
    return save_lines(path, lines)


def test_teams_send_their_files_one_by_one(office: Walk, tmp_path: Path) -> None:
    """Proves that files of a run add up, newest word first, and an empty cell takes nothing back."""
    take_back(office, fill_rows(office, tmp_path / "one.csv", {1: "found", 2: "found"}))
    second = take_back(
        office, fill_rows(office, tmp_path / "two.csv", {2: "not found", 3: "found"})
    )
    assert second.code == 0, second.told
    assert (second.answer["files"], second.answer["changed"]) == (2, 1)
    assert (second.answer["outcomes"]["found"], second.answer["outcomes"]["not found"]) == (2, 1)
    again = take_back(office, tmp_path / "two.csv")
    assert again.answer["outcomes"] == second.answer["outcomes"]
    assert again.answer["changed"] == 0


def test_half_a_list_tells_what_is_still_out(office: Walk, tmp_path: Path) -> None:
    """Proves that places in no file are counted as absent until a file brings them."""
    lines = csv_lines(office)
    half = len(lines) // 2
    first = take_back(office, save_lines(tmp_path / "half.csv", lines[:half]))
    assert first.answer["absent"] == len(lines) - half
    rest = take_back(office, save_lines(tmp_path / "rest.csv", [lines[0], *lines[half:]]))
    assert rest.answer["absent"] == 0


def test_a_date_that_cannot_be_read_keeps_its_row(office: Walk, tmp_path: Path) -> None:
    """Proves that a bad date is told with exit 1, and the outcome beside it counts."""
    lines = csv_lines(office)
    lines[1][lines[0].index("outcome")] = "found"
    lines[1][lines[0].index("visited_on")] = "31/02/2030"
    ran = take_back(office, save_lines(tmp_path / "date.csv", lines))
    assert (ran.code, ran.answer["quarantined"], ran.answer["flagged_values"]) == (1, 0, 1)
    assert ran.answer["outcomes"]["found"] == 1
    assert [(one["row"], one["taken"]) for one in ran.answer["problems"]] == [(2, True)]
    assert "31/02/2030" not in ran.out + ran.err
