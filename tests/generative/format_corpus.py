"""Files of every format, sound ones and then damaged: what the tests of intake throw at it."""

import gzip
import io
import json
import random
import sqlite3
import struct
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from openoda.data.intake import Dialect

WORDS = ["", "a", "Null", "007", "1,5", "12/03/2020", "é", "“x”", 'say "hi"', "two\nlines", " pad ",
         "100023456789", "-0", "1e5", "=1+1", "\ufeff", "中", "NaN", "{", "]", "\\"]  # fmt: skip
COLUMNS = ["id", "name", "amount", "seen"]


def rows(chance: random.Random) -> list[list[str]]:
    """A few records of a few columns."""
    width = chance.randint(1, len(COLUMNS))
    return [[chance.choice(WORDS) for _ in range(width)] for _ in range(chance.randint(0, 12))]


def csv_text(chance: random.Random, delimiter: str = ",") -> str:
    found = rows(chance)
    width = len(found[0]) if found else 2
    end = chance.choice(["\n", "\r\n", "\r"])
    quoted = ['"' + cell.replace('"', '""') + '"' for row in found for cell in row]
    lines = [delimiter.join(COLUMNS[:width])]
    lines += [delimiter.join(quoted[at : at + width]) for at in range(0, len(quoted), width)]
    return end.join(lines) + chance.choice(["", end])


def make_csv(chance: random.Random) -> tuple[str, bytes, Dialect | None]:
    encoding = chance.choice(["utf-8", "utf-8-sig", "utf-16", "cp1252"])
    text = csv_text(chance).encode(encoding, "replace")
    return "x.csv", text, Dialect(encoding="cp1252") if encoding == "cp1252" else None


def make_gzip(chance: random.Random) -> tuple[str, bytes, Dialect | None]:
    return "x.tsv.gz", gzip.compress(csv_text(chance, "\t").encode(), mtime=0), None


def records(chance: random.Random) -> list[dict[str, object]]:
    values = [None, True, 1, 2.5, "x", "é", [1, {"a": 2}], {"k": None}, 10**30, "\ud800", "\0"]
    return [
        {name: chance.choice([*WORDS, *values]) for name in chance.sample(COLUMNS, 2)}
        for _ in range(chance.randint(0, 10))
    ]


def make_json(chance: random.Random) -> tuple[str, bytes, Dialect | None]:
    indent = chance.choice([None, 0, 2])
    ascii_only = chance.random() < 0.5
    found: object = records(chance)
    keys: tuple[str, ...] = ()
    if chance.random() < 0.5:
        found, keys = {"meta": {"n": [1]}, "rows": found, "end": 1}, ("rows",)
    text = json.dumps(found, indent=indent, ensure_ascii=ascii_only)
    return "x.json", text.encode("utf-8", "replace"), Dialect(records=keys)


def make_jsonl(chance: random.Random) -> tuple[str, bytes, Dialect | None]:
    end = chance.choice(["\n", "\r\n"])
    return "x.jsonl", end.join(map(json.dumps, records(chance))).encode(), None


def make_geojson(chance: random.Random) -> tuple[str, bytes, Dialect | None]:
    shapes = [
        None,
        {"type": "Point", "coordinates": [1, 2.50]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]},
        {"type": "MultiPoint", "coordinates": []},
        {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [1, 2, 3]}]},
    ]
    features = [
        {"type": "Feature", "properties": record, "geometry": chance.choice(shapes)}
        for record in records(chance)
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features})
    return "x.geojson", text.encode(), None


def make_fixed(chance: random.Random) -> tuple[str, bytes, Dialect | None]:
    words = [word for word in WORDS if "\n" not in word]
    lines = ["id    name  seen "]
    lines += [
        "".join(chance.choice(words)[:5].ljust(6) for _ in range(3))
        for _ in range(chance.randint(0, 10))
    ]
    positions = ((1, 6), (7, 12), (13, 18))
    return "x.dat", "\n".join(lines).encode(), Dialect(positions=positions, format="fixed")


def make_xlsx(chance: random.Random) -> tuple[str, bytes, Dialect | None]:
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True})
    sheet = book.add_worksheet("Data")
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    found = rows(chance)
    for column, name in enumerate(COLUMNS[: len(found[0]) if found else 1]):
        sheet.write_string(0, column, name)
    for row, cells in enumerate(found, 1):
        for column, cell in enumerate(cells):
            way = chance.randint(0, 4)
            if way == 0:
                sheet.write_number(row, column, chance.choice([0, 1.5, 60, 45322.25, 10**15]), day)
            elif way == 1:
                sheet.write_formula(row, column, "=1/0", None, chance.choice([1, "#DIV/0!", ""]))
            else:
                sheet.write_string(row, column, cell)
    book.close()
    return "x.xlsx", held.getvalue(), None


