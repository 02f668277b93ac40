"""Addresses to UPRNs: matched against a gazetteer, the result stored, the run's own judgement said."""

from dataclasses import asdict, dataclass, field
from typing import Any

import pyarrow as pa

from openoda.custody.snapshots import Snapshot
from openoda.custody.workspace import Workspace
from openoda.data.standardise.addresses import Matches, address_lines, match_addresses
from openoda.governance.permits import permit_to_load
from openoda.office.asking import ask_to_read
from openoda.office.intake import ACCEPTED, dataset_of, load
from openoda.office.targets import file_named
from openoda.vocabulary.dataset_names import derived_name, name_of_file, require_dataset_name
from openoda.vocabulary.datasets import DataClass, Dataset
from openoda.vocabulary.progress import Progress, silent
from openoda.vocabulary.refusals import DataUnfit, Misused

PURPOSE = "to match addresses to a gazetteer"
SOURCE_LINE = "source_line"


@dataclass(frozen=True)
class Source:
    """A dataset's name or a file, and what a file is. `columns`: those of the address, in order."""

    name: str
    columns: list[str] = field(default_factory=list)
    data_class: str | None = None
    licence: str = ""
    origin: str = ""


@dataclass(frozen=True)
class Request:
    """What to match against what. `uprn`: the gazetteer's column; `into`: the result's name."""

    addresses: Source
    gazetteer: Source
    uprn: str = ""
    into: str = ""
    least_precision: float = 0.9


def match(workspace: Workspace, request: Request, progress: Progress = silent) -> dict[str, Any]:
    """Match, store the result as a dataset, and say what was chosen and found.

    The result has a row an address: the address, its BS 7666 parts, uprn (empty unless matched),
    probability, status, reasons, candidates, and its line in the source. It is as personal as the
    more personal of its two sources. Raises Misused, DataUnfit, PersonalDataNeedsAgreement, and what
    reading a file or storing raises.
    """
    _check(request)
    addresses, given = _read(workspace, request.addresses, progress)
    gazetteer, known = _read(workspace, request.gazetteer, progress)
    into = _result_of(addresses.dataset, gazetteer.dataset, request.into)
    names = request.addresses.columns or address_lines(given.column_names)
    columns = _columns(given, names)
    detail = {"from": addresses.id, "gazetteer": gazetteer.id, "class": into.data_class.value}
    with workspace.audit.acting("match addresses", into.name, PURPOSE, detail):
        matches = match_addresses(
            columns, known, uprn=request.uprn, gazetteer_columns=request.gazetteer.columns,
            least_precision=request.least_precision, progress=progress,
        )  # fmt: skip
        report = _report(matches, addresses, gazetteer, into, names)
        stored = _store(workspace, into, _with_lines(matches.table, given), report)
    return {**report, "snapshot": stored.id}


def _check(request: Request) -> None:
    if not 0.5 <= request.least_precision < 1:
        raise Misused(
            "The least precision isn't from 0.5 to under 1",
            where=f"--least-precision {request.least_precision:g}",
            remedy="Give a share such as 0.95.",
        )


def _read(workspace: Workspace, source: Source, progress: Progress) -> tuple[Snapshot, pa.Table]:
    """The newest delivery of a dataset, or a file taken in first; and its rows."""
    file = file_named(workspace, source.name)
    if file is not None:
        name = name_of_file(file.name)
        described = dataset_of(name, source.data_class, source.licence, source.origin)
        ask_to_read(workspace, described, PURPOSE)  # refused before anything is stored
        snapshot = load(workspace, [file], described, progress=progress).snapshot
    else:
        snapshot = workspace.vault.latest(source.name)
    permit = ask_to_read(workspace, snapshot.dataset, PURPOSE)
    return snapshot, workspace.vault.read(snapshot, ACCEPTED, permit)


def _columns(table: pa.Table, names: list[str]) -> list[pa.Array]:
    absent = [name for name in names if name not in table.column_names]
    if absent or not names:
        said = f"There is no column called {absent[0]}" if absent else (
            "No column is known to hold addresses"
        )  # fmt: skip
        raise Misused(
            said,
            where=", ".join(table.column_names[:12]),
            remedy="Name the columns of the address, in order, with --column (once for each).",
        )
    if not table.num_rows:
        raise DataUnfit(
            "There are no addresses to match",
            where=", ".join(names),
            remedy="Give data with one row at least.",
        )
    return [table[name].combine_chunks().cast(pa.string()) for name in names]


def _result_of(addresses: Dataset, gazetteer: Dataset, name: str) -> Dataset:
    """The result: personal if either source is, else open if either is."""
    into = name or derived_name(addresses.name, "-matched")
    require_dataset_name(into, "--dataset")
    if into in (addresses.name, gazetteer.name):
        raise Misused(
            "The result can't have the name of what it is made from",
            where=into,
            remedy="Give another name with --dataset.",
        )
    classes = {addresses.data_class, gazetteer.data_class}
    found = next(one for one in (DataClass.PERSONAL, DataClass.OPEN, DataClass.SYNTHETIC)
                 if one in classes)  # fmt: skip
    licences = dict.fromkeys(one.licence for one in (addresses, gazetteer) if one.licence)
    sources = dict.fromkeys(one.source for one in (addresses, gazetteer) if one.source)
    return Dataset(into, found, "; ".join(licences), "; ".join(sources))


def _report(
    matches: Matches, addresses: Snapshot, gazetteer: Snapshot, into: Dataset, names: list[str]
) -> dict[str, Any]:
    return {
        "dataset": into.name,
        "class": into.data_class.value,
        "from": addresses.dataset.name,
        "columns": names,
        "gazetteer": {
            "dataset": gazetteer.dataset.name,
            "layout": matches.layout,
            "rows": matches.gazetteer_rows,
        },
        "rows": matches.table.num_rows,
        "matched": matches.counts["matched"],
        "ambiguous": matches.counts["ambiguous"],
        "not_found": matches.counts["not found"],
        "threshold": asdict(matches.threshold),
        "listed": matches.model.listed,
    }


def _with_lines(table: pa.Table, given: pa.Table) -> pa.Table:
    """The result with each row's line in the source, first."""
    if SOURCE_LINE not in given.column_names:
        return table
    return table.add_column(0, SOURCE_LINE, given[SOURCE_LINE])


def _store(
    workspace: Workspace, into: Dataset, table: pa.Table, details: dict[str, Any]
) -> Snapshot:
    with workspace.vault.deposit(into, permit_to_load(into)) as deposit:
        for batch in table.combine_chunks().to_batches(max_chunksize=131_072):
            deposit.write(ACCEPTED, batch)
        return deposit.commit(details)
