"""Standardising columns of a dataset: canonical values beside the raw ones, problems counted."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from openoda.custody.snapshots import Snapshot
from openoda.custody.workspace import Workspace
from openoda.data.intake import open_delivery
from openoda.data.standardise.columns import Standardised, as_text
from openoda.data.standardise.identifiers import Standardiser
from openoda.data.standardise.kinds import parts_of, standardiser
from openoda.governance.permits import Permit, permit_to_load
from openoda.office.asking import ask_to_read
from openoda.office.intake import ACCEPTED, dataset_of, load
from openoda.office.targets import file_named
from openoda.standards.uk.checked import MISSING
from openoda.standards.uk.registry import standard_of
from openoda.vocabulary.dataset_names import derived_name, name_of_file, require_dataset_name
from openoda.vocabulary.datasets import Dataset
from openoda.vocabulary.progress import Progress, Step, silent
from openoda.vocabulary.refusals import Misused

PURPOSE = "to standardise columns"
RAW, PROBLEM = "raw", "problem"


@dataclass(frozen=True)
class Request:
    """What to standardise: a dataset's name or a file; columns to kinds; what the result is called.

    `data_class`, `licence` and `origin` describe a file; a stored dataset has its own.
    """

    source: str
    kinds: dict[str, str]
    into: str = ""
    as_at: date | None = None
    data_class: str | None = None
    licence: str = ""
    origin: str = ""


@dataclass
class Column:
    """One column under way: its standardiser, and how often each problem was met."""

    name: str
    kind: str
    run: Standardiser
    problems: Counter[str] = field(default_factory=Counter)
    sound: int = 0

    def standardise(self, given: Any) -> list[tuple[str, Any]]:
        """The columns that replace the given one, by name; counts what was found."""
        raw = as_text(given)
        done = self.run(raw)
        self._count(done)
        parts = [(f"{self.name}_{part}", done.parts[part]) for part in parts_of(self.kind)]
        return [
            (self.name, done.values),
            (f"{self.name}_{PROBLEM}", done.problems),
            (f"{self.name}_{RAW}", raw),
            *parts,
        ]

    def as_json(self) -> dict[str, Any]:
        """The counts; missing values apart, since they are no problem of form."""
        found = [
            {"problem": code, "count": count}
            for code, count in self.problems.most_common()
            if code != MISSING
        ]
        return {
            "column": self.name,
            "kind": self.kind,
            "sound": self.sound,
            "missing": self.problems[MISSING],
            "problems": found,
        }

    def _count(self, done: Standardised) -> None:
        self.sound += len(done.values) - done.values.null_count
        for entry in pc.value_counts(done.problems.drop_null()).to_pylist():
            self.problems[entry["values"]] += entry["counts"]


def parse_kinds(given: list[str]) -> dict[str, str]:
    """COLUMN=KIND pairs. Refuses (Misused) what isn't one, a column named twice, an unknown kind."""
    found: dict[str, str] = {}
    for pair in given:
        column, _, kind = pair.rpartition("=")
        if not (column and kind) or column in found:
            raise Misused(
                "It isn't COLUMN=KIND, or names a column twice",
                where=f"--as {pair}",
                remedy="Write --as COLUMN=KIND, such as --as uprn=uprn, once a column.",
            )
        standard_of(kind)
        found[column] = kind
    if not found:
        raise Misused(
            "No column is named to be standardised",
            where="--as",
            remedy="Write --as COLUMN=KIND, such as --as uprn=uprn, once a column.",
        )
    return found


def parse_day(given: str) -> date | None:
    """The day of --as-at, or None where it isn't given. Refuses (Misused) what isn't YYYY-MM-DD."""
    try:
        return date.fromisoformat(given) if given else None
    except ValueError as error:
        raise Misused(
            "The day isn't a date", where="--as-at", remedy="Write it as YYYY-MM-DD."
        ) from error


