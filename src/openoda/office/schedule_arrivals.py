"""What a scheduled source has for us now: which files, or what its address holds."""

import glob
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from openoda.custody.workspace import Workspace
from openoda.data.databases import (
    DatabaseAddress,
    Wanted,
    columns_of,
    is_database,
    open_table,
)
from openoda.data.intake import Batch, Delivery, Description, Dialect, open_delivery
from openoda.data.quality.schema_changes import Shape
from openoda.data.secrecy import filled_in
from openoda.data.sources.download import download, is_web, sha256_of
from openoda.office import arrivals
from openoda.office.intake import Opening, of_file
from openoda.office.schedule_store import Scheduled, Store
from openoda.vocabulary.progress import Progress

UNFINISHED = (".part", ".tmp", ".crdownload", ".partial", ".filepart")
"""Endings of files that somebody else is still writing."""


@dataclass(frozen=True)
class Arrival:
    """Something to take in: what it is called, its columns, and how it is opened.

    `sha256` is empty where it is known only once everything was read.
    """

    name: str
    sha256: str
    shape: Callable[[], Shape]
    opening: Opening


class NothingNew(Exception):
    """What was read is what the vault holds already; it is not stored again."""


class NewOnly(Delivery):
    """A delivery that ends in `NothingNew` where its content is known."""

    def __init__(self, inner: Delivery, known: frozenset[str]) -> None:
        super().__init__(inner._reader)
        self._known = known

    def __iter__(self) -> Iterator[Batch]:
        yield from super().__iter__()
        if self.report.sha256 in self._known:
            raise NothingNew


def waiting_files(source: Scheduled, settle: float) -> tuple[list[Path], list[Path]]:
    """Files of the pattern that are ready, the oldest first, and those written too lately to trust."""
    found = [Path(name) for name in glob.glob(source.place, recursive=True)]  # noqa: PTH207 - absolute
    files = [
        path
        for path in found
        if path.is_file() and not path.name.startswith(".") and path.suffix not in UNFINISHED
    ]
    files.sort(key=lambda path: (path.stat().st_mtime_ns, path.name))
    now = time.time()
    young = [path for path in files if now - path.stat().st_mtime < settle]
    return [path for path in files if path not in young], young


def reading_of(store: Store, source: Scheduled) -> arrivals.Instructions:
    """How the source's deliveries are read."""
    schema = store.schema_path(source.name) if source.has_schema else None
    return arrivals.Instructions(
        schema, source.delimiter, source.encoding, source.table, source.query
    )


@contextmanager
def arrived(
    workspace: Workspace,
    source: Scheduled,
    how: arrivals.Instructions,
    known: frozenset[str],
    progress: Progress,
) -> Iterator[Arrival]:
    """What the address of a source holds now; a download is removed again at the end."""
    described, dialect = how.described()
    if is_database(source.place):
        address, wanted = arrivals.database(source.place, how)
        opened = partial(_new_table, address, wanted, described, known, progress)
        opening = Opening(wanted.name, opened, address.shown)
        yield Arrival(address.shown, "", partial(columns_of, address, wanted), opening)
        return
    place = workspace.root / arrivals.DOWNLOADS
    file = download(filled_in(source.place), place, how.bounds, progress)
    for doubt in file.doubts:
        how.doubt(f"{source.name}: {doubt}.")
    try:
        found = of_arrived(file.path, file.sha256, described, dialect, progress)
        origin = arrivals.shown(source.place)
        yield replace(found, name=origin, opening=replace(found.opening, origin=origin))
    finally:
        file.discard()


def of_arrived(
    path: Path, sha256: str, described: Description, dialect: Dialect | None, progress: Progress
) -> Arrival:
    """A file that is here, to be taken in."""
    shape = partial(shape_of_file, path, described, dialect)
    return Arrival(path.name, sha256, shape, of_file(path, described.schema, dialect, progress))


def of_local(path: Path, how: arrivals.Instructions, progress: Progress) -> Arrival:
    """A file of a drop folder, to be taken in; its bytes are hashed now."""
    described, dialect = how.described()
    return of_arrived(path, sha256_of(path), described, dialect, progress)


def shape_of_file(path: Path, described: Description, dialect: Dialect | None) -> Shape:
    """A file's columns and their types as it has them itself (text, for most formats)."""
    nameless = dialect is not None and not dialect.header_rows
    schema = described.schema if nameless else None
    with open_delivery(path, schema, dialect=dialect) as delivery:
        kinds = {field.name: str(field.type) for field in delivery.arrow_schema}
        return tuple((name, kinds[name]) for name in delivery.columns)


def is_pattern(source: Scheduled) -> bool:
    """Whether the source is files of a folder rather than an address."""
    return not (is_database(source.place) or is_web(source.place))


def folder_is_there(source: Scheduled) -> bool:
    """Whether the folder that the pattern begins with is there."""
    fixed = os.path.dirname(source.place)  # noqa: PTH120 - a pattern is no path
    while glob.has_magic(fixed):
        fixed = os.path.dirname(fixed)  # noqa: PTH120
    return Path(fixed).is_dir()


def _new_table(
    address: DatabaseAddress,
    wanted: Wanted,
    described: Description,
    known: frozenset[str],
    progress: Progress,
) -> Delivery:
    return NewOnly(open_table(address, wanted, described.schema, progress=progress), known)
