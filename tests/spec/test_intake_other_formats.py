"""What intake makes of fixed-width text, databases and archives, told by tiny files."""

import gzip
import sqlite3
import struct
import zipfile
from pathlib import Path

import pytest

from openoda.data.intake import Dialect, Limits, open_delivery
from openoda.vocabulary.refusals import FileUnreadable, SchemaInvalid
from tests.generative.format_corpus import geopackage_tables
from tests.unit.intake.samples import load, schema, written
from tests.unit.intake.workbooks import texts_row, workbook

FIXED = Dialect(positions=((1, 5), (6, 10), (13, 16)), header_rows=())
NAMES = schema({"name": "id"}, {"name": "name"}, {"name": "units", "type": "integer"})


def test_fixed_width_fields_lose_their_padding_alone(tmp_path: Path) -> None:
    """Zeros stay, spaces about a value go, and a field of spaces is null; columns count characters."""
    content = "00123Zoë      12\n00124            \n 1   a b      7 \n"
    found = load(written(tmp_path, content, "x.dat"), NAMES, dialect=FIXED)
    assert found.values == [("00123", "Zoë", 12), ("00124", None, None), ("1", "a b", 7)]
    assert found.report.sound


def test_fixed_width_lines_that_do_not_fit(tmp_path: Path) -> None:
    """Text between the fields or after them costs the line; a line that ends early keeps its row and
    flags the fields it lacks."""
    content = b"00123Ann  !!  12\n00124Bob      12  more\n\n00125Cy\n00126\xff\n00127\0\n"
    found = load(written(tmp_path, content, "x.dat"), NAMES, dialect=FIXED)
    assert found.values == [("00125", "Cy", None)]
    assert found.aside == [
        (1, "text outside the fields"),
        (2, "text outside the fields"),
        (3, "blank line"),
        (5, "not UTF-8"),
        (6, "NUL byte"),
    ]
    assert found.marked == [(4, "units", None, "the line ends before this field")]
    kept = b"".join(row["raw"] for row in found.quarantined)
    assert kept == content.replace(b"00125Cy\n", b"")


def test_fixed_width_names_from_a_header(tmp_path: Path) -> None:
    """Cut at the same columns as the records."""
    content = "id   name   unit\n00123Ann      12\n"
    told = Dialect(positions=FIXED.positions, header_rows=(1,))
    found = load(written(tmp_path, content, "x.dat"), dialect=told)
    assert found.report.columns == ("id", "name", "unit")
    assert found.report.header_lines == 1


@pytest.mark.parametrize("positions", [((1, 5), (5, 9)), ((5, 1),), ((0, 3),)])
def test_fixed_width_positions_that_can_not_be(
    tmp_path: Path, positions: tuple[tuple[int, int], ...]
) -> None:
    """Overlapping, backwards, or before the first column."""
    with pytest.raises(SchemaInvalid, match="positions"):
        load(written(tmp_path, "x\n", "x.dat"), dialect=Dialect(positions=positions))


def database(path: Path, *statements: str) -> Path:
    base = sqlite3.connect(path)
    for statement in statements:
        base.executescript(statement)
    base.commit()
    base.close()
    return path


def test_an_sqlite_table_is_read_as_text(tmp_path: Path) -> None:
    """Values of mixed types in one column, text that isn't UTF-8, and bytes."""
    path = database(
        tmp_path / "x.sqlite",
        "CREATE TABLE t (id TEXT, v); INSERT INTO t VALUES ('007', 1), ('008', 2.50), (NULL, 'x'),"
        "('', CAST(x'ff41' AS TEXT)), ('z', x'0102');",
    )
    found = load(path)
    assert found.values == [("007", "1"), ("008", "2.5"), (None, "x"), ("", None), ("z", None)]
    assert found.marked == [
        (4, "v", "\\xffA", "not UTF-8"),
        (5, "v", "0102", "binary, not text"),
    ]


def test_several_tables_are_never_chosen_from(tmp_path: Path) -> None:
    """The remedy names them; views are no tables; a table told is typed by the schema."""
    path = database(
        tmp_path / "x.db",
        'CREATE TABLE a (n); CREATE TABLE "b c" (n); INSERT INTO "b c" VALUES (\'1\');'
        "CREATE VIEW v AS SELECT 1;",
    )
    with pytest.raises(FileUnreadable, match="several tables") as refused:
        load(path)
    assert "a, b c" in refused.value.remedy
    found = load(path, schema({"name": "n", "type": "integer"}), dialect=Dialect(table="b c"))
    assert found.values == [(1,)]
    with pytest.raises(FileUnreadable, match="no table called v"):
        load(path, dialect=Dialect(table="v"))


