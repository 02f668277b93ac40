"""Taking files in: only what is sound is loaded, nothing is lost, and the count says so."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
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
    ColumnsUnfit,
    Delivery,
    Dialect,
    IntakeReport,
    data_like,
    load_description,
    open_delivery,
)
from openoda.data.intake.propose import propose
from openoda.governance.permits import permit_to_load
from openoda.office.new_files import write_new
from openoda.standards.table_schema import TableSchema
from openoda.vocabulary.dataset_names import name_of_file, require_dataset_name
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


@dataclass(frozen=True)
class Opening:
    """A source to be opened when its turn comes: its name, how, and from where (nothing secret)."""

    name: str
    open: Callable[[], Delivery]
    origin: str = ""


OTHERS = (QUARANTINED, FLAGS)
COUNTS = ("rows_in", "accepted", "quarantined", "flagged_values")


def dataset_of(name: str, data_class: str | None, licence: str = "", source: str = "") -> Dataset:
    """The dataset as the person describes it. Refuses (Misused) no class, or a name that can't be."""
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
    require_dataset_name(name, "--dataset")
    return Dataset(name, DataClass(data_class), licence, source)


def load(
    workspace: Workspace,
    files: list[Path],
    dataset: Dataset,
    schema: Path | None = None,
    delimiter: str = "",
    progress: Progress = silent,
    *,
    encoding: str = "",
    table: str = "",
) -> TakenIn:
    """Take files in as a person gives them: the schema as a file, the delimiter as a character.

    A schema file that `oda propose` wrote also says how the files are written; `delimiter`,
    `encoding` and `table` (sheet, table or member of an archive) overrule it.
    """
    described = load_description(schema) if schema else None
    table_schema = described.schema if described else None
    dialect = told_dialect(described.dialect if described else None, delimiter, encoding, table)
    detail = {"class": dataset.data_class.value, "files": len(files)}
    with workspace.audit.acting("intake", dataset.name, "to store a delivery", detail):
        return take_in(workspace, files, dataset, table_schema, dialect, progress)


def told_dialect(
    dialect: Dialect | None, delimiter: str, encoding: str = "", table: str = ""
) -> Dialect | None:
    """The dialect of a schema file with what is said beside it; None where nothing is said."""
    if not (delimiter or encoding or table):
        return dialect
    told = dialect or Dialect()
    return replace(
        told,
        delimiter=delimiter.replace("\\t", "\t") or told.delimiter,
        encoding=encoding or told.encoding,
        table=table or told.table,
    )


def look_at(
    file: Path,
    data_class: str | None = None,
    out: Path | None = None,
    *,
    show_values: bool = False,
    delimiter: str = "",
    encoding: str = "",
    table: str = "",
    progress: Progress = silent,
) -> dict[str, Any]:
    """Propose how a file is written and what its columns hold; nothing of the file is stored.

    The proposal is written to `out` if that is given, and never over a file that is there. Examples
    of values are shown of open and synthetic data, and of other data only where asked for.
    """
    known = (
        dataset_of(name_of_file(file.name), data_class).data_class
        if data_class
        else DataClass.PERSONAL
    )
    shown = show_values or known is not DataClass.PERSONAL
    found = propose(file, told_dialect(None, delimiter, encoding, table), progress=progress)
    if out is not None:
        write_new(out, json.dumps(found.descriptor(), indent=2, ensure_ascii=False) + "\n")
    result = {**found.as_json(examples=shown), "written": str(out) if out else None}
    return result if shown else _without_records(result)


def _without_records(found: dict[str, Any]) -> dict[str, Any]:
    """A proposal as it is shown of personal data: names that look like a record give way to places."""
    columns = found["columns"]
    if not data_like([column["name"] for column in columns]):
        return found
    places = [{**column, "name": f"column {at}"} for at, column in enumerate(columns, 1)]
    return {**found, "columns": places}


