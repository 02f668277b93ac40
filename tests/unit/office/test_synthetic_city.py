"""The city in the vault: datasets of class synthetic, the same bytes as in a folder."""

from pathlib import Path

import pytest

from openoda.custody.workspace import Workspace
from openoda.data.synthetic.city.dictionary import dictionary
from openoda.governance.permits import permit_to_read
from openoda.office import synthetic_city
from openoda.vocabulary.datasets import DataClass
from openoda.vocabulary.refusals import Misused


def test_the_vault_holds_what_the_folder_does(tmp_path: Path) -> None:
    """Each table is a synthetic dataset whose file has the folder's hash, and can be read back."""
    workspace = Workspace.create(tmp_path / "office")
    stored = synthetic_city.in_workspace(workspace, 10_000, 3)
    folder = synthetic_city.in_folder(10_000, 3, tmp_path / "city")
    assert [t["sha256"] for t in stored["tables"]] == [t["sha256"] for t in folder["tables"]]
    snapshots = {one.dataset.name: one for one in workspace.vault.snapshots()}
    assert set(snapshots) == {synthetic_city.dataset_name(table) for table in dictionary()}
    assert {one.dataset.data_class for one in snapshots.values()} == {DataClass.SYNTHETIC}
    people = snapshots["city-truth-people"]
    permit = permit_to_read(people.dataset, "a test")
    assert workspace.vault.read(people, "accepted", permit).num_rows == 10_000
    assert people.details["columns"] == dictionary()["truth/people"].columns
    assert workspace.vault.verify().sound
    assert workspace.audit.verify().sound


def test_a_refused_city_leaves_no_dataset(tmp_path: Path) -> None:
    """Nothing is in the vault after a refusal, and the audit log says how it ended."""
    workspace = Workspace.create(tmp_path / "office")
    with pytest.raises(Misused):
        synthetic_city.in_workspace(workspace, 1, 1)
    assert workspace.vault.snapshots() == []
    outcomes = [each.facts["outcome"] for each in workspace.audit.entries("synthetic city")]
    assert outcomes[0] == "awaited"
    assert outcomes[-1] not in ("awaited", "done")