def standardise(
    workspace: Workspace, request: Request, progress: Progress = silent
) -> dict[str, Any]:
    """Write a new dataset with canonical columns, their problems and the raw values beside.

    Of each column named: `<column>` (canonical text), `<column>_problem` (a code), `<column>_raw` (as
    it came), and for names their parts; the other columns as they are. Batch by batch.

    Raises Misused (unknown column or dataset, names that clash), PersonalDataNeedsAgreement, and what
    reading a file or storing raises.
    """
    as_at = request.as_at or date.today()
    columns = [Column(n, kind, standardiser(kind, as_at)) for n, kind in request.kinds.items()]
    snapshot, quarantined = _source(workspace, request, progress)
    permit = ask_to_read(workspace, snapshot.dataset, PURPOSE)
    into = _result_of(snapshot.dataset, request.into)
    detail = {"from": snapshot.id, "kinds": request.kinds, "class": into.data_class.value}
    with workspace.audit.acting("standardise", into.name, PURPOSE, detail):
        stored = _store(workspace, snapshot, permit, into, columns, as_at, progress)
    return {
        "dataset": into.name,
        "class": into.data_class.value,
        "from": snapshot.dataset.name,
        "snapshot": stored.id,
        "as_at": as_at.isoformat(),
        "rows": stored.parts[ACCEPTED].rows,
        "quarantined": quarantined,
        "columns": [column.as_json() for column in columns],
    }


def _source(workspace: Workspace, request: Request, progress: Progress) -> tuple[Snapshot, int]:
    """The snapshot to read, a file being taken in first; and how many of its rows were quarantined."""
    file = file_named(workspace, request.source)
    if file is None:
        return workspace.vault.latest(request.source), 0
    name = name_of_file(file.name)
    described = dataset_of(name, request.data_class, request.licence, request.origin)
    ask_to_read(workspace, described, PURPOSE)  # refused before anything is stored
    with open_delivery(file) as delivery:
        _must_have(delivery.columns, list(request.kinds))
    taken = load(workspace, [file], described, progress=progress)
    return taken.snapshot, sum(report.quarantined for _, report in taken.reports)


def _result_of(dataset: Dataset, into: str) -> Dataset:
    name = into or derived_name(dataset.name, "-standardised")
    if name == dataset.name:
        raise Misused(
            "The result can't have the name of what it is made from",
            where=name,
            remedy="Give another name with --dataset.",
        )
    require_dataset_name(name, "--dataset")
    return Dataset(name, dataset.data_class, dataset.licence, dataset.source)


def _store(
    workspace: Workspace,
    snapshot: Snapshot,
    permit: Permit,
    into: Dataset,
    columns: list[Column],
    as_at: date,
    progress: Progress,
) -> Snapshot:
    total, done = snapshot.parts[ACCEPTED].rows, 0
    with workspace.vault.deposit(into, permit_to_load(into)) as deposit:
        for batch in workspace.vault.scan(snapshot, ACCEPTED, permit):
            deposit.write(ACCEPTED, _standardised(batch, columns))
            done += batch.num_rows
            progress(Step(f"Standardising {snapshot.dataset.name}", done, total))
        return deposit.commit(
            {
                "from": {"dataset": snapshot.dataset.name, "snapshot": snapshot.id},
                "as_at": as_at.isoformat(),
                "columns": [column.as_json() for column in columns],
            }
        )


def _standardised(batch: pa.RecordBatch, columns: list[Column]) -> pa.RecordBatch:
    """The batch with each column replaced by its canonical, problem, raw and further ones."""
    wanted = {column.name: column for column in columns}
    _must_have(batch.schema.names, list(wanted))
    made: list[tuple[str, Any]] = []
    for name, given in zip(batch.schema.names, batch.columns, strict=True):
        made += wanted[name].standardise(given) if name in wanted else [(name, given)]
    names = [name for name, _ in made]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise Misused(
            "A column that would be made is there already",
            where=", ".join(twice),
            remedy="Rename it in the source, or standardise the source it came from.",
        )
    return pa.RecordBatch.from_arrays([array for _, array in made], names=names)


def _must_have(names: list[str], wanted: list[str]) -> None:
    absent = [name for name in wanted if name not in names]
    if absent:
        raise Misused(
            f"There is no column called {absent[0]}",
            where=", ".join(names[:12]) + (", …" if len(names) > 12 else ""),
            remedy="Give --as COLUMN=KIND with the column as the data spells it.",
        )
