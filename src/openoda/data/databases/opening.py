"""Opening a table or a query as a delivery: the same batches and report that a file gives."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from openoda.data.databases.address import DatabaseAddress
from openoda.data.databases.reader import DatabaseReader
from openoda.data.databases.rows import TableRows
from openoda.data.databases.wanted import Wanted
from openoda.data.intake.delivery import Delivery
from openoda.data.intake.limits import Limits
from openoda.standards.table_schema import TableSchema
from openoda.vocabulary.progress import Progress, silent

_MODULES = {
    "sqlite": ("sqlite", "SqliteRows"),
    "postgresql": ("postgresql", "PostgresRows"),
    "mysql": ("mysql", "MysqlRows"),
    "mssql": ("sqlserver", "SqlServerRows"),
    "oracle": ("oracle", "OracleRows"),
}


def open_table(
    address: DatabaseAddress,
    wanted: Wanted,
    schema: TableSchema | None = None,
    *,
    limits: Limits | None = None,
    progress: Progress = silent,
) -> Delivery:
    """Open a table or query; iterate over its batches once, then read the report.

    Values are text as the database has them, then typed by the schema as a file's are: those that
    fail are null and flagged. Raises Misused (a query that can't be read, a table that isn't there),
    SourceUnavailable, FileUnreadable (SQLite), SchemaInvalid; SourceUnavailable also while iterating.
    """
    rows = _rows(address, wanted)
    try:
        reader = DatabaseReader(rows, address, wanted, schema, limits or Limits(), progress)
    except BaseException:
        rows.close()
        raise
    return Delivery(reader)


def columns_of(address: DatabaseAddress, wanted: Wanted) -> tuple[tuple[str, str], ...]:
    """The columns of a table or query with the database's names of their types; no row is read."""
    rows = _rows(address, wanted)
    try:
        return tuple(zip(rows.columns, rows.kinds, strict=True))
    finally:
        rows.close()


def tables_of(address: DatabaseAddress) -> list[str]:
    """The names that `table=` may have in this database. Raises as `open_table` does."""
    found: list[str] = _module(_MODULES[address.engine][0]).tables(address)
    return found


def _rows(address: DatabaseAddress, wanted: Wanted) -> TableRows:
    module, name = _MODULES[address.engine]
    opened: Callable[[DatabaseAddress, Wanted], TableRows] = getattr(_module(module), name)
    return opened(address, wanted)


def _module(name: str) -> Any:
    return import_module(f"openoda.data.databases.{name}")
