"""Whatever arrives, wherever it comes from: files, web addresses, tables and queries of databases."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from openoda.custody.workspace import Workspace
from openoda.data.databases import DatabaseAddress, Wanted, is_database, open_table, tables_of
from openoda.data.intake import Description, Dialect, load_description
from openoda.data.secrecy import filled_in
from openoda.data.sources.download import Bounds, Downloaded, download, is_web, shown_address
from openoda.office.intake import Opening, TakenIn, keep, of_file, told_dialect
from openoda.vocabulary.dataset_names import fitting_name, name_of_file
from openoda.vocabulary.datasets import Dataset
from openoda.vocabulary.progress import Progress, silent
from openoda.vocabulary.refusals import Misused

DOWNLOADS = "downloads"
_NAMED = 8


@dataclass(frozen=True)
class Instructions:
    """How what arrives is to be read, as a person says it.

    `table` is a database's table, or a sheet, table or member of a file; `query` is for databases.
    `ask_password` is given the address, without anything secret, and answers with the password.
    """

    schema: Path | None = None
    delimiter: str = ""
    encoding: str = ""
    table: str = ""
    query: str = ""
    ask_password: Callable[[str], str] | None = None
    warn: Callable[[str], None] | None = None
    bounds: Bounds | None = None

    def doubt(self, text: str) -> None:
        """Say what is doubtful, if anybody listens."""
        if self.warn is not None:
            self.warn(text)

    def described(self) -> tuple[Description, Dialect | None]:
        """The schema file as read, and the dialect with what is said beside it."""
        found = load_description(self.schema) if self.schema else Description(None, None)
        return found, told_dialect(found.dialect, self.delimiter, self.encoding, self.table)


def default_name(place: str) -> str:
    """What a dataset is called where nobody says: as its file or its table."""
    if is_database(place):
        address = DatabaseAddress.parse(place)
        last = Wanted.parse(address.table, "").table[-1] if address.table else "query"
        return fitting_name(last)
    name = unquote(PurePosixPath(urlsplit(place).path).name) if is_web(place) else Path(place).name
    return name_of_file(name)


def shown(place: str) -> str:
    """A place as it may be shown and kept."""
    if is_database(place):
        return DatabaseAddress.parse(place).shown
    return shown_address(place) if is_web(place) else place


def load(
    workspace: Workspace,
    places: list[str],
    dataset: Dataset,
    how: Instructions | None = None,
    progress: Progress = silent,
) -> TakenIn:
    """Take in what arrives from these places as one snapshot of the dataset.

    Files are named by their paths. Raises what opening them raises; then nothing is kept.
    """
    told = how or Instructions()
    _must_fit(places, told)
    remote = [shown(place) for place in places if is_remote(place)]
    detail: dict[str, Any] = {"class": dataset.data_class.value, "files": len(places)}
    if remote:
        detail["from"] = remote
    doubts: list[str] = []
    with (
        workspace.audit.acting("intake", dataset.name, "to store a delivery", detail),
        opened(workspace, places, replace(told, warn=doubts.append), progress) as openings,
    ):
        done = keep(workspace, openings, dataset)
    for doubt in doubts:  # a refusal has the screen to itself
        told.doubt(doubt)
    return done


@contextmanager
def opened(
    workspace: Workspace, places: list[str], how: Instructions, progress: Progress
) -> Iterator[list[Opening]]:
    """The places made ready to be opened: downloads are fetched, and removed again at the end."""
    with ExitStack() as cleaning:
        found = []
        for place in places:
            if is_database(place):
                found.append(_of_database(place, how, progress))
            elif is_web(place):
                file = _fetched(workspace, place, how, progress)
                cleaning.callback(file.discard)
                described, dialect = how.described()
                opening = of_file(file.path, described.schema, dialect, progress)
                found.append(Opening(opening.name, opening.open, shown(place)))
            else:
                described, dialect = how.described()
                found.append(of_file(Path(place), described.schema, dialect, progress))
        yield found


def is_remote(place: str) -> bool:
    """Whether a place is an address rather than a file's path."""
    return is_database(place) or is_web(place)


def database(place: str, how: Instructions) -> tuple[DatabaseAddress, Wanted]:
    """The database of an address, and what is asked of it. Where nothing is, its tables are named."""
    address = DatabaseAddress.parse(filled_in(place))
    if address.password_in_url and "${" not in place:
        how.doubt(
            "A password stands in the address, where the shell's history and the list of processes "
            "show it: put it in ODA_PASSWORD, or use --ask-password."
        )
    if how.ask_password is not None and address.engine != "sqlite":
        address = address.with_password(how.ask_password(address.shown))
    table = address.table or how.table
    if address.table and how.table and address.table != how.table:
        raise Misused(
            "The address and --table name different tables",
            where=address.shown,
            remedy="Name the table in one of the two.",
        )
    if not table and not how.query:
        raise _which_table(address)
    return address, Wanted.parse(table, how.query)


def _which_table(address: DatabaseAddress) -> Misused:
    names = tables_of(address)
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    listed = ", ".join(names[:_NAMED]) + more if names else "none that this user may see"
    return Misused(
        "No table is named",
        where=address.shown,
        remedy=f"Name one with --table, or give a --query. There are: {listed}.",
    )


def _of_database(place: str, how: Instructions, progress: Progress) -> Opening:
    address, wanted = database(place, how)
    described, _ = how.described()
    opening = partial(open_table, address, wanted, described.schema, progress=progress)
    return Opening(wanted.name, opening, address.shown)


def _fetched(workspace: Workspace, place: str, how: Instructions, progress: Progress) -> Downloaded:
    file = download(filled_in(place), workspace.root / DOWNLOADS, how.bounds, progress)
    for doubt in file.doubts:
        how.doubt(f"{shown(place)}: {doubt}.")
    return file


def _must_fit(places: list[str], how: Instructions) -> None:
    """Refuse (Misused) a query where nothing could answer it, or one for several databases."""
    if how.query and not all(is_database(place) for place in places):
        raise Misused(
            "A query is for databases, and a file is given",
            where="--query",
            remedy="Take the file in without --query.",
        )
