"""`oda profile` as a person runs it: Oxford's register, drift, refusals, files to send."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import openpyxl
import pytest

from tests.architecture.test_docs import load_generator
from tests.integration.command import Ran, assert_refused, oda
from tests.integration.conftest import real_file
from tests.integration.pages import assert_self_contained, shown_text
from tests.integration.samples import REPOSITORY

EXAMPLE = REPOSITORY / "docs" / "guide" / "examples" / "oxford-hmo"
REGISTER = "hmo/oxford_hmo_register_2018.csv"
ROWS = (
    "id,name,opened,kind\n"
    "1,Hall,2018-01-01,club\n"
    "2,Null,2018-02-30,shop\n"
    "3, Mill,2018-01-03,Shop\n"
    "4,Barn\n"
    "5,=cmd(),2018-01-05,shop\n"
)
SCHEMA = {
    "fields": [
        {"name": "id", "type": "integer"}, {"name": "name", "type": "string"},
        {"name": "opened", "type": "date"}, {"name": "kind", "type": "string"},
    ]
}  # fmt: skip


@pytest.fixture(scope="module")
def oxford(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """The register as published, bare CR line ends and all, with the example's schema and rules."""
    root = tmp_path_factory.mktemp("oxford")
    return oda(
        "profile", real_file(REGISTER), "--dataset", "oxford-hmo-register", "--class", "open",
        "--licence", "OGL v3", "--schema", EXAMPLE / "schema.json", "--rules",
        EXAMPLE / "rules.toml", "--as-at", "2018-03-09", "--workspace", "office", "--json", cwd=root,
    )  # fmt: skip


def folder_of(ran: Ran) -> Path:
    return Path(ran.answer["files"]["Profile"]).parent


def test_oxfords_register_as_at_9_march_2018(oxford: Ran):
    """Proves the five figures of the register: through intake, profile and rules alone."""
    assert oxford.code == 1, oxford.told
    answer = oxford.answer
    rules = answer["rules"]
    assert answer["rows"] == 3_211
    assert answer["quarantined"] == answer["flagged_values"] == 0
    assert rules["expired"]["rows"] == 206
    assert rules["negative-term"]["rows"] == 3
    assert rules["negative-term"]["measured"][0] == -363_818
    assert rules["more-units-than-occupants"]["rows"] == 67
    assert (rules["address-repeats"]["groups"], rules["address-repeats"]["rows"]) == (8, 16)


def test_what_the_profile_finds_in_the_register_by_itself(oxford: Ran):
    """Proves that the year 3017, the key and the missing units are found without a rule."""
    answer = oxford.answer
    columns = {one["name"]: one for one in answer["columns"]}
    assert answer["keys"] == [["Case Number"]]
    assert columns["Total Number Units"]["null"] == 3_211 - 1_562
    impossible = [one for one in answer["issues"] if one["code"] == "impossible"]
    assert [(one["columns"], one["rows"]) for one in impossible] == [(["Licence Commenced"], 1)]
    assert columns["Licence Commenced"]["spread"]["highest"] == "3017-03-02"
    assert answer["dimensions"]["accuracy"]["share"] is None
    assert "cannot be judged from this file" in answer["dimensions"]["accuracy"]["words"]


def test_the_issues_name_rows_of_the_register_and_no_address(oxford: Ran):
    """Proves that what is sent on holds lines, not values, in every one of its files."""
    folder = folder_of(oxford)
    with (folder / "issues.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert sum(row["issue"] == "Expired" for row in rows) == 206
    lines = real_file(REGISTER).read_bytes().split(b"\r")
    terms = [int(row["line"]) for row in rows if row["issue"] == "Negative term"]
    assert len(terms) == 3
    assert any(b"3017" in lines[line - 1] for line in terms)
    book = openpyxl.load_workbook(folder / "issues.xlsx")
    assert book.sheetnames == ["Issues", "Rows"]
    texts = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
    for text in (*texts, shown_text(folder / "issues.html")):
        assert "Abbey Road" not in text
        assert "3017" not in text


def test_the_pages_are_self_contained(oxford: Ran):
    """Proves that both pages load nothing and say what matters."""
    for name in ("profile.html", "issues.html"):
        page = folder_of(oxford) / name
        assert_self_contained(page)
        assert "Negative term" in shown_text(page)
    text = shown_text(folder_of(oxford) / "profile.html")
    assert "cannot be judged from this file" in text
    assert "206" in text


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "places.csv").write_text(ROWS, encoding="utf-8")
    (tmp_path / "schema.json").write_text(json.dumps(SCHEMA), encoding="utf-8")
    return tmp_path