def test_a_database_is_opened_for_reading_alone(tmp_path: Path) -> None:
    """Its bytes are the same afterwards, and nothing appears beside it."""
    path = database(tmp_path / "x.db", "PRAGMA journal_mode=WAL; CREATE TABLE t (n);")
    before = path.read_bytes()
    load(path)
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["x.db"]


def test_changes_that_wait_beside_a_database_are_not_passed_over(tmp_path: Path) -> None:
    """A write-ahead log holds rows that the file alone doesn't."""
    path = database(tmp_path / "x.db", "CREATE TABLE t (n);")
    (tmp_path / "x.db-wal").write_bytes(b"rows")
    with pytest.raises(FileUnreadable, match="still in use"):
        load(path)


def test_a_damaged_database_is_refused(tmp_path: Path) -> None:
    """Cut short, or with a page overwritten: SQLite alone would lose the rows and say nothing."""
    rows = "".join(f"INSERT INTO t VALUES ('{'x' * 100}');" for _ in range(200))
    path = database(tmp_path / "x.db", "CREATE TABLE t (n);", rows)
    content = path.read_bytes()
    for broken in (content[:-4096], content[:8192] + bytes(4096) + content[12288:], b"x" * 5000):
        path.write_bytes(broken)
        with pytest.raises(FileUnreadable):
            load(path)


def test_a_geopackage_layer_has_its_geometry_as_text(tmp_path: Path) -> None:
    """Well-known text beside the name of the reference system; geometries that can't be read, or are
    in another system than the layer's, are flagged."""
    path = tmp_path / "x.gpkg"
    base = sqlite3.connect(path)
    base.execute("CREATE TABLE places (id INTEGER PRIMARY KEY, geom BLOB)")
    geopackage_tables(base)
    point = b"\1" + struct.pack("<I2d", 1, 451000.5, 206000)
    for srs, body in ((27700, point), (4326, point), (27700, point[:-3])):
        base.execute("INSERT INTO places (geom) VALUES (?)",
                     (b"GP\0\1" + struct.pack("<i", srs) + body,))  # fmt: skip
    base.commit()
    base.close()
    found = load(path)
    assert found.values == [
        ("1", "POINT (451000.5 206000)", "EPSG:27700"),
        ("2", None, None),
        ("3", None, None),
    ]
    assert [reason for *_, reason in found.marked] == [
        "a geometry in another reference system than its layer's",
        "not a geometry: a geometry that ends too early",
    ]
    assert any("EPSG:27700" in note for note in found.report.notes)


def test_a_duckdb_database_is_refused_with_what_to_ask_for(tmp_path: Path) -> None:
    """By its name, and by its first bytes under another."""
    for name in ("x.duckdb", "x.csv"):
        with pytest.raises(FileUnreadable, match="DuckDB") as refused:
            load(written(tmp_path, b"\0" * 8 + b"DUCK" + b"\0" * 20, name))
        assert "Parquet" in refused.value.remedy


