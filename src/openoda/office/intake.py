"""Taking files in: only what is sound is loaded, nothing is lost, and the count says so."""

from collections import Counter
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa

from openoda.custody.deposit import Deposit
from openoda.custody.snapshots import Snapshot
from openoda.custody.workspace import Workspace
from openoda.data.intake import (
    FLAGS,
    QUARANTINED,
    Batch,
    Delivery,
    Dialect,
    IntakeReport,
    open_delivery,
)
from openoda.governance.permits import permit_to_load
from openoda.standards.table_schema import TableSchema
from openoda.vocabulary.datasets import DataClass, Dataset
from openoda.vocabulary.progress import Progress, silent
from openoda.vocabulary.refusals import Misused, SchemaInvalid

SOURCE_FILE = "source_file"
ACCEPTED = "accepted"


@dataclass(frozen=True)
class TakenIn:
    """What came of an intake: a report a file, and the snapshot that holds it all."""

    dataset: Dataset
    reports: tuple[tuple[str, IntakeReport], ...]
    snapshot: Snapshot

    @property
    def findings(self) -> bool:
        """Whether anything was quarantined or flagged."""
        return any(report.quarantined or report.flagged_values for _, report in self.reports)

    def as_json(self) -> dict[str, Any]:
        """Totals over the files, then each file's own report."""
        each = [{"file": name, **report.as_json()} for name, report in self.reports]
        total: Counter[str] = Counter()
        for report in each:
            total.update({key: report[key] for key in COUNTS})
        return {
            **{key: total[key] for key in COUNTS},
            "problems": [problem for report in each for problem in report["problems"]],
            "sha256": each[0]["sha256"] if len(each) == 1 else [file["sha256"] for file in each],
            "dataset": self.dataset.name,
            "class": self.dataset.data_class.value,
            "snapshot": self.snapshot.id,
            "files": each,
        }


OTHERS = (QUARANTINED, FLAGS)
COUNTS = ("rows_in", "accepted", "quarantined", "flagged_values")


def dataset_of(name: str, data_class: str | None, licence: str = "", source: str = "") -> Dataset:
    """The dataset as the person describes it. Refuses (Misused) where no class is given."""
    if data_class is None:
        raise Misused(
            "The class of this data isn't given",
            where=name,
            remedy="Say what it is with --class open, --class synthetic or --class personal.",
        )
    if data_class not in list(DataClass):
        raise Misused(
            f"There is no class of data called {data_class}",
            where="--class",
            remedy="Choose open, synthetic or personal.",
        )
    return Dataset(name, DataClass(data_class), licence, source)


def load(
    workspace: Workspace,
    files: list[Path],
    dataset: Dataset,
    schema: Path | None = None,
    delimiter: str = "",
    progress: Progress = silent,
) -> TakenIn:
    """Take files in as a person gives them: the schema as a file, the delimiter as a character."""
    table_schema = TableSchema.load(schema) if schema else None
    detail = {"class": dataset.data_class.value, "files": len(files)}
    with workspace.audit.acting("intake", dataset.name, "to store a delivery", detail):
        return take_in(workspace, files, dataset, table_schema, dialect_of(delimiter), progress)


def dialect_of(delimiter: str) -> Dialect | None:
    """The dialect that a person names by its delimiter, `\\t` being a tab; None goes by the file."""
    return Dialect(delimiter.replace("\\t", "\t")) if delimiter else None


def take_in(
    workspace: Workspace,
    files: list[Path],
    dataset: Dataset,
    schema: TableSchema | None = None,
    dialect: Dialect | None = None,
    progress: Progress = silent,
) -> TakenIn:
    """Load the files into the vault as one snapshot; each source line is accepted or quarantined."""
    reports: list[tuple[str, IntakeReport]] = []
    columns: list[str] = []
    permit = permit_to_load(dataset)
    with workspace.vault.deposit(dataset, permit) as deposit:
        for path in files:
            with open_delivery(path, schema, dialect=dialect, progress=progress) as delivery:
                columns = columns or delivery.columns
                _must_match(path, delivery.columns, files[0], columns)
                _store(delivery, deposit, path.name)
                reports.append((path.name, delivery.report))
        _must_not_relabel(workspace, dataset, {report.sha256 for _, report in reports})
        snapshot = deposit.commit(
            {"files": [{"file": name, **report.as_json()} for name, report in reports]}
        )
    return TakenIn(dataset, tuple(reports), snapshot)


def _must_match(path: Path, columns: list[str], first: Path, wanted: list[str]) -> None:
    """Refuse (SchemaInvalid) a file whose columns aren't those of the first one."""
    if columns != wanted:
        raise SchemaInvalid(
            f"The file has {len(columns)} columns that aren't the {len(wanted)} of {first.name}, in "
            "the same order",
            where=path.name,
            remedy="Take files of different columns in one by one, each as a dataset of its own.",
        )


def _must_not_relabel(workspace: Workspace, dataset: Dataset, hashes: set[str]) -> None:
    """Refuse (Misused) data that the vault holds as personal, come again under another class."""
    if dataset.data_class is DataClass.PERSONAL:
        return
    for held in workspace.vault.snapshots():
        same = any(file["sha256"] in hashes for file in held.details.get("files", []))
        if held.dataset.data_class is DataClass.PERSONAL and (
            same or held.dataset.name == dataset.name
        ):
            raise Misused(
                f"The vault holds this as personal data, and it can't become {dataset.data_class}",
                where=held.dataset.name,
                remedy="Load it as personal; what may be published leaves by disclosure control.",
            )


def _store(delivery: Delivery, deposit: Deposit, file: str) -> None:
    empty = Batch(
        *(pa.RecordBatch.from_pylist([], schema=kind) for kind in (delivery.arrow_schema, *OTHERS))
    )
    for batch in chain([empty], delivery):
        for part, records in (
            (ACCEPTED, batch.accepted),
            ("quarantined", batch.quarantined),
            ("flags", batch.flags),
        ):
            deposit.write(part, _from_file(records, file))


def _from_file(batch: pa.RecordBatch, file: str) -> pa.RecordBatch:
    """The batch with the name of its file as first column."""
    names = pa.DictionaryArray.from_arrays(
        pa.array([0] * batch.num_rows, pa.int32()), pa.array([file])
    )
    return pa.RecordBatch.from_arrays(
        [names, *batch.columns], names=[SOURCE_FILE, *batch.schema.names]
    )
