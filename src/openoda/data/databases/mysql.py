"""MySQL and MariaDB by PyMySQL: the server's own text of each value, streamed.

FLOAT is asked for as a double, since the server shows it with 6 digits, and written as the shortest
text that gives the same 32-bit float. BIT is a whole number, binary strings are hex, TINYINT(1) is the
number that it is. DATETIME has a T between date and time; TIMESTAMP too, in UTC with a Z.
Source: MySQL Reference Manual, 13.3.1 "START TRANSACTION", 11.1.4 "Floating-Point Types".
"""

import os
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import numpy as np

from openoda.data.databases.address import DatabaseAddress
from openoda.data.databases.failures import Failure, driver_missing, refusal
from openoda.data.databases.rows import BATCH_ROWS, Cell, TextBatch, plain, text_batch
from openoda.data.databases.wanted import Wanted, quoted
from openoda.vocabulary.refusals import Misused, Refusal

SETTINGS = (
    "set session time_zone = '+00:00'",
    "set session net_write_timeout = 600",
    "set session transaction isolation level repeatable read",
    "start transaction with consistent snapshot, read only",
)
_FLOAT, _TIMESTAMP, _DATETIME, _BIT = 4, 7, 12, 16  # the protocol's numbers of these types
_BY_CODE = {
    1044: Failure.LOGIN,
    1045: Failure.LOGIN,
    1698: Failure.LOGIN,
    1049: Failure.NO_DATABASE,
    1146: Failure.NO_TABLE,
    1054: Failure.NO_COLUMN,
    1305: Failure.NO_COLUMN,
    1142: Failure.FORBIDDEN,
    1143: Failure.FORBIDDEN,
    1370: Failure.FORBIDDEN,
    1792: Failure.WRITES,
    1064: Failure.SYNTAX,
    1060: Failure.SYNTAX,
    2003: Failure.UNREACHABLE,
    2006: Failure.LOST,
    2026: Failure.TLS,
    2013: Failure.LOST,
    3159: Failure.UNREACHABLE,
}
_LISTING = (
    "select table_name from information_schema.tables where table_schema = database() order by 1"
)
_ENGINE = (
    "select engine from information_schema.tables "
    "where table_schema = coalesce(%s, database()) and table_name = %s"
)
_TRANSACTIONAL = ("InnoDB", "RocksDB", "ROCKSDB")


class MysqlRows:
    """A table or query of a MySQL or MariaDB server; see `TableRows`."""

    def __init__(self, address: DatabaseAddress, wanted: Wanted) -> None:
        self._driver = _driver()
        self._address, self._wanted = address, wanted
        self.count: int | None = None
        self._connection = _connected(self._driver, address)
        try:
            self._open()
        except self._driver.MySQLError as error:
            self.close()
            raise self._refused(error) from None

    def _open(self) -> None:
        _begin(self._connection)
        source = self._wanted.source("`")
        with self._connection.cursor() as cursor:
            cursor.execute("select version()")
            version = cursor.fetchone()[0]
            cursor.execute(f"select * from {source} limit 0")  # noqa: S608
            kinds = [(each[0], each[1]) for each in cursor.description]
            if self._wanted.table:
                cursor.execute(f"select count(*) from {source}")  # noqa: S608
                self.count = int(cursor.fetchone()[0])
            self.notes = (f"{_named(version)}, one read-only transaction", *self._doubts(cursor))
        self.columns = [name for name, _ in kinds]
        self.kinds = [_kind_name(self._driver, kind) for _, kind in kinds]
        self._cells = [_CELLS.get(kind, plain) for _, kind in kinds]
        select = ", ".join(_written(name, kind) for name, kind in kinds)
        self._select = f"select {select} from {source}"  # noqa: S608

    def _doubts(self, cursor: Any) -> list[str]:
        """Whether the table's storage takes no part in transactions."""
        if not self._wanted.table:
            return []
        schema = self._wanted.table[-2] if len(self._wanted.table) > 1 else None
        cursor.execute(_ENGINE, (schema, self._wanted.table[-1]))
        found = cursor.fetchone()
        if found is None or found[0] is None or found[0] in _TRANSACTIONAL:
            return []
        return [
            f"stored by {found[0]}, which has no transactions: rows may change while they are read"
        ]

    def batches(self) -> Iterator[TextBatch]:
        """Yield the rows."""
        cursor = self._connection.cursor(self._driver.cursors.SSCursor)
        try:
            cursor.execute(self._select)
            while rows := cursor.fetchmany(BATCH_ROWS):
                yield text_batch(rows, self._cells)
        except (self._driver.MySQLError, OSError) as error:
            raise self._refused(error) from None
        finally:
            _let_go(cursor)

    def close(self) -> None:
        """Close the connection at once, which rolls back; what is still to come isn't waited for."""
        self._connection._force_close()

    def _refused(self, error: Exception) -> Refusal:
        return _refusal(error, self._address, self._wanted.name)


