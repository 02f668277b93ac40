"""Taking files in: counts that add up, several files at once, and no way round a class."""

from pathlib import Path

import pytest

from openoda.custody.workspace import Workspace
from openoda.governance.permits import permit_to_read
from openoda.office.intake import dataset_of, load, look_at
from openoda.vocabulary.refusals import Misused, PersonalDataNeedsAgreement, SchemaInvalid


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "office")


def written(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_two_files_become_one_dataset(workspace: Workspace, tmp_path: Path) -> None:
    """Each row says which file it came from, and the totals are the files' sums."""
    files = [
        written(tmp_path, "a.csv", "id,v\n1,x\n2,y\n"),
        written(tmp_path, "b.csv", "id,v\n3,z\n4\n"),
    ]
    taken = load(workspace, files, dataset_of("both", "open"))
    said = taken.as_json()
    assert (said["rows_in"], said["accepted"], said["quarantined"]) == (4, 3, 1)
    permit = permit_to_read(taken.dataset, "to test")
    table = workspace.vault.read(taken.snapshot, "accepted", permit)
    assert table["source_file"].to_pylist() == ["a.csv", "a.csv", "b.csv"]
    assert table["id"].to_pylist() == ["1", "2", "3"]


def test_files_of_different_columns_are_refused_whole(workspace: Workspace, tmp_path: Path) -> None:
    """A dataset has one set of columns: nothing of either file is kept."""
    files = [written(tmp_path, "a.csv", "id,v\n1,x\n"), written(tmp_path, "b.csv", "id,w\n1,x\n")]
    with pytest.raises(SchemaInvalid):
        load(workspace, files, dataset_of("both", "open"))
    assert workspace.vault.snapshots() == []


@pytest.mark.parametrize("name", ["people", "other"])
def test_personal_data_cannot_come_back_as_open(
    workspace: Workspace, tmp_path: Path, name: str
) -> None:
    """Neither the same dataset nor the same file under another name becomes open or synthetic."""
    file = written(tmp_path, "people.csv", "id,v\n1,x\n")
    taken = load(workspace, [file], dataset_of("people", "personal"))
    with pytest.raises(PersonalDataNeedsAgreement):
        permit_to_read(taken.dataset, "to test")
    for claimed in ("open", "synthetic"):
        with pytest.raises(Misused, match="personal"):
            load(workspace, [file], dataset_of(name, claimed))
    assert len(workspace.vault.snapshots()) == 1


@pytest.mark.parametrize(
    "text",
    ["Ann,01/02/1980,AB123456C\nBob,02/03/1981,CD123456A\n", "id,Ann,Ann\n1,x,y\n"],
)
def test_a_record_of_personal_data_is_no_header(
    workspace: Workspace, tmp_path: Path, text: str
) -> None:
    """Proves that a file without a header is refused as personal data, and shows nothing of it."""
    file = written(tmp_path, "people.csv", text)
    with pytest.raises(SchemaInvalid) as refused:
        load(workspace, [file], dataset_of("people", "personal"))
    assert not any(word in str(refused.value) for word in ("Ann", "1980", "AB123456C"))
    assert workspace.vault.snapshots() == []


def test_a_proposal_for_personal_data_shows_no_record(tmp_path: Path) -> None:
    """Proves that names which look like a record are shown by their places, unless values are asked for,
    and that a schema file with \"header\": false then takes every record in."""
    file = written(tmp_path, "people.csv", "Ann,01/02/1980\nBob,02/03/1981\nCy,03/04/1982\n")
    assert "Ann" not in str(look_at(file, "personal"))


def test_class_must_be_said() -> None:
    """Without a class, or with one that doesn't exist, the remedy names the option or the three."""
    for given, word in ((None, "--class open"), ("secret", "open, synthetic or personal")):
        with pytest.raises(Misused) as refusal:
            dataset_of("x", given)
        assert word in refusal.value.remedy
