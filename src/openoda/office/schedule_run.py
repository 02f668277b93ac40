"""Running a schedule: take in what is new, stop where columns changed, say what else did."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from openoda.custody.snapshots import Snapshot
from openoda.custody.workspace import Workspace
from openoda.data.databases import is_database
from openoda.data.intake import data_like
from openoda.data.quality.delivery_drift import THRESHOLDS, count_changes
from openoda.data.quality.drift import Change, changes
from openoda.data.quality.profiling import profile
from openoda.data.quality.schema_changes import SchemaDiff, schema_changes
from openoda.data.sources.download import sha256_of
from openoda.office import schedule_arrivals as waiting
from openoda.office.arrivals import Instructions
from openoda.office.asking import ask_to_read
from openoda.office.intake import COUNTS, TakenIn, keep, must_not_show, names_kept
from openoda.office.profile_inputs import reader_of
from openoda.office.schedule_arrivals import Arrival, NothingNew
from openoda.office.schedule_store import Scheduled, Store
from openoda.vocabulary.datasets import DataClass
from openoda.vocabulary.progress import Progress, Step, silent
from openoda.vocabulary.refusals import FileUnreadable, Misused, Refusal

TAKEN, NOTHING, STOPPED, FAILED, SETTLING = "taken", "nothing new", "stopped", "failed", "settling"
COMPARING = "to compare a delivery with the last one"
VALUES_UNREAD = "values not compared: no agreement allows this personal data to be read"


@dataclass(frozen=True)
class Orders:
    """How this run is to go.

    `accept_schema`: take a changed delivery in, and its columns as the source's from now on.
    `schema`: the schema file that goes with them. `settle`: seconds that a file must have lain
    unchanged, so that one still being copied is left for the next run.
    """

    accept_schema: bool = False
    schema: Path | None = None
    settle: float = 60


def run(
    workspace: Workspace,
    names: list[str],
    orders: Orders | None = None,
    progress: Progress = silent,
) -> list[dict[str, Any]]:
    """Look at these sources (all, where none is named) and take in what is new of each.

    What a source refuses stops that source alone. One entry for each delivery, and for each source
    that has none; all but "nothing new" and "settling" are in the journal too. Raises Misused: an
    unknown name, orders that don't fit, or another run under way.
    """
    wanted = orders or Orders()
    store = Store(workspace)
    sources = [store.get(name) for name in names] or store.all()
    _must_fit(sources, names, wanted)
    entries = []
    with store.running():
        for source in sources:
            if wanted.schema is not None:
                source = _with_schema(store, source, wanted.schema)
            for entry in _looked_at(store, source, wanted, progress):
                if entry["outcome"] not in (NOTHING, SETTLING):
                    _noted(store, entry)
                entries.append(entry)
    return entries


def _noted(store: Store, entry: dict[str, Any]) -> None:
    """Put it in the journal, unless that says the same already: a source that stays stopped."""
    before = store.journal(entry["source"])[-1:]
    if not before or {**before[0], "at": ""} != {**entry, "at": ""}:
        store.note(entry)


def is_finding(entry: dict[str, Any]) -> bool:
    """Whether somebody should look at what came of a delivery."""
    lost = entry.get("quarantined", 0) or entry.get("flagged_values", 0)
    return bool(entry["outcome"] in (STOPPED, FAILED) or entry.get("drift") or lost)


def _must_fit(sources: list[Scheduled], names: list[str], orders: Orders) -> None:
    if (orders.accept_schema or orders.schema) and len(names) != 1:
        raise Misused(
            "A changed schema is accepted for one source at a time",
            where="--accept-schema",
            remedy="Name that source.",
        )
    if orders.schema and not orders.accept_schema:
        raise Misused(
            "A new schema file goes with --accept-schema",
            where="--schema",
            remedy="Give both, or neither.",
        )
    if not sources:
        raise Misused(
            "Nothing is scheduled",
            where="oda schedule run",
            remedy="Add a source: oda schedule add.",
        )


def _with_schema(store: Store, source: Scheduled, schema: Path) -> Scheduled:
    Instructions(schema=schema).described()
    source = replace(source, has_schema=True)
    store.put(source, schema.read_bytes())
    return source


def _looked_at(
    store: Store, source: Scheduled, orders: Orders, progress: Progress
) -> Iterator[dict[str, Any]]:
    """One source: its deliveries one after another, until one is stopped or fails."""
    progress(Step(f"Looking at {source.name}"))
    any_there = False
    try:
        for entry in _deliveries(store, source, orders, progress):
            any_there = True
            yield entry
            if entry["outcome"] in (STOPPED, FAILED):
                return
    except Refusal as refusal:
        any_there = True
        yield _entry(source, FAILED, cause=refusal.cause, remedy=refusal.remedy)
    if not any_there:
        yield _entry(source, NOTHING)


def _deliveries(
    store: Store, source: Scheduled, orders: Orders, progress: Progress
) -> Iterator[dict[str, Any]]:
    workspace, how = store.workspace, waiting.reading_of(store, source)
    if not waiting.is_pattern(source):
        with waiting.arrived(workspace, source, how, _known(workspace, source), progress) as found:
            yield from _one(store, source, found, orders, progress)
        return
    if not waiting.folder_is_there(source):
        raise FileUnreadable(
            "The folder isn't there",
            where=source.place,
            remedy="See that it is mounted and that this account may read it.",
        )
    ready, young = waiting.waiting_files(source, orders.settle)
    for path in ready:
        try:
            found = waiting.of_local(path, how, progress)
        except OSError as error:
            raise FileUnreadable(
                f"The file can't be read: {error.strerror}",
                where=path.name,
                remedy="See that this account may read it.",
            ) from error
        for entry in _one(store, source, found, orders, progress):
            yield entry
            source = store.get(source.name)
    for path in young:
        if sha256_of(path) not in _known(workspace, source):
            said = f"written less than {orders.settle:g} seconds ago: left for the next run"
            yield _entry(source, SETTLING, arrival=path.name, note=said)


def _one(
    store: Store, source: Scheduled, found: Arrival, orders: Orders, progress: Progress
) -> Iterator[dict[str, Any]]:
    """One delivery: nothing where the vault holds it, else what came of it."""
    if found.sha256 and found.sha256 in _known(store.workspace, source):
        return
    try:
        entry = _weighed(store, source, found, orders, progress)
    except NothingNew:
        return
    except Refusal as refusal:
        entry = _entry(
            source, FAILED, arrival=found.name, cause=refusal.cause, remedy=refusal.remedy
        )
    yield entry


def _weighed(
    store: Store, source: Scheduled, found: Arrival, orders: Orders, progress: Progress
) -> dict[str, Any]:
    with names_kept(source.dataset):
        shape = found.shape()
    known = dict(source.shape or ())
    if not (source.has_schema and source.shape is None) and not is_database(source.place):
        new = [name for name, _ in shape if name not in known]
        must_not_show(source.dataset, found.name, data_like(new))
    diff = schema_changes(source.shape, shape) if source.shape is not None else SchemaDiff()
    if not (diff.same or orders.accept_schema):
        return _stopped(source, found, diff)
    before = _last(store.workspace, source)
    done = _taken(store.workspace, source, found)
    store.put(replace(source, shape=shape))
    drift, unread = _drift(store.workspace, before, done.snapshot, progress)
    return _entry(
        source,
        TAKEN,
        arrival=found.name,
        sha256=done.reports[0][1].sha256,
        snapshot=done.snapshot.id,
        **_counts(done.snapshot),
        schema=None if diff.same else diff.as_json(),
        drift=[vars(each) for each in drift],
        note=unread,
    )


def _stopped(source: Scheduled, found: Arrival, diff: SchemaDiff) -> dict[str, Any]:
    with_schema = " --schema FILE (the schema file of the new columns)" if source.has_schema else ""
    return _entry(
        source,
        STOPPED,
        arrival=found.name,
        sha256=found.sha256,
        schema=diff.as_json(),
        cause="The columns aren't those of the last delivery: " + "; ".join(diff.lines),
        remedy="Ask the data's owner whether that is meant. If it is: oda schedule run "
        f"{source.name} --accept-schema{with_schema}.",
    )


def _taken(workspace: Workspace, source: Scheduled, found: Arrival) -> TakenIn:
    dataset = source.dataset
    detail = {"class": dataset.data_class.value, "files": 1, "schedule": source.name}
    with workspace.audit.acting("intake", dataset.name, "to store a delivery", detail):
        return keep(workspace, [found.opening], dataset)


def _drift(
    workspace: Workspace, before: Snapshot | None, now: Snapshot, progress: Progress
) -> tuple[tuple[Change, ...], str]:
    """What changed since the last delivery, and what couldn't be compared."""
    if before is None:
        return (), "the first delivery: nothing to compare it with"
    counted = count_changes(_counts(before), _counts(now))
    if now.dataset.data_class is DataClass.PERSONAL:
        return counted, VALUES_UNREAD
    progress(Step("Comparing with the last delivery"))
    permit = ask_to_read(workspace, now.dataset, COMPARING)
    with workspace.audit.acting("compare", now.dataset.name, COMPARING, {"snapshot": now.id}):
        old, new = (profile(reader_of(workspace, one, permit).source) for one in (before, now))
        by_value = [each for each in changes(old, new) if _of_values(each)]
    return (*counted, *by_value), ""


