"""What a linkage stands on: files in hand or datasets of the vault, their columns recognised."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from openoda.custody.workspace import Workspace
from openoda.data.intake import open_delivery
from openoda.governance.permits import Permit, Right, must_cover, permit_to_link
from openoda.linkage.preparing import split_names, written
from openoda.linkage.spec.matching import Matched, matched_columns
from openoda.linkage.spec.model import Spec
from openoda.linkage.spec.naming import folded
from openoda.office.asking import ask_to_read
from openoda.office.intake import ACCEPTED, dataset_of, told_dialect
from openoda.office.targets import file_named
from openoda.vocabulary.dataset_names import name_of_file
from openoda.vocabulary.datasets import DataClass, Dataset
from openoda.vocabulary.progress import Progress
from openoda.vocabulary.refusals import DataUnfit, Misused

PURPOSE = "to link records"
_IDS = ("unique_id", "record_id", "id", "record", "rec_id")
_OWN = "source_line"
_GIVEN, _FAMILY = "given_name", "family_name"
_WHOLE_NAMES = frozenset(map(folded, ("name", "full name", "whole name", "person name")))


@dataclass(frozen=True)
class InputRequest:
    """Which inputs, and how their columns are called. `id_column`: empty for the usual names."""

    targets: tuple[str, ...]
    mapping: dict[str, str]
    id_column: str = ""
    truth: str = ""
    data_class: str = DataClass.PERSONAL.value
    licence: str = ""
    origin: str = ""
    delimiter: str = ""
    encoding: str = ""
    table: str = ""


@dataclass(frozen=True)
class Source:
    """One input as it was read: its dataset, its columns as recognised, how its records are called."""

    dataset: Dataset
    permit: Permit
    matched: Matched
    id_column: str
    rows: int
    quarantined: int


@dataclass(frozen=True)
class Inputs:
    """All records, in the order of their source and then their ids.

    `table`: the spec's own columns. `ids`: each record's, as its source has it. `numbers`, shape
    (records,): each record's source. `truth`: who each is of, if that was asked for.
    """

    sources: tuple[Source, ...]
    table: pa.Table
    ids: pa.Array
    numbers: npt.NDArray[np.int32]
    truth: pa.Array | None

    @property
    def names(self) -> tuple[str, ...]:
        """The sources' names, each different."""
        names = [each.dataset.name for each in self.sources]
        return tuple(f"{name}-{place + 1}" if names.count(name) > 1 else name
                     for place, name in enumerate(names))  # fmt: skip


def read_inputs(
    workspace: Workspace, request: InputRequest, spec: Spec, progress: Progress
) -> Inputs:
    """Read every input, each under its permit.

    Raises Misused (columns that can't be told apart, no such id or truth), DataUnfit (an id missing or
    met twice, fewer than two records), PersonalDataNeedsAgreement for personal data in the vault, and
    what reading a file raises.
    """
    read = [_read(workspace, request, target, spec, progress) for target in request.targets]
    if sum(table.num_rows for _, table, _, _ in read) < 2:
        raise DataUnfit(
            "There are no two records to link",
            where=", ".join(request.targets),
            remedy="Give data with two records at least.",
        )
    names = tuple(dict.fromkeys(name for _, table, _, _ in read for name in table.column_names))
    return Inputs(
        tuple(source for source, _, _, _ in read),
        pa.concat_tables([_with_all(table, names) for _, table, _, _ in read]),
        pa.concat_arrays(_of_one_type([ids for _, _, ids, _ in read])),
        np.repeat(
            np.arange(len(read), dtype=np.int32), [table.num_rows for _, table, _, _ in read]
        ),
        pa.concat_arrays(_of_one_type([truth for *_, truth in read])) if request.truth else None,
    )


