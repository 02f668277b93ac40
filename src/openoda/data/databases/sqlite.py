"""SQLite by Python's own module: opened to read, nothing but SELECT let through.

Values carry their own types in SQLite, whatever the column says: whole numbers and text come as they
are, reals as the shortest text that gives the same 64-bit float (SQLite's own text has 15 digits), and
blobs as hex. Source: sqlite.org, "Datatypes in SQLite", "Compile-time authorization callbacks".
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from openoda.data.databases.address import DatabaseAddress
from openoda.data.databases.failures import Failure, refusal
from openoda.data.databases.rows import BATCH_ROWS, TextBatch, plain, text_batch
from openoda.data.databases.wanted import Wanted
from openoda.vocabulary.refusals import FileUnreadable, Refusal

_READS = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_RECURSIVE,
}
_SECONDS = 20
_FAILURES = {
    "SQLITE_AUTH": Failure.WRITES,
    "SQLITE_READONLY": Failure.WRITES,
    "SQLITE_NOTADB": Failure.DAMAGED,
    "SQLITE_CORRUPT": Failure.DAMAGED,
    "SQLITE_CANTOPEN": Failure.UNREACHABLE,
}
_LISTING = (
    "select name from sqlite_schema where type in ('table', 'view') "
    "and name not like 'sqlite\\_%' escape '\\' order by name"
)


class SqliteRows:
    """A table or query of an SQLite file; see `TableRows`."""

    def __init__(self, address: DatabaseAddress, wanted: Wanted) -> None:
        self._address, self._wanted = address, wanted
        self.count: int | None = None
        self._db = _connected(address)
        try:
            self._open()
        except sqlite3.Error as error:
            self._db.close()
            raise self._refused(error) from None
        version = f"SQLite {sqlite3.sqlite_version}"
        self.notes = (f"{version}, opened to read, in one transaction",)

    def _open(self) -> None:
        wanted = self._wanted
        if wanted.table:
            found = self._db.execute(f"select count(*) from {wanted.quoted()}")  # noqa: S608
            self.count = int(found.fetchone()[0])
        query = wanted.query or f"select * from {wanted.quoted()}"  # noqa: S608
        self._cursor = self._db.execute(query)
        self.columns = [each[0] for each in self._cursor.description]
        self.kinds = [""] * len(self.columns)  # values carry their own

    def batches(self) -> Iterator[TextBatch]:
        """Yield the rows."""
        cells = [plain] * len(self.columns)
        try:
            while rows := self._cursor.fetchmany(BATCH_ROWS):
                yield text_batch(rows, cells)
        except sqlite3.Error as error:
            raise self._refused(error) from None

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _refused(self, error: sqlite3.Error) -> Refusal:
        return _refusal(error, self._address, self._wanted.name)


def tables(address: DatabaseAddress) -> list[str]:
    """The names of tables and views."""
    try:
        with closing(_connected(address)) as db:
            return [row[0] for row in db.execute(_LISTING)]
    except sqlite3.Error as error:
        raise _refusal(error, address, "") from None


def _connected(address: DatabaseAddress) -> sqlite3.Connection:
    path = Path(address.database)
    if not path.is_file():
        raise FileUnreadable(
            "There is no such file",
            where=address.shown,
            remedy="Check the path: three slashes, then folder and file; a fourth for the root.",
        )
    try:
        uri = f"{path.absolute().as_uri()}?mode=ro"
        db = sqlite3.connect(uri, _SECONDS, isolation_level=None, uri=True, check_same_thread=False)
        db.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
        for told in ("query_only=on", "trusted_schema=off", "cell_size_check=on"):
            db.execute(f"pragma {told}")
        db.execute("begin")
        db.set_authorizer(
            lambda act, *_: sqlite3.SQLITE_OK if act in _READS else sqlite3.SQLITE_DENY
        )
    except sqlite3.Error as error:
        raise _refusal(error, address, "") from None
    return db


def _refusal(error: sqlite3.Error, address: DatabaseAddress, wanted: str) -> Refusal:
    code = getattr(error, "sqlite_errorname", "") or type(error).__name__
    for name, failure in _FAILURES.items():
        if code.startswith(name):
            return refusal(failure, address, wanted, code)
    said = str(error)
    for part, failure in (
        ("no such table", Failure.NO_TABLE),
        ("no such column", Failure.NO_COLUMN),
        ("no such function", Failure.NO_COLUMN),
        ("prohibited", Failure.WRITES),
        ("not authorized", Failure.WRITES),
    ):
        if part in said:
            return refusal(failure, address, wanted, code)
    mistaken = code in ("SQLITE_ERROR", "ProgrammingError", "Warning")
    return refusal(Failure.SYNTAX if mistaken else Failure.OTHER, address, wanted, code)