def take_in(
    workspace: Workspace,
    files: list[Path],
    dataset: Dataset,
    schema: TableSchema | None = None,
    dialect: Dialect | None = None,
    progress: Progress = silent,
) -> TakenIn:
    """Load the files into the vault as one snapshot; each source line is accepted or quarantined."""
    return keep(workspace, [of_file(each, schema, dialect, progress) for each in files], dataset)


def of_file(
    path: Path, schema: TableSchema | None, dialect: Dialect | None, progress: Progress
) -> Opening:
    """A file, to be opened when its turn comes."""
    return Opening(
        path.name, partial(open_delivery, path, schema, dialect=dialect, progress=progress)
    )


def keep(workspace: Workspace, openings: list[Opening], dataset: Dataset) -> TakenIn:
    """Load what is opened, one after another, into the vault as one snapshot."""
    reports: list[tuple[str, IntakeReport]] = []
    columns: list[str] = []
    permit = permit_to_load(dataset)
    with workspace.vault.deposit(dataset, permit) as deposit:
        for each in openings:
            with names_kept(dataset), each.open() as delivery:
                must_not_show(dataset, each.name, delivery.names_like_data)
                columns = columns or delivery.columns
                _must_match(each.name, delivery.columns, openings[0].name, columns)
                _store(delivery, deposit, each.name)
                reports.append((each.name, delivery.report))
        _must_not_relabel(workspace, dataset, {report.sha256 for _, report in reports})
        snapshot = deposit.commit({"files": _details(openings, reports)})
    return TakenIn(dataset, tuple(reports), snapshot)


@contextmanager
def names_kept(dataset: Dataset) -> Iterator[None]:
    """Say by their places the columns of personal data that are refused, and not by their names."""
    try:
        yield
    except ColumnsUnfit as refusal:
        if dataset.data_class is not DataClass.PERSONAL:
            raise
        raise refusal.without_names() from None


def must_not_show(dataset: Dataset, file: str, likeness: str) -> None:
    """Refuse (SchemaInvalid) personal data whose names of columns look like a person's record.

    Reports and snapshots hold the names of columns, which are no secret; a record is one.
    """
    if dataset.data_class is DataClass.PERSONAL and likeness:
        raise SchemaInvalid(
            f"The names of the columns look like data ({likeness}), and those of personal data "
            "would be shown",
            where=file,
            remedy=f"Run `oda propose {file} --class personal --out schema.json`; correct the names "
            'there, and say "header": false in its dialect if the first line is a record; then give '
            "it with --schema.",
        )


def _details(
    openings: list[Opening], reports: list[tuple[str, IntakeReport]]
) -> list[dict[str, Any]]:
    """Each file's report, and where it is from if that isn't a file given."""
    return [
        {"file": name, **report.as_json(), **({"from": each.origin} if each.origin else {})}
        for each, (name, report) in zip(openings, reports, strict=True)
    ]


def _must_match(file: str, columns: list[str], first: str, wanted: list[str]) -> None:
    """Refuse (SchemaInvalid) a file whose columns aren't those of the first one."""
    if columns != wanted:
        raise SchemaInvalid(
            f"The file has {len(columns)} columns that aren't the {len(wanted)} of {first}, in "
            "the same order",
            where=file,
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
        name = f"{file}/{batch.part}" if batch.part else file
        for part, records in (
            (ACCEPTED, batch.accepted),
            ("quarantined", batch.quarantined),
            ("flags", batch.flags),
        ):
            deposit.write(part, _from_file(records, name))


def _from_file(batch: pa.RecordBatch, file: str) -> pa.RecordBatch:
    """The batch with the name of its file as first column."""
    names = pa.DictionaryArray.from_arrays(
        pa.array([0] * batch.num_rows, pa.int32()), pa.array([file])
    )
    return pa.RecordBatch.from_arrays(
        [names, *batch.columns], names=[SOURCE_FILE, *batch.schema.names]
    )
