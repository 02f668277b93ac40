"""A synthetic city, in a folder or as datasets of the workspace's vault: class synthetic either way."""

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pyarrow as pa

from openoda.custody.deposit import Deposit
from openoda.custody.workspace import Workspace
from openoda.data.synthetic.city.city import make_city
from openoda.data.synthetic.city.dictionary import dictionary
from openoda.data.synthetic.city.folder import described, make_in_folder
from openoda.data.synthetic.city.scale import LABEL, VERSION
from openoda.governance.permits import permit_to_load
from openoda.office.intake import ACCEPTED
from openoda.vocabulary.datasets import DataClass, Dataset
from openoda.vocabulary.progress import Progress, silent

PREFIX = "city"


def in_folder(people: int, seed: int, folder: Path, progress: Progress = silent) -> dict[str, Any]:
    """Make the city in a new or empty folder; the answer is its manifest, and where it is.

    Raises Misused and StorageUnwritable; nothing is left where it does.
    """
    return {**make_in_folder(people, seed, folder, progress), "folder": str(folder)}


def in_workspace(
    workspace: Workspace, people: int, seed: int, progress: Progress = silent
) -> dict[str, Any]:
    """Make the city as datasets of the vault, one a table, named `city-extracts-council_tax` and so on.

    Each holds its rows as the part `accepted`, as an intake does, and the meaning of its columns in
    the snapshot's details. Raises Misused and StorageUnwritable.
    """
    facts = {"people": people, "seed": seed}
    acting = workspace.audit.acting("synthetic city", PREFIX, "to have data about nobody", facts)
    with acting, ExitStack() as open_deposits:
        sink = _VaultSink(workspace, open_deposits, f"people {people}, seed {seed}")
        answer = described(people, seed, make_city(people, seed, sink, progress))
        for entry in answer["tables"]:
            about = dictionary()[entry["table"]]
            details = {"about": about.about, "columns": about.columns, "label": LABEL, **entry}
            snapshot = sink.deposits[entry["table"]].commit(details)
            entry |= {"dataset": snapshot.dataset.name, "snapshot": snapshot.id,
                      "sha256": snapshot.parts[ACCEPTED].sha256}  # fmt: skip
    return answer


def dataset_name(table: str) -> str:
    """The name of a table's dataset in the vault."""
    return f"{PREFIX}-{table.replace('/', '-')}"


class _VaultSink:
    """A deposit for each table, all open until the city is made, so that a refusal leaves nothing."""

    def __init__(self, workspace: Workspace, open_deposits: ExitStack, made_from: str) -> None:
        self._workspace, self._open, self._from = workspace, open_deposits, made_from
        self.deposits: dict[str, Deposit] = {}

    def write(self, table: str, batch: pa.RecordBatch) -> None:
        if table not in self.deposits:
            source = f"Made by OpenODA's synthetic city {VERSION}: {self._from}"
            dataset = Dataset(dataset_name(table), DataClass.SYNTHETIC, source=source)
            deposit = self._workspace.vault.deposit(dataset, permit_to_load(dataset))
            self.deposits[table] = self._open.enter_context(deposit)
        self.deposits[table].write(ACCEPTED, batch)
