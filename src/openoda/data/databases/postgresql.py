"""PostgreSQL by ADBC: the server writes each value as text itself, so that nothing is rounded.

Timestamps are ISO 8601 with a T (those with a zone in UTC), bytea hex, money a plain number, anything
else what the cast to text gives. Rows stream by COPY, within one transaction that is REPEATABLE READ
(PostgreSQL's own snapshot of the whole database at one moment) and READ ONLY.
Source: PostgreSQL documentation, 13.2.2 "Repeatable Read Isolation Level"; 9.16 "JSON Functions",
whose to_json writes moments as ISO 8601.
"""

from collections.abc import Iterator
from contextlib import closing
from typing import Any
from urllib.parse import quote, urlencode

import pyarrow as pa

from openoda.data.databases.address import DatabaseAddress
from openoda.data.databases.failures import Failure, driver_missing, refusal
from openoda.data.databases.rows import TextBatch, checked_column
from openoda.data.databases.wanted import Wanted, quoted
from openoda.vocabulary.refusals import Refusal, SourceUnavailable

SETTINGS = (
    "set transaction isolation level repeatable read, read only",
    "set local timezone = 'UTC'",
    "set local intervalstyle = 'iso_8601'",
    "set local datestyle = 'ISO'",
    "set local extra_float_digits = 1",
    "set local synchronize_seqscans = off",
)
_WRITTEN = {
    "timestamp": "to_json({}) #>> '{{}}'",
    "timestamptz": "to_json({}) #>> '{{}}'",
    "bytea": "encode({}, 'hex')",
    "money": "{}::numeric::text",
}
_TYPE = b"POSTGRESQL:type"
_BATCH_BYTES = 4 << 20
_BY_STATE = {
    "28": Failure.LOGIN,
    "3D000": Failure.NO_DATABASE,
    "42P01": Failure.NO_TABLE,
    "3F000": Failure.NO_TABLE,
    "42703": Failure.NO_COLUMN,
    "42883": Failure.NO_COLUMN,
    "42501": Failure.FORBIDDEN,
    "25006": Failure.WRITES,
    "0A000": Failure.WRITES,
    "42": Failure.SYNTAX,
    "08": Failure.LOST,
    "57": Failure.LOST,
}
_LISTING = (
    "select case n.nspname when 'public' then '' else n.nspname || '.' end || c.relname "
    "from pg_class c join pg_namespace n on n.oid = c.relnamespace "
    "where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname <> 'information_schema' "
    "and n.nspname !~ '^pg_' order by 1"
)


class PostgresRows:
    """A table or query of a PostgreSQL server; see `TableRows`."""

    def __init__(self, address: DatabaseAddress, wanted: Wanted) -> None:
        self._driver = _driver()
        self._address, self._wanted = address, wanted
        self.count: int | None = None
        self._connection = _connected(self._driver, address)
        self._reader: pa.RecordBatchReader | None = None
        try:
            self._cursor = self._connection.cursor()
            self._open()
        except self._driver.Error as error:
            self.close()
            raise self._refused(error) from None
        except BaseException:
            self.close()
            raise

    def _open(self) -> None:
        version = _begin(self._cursor, self._address)
        source = self._wanted.source()
        kinds = self._cursor.adbc_execute_schema(f"select * from {source}")  # noqa: S608
        self.columns = kinds.names
        self.kinds = [_kind(each) for each in kinds]
        if self._wanted.table:
            found = _row(self._cursor, f"select count(*) from {source}")  # noqa: S608
            self.count = int(found[0])
        self._select = f"select {', '.join(_written(each) for each in kinds)} from {source}"  # noqa: S608
        self.notes = (f"PostgreSQL {version}, one read-only transaction (repeatable read)",)

    def batches(self) -> Iterator[TextBatch]:
        """Yield the rows."""
        try:
            self._cursor.adbc_statement.set_options(
                **{"adbc.postgresql.batch_size_hint_bytes": str(_BATCH_BYTES)}
            )
            self._cursor.execute(self._select)
            for batch in self._cursor.fetch_record_batch():
                doubts: list[Any] = []
                columns = [checked_column(c, at, doubts) for at, c in enumerate(batch.columns)]
                yield TextBatch(columns, doubts)
        except (self._driver.Error, pa.ArrowException, OSError) as error:
            raise self._refused(error) from None

    def close(self) -> None:
        """Roll back and close; a connection that is gone already is left alone."""
        try:
            self._connection.close()
        except self._driver.Error:
            return

    def _refused(self, error: Exception) -> Refusal:
        return _refusal(error, self._address, self._wanted.name)