def make_sqlite(chance: random.Random) -> tuple[str, bytes, Dialect | None]:
    geo = chance.random() < 0.5
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.db"
        base = sqlite3.connect(path)
        base.execute("CREATE TABLE places (id INTEGER PRIMARY KEY, name TEXT, geom BLOB)")
        if geo:
            geopackage_tables(base)
        for number in range(chance.randint(0, 30)):
            point = b"GP\0\1" + struct.pack("<i", 27700) + b"\1\1\0\0\0" + struct.pack("<2d", 1, 2)
            blob = chance.choice([None, point, point[:-1], b"x"])
            base.execute("INSERT INTO places VALUES (?, ?, ?)",
                         (number, chance.choice(WORDS), blob))  # fmt: skip
        base.commit()
        base.close()
        return ("x.gpkg" if geo else "x.sqlite"), path.read_bytes(), None


def geopackage_tables(base: sqlite3.Connection) -> None:
    """The tables that make a database a GeoPackage, for a layer called places in British grid."""
    base.executescript(
        """CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT, srs_id INTEGER);
        CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, srs_id INTEGER);
        CREATE TABLE gpkg_spatial_ref_sys (srs_id INTEGER, organization TEXT,
            organization_coordsys_id INTEGER);
        INSERT INTO gpkg_contents VALUES ('places', 'features', 27700);
        INSERT INTO gpkg_geometry_columns VALUES ('places', 'geom', 27700);
        INSERT INTO gpkg_spatial_ref_sys VALUES (27700, 'EPSG', 27700);"""
    )


def make_parquet(chance: random.Random) -> tuple[str, bytes, Dialect | None]:
    found, sink = rows(chance), io.BytesIO()
    width = len(found[0]) if found else 1
    table = {name: [row[at] for row in found] for at, name in enumerate(COLUMNS[:width])}
    pq.write_table(pa.table(table), sink)
    return "x.parquet", sink.getvalue(), None


def make_zip(chance: random.Random) -> tuple[str, bytes, Dialect | None]:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for place in range(chance.randint(1, 3)):
            maker = chance.choice([make_csv, make_csv, make_jsonl, make_xlsx])
            name, content, _ = maker(chance)
            archive.writestr(f"{place}/{name}", content)
        if chance.random() < 0.3:
            archive.writestr("__MACOSX/._x", b"litter")
    return "x.zip", held.getvalue(), None


MAKERS: dict[str, Callable[[random.Random], tuple[str, bytes, Dialect | None]]] = {
    name.removeprefix("make_"): maker
    for name, maker in list(globals().items())
    if name.startswith("make_")
}


def damaged_inside(chance: random.Random, form: str, content: bytes) -> bytes:
    """The same, done to what a packed file holds, so that its checksums are right; else to itself."""
    if form == "gzip":
        return gzip.compress(damaged(chance, gzip.decompress(content)), mtime=0)
    if form not in ("xlsx", "zip"):
        return damaged(chance, content)
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(held, "w") as new:
        names = old.namelist()
        sheets = [name for name in names if "sheet1" in name or "shared" in name] or names
        unlucky = chance.choice([chance.choice(sheets), chance.choice(names)])
        for name in names:
            inner = old.read(name)
            new.writestr(name, damaged(chance, inner) if name == unlucky else inner)
    return held.getvalue()


def damaged(chance: random.Random, content: bytes) -> bytes:
    """The content with a few bytes changed, put in, taken out, or cut off."""
    found = bytearray(content)
    for _ in range(chance.randint(0, 4)):
        at = chance.randint(0, len(found))
        way = chance.randint(0, 5)
        if way == 0:
            found[at : at + 1] = bytes([chance.randrange(256)])
        elif way == 1:
            found[at:at] = chance.choice(
                [b'"', b"\n", b"{", b"]", b",", b"\0", b"\xff", b"\r", b"'"]
            )
        elif way == 2:
            del found[at : at + chance.randint(1, 20)]
        elif way == 3:
            del found[at:]
        elif way == 4:
            begin = chance.randint(0, len(found))
            found[at:at] = found[begin : begin + 30]
        elif found and at < len(found):
            found[at] ^= 1 << chance.randrange(8)
    return bytes(found)
