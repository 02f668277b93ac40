"""`oda standardise` and `oda check-identifier`, as somebody uses them."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from openoda.custody.workspace import Workspace
from openoda.governance.permits import permit_to_read
from tests.integration.command import Ran, assert_refused, oda

PEOPLE = """ref,full_name,nhs,dob,tel
1,"LOVELACE, Lady Ada",943 476 5919,10/12/90,07700 900123
2,The Occupier,943 476 5918,31/02/1990,
3,Betty Boothroyd,,08/10/1929,020 7946 0018
"""
AS = ("--as", "full_name=name", "--as", "nhs=nhs-number", "--as", "dob=date-of-birth", "--as",
      "tel=phone", "--as-at", "2026-01-01")  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    return tmp_path


def stored(folder: Path, name: str) -> pa.Table:
    workspace = Workspace(folder / "office")
    snapshot = workspace.vault.latest(name)
    permit = permit_to_read(snapshot.dataset, "to test")
    return workspace.vault.read(snapshot, "accepted", permit)


def standardised(folder: Path, *more: str) -> Ran:
    return oda(
        "standardise", "people.csv", *AS, "--workspace", "office", "--json", *more, cwd=folder
    )


def test_a_file_becomes_a_dataset_with_raw_values_beside(folder: Path) -> None:
    """Proves that canonical, problem and raw stand beside each other, and counts are given."""
    ran = standardised(folder, "--class", "synthetic")
    assert ran.code == 1, ran.told
    assert ran.answer["dataset"] == "people-standardised"
    table = stored(folder, "people-standardised")
    assert table["nhs"].to_pylist() == ["9434765919", None, None]
    assert table["nhs_problem"].to_pylist() == [None, "check-digit", "missing"]
    assert table["nhs_raw"].to_pylist() == ["943 476 5919", "943 476 5918", None]
    assert table["full_name"].to_pylist() == ["ADA LOVELACE", None, "BETTY BOOTHROYD"]
    assert table["full_name_title"].to_pylist() == ["LADY", None, None]
    assert table["full_name_formal"].to_pylist() == [None, None, "ELIZABETH"]
    assert table["dob"].to_pylist() == ["1990-12-10", None, "1929-10-08"]
    assert table["tel"].to_pylist() == ["+447700900123", None, "+442079460018"]
    assert table["ref"].to_pylist() == ["1", "2", "3"]
    nhs = next(each for each in ran.answer["columns"] if each["column"] == "nhs")
    assert (nhs["sound"], nhs["missing"]) == (1, 1)
    assert nhs["problems"] == [{"problem": "check-digit", "count": 1}]


def test_a_stored_dataset_is_read_under_a_permit(folder: Path) -> None:
    """Proves that a dataset of the vault keeps its class, licence and source, and reads are logged."""
    loaded = oda(
        "intake", "people.csv", "--class", "open", "--licence", "OGL v3", "--workspace", "office",
        "--json", cwd=folder,
    )  # fmt: skip
    assert loaded.code == 0, loaded.told
    args = ("--as", "tel=phone", "--dataset", "phones", "--workspace", "office", "--json")
    ran = oda("standardise", "people", *args, cwd=folder)
    assert ran.code == 0, ran.told  # a missing number is no problem of form
    snapshot = Workspace(folder / "office").vault.latest("phones")
    assert (snapshot.dataset.data_class.value, snapshot.dataset.licence) == ("open", "OGL v3")
    assert snapshot.details["from"]["dataset"] == "people"
    log = oda("audit", "--workspace", "office", "--json", cwd=folder).answer["entries"]
    acts = [(entry["action"], entry["subject"], entry["outcome"]) for entry in log]
    assert ("standardise", "phones", "done") in acts
    assert any(act[:2] == ("read", "people/accepted") for act in acts)
    assert "900123" not in str(log)


def test_personal_data_needs_an_agreement(folder: Path) -> None:
    """Proves that personal data isn't standardised, from a file or the vault, and nothing is kept."""
    assert_refused(standardised(folder, "--class", "personal"))
    assert Workspace(folder / "office").vault.snapshots() == []
    oda("intake", "people.csv", "--class", "personal", "--workspace", "office", cwd=folder)
    args = ("--as", "tel=phone", "--workspace", "office", "--json")
    assert_refused(oda("standardise", "people", *args, cwd=folder))
    assert len(Workspace(folder / "office").vault.snapshots()) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("people.csv", "--class", "open"),
        ("people.csv", "--class", "open", "--as", "tel"),
        ("people.csv", "--class", "open", "--as", "tel=fax"),
        ("people.csv", "--class", "open", "--as", "tel=phone", "--as", "tel=email"),
        ("people.csv", "--class", "open", "--as", "fax=phone"),
        ("people.csv", "--class", "open", "--as", "tel=phone", "--dataset", "people"),
        ("people.csv", "--class", "open", "--as", "tel=phone", "--as-at", "soon"),
        ("people.csv", "--as", "tel=phone"),
        ("nobody", "--as", "tel=phone"),
    ],
)
def test_misuse_is_refused_and_nothing_is_stored(folder: Path, arguments: tuple[str, ...]) -> None:
    """Proves that each mistake has a cause and a remedy, and leaves no result behind."""
    ran = oda("standardise", *arguments, "--workspace", "office", "--json", cwd=folder)
    assert_refused(ran)
    office = folder / "office"
    kept = Workspace(office).vault.snapshots() if office.exists() else []
    assert [one.dataset.name for one in kept if one.dataset.name != "people"] == []