def tables(address: DatabaseAddress) -> list[str]:
    """The names of the database's tables and views."""
    driver = _driver()
    try:
        with closing(_connected(driver, address)) as connection, connection.cursor() as cursor:
            _begin(connection)
            cursor.execute(_LISTING)
            return [row[0] for row in cursor.fetchall()]
    except driver.MySQLError as error:
        raise _refusal(error, address, "") from None


def _let_go(cursor: Any) -> None:
    """Leave the rest unread: the driver would read all of it first, even from a dead connection."""
    if cursor._result is not None:
        cursor._result.unbuffered_active = False
    cursor._result = cursor.connection = None


def _driver() -> Any:
    try:
        import pymysql
        import pymysql.cursors
    except ImportError:
        raise driver_missing("mysql", "PyMySQL", "mysql") from None
    return pymysql


def _connected(driver: Any, address: DatabaseAddress) -> Any:
    socket = address.options.get("unix_socket")
    try:
        return driver.connect(
            host=address.host or "localhost",
            port=address.port,
            user=address.user or None,
            password=address.password.reveal() or os.environ.get("MYSQL_PWD", ""),
            database=address.database,
            charset="utf8mb4",
            conv=_no_decoders(driver),
            connect_timeout=30,
            program_name="openoda",
            **({"unix_socket": socket} if socket else {}),
            **_tls(address),
        )
    except (driver.MySQLError, OSError, RuntimeError) as error:
        raise _refusal(error, address, "") from None


def _no_decoders(driver: Any) -> dict[Any, Any]:
    """The driver's table of conversions without those of values that arrive: they stay text."""
    known = driver.converters.conversions
    return {kind: way for kind, way in known.items() if not isinstance(kind, int)}


def _tls(address: DatabaseAddress) -> dict[str, Any]:
    """TLS unless the server is on this machine or it is told to do without.

    With `ssl_ca` (or `sslmode=verify-full`) the server's certificate and name are verified.
    """
    given = address.options
    mode = given.get("sslmode", "disable" if address.local else "require")
    if mode not in ("disable", "require", "verify-full"):
        raise Misused(
            f"There is no sslmode {mode} for this engine",
            where=address.shown,
            remedy="Choose disable, require or verify-full.",
        )
    files = {name: given[name] for name in ("ssl_ca", "ssl_cert", "ssl_key") if name in given}
    if mode == "disable" and not files:
        return {"ssl_disabled": True}
    verify = mode == "verify-full" or "ssl_ca" in files
    if not verify and not files:
        return {"ssl": {"check_hostname": False, "verify_mode": "none"}}
    return {**files, "ssl_verify_cert": verify, "ssl_verify_identity": verify}


def _begin(connection: Any) -> None:
    with connection.cursor() as cursor:
        for told in SETTINGS:
            cursor.execute(told)


def _named(version: str) -> str:
    kind = "MariaDB" if "mariadb" in version.lower() else "MySQL"
    return f"{kind} {version.split('-')[0]}"


def _kind_name(driver: Any, kind: int) -> str:
    numbers = vars(driver.constants.FIELD_TYPE)
    found = [name for name, number in numbers.items() if number == kind and name.isupper()]
    return found[0].lower() if found else str(kind)


def _written(name: str, kind: int) -> str:
    value = quoted(name, "`")
    return f"(q.{value} + 0e0) as {value}" if kind == _FLOAT else f"q.{value}"


def _float(value: object) -> str | None:
    if value is None:
        return None
    number = np.float32(float(str(value)))
    plainly = number == 0 or 1e-5 <= abs(number) < 1e16
    return np.format_float_positional(number, trim="-") if plainly else str(number)


def _bits(value: object) -> str | None:
    return str(int.from_bytes(value, "big")) if isinstance(value, bytes) else plain(value)


def _local(value: object) -> str | None:
    return None if value is None else str(value).replace(" ", "T", 1)


def _instant(value: object) -> str | None:
    return None if value is None else f"{_local(value)}Z"


_CELLS: dict[int, Cell] = {_FLOAT: _float, _BIT: _bits, _DATETIME: _local, _TIMESTAMP: _instant}


def _refusal(error: Exception, address: DatabaseAddress, wanted: str) -> Refusal:
    code = error.args[0] if error.args and isinstance(error.args[0], int) else 0
    if isinstance(error, RuntimeError):  # a way of logging in that needs the extra cryptography
        return refusal(Failure.LOGIN, address, wanted)
    if not code:
        return refusal(Failure.LOST, address, wanted)
    return refusal(_BY_CODE.get(code, Failure.OTHER), address, wanted, code)
