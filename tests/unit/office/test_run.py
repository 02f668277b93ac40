"""A run, from file to list: what waits is listed, what is not is said, packages stay in their place."""

import csv
import re
from pathlib import Path

import pytest

from openoda.custody.workspace import Workspace
from openoda.office import published
from openoda.office.request import Request
from openoda.office.run import RunDone, reproduce, run
from openoda.vocabulary.refusals import (
    FileUnreadable,
    PackageInvalid,
    PersonalDataNeedsAgreement,
    SchemaInvalid,
)
from tests.faults.quick_package import quick_package

Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return quick_package(tmp_path_factory.mktemp("package"))


@pytest.fixture(scope="module")
def rows(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Rows:
    file = published.make_synthetic(str(package), tmp_path_factory.mktemp("data"), 1)
    with file.open(newline="") as lines:
        return list(csv.DictReader(lines))


def done(package: Path, rows: Rows, folder: Path, **given: object) -> RunDone:
    """Write the rows to a file and run the package on it."""
    file = folder / "visits.csv"
    with file.open("w", newline="") as lines:
        writer = csv.DictWriter(lines, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    request = Request(str(package), data_class="synthetic", **given)
    return run(Workspace.create(folder / "office"), request, file)


def waiting(rows: Rows, times: int, day: str) -> Rows:
    """Copies of the first rows, waiting for a visit on a day (or undated)."""
    return [
        {**row, "Inspection_ID": str(5000000 + at), "criticalFound": "", "Inspection_Date": day}
        for at, row in enumerate(rows[:times])
    ]


@pytest.mark.parametrize("day", ["2014-11-03", ""], ids=["dated ahead", "not dated"])
def test_cases_that_wait_are_work_to_do(
    package: Path, rows: Rows, tmp_path: Path, day: str
) -> None:
    """Every waiting case is eligible, the list isn't called simulated, and only they are on it."""
    made = done(package, rows + waiting(rows, 300, day), tmp_path)
    assert made.figures["list"]["back_test"] is False
    assert made.figures["list"]["made_on"] == "2014-11-01"  # the day after the last known outcome
    assert made.figures["rows_left_out"] == 0
    page = (made.folder / "worklist.html").read_text()
    assert "replays past work" not in page
    with (made.folder / "worklist.csv").open(encoding="utf-8-sig", newline="") as lines:
        cases = [row["case"] for row in csv.DictReader(lines)]
    assert cases
    assert all(int(case) >= 5000000 for case in cases)


def test_without_waiting_cases_the_list_is_of_the_past(
    package: Path, rows: Rows, tmp_path: Path
) -> None:
    """A file in which every case is settled gives a back-test, labelled so."""
    made = done(package, rows, tmp_path)
    assert made.figures["list"]["back_test"] is True
    assert "replays past work" in (made.folder / "worklist.html").read_text()


def test_unsettled_past_visits_are_counted_not_listed(
    package: Path, rows: Rows, tmp_path: Path
) -> None:
    """Past visits without an outcome are not work to do; the run says how many there are."""
    some = [{**row, "criticalFound": ""} if at % 50 == 0 else row for at, row in enumerate(rows)]
    made = done(package, some, tmp_path)
    caution = next(w for w in made.figures["warnings"] if w["code"] == "unsettled-not-listed")
    assert caution["evidence"]["cases"] == 60
    assert made.figures["list"]["back_test"] is True


def test_what_is_written_at_the_visit_is_found_in_a_run(
    package: Path, rows: Rows, tmp_path: Path
) -> None:
    """A column that is empty exactly for the cases that wait is kept out of rule and model."""
    given = [{**row, "pastMinor": ""} for row in waiting(rows, 300, "")]
    made = done(package, rows + given, tmp_path)
    caution = next(w for w in made.figures["warnings"] if w["code"] == "feature-moves-with-visit")
    assert "past_minor_count" in caution["evidence"]["features"]


def test_another_councils_years_work(package: Path, rows: Rows, tmp_path: Path) -> None:
    """Where the package's dates lie outside the data, time is cut by itself, and that is said."""
    later = [
        {
            **row,
            "Inspection_Date": str(int(row["Inspection_Date"][:4]) + 8)
            + row["Inspection_Date"][4:],
        }
        for row in rows
        if not row["Inspection_Date"].endswith("02-29")
    ]
    made = done(package, later, tmp_path)
    assert "dates-outside-data" in {warning["code"] for warning in made.figures["warnings"]}
    assert made.figures["test_rows"] == pytest.approx(len(later) / 4, rel=0.05)


def test_personal_data_is_refused_and_logged(package: Path, rows: Rows, tmp_path: Path) -> None:
    """Nothing is stored or read, and the refusal itself is in the audit log."""
    file = tmp_path / "visits.csv"
    file.write_text(",".join(rows[0]) + "\n")
    workspace = Workspace.create(tmp_path / "office")
    with pytest.raises(PersonalDataNeedsAgreement):
        run(workspace, Request(str(package), data_class="personal"), file)
    last = workspace.audit.entries()[-1]
    assert (last.action, last.facts["outcome"]) == ("read", "refused")
    assert workspace.vault.snapshots() == []


def test_missing_columns_name_the_option(package: Path, rows: Rows, tmp_path: Path) -> None:
    """A column of another name is the commonest trouble: the remedy is --map."""
    renamed = [{"when": row["Inspection_Date"], **row} for row in rows[:50]]
    for row in renamed:
        del row["Inspection_Date"]
    with pytest.raises(SchemaInvalid) as refusal:
        done(package, renamed, tmp_path)
    assert "--map" in refusal.value.remedy
    assert "Inspection_Date" in refusal.value.where


def edited(
    package: Path, folder: Path, old: str, new: str, file: str = "intervention.toml"
) -> Path:
    target = folder / "edited"
    target.mkdir()
    for source in package.iterdir():
        text = source.read_text()
        assert source.name != file or old in text
        (target / source.name).write_text(text.replace(old, new) if source.name == file else text)
    return target


@pytest.mark.parametrize("name", ["../../evil", "/tmp/evil", "Evil", "a b", ""])
def test_a_packages_name_cannot_be_a_path(
    package: Path, rows: Rows, tmp_path: Path, name: str
) -> None:
    """Names of runs come from names of packages, so those are plain words."""
    wrong = edited(package, tmp_path, 'name = "food-inspections"', f'name = "{name}"')
    with pytest.raises(PackageInvalid, match="joined by hyphens"):
        done(wrong, rows, tmp_path)


def test_only_the_packages_own_files_are_kept(package: Path, rows: Rows, tmp_path: Path) -> None:
    """What lies beside the manifest, or is linked from there, is neither read nor copied."""
    beside = edited(package, tmp_path, "a", "a")
    (beside / "secret.csv").write_text("something private")
    (beside / "link.txt").symlink_to("/etc/hostname")
    made = done(beside, rows, tmp_path)
    kept = sorted(path.name for path in (made.folder / "package").iterdir())
    assert kept == ["features.sql", "intervention.toml", "schema.json", "synthetic.toml"]


@pytest.mark.parametrize("how", ["link", "path"])
def test_a_named_file_outside_the_package_is_refused(
    package: Path, rows: Rows, tmp_path: Path, how: str
) -> None:
    """A manifest names files beside it, not others by path or by link."""
    name = "outside.sql" if how == "link" else "../outside.sql"
    wrong = edited(package, tmp_path, 'sql = "features.sql"', f'sql = "{name}"')
    (tmp_path / "outside.sql").write_text("SELECT 1")
    if how == "link":
        (wrong / "outside.sql").symlink_to(tmp_path / "outside.sql")
    with pytest.raises(PackageInvalid, match="not in the package"):
        done(wrong, rows, tmp_path)


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("random()", "other features each time"),
        ("heat_burglary / 0", "infinite"),
        ("[1, 2]", "list"),
    ],
)
def test_sql_that_cannot_be_trusted_is_refused(
    package: Path, rows: Rows, tmp_path: Path, expression: str, said: str
) -> None:
    """Random, infinite or nested features are refused by name, not computed with."""
    wrong = edited(
        package, tmp_path, '"humidity" AS humidity', f"{expression} AS humidity", "features.sql"
    )
    with pytest.raises(PackageInvalid, match=said):
        done(wrong, rows, tmp_path)


@pytest.mark.parametrize("name", ["../../evil", "/tmp/evil-0123456789ab", "nothing"])
def test_a_runs_name_cannot_be_a_path(tmp_path: Path, name: str) -> None:
    """A run is asked for by its name alone."""
    with pytest.raises(FileUnreadable):
        reproduce(Workspace.create(tmp_path / "office"), name)


def test_a_changed_output_is_noticed(package: Path, rows: Rows, tmp_path: Path) -> None:
    """A run makes the same bytes again, and says which file on disk isn't what was made."""
    made = done(package, rows, tmp_path)
    workspace = Workspace(tmp_path / "office")
    assert all(reproduce(workspace, made.record.run).values())
    (made.folder / "worklist.csv").write_text("edited")
    same = reproduce(workspace, made.record.run)
    assert [name for name, equal in same.items() if not equal] == ["worklist.csv"]


def test_findings_say_whether_criteria_were_met(package: Path, rows: Rows, tmp_path: Path) -> None:
    """A success criterion stands with the figure that judges it."""
    page = (done(package, rows, tmp_path).folder / "findings.html").read_text()
    assert re.search(r"On past cases: (not )?met", page)