def tables(address: DatabaseAddress) -> list[str]:
    """The names of tables and views outside the system's own schemas."""
    driver = _driver()
    try:
        with closing(_connected(driver, address)) as connection, connection.cursor() as cursor:
            _begin(cursor, address)
            cursor.execute(_LISTING)
            return [row[0] for row in cursor.fetchall()]
    except driver.Error as error:
        raise _refusal(error, address, "") from None


def _driver() -> Any:
    try:
        from adbc_driver_postgresql import dbapi
    except ImportError:
        raise driver_missing("postgresql", "adbc-driver-postgresql", "postgresql") from None
    return dbapi


def _connected(driver: Any, address: DatabaseAddress) -> Any:
    try:
        return driver.connect(_uri(address))
    except driver.Error as error:
        raise _refusal(error, address, "", connecting=True) from None


def _uri(address: DatabaseAddress) -> str:
    """The address as libpq takes it, password and all; never to be shown."""
    user = quote(address.user, safe="")
    password = f":{quote(address.password.reveal(), safe='')}" if address.password else ""
    at = "@" if user or password else ""
    host = f"[{address.host}]" if ":" in address.host else address.host
    where = f"{host}:{address.port}" if host else ""
    asked = {
        "connect_timeout": "30",
        **address.options,
        "client_encoding": "UTF8",
        "application_name": "openoda",
    }
    name = quote(address.database, safe="")
    return f"postgresql://{user}{password}{at}{where}/{name}?{urlencode(asked, quote_via=quote)}"


def _begin(cursor: Any, address: DatabaseAddress) -> str:
    """Make the transaction read-only, be sure of it, and say the server's version."""
    for told in SETTINGS:
        cursor.execute(told)
    only, version = _row(
        cursor, "select current_setting('transaction_read_only'), current_setting('server_version')"
    )
    if only != "on":
        raise SourceUnavailable(
            "The server doesn't make the transaction read-only",
            where=address.shown,
            remedy="Read from a server that does: nothing else is allowed here.",
        )
    return str(version)


def _row(cursor: Any, query: str) -> tuple[Any, ...]:
    cursor.execute(query)
    found: tuple[Any, ...] = cursor.fetchone()
    return found


def _written(field: pa.Field) -> str:
    name = quoted(field.name)
    return f"{_WRITTEN.get(_kind(field), '{}::text').format('q.' + name)} as {name}"


def _kind(field: pa.Field) -> str:
    """The server's name of a column's type."""
    return str((field.metadata or {}).get(_TYPE, b"").decode())


def _refusal(
    error: Exception, address: DatabaseAddress, wanted: str, connecting: bool = False
) -> Refusal:
    state = getattr(error, "sqlstate", None) or ""
    if connecting and not state:
        return refusal(_why_not_connected(str(error)), address)
    for length in (5, 2):
        if failure := _BY_STATE.get(state[:length]):
            return refusal(failure, address, wanted, f"SQLSTATE {state}")
    code = f"SQLSTATE {state}" if state else ""
    return refusal(Failure.OTHER if state else Failure.LOST, address, wanted, code)


def _why_not_connected(said: str) -> Failure:
    """libpq gives no code for a connection that failed, only words."""
    if "password" in said or "authentication" in said or "role " in said or "pg_hba" in said:
        return Failure.LOGIN
    if "SSL" in said or "certificate" in said:
        return Failure.TLS
    if "FATAL" in said and "database " in said:
        return Failure.NO_DATABASE
    return Failure.UNREACHABLE
