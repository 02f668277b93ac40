"""The index: ids of people that last, kept in a ledger as linkages come and go."""

import getpass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from openoda.custody.workspace import Workspace
from openoda.linkage.ledger.batches import Batch
from openoda.linkage.ledger.changes import Changes
from openoda.linkage.ledger.ids import EntityKind
from openoda.linkage.ledger.keys import RecordKeys
from openoda.linkage.ledger.ledger import Ledger
from openoda.office.link_outputs import CLUSTERS
from openoda.vocabulary.dataset_names import require_dataset_name
from openoda.vocabulary.progress import Progress, silent
from openoda.vocabulary.refusals import FileUnreadable, Misused

PURPOSE = "to keep an index"
_FOLDER = "index"
_COLUMNS = {"record", "cluster", "source"}


def update(
    workspace: Workspace, name: str, linked: Path, reason: str, progress: Progress = silent
) -> dict[str, Any]:
    """Take a linkage's clusters into the index: what was created, joined, merged and split.

    Ids that are there stay: a record keeps its id unless its cluster says otherwise, and every id ever
    given can be looked up for ever. The first update makes the index. Raises Misused (a name or reason
    that can't be), FileUnreadable, ConstraintsBroken, and what writing raises.
    """
    require_dataset_name(name, "--index")
    table = _clusters(linked)
    path = _path(workspace, name)
    detail = {"index": name, "records": len(table)}
    with workspace.audit.acting("index update", name, PURPOSE, detail):
        ledger = _opened(path, progress) if path.exists() else _created(path)
        before = len(ledger.now.acts)
        records = RecordKeys(_text(table["source"]), _text(table["record"]))
        act = ledger.add(Batch(records, table["cluster"].to_numpy()), getpass.getuser(), reason)
    workspace.audit.record("index head", name, {"act": act, "head": ledger.head.hash}, PURPOSE)
    alarms = [
        {"what": each.what, "measured": each.measured, "limit": each.limit}
        for each in ledger.alarms(act)
    ]
    return _state(name, ledger) | {
        "act": act,
        **_told(ledger.changes_since(before)),
        "alarms": alarms,
    }


def find(workspace: Workspace, name: str, asked: str, source: str = "") -> dict[str, Any]:
    """An id and its records, by the id (old ones too) or, with a source, by a record's number.

    Raises Misused for an id or a record that isn't known.
    """
    ledger = _opened(_path(workspace, name))
    with workspace.audit.acting("index find", name, PURPOSE, {"index": name}):
        identity = asked if not source else _id_of(ledger, source, asked)
        resolved = ledger.now.resolve(identity)
        living = [
            {"id": each, "records": [_record(key) for key in ledger.now.records_of(each)]}
            for each in resolved.living
        ]
    return {
        "index": name,
        "id": resolved.id,
        "standing": resolved.standing.value,
        "living": living,
    }


def changes(workspace: Workspace, name: str, since: int) -> dict[str, Any]:
    """What changed since an act (0: since the beginning), and which ids were renamed."""
    ledger = _opened(_path(workspace, name))
    acts = len(ledger.now.acts)
    if not 0 <= since <= acts:
        raise Misused(
            f"The index has {acts:,} acts, and this isn't one of them",
            where=f"--since {since}",
            remedy="Give the number of an act, or 0 for the beginning.",
        )
    found = ledger.changes_since(since)
    with workspace.audit.acting("index changes", name, PURPOSE, {"index": name, "since": since}):
        renamed = found.renamed.select(["old_id", "new_id", "records"]).to_pylist()
    return _state(name, ledger) | {"since": since, **_told(found), "renamed": renamed}


def undo(workspace: Workspace, name: str, act: int, reason: str) -> dict[str, Any]:
    """Undo an act, as an act of its own. Refuses, with what to undo first, where later ones depend."""
    ledger = _opened(_path(workspace, name))
    before = len(ledger.now.acts)
    with workspace.audit.acting("index undo", name, PURPOSE, {"index": name, "undone": act}):
        done = ledger.undo_act(act, getpass.getuser(), reason)
    return _state(name, ledger) | {"act": done, **_told(ledger.changes_since(before))}


def _clusters(linked: Path) -> pa.Table:
    file = linked / CLUSTERS if linked.is_dir() else linked
    try:
        table = pq.read_table(file)
    except (OSError, pa.ArrowInvalid) as error:
        raise FileUnreadable(
            "The clusters of a linkage can't be read",
            where=linked.name,
            remedy="Name the folder that oda link wrote.",
        ) from error
    if set(table.column_names) != _COLUMNS:
        raise FileUnreadable(
            "This isn't the clusters of a linkage",
            where=linked.name,
            remedy="Name the folder that oda link wrote.",
        )
    return table


def _path(workspace: Workspace, name: str) -> Path:
    return workspace.root / _FOLDER / f"{name}.sqlite3"


def _created(path: Path) -> Ledger:
    path.parent.mkdir(parents=True, exist_ok=True)
    return Ledger.create(path, EntityKind.PERSON)


def _opened(path: Path, progress: Progress = silent) -> Ledger:
    if not path.exists():
        raise Misused(
            "There is no index of that name",
            where=path.stem,
            remedy="Make it with: oda index update FOLDER --index NAME.",
        )
    return Ledger(path, progress=progress)


def _id_of(ledger: Ledger, source: str, record: str) -> str:
    found = ledger.now.ids_of(RecordKeys.of([(source, record)]))
    known = found[0]
    if known is None:
        raise Misused(
            "No record of that source and number is in the index",
            where="--source",
            remedy="Check both against the file that was linked.",
        )
    return known


def _record(key: tuple[str, str]) -> dict[str, str]:
    return {"source": key[0], "record": key[1]}


def _text(column: pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks().cast(pa.string())


def _told(found: Changes) -> dict[str, Any]:
    return {
        "changes": found.counts,
        "renamed_ids": len(found.renamed),
        "retired": len(found.retired),
    }


def _state(name: str, ledger: Ledger) -> dict[str, Any]:
    now = ledger.now
    return {"index": name, "people": now.entities, "records": now.records, "acts": len(now.acts)}
