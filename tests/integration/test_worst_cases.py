"""Files that councils really send: each either works or is refused in two lines, never a fault."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.integration.command import Ran, assert_done_or_refused, assert_refused, oda, oda_many
from tests.integration.pages import assert_self_contained, read
from tests.integration.samples import (
    CASE,
    DATE,
    FOUND,
    QUEUE,
    TEST_FROM,
    UNIT,
    Row,
    some_units,
    write_rows,
)

Change = Callable[[list[Row]], list[Row]]


def every(column: str, value: str) -> Change:
    """Set a column to one value."""
    return lambda rows: [{**row, column: value} for row in rows]


def without(*columns: str) -> Change:
    """Drop columns."""
    return lambda rows: [{k: v for k, v in row.items() if k not in columns} for row in rows]


def constant_features(rows: list[Row]) -> list[Row]:
    """Let no feature tell any case from another."""
    roles = {CASE, UNIT, DATE, FOUND, QUEUE}
    return [{k: v if k in roles else rows[0][k] for k, v in row.items()} for row in rows]


def empty_features(rows: list[Row]) -> list[Row]:
    """Leave every feature empty."""
    roles = {CASE, UNIT, DATE, FOUND, QUEUE}
    return [{k: v if k in roles else "" for k, v in row.items()} for row in rows]


def strange_outcomes(rows: list[Row]) -> list[Row]:
    """Write 2, which is neither yes nor no, for each seventh outcome."""
    return [{**row, FOUND: "2"} if at % 7 == 0 else row for at, row in enumerate(rows)]


def random_outcomes(rows: list[Row]) -> list[Row]:
    """Let nothing tell what is found."""
    rng = random.Random(3)
    return [{**row, FOUND: rng.choice("01")} for row in rows]


HOPELESS: dict[str, Change] = {
    "no outcome column": without(FOUND),
    "no date column": without(DATE),
    "several columns missing": without(DATE, UNIT, QUEUE),
    "no outcomes at all": every(FOUND, ""),
    "nothing but the header": lambda rows: rows[:0],
    "dates that are none": every(DATE, "soon"),
}
DOUBTFUL: dict[str, Change] = {
    "nothing ever found": every(FOUND, "0"),
    "always found": every(FOUND, "1"),
    "outcomes that are none": every(FOUND, "2"),
    "fifty rows": lambda rows: random.Random(5).sample(rows, 50),
    "all on one date": every(DATE, "2014-09-02"),
    "no case in the test period": lambda rows: [r for r in rows if r[DATE] < TEST_FROM],
    "every case twice": lambda rows: rows + rows,
    "dates at the end of time": every(DATE, "9999-12-31"),
    "random outcomes": random_outcomes,
}
FULLER: dict[str, Change] = {  # enough of a file to get past its size
    "no queue written": every(QUEUE, ""),
    "constant features": constant_features,
    "empty features": empty_features,
    "strange outcomes": strange_outcomes,
}
ODD_CASE, ODD_UNIT, ODD_QUEUE, LONE_QUEUE = "=1+1", "@SUM(1)", "<b>=cmd|' /C calc'!A0", "lone"


def odd_names(rows: list[Row]) -> list[Row]:
    """Write ids as people do: zeros in front, text, formulas, markup; and a queue with one case."""
    last = [at for at, row in enumerate(rows) if row[DATE] >= TEST_FROM]
    changed = [{**row, UNIT: f"00{row[UNIT]}-é"} for row in rows]
    queue = rows[last[0]][QUEUE]
    changed = [{**row, QUEUE: ODD_QUEUE} if row[QUEUE] == queue else row for row in changed]
    changed[last[-1]].update({QUEUE: LONE_QUEUE, CASE: ODD_CASE, UNIT: ODD_UNIT})
    return changed


def open_cases(rows: list[Row]) -> list[Row]:
    """Leave the last cases without an outcome: the work to do."""
    last = sorted(rows, key=lambda row: row[DATE])[-40:]
    todo = {row[CASE] for row in last}
    return [{**row, FOUND: ""} if row[CASE] in todo else row for row in rows]


def run_each(
    changes: dict[str, Change], rows: list[Row], package: Path, root: Path
) -> dict[str, Ran]:
    """Run the quick package on each changed file, every second time with --json."""
    commands = {}
    for at, (name, change) in enumerate(changes.items()):
        changed = change(rows)
        columns = list(changed[0]) if changed else list(rows[0])
        data = write_rows(root / name / "cases.csv", changed, columns)
        json_too = ["--json"] * (at % 2)
        commands[name] = (
            "run", package, "--data", data, "--class", "synthetic", "--workspace", "office",
            *json_too,
        )  # fmt: skip
    return oda_many(commands, root)


@pytest.fixture(scope="module")
def few_rows(small_rows: list[Row]) -> list[Row]:
    """A third of the small file."""
    return some_units(small_rows, 3)


@pytest.fixture(scope="module")
def hopeless(
    tmp_path_factory: pytest.TempPathFactory, package: Path, few_rows: list[Row]
) -> dict[str, Ran]:
    """Runs that nothing can come of."""
    return run_each(HOPELESS, few_rows, package, tmp_path_factory.mktemp("hopeless"))


@pytest.fixture(scope="module")
def doubtful(
    tmp_path_factory: pytest.TempPathFactory, package: Path, few_rows: list[Row]
) -> dict[str, Ran]:
    """Runs that may work or be refused."""
    return run_each(DOUBTFUL, few_rows, package, tmp_path_factory.mktemp("doubtful"))


@pytest.fixture(scope="module")
def fuller(
    tmp_path_factory: pytest.TempPathFactory, package: Path, small_rows: list[Row]
) -> dict[str, Ran]:
    """The same on enough rows to get past the refusals for size."""
    return run_each(FULLER, small_rows, package, tmp_path_factory.mktemp("fuller"))


@pytest.mark.parametrize("name", HOPELESS)
def test_hopeless_file_is_refused(hopeless: dict[str, Ran], name: str) -> None:
    """Proves that a file without what the package needs is refused in two lines."""
    assert_refused(hopeless[name])


@pytest.mark.parametrize("name", DOUBTFUL)
def test_doubtful_file_works_or_is_refused(doubtful: dict[str, Ran], name: str) -> None:
    """Proves that no poor file brings the command down, nor a figure that is no number."""
    assert_sober(doubtful[name])


@pytest.mark.long
@pytest.mark.parametrize("name", FULLER)
def test_fuller_doubtful_file_works_or_is_refused(fuller: dict[str, Ran], name: str) -> None:
    """Proves the same where the file is large enough to be worked on."""
    assert_sober(fuller[name])
    if name == "strange outcomes":  # neither 0 nor 1: never taken in silence
        assert fuller[name].code in (1, 2), fuller[name].told


def assert_sober(ran: Ran) -> None:
    """It worked or was refused, and shows no figure that is no number."""
    assert_done_or_refused(ran)
    if "--json" in ran.command:
        assert ran.answer
    elif ran.code != 2:
        assert "nan" not in ran.out.lower().split(), ran.told


@pytest.fixture(scope="module")
def odd(
    tmp_path_factory: pytest.TempPathFactory, package: Path, small_rows: list[Row]
) -> tuple[dict[str, Ran], Path]:
    """Runs that must work, on the small file: odd names, work to do, a torn line, a full register."""
    root = tmp_path_factory.mktemp("odd")
    register = [{UNIT: row[UNIT]} for row in small_rows]
    units = sorted({row[UNIT] for row in register})
    register = [{UNIT: unit} for unit in units] + [{UNIT: f"x{n}"} for n in range(3 * len(units))]
    changes: dict[str, list[Row]] = {
        "names": odd_names(small_rows),
        "work": open_cases(small_rows),
        "torn": small_rows,
        "register": small_rows,
    }
    commands = {}
    for name, rows in changes.items():
        data = write_rows(root / name / "cases.csv", rows)
        commands[name] = (
            "run", package, "--data", data, "--class", "synthetic", "--workspace", "office",
            "--json",
        )  # fmt: skip
    write_rows(root / "register" / "register.csv", register)
    commands["register"] += ("--universe", "register.csv")
    torn = root / "torn" / "cases.csv"
    torn.write_text(torn.read_text(encoding="utf-8") + "2014-09-03,torn\n", encoding="utf-8")
    return oda_many(commands, root), root


def odd_file(odd: tuple[dict[str, Ran], Path], name: str, file: str) -> Path:
    """Find a file of one of those runs."""
    ran = odd[0][name]
    assert ran.code in (0, 1), ran.told
    return next((odd[1] / name / "office" / "runs" / ran.answer["run"]).glob(file))


def test_odd_ids_survive(odd: tuple[dict[str, Ran], Path]) -> None:
    """Proves that zeros in front, letters and accents of an id reach the list untouched."""
    with odd_file(odd, "names", "worklist.csv").open(encoding="utf-8-sig", newline="") as source:
        rows = list(csv.DictReader(source))
    units = [row["unit"] for row in rows if row["queue"] != LONE_QUEUE]
    assert units
    assert all(unit.startswith("00") and unit.endswith("-é") for unit in units)
    assert len([row for row in rows if row["queue"] == LONE_QUEUE]) == 1


def test_formulas_are_made_harmless(odd: tuple[dict[str, Ran], Path]) -> None:
    """Proves that an id or a queue that looks like a formula is text in every spreadsheet."""
    with odd_file(odd, "names", "worklist.csv").open(encoding="utf-8-sig", newline="") as source:
        cells = [cell for line in csv.reader(source) for cell in line]
    assert any(ODD_CASE in cell for cell in cells)
    assert any(ODD_UNIT in cell for cell in cells)
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)
    for sheet in openpyxl.load_workbook(odd_file(odd, "names", "worklist.xlsx")):
        assert not any(cell.data_type == "f" for line in sheet.iter_rows() for cell in line)


def test_odd_case_comes_back(odd: tuple[dict[str, Ran], Path], tmp_path: Path) -> None:
    """Proves that what made a formula harmless is undone when the filled list returns."""
    for kind in ("csv", "xlsx"):
        sent = odd_file(odd, "names", f"worklist.{kind}")
        office = odd[1] / "names" / "office"
        ran = oda("outcomes", sent, "--workspace", office, "--json", cwd=tmp_path)
        assert ran.code == 0, ran.told


def test_markup_in_data_stays_text(odd: tuple[dict[str, Ran], Path]) -> None:
    """Proves that markup in a file's text is shown as text on the pages."""
    for page in ("worklist.html", "findings.html"):
        path = odd_file(odd, "names", page)
        assert_self_contained(path)
        assert "<b>=cmd" not in path.read_text(encoding="utf-8")
    assert any("<b>=cmd" in text for text in read(odd_file(odd, "names", "worklist.html")).text)


