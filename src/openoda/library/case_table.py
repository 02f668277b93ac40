"""From a typed table to the cases of an opportunity, with the features that the package's SQL gives."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from openoda.engines import duckdb
from openoda.library.manifest import Package
from openoda.opportunities.cases import Cases, Column, Texts, in_current_order
from openoda.vocabulary.refusals import DataUnfit, PackageInvalid

CASE = "case"
EXACT = 2.0**53


@dataclass(frozen=True)
class CaseTable:
    """Cases ready to rank; `group`, shape (n,), where the package has that role; rows left out."""

    cases: Cases
    group: Texts | None
    left_out: int


def cases_of(package: Package, table: pa.Table) -> CaseTable:
    """Cases from a table whose columns bear the schema's names.

    Rows without a case id or a unit can't be ranked, nor can past visits without a date: they are
    left out and counted. A case without an outcome may wait without a date: it counts as dated the
    day after the last known outcome, which is when a list would be made.
    """
    roles = package["roles"]
    outcome = _outcome(table[roles["outcome"]], roles["outcome"])
    days, dated = _days(table[roles["date"]])
    usable = dated | np.isnan(outcome)
    for role in ("case", "unit"):
        usable &= ~table[roles[role]].is_null().to_numpy()
    known = usable & ~np.isnan(outcome)
    if not known.any():
        raise DataUnfit(
            "No row has a case id, a unit, a date and an outcome that could be read",
            where=_readable(table, roles),
            remedy="Outcomes are 1, 0 or nothing. Give a date's or number's own format in the schema, "
            'such as "format": "%d/%m/%Y".',
        )
    days[~dated] = days[known].max() + 1
    table, days, outcome = table.filter(pa.array(usable)), days[usable], outcome[usable]
    case = as_ids(table[roles["case"]])
    cases = in_current_order(
        case=case,
        unit=as_ids(table[roles["unit"]]),
        day=days,
        outcome=outcome,
        queue=_named(table[roles["queue"]]) if roles["queue"] else None,
        features=features_of(package, table, days),
    )
    group = None
    if roles["group"]:
        named = _named(table[roles["group"]])
        group = in_current_order(case, case, days, np.zeros(len(days)), named).queue
    return CaseTable(cases, group, int((~usable).sum()))


def _readable(table: pa.Table, roles: dict[str, str]) -> str:
    """How many values of each needed column could be read."""
    names = [roles[role] for role in ("case", "unit", "date", "outcome")]
    counts = [table.num_rows - table[name].null_count for name in names]
    return ", ".join(f"{n}: {c:,} readable" for n, c in zip(names, counts, strict=True))


def _outcome(column: pa.ChunkedArray, name: str) -> Column:
    if not _is_number(column.type):
        raise DataUnfit(
            "The outcome is text, and it must be 1, 0 or nothing",
            where=name,
            remedy="Type it as a number or a boolean in the package's schema.",
        )
    return as_column(column)


def _days(column: pa.ChunkedArray) -> tuple[Column, Column]:
    """Days since 1970-01-01, and which rows have a date; the others' days mean nothing."""
    dates = column.cast(pa.date32(), safe=False).cast(pa.int32())
    return pc.fill_null(dates, 0).to_numpy().astype(np.int64), ~dates.is_null().to_numpy()


def _named(column: pa.ChunkedArray) -> Column:
    """Names of queues or groups as text; where there is none, that is said."""
    names = as_ids(column)
    return np.where(names == "", "(none given)", names)


def as_ids(column: pa.ChunkedArray) -> Column:
    """Ids as text, exactly: 12 and 12.0 are one id; "" where missing.

    Refuses (DataUnfit) numbers so long that typing them as numbers has lost digits.
    """
    if not pa.types.is_floating(column.type):
        return as_column(column.cast(pa.string()))
    values = column.cast(pa.float64()).to_numpy()
    if (np.abs(values) >= EXACT).any():
        raise DataUnfit(
            "Ids of 16 digits and more lose digits as numbers",
            where=", ".join(str(name) for name in (column.type,)),
            remedy="Type that column as a string in the package's schema.",
        )
    return np.array(["" if np.isnan(v) else f"{v:.15g}" for v in values.tolist()])


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
        result = duckdb.query(sql, {"cases": hidden}, where=where)
        _must_repeat(result, duckdb.query(sql, {"cases": hidden}, where=where), where)
        return _aligned(result, hidden, package)
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


def _must_repeat(first: pa.Table, second: pa.Table, where: str) -> None:
    """Refuse SQL that answers differently each time: a run could not be reproduced."""
    if not first.equals(second):
        raise PackageInvalid(
            "The SQL gives other features each time it is run",
            where=where,
            remedy="Use no random() and no clock, and order what depends on order.",
        )


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
    wanted = as_ids(table[package["roles"]["case"]])
    given = as_ids(result[CASE])
    if len(given) != len(wanted) or not np.array_equal(np.sort(given), np.sort(wanted)):
        raise PackageInvalid(
            f"The SQL gives {len(given):,} rows for {len(wanted):,} cases, or other cases",
            where=where,
            remedy="Give exactly one row a case: check joins and filters, and that case ids are unique.",
        )
    rows = np.empty(len(wanted), dtype=np.int64)
    rows[np.argsort(wanted, kind="stable")] = np.argsort(given, kind="stable")
    return {
        name: _feature(result[name], name, where)[rows]
        for name in result.column_names
        if name != CASE
    }


def _feature(column: pa.ChunkedArray, name: str, where: str) -> Column:
    """One feature. Refuses (PackageInvalid) lists and structures, and infinite numbers."""
    if pa.types.is_nested(column.type):
        raise PackageInvalid(
            f"The feature {name} is a list or a structure",
            where=where,
            remedy="Give numbers, booleans or text.",
        )
    values = as_column(column)
    if values.dtype.kind == "f" and np.isinf(values).any():
        raise PackageInvalid(
            f"The feature {name} is infinite for {int(np.isinf(values).sum()):,} cases",
            where=where,
            remedy="Divide by nullif(…, 0), so that what can't be worked out is empty.",
        )
    return values
