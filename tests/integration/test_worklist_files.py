"""The worklist of a run in its four forms, its lottery, and what the seed decides."""

from __future__ import annotations

import csv
import gzip
import json
import math
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import range_boundaries

from openoda.vocabulary.outcomes import Outcome
from tests.integration.command import oda, oda_many
from tests.integration.conftest import Walk
from tests.integration.pages import assert_self_contained, shown_text
from tests.integration.samples import (
    DATE,
    LOTTERY_SHARE,
    PACKAGE,
    QUEUE,
    TEST_FROM,
    VISITS,
    Row,
)

FORMS = ("worklist.csv", "worklist.xlsx", "worklist.json", "worklist.html")


def csv_rows(walk: Walk) -> list[dict[str, str]]:
    """Read a run's worklist as Excel would be given it."""
    with walk.file("worklist.csv").open(encoding="utf-8-sig", newline="") as source:
        return list(csv.DictReader(source))


def json_rows(walk: Walk) -> list[dict[str, Any]]:
    """Read a run's worklist as a program would."""
    rows = json.loads(walk.file("worklist.json").read_text(encoding="utf-8"))["rows"]
    assert isinstance(rows, list)
    return rows


def xlsx_rows(walk: Walk) -> list[dict[str, Any]]:
    """Read a run's worklist as the sheet has it."""
    sheet = openpyxl.load_workbook(walk.file("worklist.xlsx")).worksheets[0]
    lines = list(sheet.iter_rows(values_only=True))
    head = next(at for at, line in enumerate(lines) if "case" in line)
    return [dict(zip(map(str, lines[head]), line, strict=True)) for line in lines[head + 1 :]]


def lottery_cases(walk: Walk) -> list[str]:
    """List the cases drawn by lottery."""
    return [row["case"] for row in csv_rows(walk) if row["route"] == "lottery"]


def test_four_forms_hold_the_same_list(office: Walk) -> None:
    """Proves that sheet, page and data file never differ in who is on the list."""
    for form in FORMS:
        office.file(form)
    cases = [row["case"] for row in csv_rows(office)]
    assert len(set(cases)) == len(cases) > 0
    assert [str(row["case"]) for row in json_rows(office)] == cases
    assert [str(row["case"]) for row in xlsx_rows(office)] == cases
    page = shown_text(office.file("worklist.html")).split()
    assert set(cases) <= set(page)
    assert_self_contained(office.file("worklist.html"))
    assert_self_contained(office.file("findings.html"))


def test_every_ranked_row_says_why_in_plain_words(office: Walk) -> None:
    """Proves that nobody is sent anywhere without a reason, and that no reason is a column name."""
    manifest = tomllib.loads((PACKAGE / "intervention.toml").read_text(encoding="utf-8"))
    for row in json_rows(office):
        if row["route"] == "ranked":
            assert row["reasons"]
        for reason in row["reasons"]:
            assert not any(
                name in reason for name in manifest["features"]["offered"] if "_" in name
            )


def test_lottery_takes_its_share_of_each_list(office: Walk, small_rows: list[Row]) -> None:
    """Proves that each list is k long where there are k, and the share s of k, rounded up, drawn."""
    pools = Counter(row[QUEUE] for row in small_rows if row[DATE] >= TEST_FROM)
    assert_lottery(json_rows(office), pools, VISITS, LOTTERY_SHARE)


def test_lottery_of_the_real_list(chicago: Walk) -> None:
    """Proves the same on the real city's data, at the package's own capacity, and the exact odds."""
    manifest = tomllib.loads((PACKAGE / "intervention.toml").read_text(encoding="utf-8"))
    capacity = manifest["capacity"]
    with gzip.open(chicago.data, "rt", encoding="utf-8") as source:
        pools = Counter(row[QUEUE] for row in csv.DictReader(source) if row["Test"] == "True")
    rows = json_rows(chicago)
    assert_lottery(rows, pools, capacity["visits"], capacity["lottery_share"])
    for queue, pool in pools.items():
        assert_odds([row for row in rows if row["queue"] == queue], pool)
    assert_dropdown(chicago)


def assert_lottery(
    rows: list[dict[str, Any]], pools: Counter[str], visits: int, share: float
) -> None:
    """Check each list's length, how many of it are drawn, and the probabilities' bounds."""
    assert {row["queue"] for row in rows} == set(pools)
    for queue, pool in pools.items():
        own = [row for row in rows if row["queue"] == queue]
        drawn = [row for row in own if row["route"] == "lottery"]
        size = min(visits, pool)
        assert sorted(row["place"] for row in own) == list(range(1, size + 1))
        assert len(drawn) == min(math.ceil(round(share * visits, 9)), size)
        least = len(drawn) / pool
        assert all(least - 1e-12 <= row["inclusion_probability"] <= 1 for row in own)
        assert {row["route"] for row in own} <= {"ranked", "lottery"}


