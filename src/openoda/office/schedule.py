"""What arrives every week: sources named once, looked at again and again, compared with last time."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from openoda.custody.workspace import Workspace
from openoda.data.databases import DatabaseAddress, Wanted, is_database
from openoda.data.secrecy import holds_secret
from openoda.office import arrivals
from openoda.office.schedule_store import Scheduled, Store
from openoda.vocabulary.datasets import Dataset
from openoda.vocabulary.refusals import Misused

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")


def add(
    workspace: Workspace, name: str, place: str, dataset: Dataset, how: arrivals.Instructions
) -> Scheduled:
    """Schedule a source. Nothing is read yet.

    `place` is a pattern of files (relative to the folder one is in), a web address or a database's
    URL. Its schema file is copied. Raises Misused: a name taken or odd, a secret in the address, an
    address or a query that can't be used; SchemaInvalid.
    """
    store = Store(workspace)
    _must_be_name(name, store)
    if arrivals.is_remote(place):
        _must_hold_no_secret(place)
    else:
        place = str(Path.cwd() / place)
    if is_database(place):
        table = DatabaseAddress.parse(place).table or how.table
        how = replace(how, table="", query=how.query)
        Wanted.parse(table, how.query)
        how = replace(how, table=table)
    elif how.query:
        raise Misused("A query is for databases", where="--query", remedy="Leave --query out.")
    how.described()
    source = Scheduled(
        name, place, dataset, how.delimiter, how.encoding, how.table, how.query,
        has_schema=how.schema is not None,
        added_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )  # fmt: skip
    with store.running():
        store.put(source, how.schema.read_bytes() if how.schema else None)
        detail = {"dataset": dataset.name, "class": dataset.data_class.value}
        workspace.audit.record("schedule", name, {**detail, "place": arrivals.shown(place)})
    return source


def remove(workspace: Workspace, name: str) -> None:
    """Forget a source; its deliveries and its journal stay. Raises Misused where there is none."""
    store = Store(workspace)
    source = store.get(name)
    with store.running():
        store.remove(source)
        workspace.audit.record("unschedule", name)


def listed(workspace: Workspace) -> list[dict[str, Any]]:
    """Every source, as it may be shown, with what came of it last."""
    store = Store(workspace)
    last: dict[str, dict[str, Any]] = {entry["source"]: entry for entry in store.journal()}
    return [_listed(source, last.get(source.name)) for source in store.all()]


def journal(workspace: Workspace, name: str = "") -> list[dict[str, Any]]:
    """What came of each delivery, oldest first."""
    return Store(workspace).journal(name)


def _listed(source: Scheduled, last: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "name": source.name,
        "place": arrivals.shown(source.place),
        "table": source.table,
        "dataset": source.dataset.name,
        "class": source.dataset.data_class.value,
        "schema": source.has_schema,
        "columns": [name for name, _ in source.shape] if source.shape is not None else None,
        "last": {"at": last["at"], "outcome": last["outcome"]} if last else None,
    }


def _must_be_name(name: str, store: Store) -> None:
    if not _NAME.fullmatch(name):
        raise Misused(
            "A source's name is of small letters, digits and hyphens",
            where=name[:60],
            remedy="Give one such as housing-weekly.",
        )
    if any(one.name == name for one in store.all()):
        raise Misused(
            "A source of this name is scheduled already",
            where=name,
            remedy="Give another name, or remove that one first.",
        )


def _must_hold_no_secret(place: str) -> None:
    shown = arrivals.shown(place)
    if holds_secret(place):
        raise Misused(
            "The address holds a password or a key, and a schedule keeps no secrets",
            where=shown,
            remedy="Write ${NAME} in its place (in single quotes), and set NAME in the environment "
            "of the runs; for one database, ODA_PASSWORD does as well.",
        )
