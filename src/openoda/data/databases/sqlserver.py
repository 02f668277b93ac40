"""SQL Server by python-tds. Written by its documentation and not tried on a server.

The server writes each value as text itself: moments by style 126 (ISO 8601), binary as hex, float with
the digits that give the same value (style 3), money with all four decimals. It has no read-only
transaction: the query stands in brackets that it can't leave, nothing is ever committed, and the one
moment is that of SNAPSHOT isolation, which the database's owner must have allowed.
Source: Transact-SQL reference, "CAST and CONVERT", "SET TRANSACTION ISOLATION LEVEL",
"sys.dm_exec_describe_first_result_set".
"""

from collections.abc import Iterator
from typing import Any

from openoda.data.databases.address import DatabaseAddress
from openoda.data.databases.failures import Failure, driver_missing, refusal
from openoda.data.databases.rows import BATCH_ROWS, TextBatch, plain, text_batch
from openoda.data.databases.wanted import Wanted, quoted
from openoda.vocabulary.refusals import Misused, Refusal, SourceUnavailable

_QUOTES = {"'": "'", '"': '"', "[": "]"}
_BINARY = ("binary", "varbinary", "image", "timestamp", "rowversion")
_MOMENTS = ("date", "datetime", "datetime2", "smalldatetime", "datetimeoffset", "time")
_OBJECTS = ("geometry", "geography", "hierarchyid")
_BY_NUMBER = {
    18456: Failure.LOGIN,
    4060: Failure.NO_DATABASE,
    208: Failure.NO_TABLE,
    207: Failure.NO_COLUMN,
    195: Failure.NO_COLUMN,
    229: Failure.FORBIDDEN,
    230: Failure.FORBIDDEN,
    102: Failure.SYNTAX,
    156: Failure.SYNTAX,
    8156: Failure.SYNTAX,
}
_DESCRIBE = (
    "select name, system_type_name from sys.dm_exec_describe_first_result_set(%s, null, 0) "
    "order by column_ordinal"
)
_ALLOWED = "select snapshot_isolation_state from sys.databases where name = db_name()"
_LISTING = (
    "select table_schema + '.' + table_name from information_schema.tables "
    "where table_schema not in ('sys', 'INFORMATION_SCHEMA') order by 1"
)


class SqlServerRows:
    """A table or query of SQL Server; see `TableRows`."""

    def __init__(self, address: DatabaseAddress, wanted: Wanted) -> None:
        must_stay_inside(wanted.query)
        self._driver = _driver()
        self._address, self._wanted = address, wanted
        self.count: int | None = None
        self._connection = _connected(self._driver, address)
        try:
            self._open()
        except self._driver.Error as error:
            self.close()
            raise _refusal(error, address, wanted.name) from None
        except BaseException:
            self.close()
            raise

    def _open(self) -> None:
        source = self._wanted.source("[", "]")
        with self._connection.cursor() as cursor:
            notes = _begin(cursor, self._address)
            cursor.execute(_DESCRIBE, (f"select * from {source}",))  # noqa: S608
            kinds = [(str(row[0] or ""), str(row[1])) for row in cursor.fetchall()]
            if self._wanted.table:
                cursor.execute(f"select count_big(*) from {source}")  # noqa: S608
                self.count = int(cursor.fetchone()[0])
        self.columns = [name for name, _ in kinds]
        self.kinds = [kind for _, kind in kinds]
        self._select = f"select {', '.join(written(*kind) for kind in kinds)} from {source}"  # noqa: S608
        self.notes = notes

    def batches(self) -> Iterator[TextBatch]:
        """Yield the rows."""
        cells = [plain] * len(self.columns)
        try:
            with self._connection.cursor() as cursor:
                cursor.execute(self._select)
                while rows := cursor.fetchmany(BATCH_ROWS):
                    yield text_batch(rows, cells)
        except (self._driver.Error, OSError) as error:
            raise _refusal(error, self._address, self._wanted.name) from None

    def close(self) -> None:
        """Roll back and close."""
        self._connection.close()


