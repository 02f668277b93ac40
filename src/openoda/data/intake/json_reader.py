"""JSON, JSON lines and GeoJSON, record by record: read twice, first for the keys, then for the rows.

JSON has no header, so the columns are the keys met anywhere in the file, in the order they are first
met. The first reading finds them; the second must meet the same bytes.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from openoda.data.intake.assembly import Aside, Assembler, Doubt, Gathered
from openoda.data.intake.batch import Batch
from openoda.data.intake.byte_source import ByteSource
from openoda.data.intake.dialect import Dialect
from openoda.data.intake.features import (
    FEATURES,
    GEOMETRY,
    ID,
    SRS,
    feature_pairs,
    geometry_doubt,
    srs_of,
)
from openoda.data.intake.header import unfit
from openoda.data.intake.json_list import JsonList
from openoda.data.intake.json_values import (
    CONSTANT,
    TWICE,
    Constant,
    Pairs,
    Unsound,
    as_text,
    parsed,
)
from openoda.data.intake.limits import Limits
from openoda.data.intake.line_spans import line_spans
from openoda.data.intake.typed_columns import Place
from openoda.data.intake.window import Span, Window
from openoda.standards.table_schema import TableSchema
from openoda.vocabulary.progress import Progress, Step
from openoda.vocabulary.refusals import FileUnreadable, SchemaInvalid

BLANK = "blank line"
ODD_KEY = "a key that is no Unicode text"
NOT_OBJECT = "not an object with keys and values"
UNKNOWN = "a key that the schema doesn't have"
_FEW = 0.5  # a key in more records than this share is a column, and not a slip

Open = Callable[[], ByteSource]


@dataclass
class Survey:
    """What the first reading found: how many sound records have each key, and what stands around."""

    keys: dict[str, int] = field(default_factory=dict)
    sound: int = 0
    sha256: str = ""
    around: Any = None
    notes: list[str] = field(default_factory=list)


class JsonReader:
    """Reads one file; `form` is json, jsonl or geojson. `open_source` opens it, once a reading."""

    def __init__(
        self,
        open_source: Open,
        schema: TableSchema | None,
        dialect: Dialect,
        limits: Limits,
        progress: Progress,
        form: str,
    ) -> None:
        self._open, self._dialect, self._limits = open_source, dialect, limits
        self._progress, self._form = progress, form
        self._keys = FEATURES if form == "geojson" else dialect.records
        self._survey = self._first_reading()
        self._window = self._new_window()
        try:
            self._where = self._window.source.path.name
            self.columns = self._columns(schema)
            self._assembler = Assembler(self.columns, schema, limits, self._where)
        except BaseException:
            self.close()
            raise
        self._index = {name: place for place, name in enumerate(self.columns)}
        self.arrow_schema = self._assembler.arrow_schema

    def close(self) -> None:
        """Close the file."""
        self._window.source.close()

    def _new_window(self) -> Window:
        return Window(self._open(), self._dialect.encoding, self._limits)

    def _first_reading(self) -> Survey:
        survey = Survey()
        window = self._new_window()
        try:
            for _, found, _ in self._records(window, survey, "Looking through"):
                if found is not None:
                    survey.sound += 1
                    for key in dict(found):
                        survey.keys[key] = survey.keys.get(key, 0) + 1
                        self._limit_keys(survey, window.source.path.name)
        finally:
            window.source.close()
        survey.sha256 = window.source.sha256
        survey.notes.insert(0, f"{window.text.encoding}: {window.text.evidence}")
        return survey

    def _limit_keys(self, survey: Survey, where: str) -> None:
        if len(survey.keys) > self._limits.columns:
            raise SchemaInvalid(
                f"The records have over {self._limits.columns:,} different keys",
                where=where,
                remedy="Check that the keys are columns, and no values: no more columns are read.",
            )

    def _columns(self, schema: TableSchema | None) -> list[str]:
        keys = self._survey.keys
        if self._form == "geojson":
            keys = {name: keys[name] for name in sorted(keys, key=(GEOMETRY, SRS).__contains__)}
        if schema is None or not self._survey.sound:
            return schema.names if schema else list(keys)
        often = [name for name, count in keys.items() if count > _FEW * self._survey.sound]
        unfit(schema, list(keys), often, "The records' keys aren't the schema's", self._where)
        return [name for name in keys if name in schema.names]

    def batches(self) -> Iterator[Batch]:
        """Yield the records; the last step checks that both readings met the same file."""
        found, again = self._assembler.gathering(), Survey()
        numbers: list[int] = []
        for number, pairs, aside in self._records(self._window, again, "Reading"):
            if aside is not None:
                found.aside.append(aside)
            else:
                self._add(found, number, pairs or Pairs())
                numbers.append(number)
            if found.full():
                yield self._assembler.batch(found, self._place(numbers))
                found, numbers = self._assembler.gathering(), []
        yield self._assembler.batch(found, self._place(numbers))
        source = self._window.source
        if source.sha256 != self._survey.sha256:
            raise FileUnreadable(
                "The file changed while it was read",
                where=self._where,
                remedy="Load it again once nothing writes to it.",
            )
        self.report = self._assembler.report(
            source.sha256,
            source.taken,
            form=self._form,
            encoding=self._window.text.encoding,
            notes=tuple(self._survey.notes),
        )

    def _records(
        self, window: Window, survey: Survey, doing: str
    ) -> Iterator[tuple[int, Pairs | None, Aside | None]]:
        """Each record's number (the line, for JSON lines) with its pairs or why it is set aside."""
        lines = self._form == "jsonl"
        listed = None if lines else JsonList(window, self._keys, self._is_record)
        number = 0
        for spans in line_spans(window) if listed is None else listed.spans():
            for span in spans:
                number += 1
                at = span.line if lines else number
                try:
                    pairs, aside = self._pairs(span), None
                except Unsound as fault:
                    pairs, aside = None, self._aside(window, span, at, fault)
                yield at, pairs, aside
            self._progress(
                Step(f"{doing} {window.source.path.name}", window.source.taken, window.source.size)
            )
        if listed is not None:
            survey.around = listed.around
            if listed.bare:
                survey.notes.append(f"{listed.bare:,} records have no comma before them")

    def _is_record(self, text: bytes) -> bool:
        """Whether a text is a sound record, where the list of records goes on after a broken one."""
        try:
            self._pairs(Span(0, 0, 0, 0, text))
        except Unsound:
            return False
        return True

    def _pairs(self, span: Span) -> Pairs:
        if span.fault:
            raise Unsound(span.fault)
        if not span.text.strip(b" \t\r\n"):
            raise Unsound(BLANK)
        value = parsed(span.text, self._limits.depth)
        if not isinstance(value, Pairs):
            raise Unsound(NOT_OBJECT)
        pairs = feature_pairs(value) if self._form == "geojson" else value
        if any("\ud800" <= char <= "\udfff" for key, _ in pairs for char in key):
            raise Unsound(ODD_KEY)
        return pairs

    def _aside(self, window: Window, span: Span, number: int, fault: Unsound) -> Aside:
        raw = span.raw if span.fault else window.in_file(span.text)
        cut = span.cut or (not span.fault and span.end - span.start > self._limits.raw)
        return Aside(
            number,
            span.last_line if self._form == "jsonl" else number,
            raw,
            str(fault),
            fault.kind,
            span.start,
            span.end,
            cut,
            self._path(number),
        )

    def _path(self, number: int, key: str = "") -> str | None:
        if self._form == "jsonl":
            return f"$.{key}" if key else None
        own = {GEOMETRY: "geometry", SRS: "geometry", ID: "id"}
        if self._form == "geojson" and key:
            key = own.get(key, f"properties.{key}")
        return ".".join(("$", *self._keys)) + f"[{number - 1}]" + (f".{key}" if key else "")

    def _place(self, numbers: list[int]) -> Place:
        return lambda column, row: self._path(
            numbers[row], self.columns[column] if column < len(self.columns) else ""
        )

    def _add(self, found: Gathered, number: int, pairs: Pairs) -> None:
        """One record as a row; what its keys hold beyond that is doubted, never dropped."""
        row: list[str | None] = [None] * len(self.columns)
        here, given = len(found.rows), set()
        for key, value in pairs:
            column = self._index.get(key, len(self.columns))
            if column == len(self.columns):
                found.doubts.append(Doubt(here, column, _raw(value), UNKNOWN, key))
            elif key in given:
                row[column] = None
                every = [each for name, each in pairs if name == key]
                found.doubts.append(Doubt(here, column, as_text(every), TWICE))
            elif isinstance(value, Constant):
                found.doubts.append(Doubt(here, column, str(value), CONSTANT))
            else:
                row[column] = as_text(value)
            given.add(key)
        if self._form == "geojson":
            self._add_geometry(found, row)
        found.lines.append(number)
        found.rows.append(row)

    def _add_geometry(self, found: Gathered, row: list[str | None]) -> None:
        column = self._index.get(GEOMETRY)
        if column is None:
            return
        text, doubt = geometry_doubt(row[column], self._limits.depth)
        if doubt:
            found.doubts.append(Doubt(len(found.rows), column, row[column], doubt))
        row[column] = text
        named = self._index.get(SRS)
        if named is not None:
            row[named] = srs_of(self._survey.around) if text else None


def _raw(value: Any) -> str:
    text = as_text(value)
    return "null" if text is None else text
