"""From a typed table to the cases of an opportunity, with the features that the package's SQL gives."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from openoda.engines import duckdb
from openoda.library.manifest import Package
from openoda.opportunities.cases import Cases, Column, Texts, in_current_order
from openoda.vocabulary.refusals import DataUnfit, PackageInvalid

CASE = "case"


@dataclass(frozen=True)
class CaseTable:
    """Cases ready to rank; `group`, shape (n,), where the package has that role; rows left out."""

    cases: Cases
    group: Texts | None
    left_out: int


def cases_of(package: Package, table: pa.Table) -> CaseTable:
    """Cases from a table whose columns bear the schema's names.

    Rows without a case id, unit or date can't be ranked: they are left out and counted.
    """
    roles = package["roles"]
    needed = [roles[role] for role in ("case", "unit", "date")]
    usable = np.ones(table.num_rows, dtype=bool)
    for name in needed:
        usable &= ~table[name].is_null().to_numpy()
    left_out = int((~usable).sum())
    table = table.filter(pa.array(usable))
    if not table.num_rows:
        raise DataUnfit(
            "No row has a case id, a unit and a date",
            where=", ".join(needed),
            remedy="Check the columns given with --map.",
        )
    if not _is_number(table[roles["outcome"]].type):
        raise DataUnfit(
            "The outcome is text, and it must be 1, 0 or nothing",
            where=roles["outcome"],
            remedy="Type it as a number or a boolean in the package's schema.",
        )
    days = (
        table[roles["date"]]
        .cast(pa.date32(), safe=False)
        .cast(pa.int32())
        .to_numpy()
        .astype(np.int64)
    )
    features = features_of(package, table, days)
    case = as_column(table[roles["case"]])
    cases = in_current_order(
        case=case,
        unit=as_column(table[roles["unit"]]),
        day=days,
        outcome=as_column(table[roles["outcome"]]),
        queue=as_column(table[roles["queue"]]) if roles["queue"] else None,
        features=features,
    )
    group = None
    if roles["group"]:
        tagged = in_current_order(case, case, days, np.zeros(len(days)), table_text(table, roles))
        group = tagged.queue
    return CaseTable(cases, group, left_out)


def table_text(table: pa.Table, roles: dict[str, Any]) -> Column:
    """The group column as text."""
    return as_column(table[roles["group"]].cast(pa.string()))


def _is_number(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_boolean(kind)
        or pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_decimal(kind)
    )


def as_column(column: pa.ChunkedArray) -> Column:
    """Numbers and booleans as float64 with NaN for missing; everything else as text, "" missing."""
    if pa.types.is_boolean(column.type):
        column = column.cast(pa.int8())
    if _is_number(column.type):
        return np.asarray(column.cast(pa.float64()).to_numpy(), dtype=np.float64)
    return np.array(pc.fill_null(column.cast(pa.string()), "").to_pylist(), dtype=np.str_)


def features_of(package: Package, table: pa.Table, days: Column) -> dict[str, Column]:
    """Features by name, shape (rows of table,), from the package's SQL.

    The SQL sees `cases` without the outcome. With `history = true` it is run once a period (day,
    week or month): `cases` are then those of the period, `history` the visits before the period
    began with their outcomes, `list_date` one row with that date: the future can't be seen.
    """
    sql = package.text("features", "sql")
    where = f"{package.name}/{package['features']['sql']}"
    roles = package["roles"]
    hidden = table.drop_columns([roles["outcome"]])
    if not package["features"]["history"]:
        return _aligned(duckdb.query(sql, {"cases": hidden}, where=where), hidden, package)
    began = period_start(days, package["capacity"]["period"])
    parts = []
    for start in np.unique(began):
        tables = {
            "cases": hidden.filter(pa.array(began == start)),
            "history": table.filter(pa.array(days < start)),
            "list_date": pa.table({"list_date": pa.array([start], pa.int32()).cast(pa.date32())}),
        }
        parts.append(duckdb.query(sql, tables, where=where))
    return _aligned(pa.concat_tables(parts, promote_options="permissive"), hidden, package)


def period_start(days: Column, period: str) -> Column:
    """The first day of each day's period: itself, the Monday before, or the first of the month."""
    if period == "month":
        months = days.astype("datetime64[D]").astype("datetime64[M]")
        return np.asarray(months.astype("datetime64[D]").astype(np.int64))
    return days - (days + 3) % 7 if period == "week" else days  # 1970-01-01 was a Thursday


def _aligned(result: pa.Table, table: pa.Table, package: Package) -> dict[str, Column]:
    """The SQL's rows put in the table's order, matched by case id."""
    where = f"{package.name}/{package['features']['sql']}"
    if CASE not in result.column_names:
        raise PackageInvalid(
            f'The SQL gives no column "{CASE}"', where=where, remedy="Select the case id first."
        )
    wanted = as_column(table[package["roles"]["case"]])
    given = as_column(result[CASE])
    if len(given) != len(wanted) or not np.array_equal(np.sort(given), np.sort(wanted)):
        raise PackageInvalid(
            f"The SQL gives {len(given):,} rows for {len(wanted):,} cases, or other cases",
            where=where,
            remedy="Give exactly one row a case: check joins and filters, and that case ids are unique.",
        )
    rows = np.empty(len(wanted), dtype=np.int64)
    rows[np.argsort(wanted, kind="stable")] = np.argsort(given, kind="stable")
    return {name: as_column(result[name])[rows] for name in result.column_names if name != CASE}
