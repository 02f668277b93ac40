"""From a table to cases: features by SQL, joined by case, and never from the future."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from openoda.library.case_table import cases_of
from openoda.library.manifest import Package, read_package
from openoda.vocabulary.refusals import DataUnfit, Misused, PackageInvalid

MANIFEST = """
[intervention]
name = "small"
version = "1"
title = "t"
problem = "p"
action = "a"
opportunity = "prioritise"
frontline = "f"
[data]
class = "synthetic"
schema = "schema.json"
[roles]
case = "id"
unit = "place"
date = "on"
outcome = "found"
[capacity]
visits = 3
period = "{period}"
[features]
sql = "features.sql"
history = {history}
"""


def package(folder: Path, sql: str, *, history: bool = False, period: str = "week") -> Package:
    text = MANIFEST.format(period=period, history=str(history).lower())
    (folder / "intervention.toml").write_text(text, encoding="utf-8")
    (folder / "features.sql").write_text(sql, encoding="utf-8")
    (folder / "schema.json").write_text("{}", encoding="utf-8")
    return read_package(folder)


def visits(n: int = 200) -> pa.Table:
    rng = np.random.default_rng(0)
    start = date(2020, 1, 1)
    return pa.table(
        {
            "id": pa.array([f"c{i:04}" for i in rng.permutation(n)]),
            "place": pa.array([f"p{i}" for i in rng.integers(0, 20, n)]),
            "on": pa.array([start + timedelta(days=int(d)) for d in rng.integers(0, 120, n)]),
            "found": pa.array((rng.random(n) < 0.3).astype(float)),
            "size": pa.array(rng.normal(size=n)),
        }
    )


def test_features_follow_their_case(tmp_path: Path) -> None:
    """Whatever order the SQL gives its rows in, each case gets its own features."""
    sql = 'SELECT id AS "case", size * 2 AS twice FROM cases ORDER BY hash(id)'
    table = visits()
    cases = cases_of(package(tmp_path, sql), table).cases
    wanted = dict(zip(table["id"].to_pylist(), table["size"].to_pylist(), strict=True))
    got = zip(cases.case.tolist(), cases.features["twice"].tolist(), strict=True)
    assert all(value == pytest.approx(2 * wanted[case]) for case, value in got)


def test_the_sql_never_sees_the_outcome(tmp_path: Path) -> None:
    """A feature made from the outcome of its own visit is refused: the column isn't there."""
    with pytest.raises(Misused, match="found"):
        cases_of(package(tmp_path, 'SELECT id AS "case", found AS cheat FROM cases'), visits())


HISTORY = """
SELECT c.id AS "case",
  (SELECT count(*) FROM history h WHERE h.place = c.place) AS seen_before,
  (SELECT sum(h.found) FROM history h WHERE h.place = c.place) AS found_before,
  (SELECT max(h."on") FROM history h) < (SELECT list_date FROM list_date) AS past_only
FROM cases c
"""


@pytest.mark.parametrize("period", ["day", "week", "month"])
def test_history_is_as_at_the_lists_date(tmp_path: Path, period: str) -> None:
    """With history, a case's features count only visits before its own period began."""
    cases = cases_of(package(tmp_path, HISTORY, history=True, period=period), visits()).cases
    for at in range(len(cases)):
        day = date(1970, 1, 1) + timedelta(days=int(cases.day[at]))
        start = {
            "day": day,
            "week": day - timedelta(days=day.weekday()),
            "month": day.replace(day=1),
        }[period]
        before = (cases.unit == cases.unit[at]) & (cases.day < (start - date(1970, 1, 1)).days)
        assert cases.features["seen_before"][at] == before.sum()
        assert np.nan_to_num(cases.features["found_before"][at]) == cases.outcome[before].sum()


