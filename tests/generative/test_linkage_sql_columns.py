"""Columns that an import works out, against what DuckDB makes of the same SQL."""

import datetime as dt

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openoda.linkage.spec.model import Column
from openoda.linkage.spec.splink_export import derived_sql
from openoda.linkage.spec.splink_sql import DERIVATIONS, POINT
from openoda.linkage.sql_columns import SQL_DERIVATIONS

DATES = ("1990-01-31", "1990-1-3", "90-01-31", "19900-01-01", " 1990-01-31", "1990-01-31 ", "1990-02-30",
         "1990-01-31x", "-1990-01-01", "1990-001-01", "0001-01-01", "2000-02-29", "1900-02-29", "",
         "1990 -01-01", "1990-13-01", "1990-00-10", "31/01/1990", "9999-12-31")  # fmt: skip
POSTCODES = ("N1 9AA", "NW1 9", "SW1A 1AA", "sw1a1aa", "1AA", " N1 9AA", "EC1A  1BB", "A", "É1 1AA")
EMAILS = ("ann@x.org", "@x.org", "ann", "a@b@c", "é@x", "", "\n@x")
values = st.one_of(
    st.none(), st.sampled_from((*DATES, *POSTCODES, *EMAILS)), st.text(max_size=12),
    st.dates(dt.date(1, 1, 1)).map(dt.date.isoformat), st.text("0123456789- ", max_size=10),
)  # fmt: skip


def by_database(by: str, values: pa.Array) -> list[object]:
    """What DuckDB's own SQL gives."""
    sql = derived_sql(Column("derived", made_from=("a",), by=by))
    with duckdb.connect() as database:
        database.register("plain", pa.table({"a": values}))
        cast = "::DATE" if by == "sql-date" else ""
        return [row[0] for row in database.sql(f"SELECT ({sql}){cast} FROM plain").fetchall()]


@pytest.mark.parametrize("by", DERIVATIONS)
@settings(max_examples=60, deadline=None)
@given(
    st.lists(values.filter(lambda text: text is None or "\0" not in text), min_size=1, max_size=30)
)
def test_a_column_is_what_the_database_makes_of_it(by: str, given_values: list[str | None]) -> None:
    """Any text: dates near and far from real ones, postcodes, e-mails, letters of any script."""
    column = pa.array(given_values, pa.string())
    assert SQL_DERIVATIONS[by]([column]).to_pylist() == by_database(by, column)


def test_a_date_as_text() -> None:
    """As DuckDB casts it."""
    days = pa.array([dt.date(1990, 1, 31), None, dt.date(1, 2, 3)], pa.date32())
    assert SQL_DERIVATIONS["sql-text"]([days]).to_pylist() == by_database("sql-text", days)


def test_a_point_is_missing_where_either_coordinate_is() -> None:
    """So it is what Splink's null level of two columns says."""
    found = SQL_DERIVATIONS[POINT](
        [pa.array(["51.5", "1", None, None]), pa.array([0.1, None, 2.0, None])]
    )
    assert found.to_pylist() == [{"latitude": 51.5, "longitude": 0.1}, None, None, None]


def test_every_derivation_can_be_worked_out() -> None:
    """What an import may name, and nothing else."""
    assert set(SQL_DERIVATIONS) == {*DERIVATIONS, POINT}