def _read(
    workspace: Workspace, request: InputRequest, target: str, spec: Spec, progress: Progress
) -> tuple[Source, pa.Table, pa.Array, pa.Array | None]:
    dataset, permit, whole, quarantined = _whole(workspace, request, target, progress)
    names = [name for name in whole.column_names if name != _OWN]
    matched = matched_columns(spec, names, request.mapping)
    if _GIVEN in matched.absent and _FAMILY in matched.absent:
        whole, matched = _names_taken_apart(whole, matched)
    id_column = _id_column(request.id_column, names, dataset.name)
    ids = _ids(whole, id_column, dataset.name)
    order = pc.sort_indices(ids)
    if request.truth and request.truth not in names:
        raise _no_column(request.truth, "--truth", dataset.name)
    table = pa.table({name: whole[column].take(order) for name, column in matched.columns.items()})
    truth = whole[request.truth].combine_chunks().take(order) if request.truth else None
    source = Source(dataset, permit, matched, id_column, whole.num_rows, quarantined)
    return source, table, ids.take(order), truth


def _names_taken_apart(table: pa.Table, matched: Matched) -> tuple[pa.Table, Matched]:
    """Where a file has whole names alone: forenames and surnames, as columns of its own."""
    called = [name for name in table.column_names if folded(name) in _WHOLE_NAMES]
    if not called:
        return table, matched
    given, family = split_names(table[called[0]])
    table = table.append_column(f"{called[0]}: forenames", given)
    table = table.append_column(f"{called[0]}: surname", family)
    found = {_GIVEN: f"{called[0]}: forenames", _FAMILY: f"{called[0]}: surname"}
    return table, replace(
        matched,
        columns={**matched.columns, **found},
        recognised={**matched.recognised, **found},
        absent=tuple(name for name in matched.absent if name not in found),
    )


def _whole(
    workspace: Workspace, request: InputRequest, target: str, progress: Progress
) -> tuple[Dataset, Permit, pa.Table, int]:
    file = file_named(workspace, target)
    if file is None:
        snapshot = workspace.vault.latest(target)
        permit = ask_to_read(workspace, snapshot.dataset, PURPOSE)
        return snapshot.dataset, permit, workspace.vault.read(snapshot, ACCEPTED, permit), 0
    name = name_of_file(file.name)
    dataset = dataset_of(name, request.data_class, request.licence, request.origin)
    permit = permit_to_link(dataset, PURPOSE)
    must_cover(permit, dataset, Right.LINK)
    dialect = told_dialect(None, request.delimiter, request.encoding, request.table)
    with open_delivery(file, dialect=dialect, progress=progress) as delivery:
        batches = [batch.accepted for batch in delivery]
        table = pa.Table.from_batches(batches, delivery.arrow_schema)
        return dataset, permit, table, delivery.report.quarantined


def _id_column(given: str, names: Sequence[str], where: str) -> str:
    if given and given not in names:
        raise _no_column(given, "--id", where)
    return given or next((name for name in _usual_ids(names)), "")


def _usual_ids(names: Sequence[str]) -> Iterator[str]:
    for wanted in _IDS:
        yield from (name for name in names if name.lower() == wanted)


def _ids(table: pa.Table, column: str, where: str) -> pa.Array:
    """Each record's id; the number of its line where the file has no column of ids."""
    if not column:
        numbers = table[_OWN].combine_chunks() if _OWN in table.column_names else None
        return numbers if numbers is not None else pa.array(range(1, table.num_rows + 1))
    ids = table[column].combine_chunks()
    if not pa.types.is_integer(ids.type):
        ids = written(table[column])
    if ids.null_count:
        raise DataUnfit(
            f"{ids.null_count:,} records have no {column}",
            where=where,
            remedy="Give every record an id, or name another column with --id.",
        )
    if pc.count_distinct(ids).as_py() < len(ids):
        raise DataUnfit(
            f"{column} isn't different for each record",
            where=where,
            remedy="Name a column of ids with --id that no two records share.",
        )
    return ids


def _no_column(name: str, option: str, where: str) -> Misused:
    return Misused(
        f"There is no column called {name} in {where}",
        where=option,
        remedy="Check its spelling against the file's first line.",
    )


def _with_all(table: pa.Table, names: Sequence[str]) -> pa.Table:
    """The table with every column as text, empty where its source has none."""
    columns = {
        name: written(table[name])
        if name in table.column_names
        else pa.nulls(table.num_rows, pa.string())
        for name in names
    }
    return pa.table(columns)


def _of_one_type(arrays: Sequence[pa.Array]) -> list[pa.Array]:
    kinds = {each.type for each in arrays}
    return list(arrays) if len(kinds) == 1 else [each.cast(pa.string()) for each in arrays]