def run(place: Path, *more: object) -> Ran:
    return oda("profile", *more, "--workspace", "office", "--json", cwd=place)


def test_what_intake_set_aside_is_among_the_issues(place: Path):
    """Proves that quarantined and unreadable values are issues with their lines in the file."""
    ran = run(place, "places.csv", "--class", "synthetic", "--schema", "schema.json")
    assert ran.code == 1, ran.told
    issues = {one["code"]: one for one in ran.answer["issues"]}
    assert [one["line"] for one in issues["quarantined"]["lines"]] == [5]
    assert [one["line"] for one in issues["unreadable"]["lines"]] == [3]
    opened = next(one for one in ran.answer["columns"] if one["name"] == "opened")
    assert (opened["null"], opened["unreadable"]) == (1, 1)
    assert issues["edge-spaces"]["rows"] == 1
    assert issues["spellings"]["rows"] == 1


def test_a_dataset_is_profiled_again_without_change(place: Path):
    """Proves that the same delivery gives the same profile, and that a changed file is noticed."""
    first = run(place, "places.csv", "--class", "synthetic")
    again = run(place, "places")
    assert again.answer["profile"] == first.answer["profile"]
    folder_of(first).joinpath("issues.csv").write_bytes(b"changed")
    assert_refused(run(place, "places"))


def test_drift_from_the_delivery_before_is_named(place: Path):
    """Proves the comparison by itself, by a snapshot's id, and none."""
    old = run(place, "places.csv", "--class", "synthetic").answer
    assert old["drift"] is None
    (place / "places.csv").write_text(
        ROWS.replace(",kind", ",type") + "6,Lodge,2018-01-06,pub\n", encoding="utf-8"
    )
    now = run(place, "places.csv", "--class", "synthetic")
    assert now.code == 1
    assert now.answer["compared_with"] == old["snapshot"]
    assert {one["code"] for one in now.answer["drift"]} >= {"column-gone", "column-new", "rows"}
    named = run(place, "places", "--compare", old["snapshot"][:8]).answer
    assert named["compared_with"] == old["snapshot"]
    assert run(place, "places", "--compare", "none").answer["drift"] is None
    assert_refused(run(place, "places", "--compare", "nothing"))


def test_a_delivery_is_not_compared_with_itself(place: Path):
    """Proves that the same file taken in twice has no delivery before it."""
    run(place, "places.csv", "--class", "synthetic")
    assert run(place, "places.csv", "--class", "synthetic").answer["drift"] is None


def test_accuracy_against_a_reference(place: Path):
    """Proves that a named dataset in the vault judges accuracy, and differences are issues."""
    (place / "truth.csv").write_text("id,name\n1,Hall\n2,Null\n3,Hill\n", encoding="utf-8")
    oda("intake", "truth.csv", "--class", "open", "--workspace", "office", cwd=place)
    ran = run(place, "places.csv", "--class", "synthetic", "--reference", "truth", "--key", "id")
    assert ran.answer["dimensions"]["accuracy"]["share"] == pytest.approx(2 / 3)
    issue = next(one for one in ran.answer["issues"] if one["code"] == "differs-from-reference")
    assert [one["line"] for one in issue["lines"]] == [4]


def test_repeats_by_chosen_columns(place: Path):
    """Proves that --repeats counts things named alike but for case."""
    ran = run(place, "places.csv", "--class", "synthetic", "--repeats", "kind")
    assert ran.answer["rules"]["repeats-kind"]["groups"] == 1
    assert ran.answer["rules"]["repeats-kind"]["rows"] == 3


def test_personal_data_is_refused_and_the_refusal_logged(place: Path):
    """Proves that nothing is read or stored, and the audit log says that somebody asked."""
    assert_refused(run(place, "places.csv", "--class", "personal"))
    entries = oda("audit", "--workspace", "office", "--json", cwd=place).answer["entries"]
    refused = [one for one in entries if one["subject"] == "places"]
    assert [one["outcome"] for one in refused] == ["refused"]


@pytest.mark.parametrize(
    "more",
    [
        ("places.csv",),
        ("nowhere.csv", "--class", "open"),
        ("places.csv", "--class", "open", "--rules", "absent.toml"),
        ("places.csv", "--class", "open", "--reference", "truth"),
        ("places.csv", "--class", "open", "--key", "id"),
        ("places.csv", "--class", "open", "--as-at", "9/3/2018"),
        ("places.csv", "--class", "open", "--repeats", "nothing"),
        ("places", "--schema", "schema.json"),
    ],
)
def test_what_cannot_be_done_is_refused(place: Path, more: tuple[str, ...]):
    """Proves that each misuse ends with 2, a cause and a remedy."""
    assert_refused(run(place, *more))