def written(name: str, kind: str) -> str:
    """The SQL that writes a column of a type (as the server names it) as text."""
    column, base = f"q.{quoted(name, '[', ']')}", kind.split("(")[0].lower()
    if base in _BINARY:
        text = f"lower(convert(varchar(max), convert(varbinary(max), {column}), 2))"
    elif base in _MOMENTS:
        text = f"convert(varchar(40), {column}, 126)"
    elif base in ("float", "real"):
        text = f"convert(varchar(40), {column}, 3)"
    elif base in ("money", "smallmoney"):
        text = f"convert(varchar(40), {column}, 2)"
    elif base in _OBJECTS:
        text = f"{column}.ToString()"
    else:
        text = f"convert(nvarchar(max), {column})"
    return f"{text} as {quoted(name, '[', ']')}"


def must_stay_inside(query: str) -> None:
    """Refuse (Misused) a query that would end the brackets around it, or that nobody can tell of."""
    at, depth, close = 0, 0, ""
    while at < len(query):
        pair = query[at : at + 2]
        if close:
            if query.startswith(close, at):
                at, close = at + len(close) - 1, ""
        elif pair in ("--", "/*"):
            close = "\n" if pair == "--" else "*/"
            at += 1
        elif query[at] in _QUOTES:
            close = _QUOTES[query[at]]
        else:
            depth += {"(": 1, ")": -1}.get(query[at], 0)
        at += 1
        if depth < 0:
            break
    if depth or close not in ("", "\n") or query.lower().lstrip().startswith("with"):
        raise Misused(
            "The query's brackets, quotes or comments don't close, or it begins with WITH",
            where="--query",
            remedy="Give one whole SELECT; make what begins with WITH a view, or write it inside.",
        )


def tables(address: DatabaseAddress) -> list[str]:
    """The names of the database's tables and views."""
    driver = _driver()
    connection = _connected(driver, address)
    try:
        with connection.cursor() as cursor:
            cursor.execute(_LISTING)
            return [row[0] for row in cursor.fetchall()]
    except driver.Error as error:
        raise _refusal(error, address, "") from None
    finally:
        connection.close()


def _driver() -> Any:
    try:
        import pytds
    except ImportError:
        raise driver_missing("mssql", "python-tds", "mssql") from None
    return pytds


def _connected(driver: Any, address: DatabaseAddress) -> Any:
    authority = address.options.get("ssl_ca")
    if not (authority or address.local or address.options.get("sslmode") == "disable"):
        raise Misused(
            "Without a certificate authority the rows would come in the clear",
            where=address.shown,
            remedy="Add ?ssl_ca=FILE, or ?sslmode=disable on a network that is safe.",
        )
    try:
        return driver.connect(
            server=address.host or "localhost",
            port=address.port,
            database=address.database,
            user=address.user,
            password=address.password.reveal(),
            cafile=authority,
            readonly=True,
            autocommit=False,
            appname="openoda",
            login_timeout=30,
        )
    except (driver.Error, OSError) as error:
        raise _refusal(error, address, "", connecting=True) from None


def _begin(cursor: Any, address: DatabaseAddress) -> tuple[str, ...]:
    """Set the isolation, and say what it is."""
    cursor.execute(_ALLOWED)
    if cursor.fetchone()[0] == 1:
        cursor.execute("set transaction isolation level snapshot")
        return ("SQL Server, one transaction of snapshot isolation, never committed",)
    if address.options.get("consistent") != "no":
        raise SourceUnavailable(
            "This database doesn't allow snapshots, so its rows may change while they are read",
            where=address.shown,
            remedy="Ask its owner for ALLOW_SNAPSHOT_ISOLATION, or accept that with ?consistent=no.",
        )
    return ("SQL Server, read without a snapshot: rows may have changed while they were read",)


def _refusal(
    error: Exception, address: DatabaseAddress, wanted: str, connecting: bool = False
) -> Refusal:
    number = int(getattr(error, "number", 0) or getattr(error, "msg_no", 0) or 0)
    if failure := _BY_NUMBER.get(number):
        return refusal(failure, address, wanted, number)
    if type(error).__name__ == "LoginError":
        return refusal(Failure.LOGIN, address, wanted)
    if connecting:
        return refusal(Failure.UNREACHABLE, address, wanted)
    return refusal(Failure.OTHER if number else Failure.LOST, address, wanted, number or "")