def test_later_outcomes_change_no_feature(tmp_path: Path) -> None:
    """Turning every outcome from a date on changes no feature of cases up to that period."""
    table, chosen = visits(), package(tmp_path, HISTORY, history=True)
    cut = date(2020, 3, 5)
    later = np.array([day >= cut for day in table["on"].to_pylist()])
    turned = np.where(later, 1 - table["found"].to_numpy(), table["found"].to_numpy())
    other = table.set_column(3, "found", pa.array(turned))
    a, b = cases_of(chosen, table).cases, cases_of(chosen, other).cases
    early = a.day < (cut - date(1970, 1, 1)).days + 4  # that week, from Monday 2 March
    for name in a.features:
        assert np.array_equal(a.features[name][early], b.features[name][early], equal_nan=True)


@pytest.mark.parametrize(
    ("sql", "what"),
    [
        ("SELECT id FROM cases", 'no column "case"'),
        ('SELECT id AS "case" FROM cases LIMIT 10', "10 rows"),
        ('SELECT id AS "case" FROM cases, range(2)', "400 rows"),
    ],
)
def test_sql_that_loses_or_doubles_cases_is_refused(tmp_path: Path, sql: str, what: str) -> None:
    """Exactly one row a case, or the package is wrong, in words."""
    with pytest.raises(PackageInvalid, match=what):
        cases_of(package(tmp_path, sql), visits())


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM '/etc/hostname'",
        "SELECT * FROM read_csv('/etc/passwd')",
        "COPY cases TO 'x.csv'",
        'SELECT id AS "case" FROM cases; SELECT 1',
        "INSTALL httpfs",
        "SELECT",
    ],
)
def test_sql_can_only_read_its_tables(tmp_path: Path, sql: str) -> None:
    """A package from a stranger reads no file, writes none, and loads no code."""
    with pytest.raises(Misused) as refusal:
        cases_of(package(tmp_path, sql), visits())
    assert "features.sql" in refusal.value.where


def test_rows_without_date_are_counted_and_left_out(tmp_path: Path) -> None:
    """A row that can't be ranked is left out, and the count says so; none at all is a refusal."""
    table = visits()
    dates = [None if at < 7 else day for at, day in enumerate(table["on"].to_pylist())]
    chosen = package(tmp_path, 'SELECT id AS "case", size FROM cases')
    read = cases_of(chosen, table.set_column(2, "on", pa.array(dates, pa.date32())))
    assert (read.left_out, len(read.cases)) == (7, 193)
    with pytest.raises(DataUnfit):
        cases_of(chosen, table.set_column(2, "on", pa.array([None] * 200, pa.date32())))


def test_dates_with_a_time_count_as_their_day(tmp_path: Path) -> None:
    """A visit at half past ten belongs to its day."""
    table = visits()
    at = table["on"].cast(pa.timestamp("s"))
    times = pa.array([moment.replace(hour=10, minute=30) for moment in at.to_pylist()])
    chosen = package(tmp_path, 'SELECT id AS "case", size FROM cases')
    plain = cases_of(chosen, table).cases
    timed = cases_of(chosen, table.set_column(2, "on", times)).cases
    assert np.array_equal(plain.day, timed.day)


@pytest.mark.parametrize("kind", [pa.bool_(), pa.int64(), pa.decimal128(21, 2)])
def test_outcomes_of_any_numeric_type_are_read(tmp_path: Path, kind: pa.DataType) -> None:
    """True and 1 are found, false and 0 are not, whatever the type."""
    table = visits()
    chosen = package(tmp_path, 'SELECT id AS "case", size FROM cases')
    found = table["found"].cast(pa.int64()).cast(kind)
    assert np.array_equal(
        cases_of(chosen, table).cases.outcome,
        cases_of(chosen, table.set_column(3, "found", found)).cases.outcome,
    )


def test_an_outcome_in_words_is_refused(tmp_path: Path) -> None:
    """Text outcomes are refused with what to do."""
    table = visits()
    chosen = package(tmp_path, 'SELECT id AS "case", size FROM cases')
    with pytest.raises(DataUnfit, match="text"):
        cases_of(chosen, table.set_column(3, "found", table["found"].cast(pa.string())))