def test_every_read_is_in_the_audit_log(place: Path):
    """Proves that the intent and the outcome of each read stand in the log, and it verifies."""
    run(place, "places.csv", "--class", "synthetic")
    entries = oda("audit", "--last", "100", "--workspace", "office", "--json", cwd=place).answer
    reads = [one for one in entries["entries"] if one["subject"] == "places/accepted"]
    assert len(reads) >= 2
    assert all(one["purpose"] == "to profile its quality" for one in reads if one["purpose"])
    assert oda("verify", "--workspace", "office", cwd=place).code == 0


def test_a_formula_in_a_name_stays_text(place: Path):
    """Proves that a column named like a formula can't run in the CSV of issues."""
    shutil.copy(place / "places.csv", place / "odd.csv")
    text = (place / "odd.csv").read_text(encoding="utf-8").replace("name", "=1+1")
    (place / "odd.csv").write_text(text, encoding="utf-8")
    ran = run(place, "odd.csv", "--class", "synthetic")
    with (folder_of(ran) / "issues.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [row["columns"] for row in csv.DictReader(file)]
    assert "'=1+1" in cells
    assert "=1+1" not in cells


def test_profile_answers_with_the_documented_keys(place: Path):
    """Proves that `oda profile --json` gives the keys of the reference, and no other."""
    generator = load_generator()
    (place / "places.csv").write_text(ROWS.replace("1,Hall", "n/a,Hall"), encoding="utf-8")
    run(place, "places.csv", "--class", "synthetic")
    (place / "places.csv").write_text(ROWS + "6,Hall,2018-01-06,x\n" * 3, encoding="utf-8")
    answer = run(place, "places.csv", "--class", "synthetic", "--repeats", "kind").answer
    documented = set(generator.JSON["profile"])
    found = generator.paths_in(answer, "profile")
    unseen = {"columns[].placeholders[].value", "columns[].placeholders[].rows"}
    assert found <= documented, sorted(found - documented)
    assert documented - found <= unseen, sorted(documented - found)


def test_the_pages_say_the_day_that_was_judged_by(oxford: Ran):
    """Proves that whoever gets the issues can count again: the day stands in page, rule and sheet."""
    folder = folder_of(oxford)
    for name in ("profile.html", "issues.html"):
        assert "judged as at 9 March 2018" in shown_text(folder / name), name
    with (folder / "issues.csv").open(encoding="utf-8-sig", newline="") as file:
        rules = {row["rule"] for row in csv.DictReader(file)}
    assert any("as_at: 2018-03-09" in rule for rule in rules)


def test_blank_lines_are_not_the_owners_fault(tmp_path: Path):
    """Proves that a row which holds no data is a note, and lowers no dimension."""
    (tmp_path / "blank.csv").write_text("id,name\n1,Hall\n\n2,Barn\n", encoding="utf-8")
    ran = oda(
        "profile", "blank.csv", "--class", "open", "--workspace", "office", "--json", cwd=tmp_path
    )
    assert (ran.answer["rows"], ran.answer["quarantined"]) == (2, 1), ran.told
    found = {one["code"]: one["severity"] for one in ran.answer["issues"]}
    assert found.get("no-data") == "note"
    assert "quarantined" not in found
    assert ran.code == 0


def test_nothing_to_judge_is_said(tmp_path: Path):
    """Proves that no rows are no praise."""
    (tmp_path / "head.csv").write_text("id,name\n", encoding="utf-8")
    ran = oda("profile", "head.csv", "--class", "open", "--workspace", "office", cwd=tmp_path)
    assert "There are no rows to judge" in ran.told


@pytest.mark.parametrize("command", [("profile",), ("standardise", "--as", "a=uprn")])
def test_a_mistyped_file_is_a_file_that_isnt_there(tmp_path: Path, command: tuple[str, ...]):
    """Proves that what is written like a file isn't called a dataset, and a folder is called one."""
    first, *more = command
    for name, said in (("nope.csv", "no file of that name"), ("folder", "a folder")):
        (tmp_path / "folder").mkdir(exist_ok=True)
        ran = oda(first, name, *more, "--class", "open", "--workspace", "office", cwd=tmp_path)
        assert_refused(ran)
        assert said in " ".join(ran.told.split())