def test_work_to_do_makes_the_list(odd: tuple[dict[str, Ran], Path]) -> None:
    """Proves that cases without an outcome are the list's, and are never counted as clean."""
    with odd_file(odd, "work", "worklist.csv").open(encoding="utf-8-sig", newline="") as source:
        listed = {row["case"] for row in csv.DictReader(source)}
    with (odd[1] / "work" / "cases.csv").open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    todo = {row[CASE] for row in rows if row[FOUND] == ""}
    assert listed <= todo
    known = [row for row in rows if row[DATE] >= TEST_FROM and row[FOUND] != ""]
    assert odd[0]["work"].answer["test_rows"] == len(known)
    found = sum(float(row[FOUND]) == 1 for row in known)
    assert odd[0]["work"].answer["positives"] == found


def test_torn_line_is_told_and_the_run_goes_on(
    odd: tuple[dict[str, Ran], Path], small_rows: list[Row]
) -> None:
    """Proves that a run on a file with one bad line uses the others and ends with 1."""
    ran = odd[0]["torn"]
    assert ran.answer["rows"] == len(small_rows)
    assert "quarantined" in ran.out + ran.err, ran.told
    assert ran.code == 1, ran.told


def test_register_gives_the_share_ever_seen(odd: tuple[dict[str, Ran], Path]) -> None:
    """Proves that with the full register the check says which share of the units was ever seen."""
    ran = odd[0]["register"]
    assert ran.code in (0, 1), ran.told
    texts = {warning["code"]: warning["text"] for warning in ran.answer["warnings"]}
    assert "25" in texts["labels-seen-only-for-visited"], texts
