"""The workspace: made once, found from inside, never laid over something else."""

import tempfile

import pytest

from openoda.custody.workspace import Workspace
from openoda.vocabulary.refusals import Misused
from tests.unit.custody.samples import deposited, leftovers

LAYOUT = {
    "agreements", "audit.head.json", "audit.sqlite3", "oda.toml", "runs", "tmp", "vault",
}  # fmt: skip


def test_creating_lays_out_the_whole_office(tmp_path):
    """Proves that a new workspace has every folder, its settings, and its creation in the log."""
    workspace = Workspace.create(tmp_path / "a" / "office", office_name="Office of Barchester")
    assert {path.name for path in workspace.root.iterdir()} == LAYOUT
    assert workspace.settings.office_name == "Office of Barchester"
    assert [entry.action for entry in workspace.audit.entries()] == ["create"]
    assert workspace.audit.verify().sound
    assert workspace.vault.verify().files == ()


def test_creating_again_changes_nothing(tmp_path):
    """Proves that creating is idempotent: settings, data and log stay."""
    first = Workspace.create(tmp_path / "office", office_name="Mine")
    snapshot = deposited(first)
    again = Workspace.create(tmp_path / "office")
    assert again.settings.office_name == "Mine"
    assert again.vault.latest("food") == snapshot
    assert len(again.audit.entries("create")) == 1


def test_creating_again_under_another_name_is_refused(tmp_path):
    """Proves that a name that would be ignored is refused instead."""
    Workspace.create(tmp_path / "office", office_name="Mine")
    assert Workspace.create(tmp_path / "office", office_name="Mine")
    with pytest.raises(Misused, match="already the office 'Mine'"):
        Workspace.create(tmp_path / "office", office_name="Yours")


@pytest.mark.parametrize("name", ["letter.txt", "runs/mine.csv", "vault/aa/x.parquet", "tmp2/x"])
def test_a_folder_with_other_things_is_refused_and_untouched(tmp_path, name):
    """Proves that no workspace is laid over files that aren't a half-made workspace's."""
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text("mine")
    with pytest.raises(Misused):
        Workspace.create(tmp_path)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [tmp_path / name]


def test_a_file_in_place_of_a_folder_is_refused(tmp_path):
    """Proves that a path that is a file gives a refusal."""
    (tmp_path / "office").write_text("mine")
    with pytest.raises(Misused):
        Workspace.create(tmp_path / "office")


@pytest.mark.parametrize("lost", [{"oda.toml"}, LAYOUT - {"tmp"}, LAYOUT - {"tmp", "agreements"}])
def test_a_half_made_workspace_is_completed(tmp_path, lost):
    """Proves that what a kill during creation leaves is made whole by creating again."""
    root = tmp_path / "office"
    Workspace.create(root)
    for name in lost:
        path = root / name
        _remove(path)
    workspace = Workspace.create(root)
    assert {path.name for path in root.iterdir()} == LAYOUT
    assert len(workspace.audit.entries("create")) == 1
    assert workspace.audit.verify().sound


def _remove(path):
    if path.is_dir():
        for child in sorted(path.rglob("*"), reverse=True):
            child.rmdir()
        path.rmdir()
    else:
        path.unlink()


def test_a_workspace_is_found_from_inside(tmp_path):
    """Proves that the nearest oda.toml upwards is taken, and that outside there is none."""
    outer = Workspace.create(tmp_path / "office")
    inner = Workspace.create(tmp_path / "office" / "runs" / "inner")
    assert Workspace.find(outer.runs).root == outer.root
    assert Workspace.find(inner.runs / "deep").root == inner.root
    assert Workspace.find(tmp_path) is None


def test_opening_what_is_no_workspace_is_refused(tmp_path):
    """Proves that a plain folder is no workspace, and that the remedy says what to run."""
    with pytest.raises(Misused) as refusal:
        Workspace(tmp_path)
    assert "oda init" in refusal.value.remedy


def test_a_temporary_workspace_stays_and_works(tmp_path, monkeypatch):
    """Proves that a temporary workspace is whole and still there for whoever is told its name."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    workspace = Workspace.temporary()
    assert workspace.root.is_relative_to(tmp_path)
    deposited(workspace)
    assert Workspace(workspace.root).vault.latest("food").parts["accepted"].rows == 3


def test_opening_sweeps_leftovers_and_remakes_lost_folders(tmp_path):
    """Proves that opening removes dead staging areas, and that an emptied folder comes back."""
    root = Workspace.create(tmp_path / "office").root
    (root / "tmp" / "area-dead").mkdir()
    (root / "runs").rmdir()
    workspace = Workspace(root)
    assert leftovers(workspace) == []
    assert workspace.runs.is_dir()


def test_a_lost_log_is_not_replaced_by_a_new_one(tmp_path):
    """Proves that creating again over a workspace whose log was removed doesn't hide that."""
    root = Workspace.create(tmp_path / "office").root
    (root / "audit.sqlite3").unlink()
    assert not Workspace.create(root).audit.verify().sound
    assert not (root / "audit.sqlite3").exists()