def archive(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as held:
        for name, content in members.items():
            held.writestr(name, content)
    return path


def test_an_archive_of_one_table_in_parts(tmp_path: Path) -> None:
    """Each batch names its member, and so does each problem; litter is passed over and named."""
    path = archive(
        tmp_path / "x.zip",
        {
            "2024/a.csv": b"id,v\n1,x\n2\n",
            "2024/b.csv.gz"[:10]: b"id,v\n3,y\n",
            "__MACOSX/2024/._a.csv": b"?",
        },
    )
    with open_delivery(path) as delivery:
        batches = list(delivery)
    rows = [(b.part, row["id"]) for b in batches for row in b.accepted.to_pylist()]
    assert rows == [("2024/a.csv", "1"), ("2024/b.csv", "3")]
    assert [(p.part, p.lines) for p in delivery.report.problems] == [("2024/a.csv", (3,))]
    assert (delivery.report.rows_in, delivery.report.quarantined) == (3, 1)
    assert "passed over: __MACOSX/2024/._a.csv" in delivery.report.notes


def test_a_member_told_by_name(tmp_path: Path) -> None:
    """One of several with different columns; untold, they are refused with the remedy."""
    path = archive(tmp_path / "x.zip", {"a.csv": b"id\n1\n", "b.jsonl": b'{"n": 2}\n'})
    with pytest.raises(SchemaInvalid, match="different columns") as refused:
        load(path)
    assert "--table" in refused.value.remedy
    assert load(path, dialect=Dialect(table="b.jsonl")).values == [("2",)]
    with pytest.raises(FileUnreadable, match="no member called c"):
        load(path, dialect=Dialect(table="c"))


def test_a_table_of_the_only_member_needs_no_path(tmp_path: Path) -> None:
    """Proves that what `oda propose` writes of an archive of one workbook is read back: the name of
    its sheet. Of a member that has no tables no name is taken for one."""
    book = workbook(tmp_path / "b.xlsx", {"Data": texts_row(1, "a") + texts_row(2, "1"), "B": ""})
    path = archive(tmp_path / "x.zip", {"up/b.xlsx": book.read_bytes(), "__MACOSX/x": b""})
    for told in ("Data", "up/b.xlsx/Data"):
        assert load(path, dialect=Dialect(table=told)).values == [("1",)]
    with pytest.raises(FileUnreadable, match="no sheet called C"):
        load(path, dialect=Dialect(table="C"))
    path = archive(tmp_path / "y.zip", {"a.csv": b"id\n1\n"})
    with pytest.raises(FileUnreadable, match=r"no member called b\.csv"):
        load(path, dialect=Dialect(table="b.csv"))


def test_members_that_need_a_file_of_their_own(tmp_path: Path) -> None:
    """A database within an archive, and a table of it; the private copy is gone afterwards."""
    base = database(tmp_path / "y.db", "CREATE TABLE t (n); CREATE TABLE u (m);",
                    "INSERT INTO u VALUES (5);")  # fmt: skip
    path = archive(tmp_path / "x.zip", {"y.db": base.read_bytes()})
    with open_delivery(path, dialect=Dialect(table="y.db/u")) as delivery:
        rows = [row for batch in delivery for row in batch.accepted.to_pylist()]
    assert rows == [{"source_line": 1, "m": "5"}]


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({}, "empty"),
        ({"__MACOSX/x": b""}, "empty"),
        ({"a.zip": b"PK"}, "another archive"),
        ({"a.csv.gz": gzip.compress(b"a\n")}, "another archive"),
        ({"../a.csv": b"a\n1\n"}, "leads outside"),
        ({"/etc/a.csv": b"a\n1\n"}, "leads outside"),
        ({"C:/a.csv": b"a\n1\n"}, "leads outside"),
        ({"readme": b"hello"}, "name doesn't say"),
        ({"a.csv": b"x" * (70 << 20)}, "times its size"),
    ],
)
def test_archives_that_are_refused(tmp_path: Path, members: dict[str, bytes], said: str) -> None:
    """Empty, nested, leaving the archive, of an unknown kind, or a bomb."""
    with pytest.raises(FileUnreadable, match=said) as refused:
        load(archive(tmp_path / "x.zip", members))
    assert refused.value.remedy


def test_an_archive_with_a_member_twice_or_damaged_is_refused(tmp_path: Path) -> None:
    """Which of two is meant isn't guessed; a wrong checksum is found as the member is read."""
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as held:
        held.writestr("a.csv", b"a\n1\n")
        with pytest.warns(UserWarning, match="Duplicate"):
            held.writestr("a.csv", b"a\n2\n")
    with pytest.raises(FileUnreadable, match="two members"):
        load(path)
    content = archive(path, {"a.csv": b"a\n" + b"1\n" * 5_000}).read_bytes()
    at = content.index(b"a.csv") + 12
    path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
    with pytest.raises(FileUnreadable):
        load(path)


def test_gzip_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    """A bomb by its ratio; and by its size, whatever its ratio."""
    with pytest.raises(FileUnreadable, match="times its size"):
        load(written(tmp_path, gzip.compress(b"a\n" + b"1\n" * (40 << 20)), "x.csv.gz"))
    with pytest.raises(FileUnreadable, match="over 100 bytes"):
        load(written(tmp_path, gzip.compress(b"a\n" + b"1\n" * 99), "x.csv.gz"),
             limits=Limits(unpacked=100))  # fmt: skip
