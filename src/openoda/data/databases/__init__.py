"""Databases: a table or a query of one, as a delivery whose every value is text as the database has it.

`open_table` is the door. One module an engine; each streams rows within one read-only transaction.
SQL Server and Oracle are written by their documentation and have not been tried on a server.
"""

from openoda.data.databases.address import ENGINES, DatabaseAddress, is_database
from openoda.data.databases.opening import columns_of, open_table, tables_of
from openoda.data.databases.wanted import Wanted

__all__ = [
    "ENGINES",
    "DatabaseAddress",
    "Wanted",
    "columns_of",
    "is_database",
    "open_table",
    "tables_of",
]
