"""DuckDB, embedded: SQL text over Arrow tables, with no way out to files or the network."""

import duckdb
import pyarrow as pa

from openoda.vocabulary.refusals import Misused

_CLOSED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "lock_configuration": "true",
    "threads": "1",  # sums of doubles depend on who adds first
}


_OF_WORDS = (duckdb.BinderException, duckdb.ParserException, duckdb.CatalogException)


def query(sql: str, tables: dict[str, pa.Table], *, where: str) -> pa.Table:
    """The result of one SELECT over `tables`, by name. Rows come in the order the SQL gives.

    `where` names the SQL in errors. Raises Misused where the SQL is not one SELECT or fails.
    """
    with duckdb.connect(config=_CLOSED) as connection:
        for name, table in tables.items():
            connection.register(name, table)
        try:
            statements = connection.extract_statements(sql)
            if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
                raise Misused(
                    "The SQL must be one SELECT",
                    where=where,
                    remedy="Write one SELECT over the tables named in the reference.",
                )
            return connection.sql(sql).to_arrow_table()
        except duckdb.Error as error:
            # Errors of the SQL's own words say which; those met on data could quote it.
            told = str(error).splitlines()[0] if isinstance(error, _OF_WORDS) else "on the data"
            raise Misused(
                f"The SQL fails ({type(error).__name__}): {told}",
                where=where,
                remedy="Correct the SQL; the reference lists the tables and columns it may use.",
            ) from error
