"""A table of an SQLite database or GeoPackage, read by the standard library's SQLite.

The file is opened read-only and immutable, its own views, triggers and functions distrusted: only
SELECT on plain tables is authorised. It must pass SQLite's quick check, since a damaged page would
otherwise lose rows without a word. Sources: sqlite.org/security.html; OGC 12-128r18 (GeoPackage).
"""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openoda.data.intake.assembly import Assembler, Doubt, Gathered
from openoda.data.intake.batch import Batch
from openoda.data.intake.byte_source import open_file
from openoda.data.intake.dialect import Dialect
from openoda.data.intake.geometry import BadGeometry, from_geopackage
from openoda.data.intake.hashing import hash_of
from openoda.data.intake.header import check_against
from openoda.data.intake.limits import Limits
from openoda.data.intake.sqlite_tables import Layer, Refused, chosen_layer, quoted
from openoda.standards.table_schema import TableSchema
from openoda.vocabulary.progress import Progress, Step

BINARY, NOT_UTF8 = "binary, not text", "not UTF-8"
OTHER_SRS = "a geometry in another reference system than its layer's"
_MAGIC = b"SQLite format 3\0"
_ALLOWED = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ)
_ROWS = 4_096


class _Odd(bytes):
    """Text that isn't UTF-8."""


class SqliteReader:
    """Reads one table; `source_line` is the row's number in the order they are stored."""

    def __init__(
        self,
        path: Path,
        schema: TableSchema | None,
        dialect: Dialect,
        limits: Limits,
        progress: Progress,
        form: str,
    ) -> None:
        self._where, self._progress, self._form = path.name, progress, form
        self._limits, self._refused = limits, Refused(path.name)
        self._file = open_file(path)
        self._base: sqlite3.Connection | None = None
        try:
            self._sha256, self._size = hash_of(self._file)
            self._refuse_unsound(path)
            self._base = self._connect(path)
            self._layer = self._open_layer(dialect.table)
            self.columns = [*self._layer.columns, *self._srs_columns(self._layer)]
            if schema is not None:
                check_against(self.columns, schema, self._where)
            self._assembler = Assembler(self.columns, schema, limits, self._where)
        except sqlite3.Error as error:
            self.close()
            raise self._refused.damaged() from error
        except BaseException:
            self.close()
            raise
        self.arrow_schema = self._assembler.arrow_schema

    def close(self) -> None:
        """Close the database."""
        if self._base is not None:
            self._base.close()
        self._file.close()

    def _refuse_unsound(self, path: Path) -> None:
        start = self._file.read(len(_MAGIC))
        self._file.seek(0)
        if start != _MAGIC:
            raise self._refused.not_a_database()
        for ending in ("-wal", "-journal"):
            beside = path.with_name(path.name + ending)
            if beside.exists() and beside.stat().st_size:
                raise self._refused.unfinished(beside.name)

    def _connect(self, path: Path) -> sqlite3.Connection:
        base = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        base.text_factory = _text
        base.execute("PRAGMA trusted_schema = OFF")
        base.execute("PRAGMA cell_size_check = ON")
        base.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 64 * self._limits.record)
        return base

    def _open_layer(self, wanted: str) -> Layer:
        base = self._open_base()
        if base.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise self._refused.damaged()
        layer = chosen_layer(base, self._form, wanted, self._refused)
        base.set_authorizer(_only_reading)
        return layer

    def _open_base(self) -> sqlite3.Connection:
        if self._base is None:
            raise self._refused.damaged()
        return self._base

    def _srs_columns(self, layer: Layer) -> list[str]:
        return [f"{layer.geometry}_srs"] if layer.geometry else []

    def batches(self) -> Iterator[Batch]:
        """Yield the rows; the last step checks that the table's own count was met."""
        try:
            yield from self._read()
        except sqlite3.Error as error:
            raise self._refused.damaged() from error

    def _read(self) -> Iterator[Batch]:
        base, layer = self._open_base(), self._layer
        wanted = ", ".join(quoted(name) for name in layer.columns)
        rows = base.execute(f"SELECT {wanted} FROM {quoted(layer.name)}")  # noqa: S608
        found, number = self._assembler.gathering(), 0
        while part := rows.fetchmany(_ROWS):
            for row in part:
                number += 1
                self._add(found, number, row)
            if found.full():
                yield self._assembler.batch(found)
                found = self._assembler.gathering()
            self._progress(Step(f"Reading {self._where}", number, layer.rows))
        yield self._assembler.batch(found)
        if number != layer.rows or hash_of(self._file)[0] != self._sha256:
            raise self._refused.damaged()
        self.report = self._assembler.report(
            self._sha256, self._size, form=self._form, notes=layer.notes
        )

    def _add(self, found: Gathered, number: int, row: tuple[Any, ...]) -> None:
        here = len(found.rows)
        values: list[str | None] = []
        named: str | None = None
        for column, value in enumerate(row):
            text, doubt, raw = self._value(self._layer.columns[column], value)
            if self._layer.columns[column] == self._layer.geometry and text is not None:
                named = self._layer.srs
            if doubt:
                found.doubts.append(Doubt(here, column, raw, doubt))
            values.append(text)
        found.lines.append(number)
        found.rows.append([*values, named] if self._layer.geometry else values)

    def _value(self, column: str, value: Any) -> tuple[str | None, str, str | None]:
        """A value's text, why it is doubted, and what a flag quotes of it."""
        if value is None or isinstance(value, str):
            return value, "", None
        if isinstance(value, _Odd):
            return None, NOT_UTF8, value.decode("utf-8", "backslashreplace")
        if isinstance(value, bytes):
            if column == self._layer.geometry:
                return self._geometry(value)
            return None, BINARY, self._hex(value)
        return (repr(value) if isinstance(value, float) else str(value)), "", None

    def _geometry(self, value: bytes) -> tuple[str | None, str, str | None]:
        try:
            text, srs = from_geopackage(value)
        except BadGeometry as fault:
            return None, f"not a geometry: {fault}", self._hex(value)
        if srs != self._layer.srs_id:
            return None, OTHER_SRS, self._hex(value)
        return text, "", None

    def _hex(self, value: bytes) -> str:
        return value[: self._limits.raw].hex()


def _text(raw: bytes) -> str | _Odd:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return _Odd(raw)


def _only_reading(act: int, *_: object) -> int:
    return sqlite3.SQLITE_OK if act in _ALLOWED else sqlite3.SQLITE_DENY