def _of_values(change: Change) -> bool:
    """Whether a change is of values: rows are counted and columns compared elsewhere."""
    return change.code != "rows" and not change.code.startswith("column-")


def _counts(snapshot: Snapshot) -> dict[str, int]:
    files = snapshot.details["files"]
    return {key: sum(file[key] for file in files) for key in COUNTS}


def _known(workspace: Workspace, source: Scheduled) -> frozenset[str]:
    """The hashes of everything that the vault holds of the source's dataset."""
    held = workspace.vault.snapshots(source.dataset.name)
    return frozenset(file["sha256"] for one in held for file in one.details.get("files", []))


def _last(workspace: Workspace, source: Scheduled) -> Snapshot | None:
    """The last delivery of the dataset, of the same class."""
    held = [
        one
        for one in workspace.vault.snapshots(source.dataset.name)
        if one.dataset.data_class is source.dataset.data_class and one.details.get("files")
    ]
    return held[-1] if held else None


def _entry(source: Scheduled, outcome: str, **more: Any) -> dict[str, Any]:
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "source": source.name,
        "dataset": source.dataset.name,
        "outcome": outcome,
        **more,
    }


def thresholds() -> dict[str, float]:
    """From which change on each kind of drift is reported, by its code."""
    return THRESHOLDS
