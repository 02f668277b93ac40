"""Writing a dataset to a file that other programs read; open and synthetic data only.

Personal data leaves through disclosure control or not at all, and the permit to read it is refused here.
Parquet is exact. In CSV, which spreadsheets open, a text that one would run has an apostrophe before it.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from openoda.custody.snapshots import Snapshot
from openoda.custody.workspace import Workspace
from openoda.office.asking import ask_to_read
from openoda.office.intake import ACCEPTED
from openoda.office.new_files import must_be_new
from openoda.rendering.cells import guard
from openoda.vocabulary.dataset_names import fitting_name
from openoda.vocabulary.datasets import DataClass, Dataset
from openoda.vocabulary.progress import Progress, Step, silent
from openoda.vocabulary.refusals import Misused, StorageUnwritable

PURPOSE = "to write it to a file"
PARTIAL, FLAGGED = ".partial", "flags"


def export(
    workspace: Workspace,
    name: str,
    out: Path | None = None,
    part: str = ACCEPTED,
    exact: bool = False,
    progress: Progress = silent,
) -> dict[str, Any]:
    """Write a part of the newest snapshot to `out`: CSV, or Parquet where its name ends so.

    `part`: the accepted rows, or what intake quarantined, or the values it flagged. `exact`: in CSV no
    text gets an apostrophe. Batch by batch; the file has its name only once it is whole, and is never
    written over another. Where `out` isn't given it is the dataset's name, with "synthetic" in it where
    that is what it is. Raises Misused (no such dataset or part, unknown ending, a file of that name),
    PersonalDataNeedsAgreement, StorageUnwritable, and what reading the vault raises.
    """
    snapshot = workspace.vault.latest(name)
    permit = ask_to_read(workspace, snapshot.dataset, PURPOSE)
    _must_have(snapshot, part)
    target = out or Path(_named(snapshot.dataset, part))
    _must_be_known(target)
    must_be_new(target)
    total, rows, guarded = snapshot.parts[part].rows, 0, _Guarded(off=exact)
    detail = {"file": target.name, "part": part, "class": snapshot.dataset.data_class.value}
    with workspace.audit.acting("export", snapshot.dataset.name, PURPOSE, detail):
        batches = workspace.vault.scan(snapshot, part, permit)
        try:
            for done in _written(target, batches, guarded):
                rows += done
                progress(Step(f"Writing {target.name}", rows, total))
        except OSError as error:
            raise StorageUnwritable(
                f"The file can't be written: {error.strerror}",
                where=target.name,
                remedy="Name a file in a folder that this account can write, with room on its disk.",
            ) from error
    return {
        "dataset": snapshot.dataset.name,
        "class": snapshot.dataset.data_class.value,
        "licence": snapshot.dataset.licence,
        "snapshot": snapshot.id,
        "part": part,
        "rows": rows,
        "emptied": snapshot.parts[FLAGGED].rows
        if part == ACCEPTED and FLAGGED in snapshot.parts
        else 0,
        "guarded": guarded.count,
        "file": str(target),
        "bytes": target.stat().st_size,
    }


@dataclass
class _Guarded:
    """How many texts got an apostrophe; none does where it is `off`."""

    count: int = 0
    off: bool = False


def _must_have(snapshot: Snapshot, part: str) -> None:
    if part not in snapshot.parts:
        raise Misused(
            f"The dataset has no part called {part}",
            where=snapshot.dataset.name,
            remedy=f"Choose one of: {', '.join(snapshot.parts)}.",
        )


def _named(dataset: Dataset, part: str) -> str:
    made_up = ".synthetic" if dataset.data_class is DataClass.SYNTHETIC else ""
    beside = "" if part == ACCEPTED else f"-{part}"
    return f"{fitting_name(dataset.name)}{beside}{made_up}.csv"  # a name older than the rule may not fit


def _must_be_known(target: Path) -> None:
    if target.suffix.lower() not in _WRITERS:
        raise Misused(
            "A dataset is written as CSV or Parquet",
            where=target.name,
            remedy="Give --out a name that ends in .csv or .parquet.",
        )


def _written(target: Path, batches: Iterator[pa.RecordBatch], guarded: _Guarded) -> Iterator[int]:
    """Write batch by batch, and give the rows of each; the file gets its name at the end."""
    unnamed = target.with_name(target.name + PARTIAL)
    make, fit = _WRITERS[target.suffix.lower()]
    first = fit(next(batches), guarded)  # there is always one, empty where there are no rows
    try:
        with make(unnamed, first.schema) as writer:
            for batch in chain([first], (fit(each, guarded) for each in batches)):
                writer.write_batch(batch)
                yield batch.num_rows
        unnamed.replace(target)
    finally:
        unnamed.unlink(missing_ok=True)


def _as_it_is(batch: pa.RecordBatch, guarded: _Guarded) -> pa.RecordBatch:
    return batch


def _flat(batch: pa.RecordBatch, guarded: _Guarded) -> pa.RecordBatch:
    """What CSV can hold: lists and structures as JSON, bytes as hexadecimal digits, texts guarded."""
    columns = [_guard(_flat_column(column), guarded) for column in batch.columns]
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def _flat_column(column: pa.Array) -> pa.Array:
    kind = column.type
    if pa.types.is_dictionary(kind):
        return pc.cast(column, kind.value_type)
    if pa.types.is_nested(kind):
        made = [None if x is None else json.dumps(x, default=str) for x in column.to_pylist()]
        return pa.array(made, pa.string())
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return pa.array([None if x is None else x.hex() for x in column.to_pylist()], pa.string())
    return column


def _guard(column: pa.Array, guarded: _Guarded) -> pa.Array:
    if guarded.off or not pa.types.is_string(column.type):
        return column
    odd = pc.fill_null(pc.match_substring_regex(column, "^[^0-9A-Za-z]"), False)
    if not pc.any(odd).as_py():
        return column
    texts = column.filter(odd).to_pylist()
    safe = [guard(text) for text in texts]
    guarded.count += sum(a != b for a, b in zip(texts, safe, strict=True))
    return pc.replace_with_mask(column, odd, pa.array(safe, pa.string()))


Fit = Callable[[pa.RecordBatch, _Guarded], pa.RecordBatch]
_WRITERS: dict[str, tuple[Callable[[Path, pa.Schema], Any], Fit]] = {
    ".csv": (pyarrow.csv.CSVWriter, _flat),
    ".parquet": (pyarrow.parquet.ParquetWriter, _as_it_is),
}