def test_a_column_that_is_there_already_is_refused(tmp_path: Path) -> None:
    """Proves that no column is overwritten by one that would be made."""
    (tmp_path / "both.csv").write_text("tel,tel_raw\n1,2\n", encoding="utf-8")
    ran = oda("standardise", "both.csv", "--class", "open", "--as", "tel=phone", cwd=tmp_path)
    assert_refused(ran)
    assert "tel_raw" in ran.err


def test_a_file_without_rows_keeps_its_columns(tmp_path: Path) -> None:
    """Proves that an empty delivery gives an empty dataset with all columns."""
    (tmp_path / "none.csv").write_text("tel\n", encoding="utf-8")
    args = ("--class", "open", "--as", "tel=phone", "--workspace", "office", "--json")
    ran = oda("standardise", "none.csv", *args, cwd=tmp_path)
    assert ran.code == 0, ran.told
    names = stored(tmp_path, "none-standardised").column_names
    assert names[-3:] == ["tel", "tel_problem", "tel_raw"]


def test_one_identifier_is_checked(tmp_path: Path) -> None:
    """Proves that a sound value exits 0 with its form, an unsound one 1 with words and source."""
    sound = oda("check-identifier", "nhs-number", "943 476 5919", "--json", cwd=tmp_path)
    assert (sound.code, sound.answer["value"]) == (0, "9434765919")
    example = oda("check-identifier", "nino", "QQ123456A", cwd=tmp_path)
    assert example.code == 1, example.told
    assert "letter-not-used" in example.out
    assert "NIM39110" in example.out
    assert "123456" not in example.out + example.err
    assert_refused(oda("check-identifier", "passport", "1", "--json", cwd=tmp_path))
    assert not list(tmp_path.glob("*.toml"))


def test_an_address_is_taken_apart_and_kept(folder: Path) -> None:
    """Proves that free text becomes BS 7666 parts, the raw text beside, and a blank way out is told."""
    lines = ["ref,home", '1,"Flat 2, 34-40 High St.\nOxford OX1 4AJ"', "2,no fixed abode", "3,"]
    (folder / "homes.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    ran = oda("standardise", "homes.csv", "--as", "home=address", "--class", "synthetic",
              "--workspace", "office", "--json", cwd=folder)  # fmt: skip
    assert ran.code == 1, ran.told
    table = stored(folder, "homes-standardised")
    assert table["home"].to_pylist()[0] == "FLAT 2, 34-40 HIGH ST, OXFORD OX1 4AJ"
    assert table["home_raw"].to_pylist()[0] == "Flat 2, 34-40 High St.\nOxford OX1 4AJ"
    assert table["home_problem"].to_pylist() == [None, "no-address", "missing"]
    parts = {name: table[f"home_{name}"].to_pylist() for name in
             ("saon", "paon", "street", "town", "postcode")}  # fmt: skip
    assert {name: values[0] for name, values in parts.items()} == {
        "saon": "FLAT 2", "paon": "34-40", "street": "HIGH STREET", "town": "OXFORD",
        "postcode": "OX1 4AJ",
    }  # fmt: skip
    assert all(values[1:] == [None, None] for values in parts.values())
