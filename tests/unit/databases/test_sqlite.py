"""SQLite: each value as it is stored, nothing written, and damage refused."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openoda.data.databases import DatabaseAddress, Wanted, open_table, tables_of
from openoda.data.databases.content_hash import ContentHash
from openoda.data.intake import Limits
from openoda.vocabulary.refusals import FileUnreadable, Misused, Refusal


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "data base.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("create table things (id, word text)")
        db.execute("create view seen as select id from things")
        db.executemany("insert into things values (?, ?)", [(n, f"w{n}") for n in range(40_000)])
        db.commit()
    return path


def address(path: Path) -> DatabaseAddress:
    return DatabaseAddress.parse(f"sqlite:///{path}")


def read(path: Path, query: str, limits: Limits | None = None) -> tuple[pa.Table, list[dict], dict]:
    with open_table(address(path), Wanted(query=query), limits=limits) as delivery:
        batches = list(delivery)
    flags = [flag for batch in batches for flag in batch.flags.to_pylist()]
    rows = pa.Table.from_batches([batch.accepted for batch in batches], delivery.arrow_schema)
    return rows, flags, delivery.report.as_json()


values = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.text(st.characters(exclude_categories=["Cs"])),
    st.binary(),
)


def expected(value: object) -> str | None:
    if isinstance(value, bytes):
        return value.hex()
    return value if value is None or isinstance(value, str) else repr(value)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(values, values), min_size=1, max_size=30))
def test_any_value_arrives_as_it_is_stored(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[object, object]]
) -> None:
    """Whole numbers, floats to their last bit, text with anything in it, bytes as hex, NULL as null."""
    path = tmp_path_factory.mktemp("any") / "x.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("create table t (a, b)")
        db.executemany("insert into t values (?, ?)", rows)
        db.commit()
    found, flags, report = read(path, "select * from t order by rowid")
    given_back = list(zip(found["a"].to_pylist(), found["b"].to_pylist(), strict=True))
    assert given_back == [(expected(a), expected(b)) for a, b in rows]
    assert flags == []
    assert report["rows_in"] == len(rows)


def test_text_that_is_none_is_flagged(file: Path) -> None:
    """Bytes that aren't UTF-8 cost their value, not their row, and are kept escaped."""
    rows, flags, _ = read(file, "select id, cast(x'ff41' as text) as word from things limit 2")
    assert rows["word"].to_pylist() == [None, None]
    assert [(flag["source_line"], flag["raw"]) for flag in flags] == [(1, "\\xffA"), (2, "\\xffA")]


def test_a_row_over_the_limit_is_quarantined(file: Path) -> None:
    """It is counted, kept with its values, and costs no other row."""
    query = "select id, case id when 1 then zeroblob(900) else word end as word from things limit 3"
    with open_table(address(file), Wanted(query=query), limits=Limits(record=1000, raw=900)) as it:
        (batch,) = it
    assert (it.report.rows_in, it.report.accepted, it.report.quarantined) == (3, 2, 1)
    (aside,) = batch.quarantined.to_pylist()
    assert (aside["first_line"], aside["raw_cut"]) == (2, True)
    assert aside["raw"].startswith(b'{"id": "1", "word": "0000')
    assert batch.accepted["source_line"].to_pylist() == [1, 3]


@pytest.mark.parametrize(
    "query",
    [
        "select * from things; delete from things",
        "with x as (select 1) insert into things select 1, 2",
        "select load_extension('x')",
        "select writefile('x', 'y')",
        "with recursive n(i) as (values (1) union all select i + 1 from n limit 3) "
        "select * from n, pragma_user_version",
    ],
)
def test_nothing_but_reading(file: Path, query: str) -> None:
    """Whatever a query tries beside reading is refused, and the file is as it was."""
    before = file.read_bytes()
    with pytest.raises(Refusal):
        read(file, query)
    assert file.read_bytes() == before
    assert sorted(path.name for path in file.parent.iterdir()) == [file.name]


def test_a_table_while_others_write_is_as_at_one_moment(file: Path) -> None:
    """In WAL mode writers go on, and the reader sees none of it."""
    with closing(sqlite3.connect(file)) as db:
        db.execute("pragma journal_mode=wal")
        with open_table(address(file), Wanted(("things",))) as delivery:
            batches = iter(delivery)
            rows = next(batches).accepted.num_rows
            db.execute("delete from things where id > 20000")
            db.commit()
            rows += sum(batch.accepted.num_rows for batch in batches)
    assert rows == 40_000


def test_tables_and_views_are_listed(file: Path) -> None:
    """By name, the system's own left out."""
    assert tables_of(address(file)) == ["seen", "things"]


def test_damage_and_other_files_are_refused(file: Path, tmp_path: Path) -> None:
    """A cut file, a file of another kind and an absent one are refused, each as what it is."""
    cut = tmp_path / "cut.db"
    content = file.read_bytes()
    cut.write_bytes(content[: len(content) // 2])
    other = tmp_path / "other.db"
    other.write_text("id,name\n" * 100)
    for path in (cut, other, tmp_path / "absent.db"):
        with pytest.raises((FileUnreadable, Misused)):
            read(path, "select * from things")


def test_the_hash_is_of_the_rows_alone() -> None:
    """Batches don't matter; a null, an empty text, a shift between cells and a name all do."""

    def hashed(*batches: list[list[str | None]], names: tuple[str, ...] = ("a", "b")) -> str:
        found = ContentHash(list(names))
        for batch in batches:
            found.add([pa.array(column, pa.string()) for column in batch])
        return found.hexdigest()

    whole = hashed([["x", "", None], ["1", "2", "3"]])
    assert whole == hashed([["x"], ["1"]], [["", None], ["2", "3"]])
    sliced = ContentHash(["a", "b"])
    long = pa.array(["no", "x", "", None], pa.string()), pa.array(["0", "1", "2", "3"], pa.string())
    sliced.add([column.slice(1) for column in long])
    assert whole == sliced.hexdigest()
    others = {
        hashed([["x", None, ""], ["1", "2", "3"]]),
        hashed([["x", "", None], ["12", "", "3"]]),
        hashed([["x", "", None], ["1", "2", "3"]], names=("a", "c")),
        hashed([["", "x", None], ["1", "2", "3"]]),
    }
    assert len(others | {whole}) == 5
