"""Oracle by python-oracledb in its thin mode. Written by its documentation and not tried on a server.

Numbers are fetched as text, moments written as ISO 8601 by TO_CHAR, RAW and BLOB are hex. One READ ONLY
transaction sees the database as at its beginning. To Oracle an empty text is NULL, and so it arrives.
Source: Oracle SQL Language Reference, "SET TRANSACTION", "Format Models"; python-oracledb documentation,
"Fetching Data", output type handlers.
"""

from collections.abc import Iterator
from typing import Any

from openoda.data.databases.address import DatabaseAddress
from openoda.data.databases.failures import Failure, driver_missing, refusal
from openoda.data.databases.rows import BATCH_ROWS, TextBatch, plain, text_batch
from openoda.data.databases.wanted import Wanted, quoted
from openoda.vocabulary.refusals import Refusal

_DAY = 'YYYY-MM-DD"T"HH24:MI:SS'
_WRITTEN = {
    "DB_TYPE_DATE": f"to_char({{}}, '{_DAY}')",
    "DB_TYPE_TIMESTAMP": f"to_char({{}}, '{_DAY}.FF9')",
    "DB_TYPE_TIMESTAMP_LTZ": f"to_char(sys_extract_utc({{}}), '{_DAY}.FF9\"Z\"')",
    "DB_TYPE_TIMESTAMP_TZ": f"to_char({{}}, '{_DAY}.FF9TZH:TZM')",
    "DB_TYPE_INTERVAL_DS": "to_char({})",
    "DB_TYPE_INTERVAL_YM": "to_char({})",
    "DB_TYPE_RAW": "lower(rawtohex({}))",
}
_AS_TEXT = ("DB_TYPE_NUMBER", "DB_TYPE_BINARY_INTEGER")
_LONGEST_NUMBER = 200
_BY_CODE = {
    1017: Failure.LOGIN,
    1005: Failure.LOGIN,
    28000: Failure.LOGIN,
    12514: Failure.NO_DATABASE,
    12505: Failure.NO_DATABASE,
    942: Failure.NO_TABLE,
    904: Failure.NO_COLUMN,
    1031: Failure.FORBIDDEN,
    1456: Failure.WRITES,
    900: Failure.SYNTAX,
    918: Failure.SYNTAX,
    923: Failure.SYNTAX,
    933: Failure.SYNTAX,
    936: Failure.SYNTAX,
    3113: Failure.LOST,
    3114: Failure.LOST,
}
_LISTING = (
    "select case owner when sys_context('userenv', 'current_schema') then '' else owner || '.' end "
    "|| table_name from all_tables where owner in (select username from all_users "
    "where oracle_maintained = 'N') order by 1"
)


class OracleRows:
    """A table or query of an Oracle database; see `TableRows`."""

    def __init__(self, address: DatabaseAddress, wanted: Wanted) -> None:
        self._driver = _driver()
        self._address, self._wanted = address, wanted
        self.count: int | None = None
        self._connection = _connected(self._driver, address)
        try:
            self._open()
        except self._driver.Error as error:
            self.close()
            raise _refusal(error, address, wanted.name) from None

    def _open(self) -> None:
        source = self._wanted.source()
        self._connection.outputtypehandler = self._handler
        with self._connection.cursor() as cursor:
            cursor.execute("set transaction read only")
            cursor.execute(f"select * from {source} where 1 = 0")  # noqa: S608
            kinds = [(each[0], each[1].name) for each in cursor.description]
            if self._wanted.table:
                cursor.execute(f"select count(*) from {source}")  # noqa: S608
                self.count = int(cursor.fetchone()[0])
        self.columns = [name for name, _ in kinds]
        self.kinds = [kind.removeprefix("DB_TYPE_").lower() for _, kind in kinds]
        self._select = f"select {', '.join(written(*kind) for kind in kinds)} from {source}"  # noqa: S608
        version = self._connection.version
        self.notes = (f"Oracle {version}, one read-only transaction",)

    def _handler(self, cursor: Any, told: Any) -> Any:
        """Numbers as the server's own text; long texts and bytes as themselves, not by reference."""
        if told.type_code.name in _AS_TEXT:
            return cursor.var(str, _LONGEST_NUMBER, arraysize=cursor.arraysize)
        large = {
            "DB_TYPE_CLOB": "LONG",
            "DB_TYPE_NCLOB": "LONG_NVARCHAR",
            "DB_TYPE_BLOB": "LONG_RAW",
        }
        if told.type_code.name in large:
            kind = getattr(self._driver, f"DB_TYPE_{large[told.type_code.name]}")
            return cursor.var(kind, arraysize=cursor.arraysize)
        return None

    def batches(self) -> Iterator[TextBatch]:
        """Yield the rows."""
        cells = [plain] * len(self.columns)
        try:
            with self._connection.cursor() as cursor:
                cursor.arraysize = 1_000
                cursor.execute(self._select)
                while rows := cursor.fetchmany(BATCH_ROWS):
                    yield text_batch(rows, cells)
        except (self._driver.Error, OSError) as error:
            raise _refusal(error, self._address, self._wanted.name) from None

    def close(self) -> None:
        """Roll back and close; a connection that is gone already is left alone."""
        try:
            self._connection.close()
        except self._driver.Error:
            return


def written(name: str, kind: str) -> str:
    """The SQL that writes a column of a type (as the driver names it) as text."""
    column = f"q.{quoted(name)}"
    return f"{_WRITTEN.get(kind, '{}').format(column)} as {quoted(name)}"


def tables(address: DatabaseAddress) -> list[str]:
    """The names of tables that people made and this user may see."""
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
        import oracledb
    except ImportError:
        raise driver_missing("oracle", "oracledb", "oracle") from None
    return oracledb


def _connected(driver: Any, address: DatabaseAddress) -> Any:
    secure = address.options.get("sslmode", "disable" if address.local else "require") != "disable"
    try:
        return driver.connect(
            user=address.user or None,
            password=address.password.reveal() or None,
            host=address.host or "localhost",
            port=address.port,
            service_name=address.database,
            protocol="tcps" if secure else "tcp",
            tcp_connect_timeout=30,
            program="openoda",
        )
    except (driver.Error, OSError) as error:
        raise _refusal(error, address, "", connecting=True) from None


def _refusal(
    error: Exception, address: DatabaseAddress, wanted: str, connecting: bool = False
) -> Refusal:
    detail = error.args[0] if error.args else None
    code = int(getattr(detail, "code", 0) or 0)
    if failure := _BY_CODE.get(code):
        return refusal(failure, address, wanted, f"ORA-{code:05}")
    if connecting:
        return refusal(Failure.UNREACHABLE, address, wanted)
    return refusal(Failure.OTHER if code else Failure.LOST, address, wanted, f"ORA-{code:05}")