def assert_odds(own: list[dict[str, Any]], pool: int) -> None:
    """Check each row's odds where the list shows its rank: drawn from all, or high enough.

    The lottery draws from every eligible case; the best of the others fill the list. So a case of
    rank r is in if drawn, or if enough of the r cases before it are drawn: hypergeometric.
    """
    drawn = sum(row["route"] == "lottery" for row in own)
    ranked = len(own) - drawn
    last = min(row["score"] for row in own if row["route"] == "ranked")
    for row in own:
        rank = sum(other["score"] > row["score"] for other in own)
        if row["score"] < last:
            continue  # better cases may be off the list, so that its rank isn't known
        expected = chance_of_a_place(rank, pool, ranked, drawn)
        assert row["inclusion_probability"] == pytest.approx(expected, abs=1e-9)


def chance_of_a_place(rank: int, pool: int, ranked: int, drawn: int) -> float:
    """Chance of being drawn, or else of at least rank - ranked + 1 drawn from those before."""
    needed = max(rank - ranked + 1, 0)
    ways = sum(
        math.comb(rank, before) * math.comb(pool - 1 - rank, drawn - before)
        for before in range(needed, drawn + 1)
    )
    return drawn / pool + (1 - drawn / pool) * ways / math.comb(pool - 1, drawn)


def test_probability_is_on_every_row_of_every_form(office: Walk) -> None:
    """Proves that whoever learns from the list later has each row's chance of having been on it."""
    expected = [row["inclusion_probability"] for row in json_rows(office)]
    for rows in (csv_rows(office), xlsx_rows(office)):
        found = [float(row["inclusion_probability"]) for row in rows]
        assert found == pytest.approx(expected, abs=1e-6)


def test_sheet_offers_the_six_words(office: Walk) -> None:
    """Proves that an officer chooses one of six words from a list, in every row."""
    assert_dropdown(office)


def assert_dropdown(walk: Walk) -> None:
    """Check that a list of the six words covers the outcome cell of each row."""
    sheet = openpyxl.load_workbook(walk.file("worklist.xlsx")).worksheets[0]
    cells = [
        (row[0].row, next(c.column for c in head if c.value == "outcome"))
        for head in [next(r for r in sheet.iter_rows() if any(c.value == "case" for c in r))]
        for row in sheet.iter_rows(min_row=head[0].row + 1)
    ]
    lists = [v for v in sheet.data_validations.dataValidation if v.type == "list"]
    words = ",".join(word.value for word in Outcome)
    offered = [v for v in lists if v.formula1.strip('"') == words]
    for row, column in cells:
        assert any(
            left <= column <= right and top <= row <= bottom
            for rule in offered
            for left, top, right, bottom in (range_boundaries(str(r)) for r in rule.sqref.ranges)
        ), (row, column)


def test_csv_starts_no_formula(office: Walk) -> None:
    """Proves that no cell begins with what a spreadsheet would compute."""
    with office.file("worklist.csv").open(encoding="utf-8-sig", newline="") as source:
        for line in csv.reader(source):
            assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in line)


@pytest.fixture(scope="module")
def others(
    tmp_path_factory: pytest.TempPathFactory, package: Path, office: Walk
) -> dict[str, Walk]:
    """The same run again elsewhere, and one with another seed."""
    root = tmp_path_factory.mktemp("others")
    common = ("run", package, "--data", office.data, "--class", "synthetic", "--json")
    done = oda_many(
        {
            "again": (*common, "--workspace", root / "one"),
            "another": (*common, "--workspace", root / "two", "--seed", "2"),
        },
        root,
    )
    places = {"again": root / "one", "another": root / "two"}
    return {name: Walk(ran, office.data, places[name]) for name, ran in done.items()}


def test_same_seed_gives_the_same_bytes(office: Walk, others: dict[str, Walk]) -> None:
    """Proves that a run is its inputs and its seed: elsewhere, the same files byte by byte."""
    again = others["again"]
    assert again.run == office.run
    for form in (*FORMS, "findings.html"):
        assert again.file(form).read_bytes() == office.file(form).read_bytes(), form


def test_another_seed_draws_another_lottery(office: Walk, others: dict[str, Walk]) -> None:
    """Proves that the seed decides the lottery, and not the figures that draw nothing."""
    another = others["another"]
    assert another.run != office.run
    assert lottery_cases(another) != lottery_cases(office)
    assert len(lottery_cases(another)) == len(lottery_cases(office))
    for name in ("actual", "past-critical", "inspector-alone"):
        ours, theirs = office.ran.answer["orders"][name], another.ran.answer["orders"][name]
        assert ours["days_earlier"] == pytest.approx(theirs["days_earlier"], abs=1e-9)


def test_small_run_can_be_reproduced(office: Walk, tmp_path: Path) -> None:
    """Proves that the record and the vault give every file again, byte by byte."""
    ran = oda("reproduce", office.run, "--workspace", office.workspace, "--json", cwd=tmp_path)
    assert ran.code == 0, ran.told
    told = oda("runs", "--workspace", office.workspace, "--json", cwd=tmp_path)
    assert office.run in told.out


def test_a_changed_file_of_a_run_is_noticed(others: dict[str, Walk], tmp_path: Path) -> None:
    """Proves that reproducing a run tells when one of its files is no longer what was made."""
    another = others["another"]
    target = another.file("worklist.csv")
    target.write_bytes(target.read_bytes().replace(b",1,", b",9,", 1))
    ran = oda("reproduce", another.run, "--workspace", another.workspace, "--json", cwd=tmp_path)
    assert ran.code in (1, 2), ran.told
    assert "worklist.csv" in ran.out + ran.err, ran.told
