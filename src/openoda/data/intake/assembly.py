"""Records read one by one put together: text becomes typed batches, and counts become a report."""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from openoda.data.intake.batch import QUARANTINED, Batch
from openoda.data.intake.header import check_names
from openoda.data.intake.limits import Limits
from openoda.data.intake.report import IntakeReport, Tally
from openoda.data.intake.typed_columns import (
    Flagged,
    Place,
    UniqueChecks,
    accepted_schema,
    converters,
    flag_batch,
    flagged,
    overlong,
    without_doubles,
)
from openoda.standards.table_schema import TableSchema

ROWS = 16_384  # a batch of records that were read one by one
NOT_TEXT = "not Unicode text: half of a surrogate pair"


@dataclass(frozen=True)
class Aside:
    """A record set aside. `kind` is the reason without what is of this record alone."""

    line: int
    last_line: int
    raw: bytes
    reason: str
    kind: str = ""
    start: int | None = None
    end: int | None = None
    cut: bool = False
    place: str | None = None


@dataclass(frozen=True)
class Doubt:
    """A value that its reader nulled or doubts: `row` of the rows gathered, `column`, its text.

    `name` is that of a column outside the table.
    """

    row: int
    column: int
    raw: str | None
    reason: str
    name: str = ""


@dataclass
class Gathered:
    """Records gathered for one batch: values are text or None, in the table's columns."""

    columns: int
    lines: list[int] = field(default_factory=list)
    rows: list[list[str | None]] = field(default_factory=list)
    aside: list[Aside] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)

    def full(self) -> bool:
        """Whether it is time to hand the batch over."""
        return len(self.rows) + len(self.aside) >= ROWS or len(self.rows) * self.columns > 1 << 21


class Assembler:
    """Makes batches of gathered records, and the report when all of them add up."""

    def __init__(
        self, columns: list[str], schema: TableSchema | None, limits: Limits, where: str
    ) -> None:
        check_names(columns, where)
        self.columns = columns
        self.arrow_schema = accepted_schema(columns, schema)
        self._limits = limits
        self._converters = converters(columns, schema)
        self._unique = UniqueChecks(columns, schema, limits.unique_values)
        self.tally = Tally()
        self.accepted = self.quarantined = self.flags = 0

    def gathering(self) -> Gathered:
        """An empty batch to fill."""
        return Gathered(len(self.columns))

    def batch(self, found: Gathered, place: Place | None = None) -> Batch:
        """Type the gathered records; `place` says where a value is if its line doesn't."""
        across = list(zip(*found.rows, strict=True)) or [()] * len(self.columns)
        return self.batch_of(
            [_text(found, column, values) for column, values in enumerate(across)], found, place
        )

    def batch_of(
        self, text: list[pa.StringArray], found: Gathered, place: Place | None = None
    ) -> Batch:
        """The same for values that stand in columns of text already."""
        lines = np.array(found.lines, dtype=np.int64)
        typed = [
            overlong(column, convert(column), self._limits.field)
            for convert, column in zip(self._converters, text, strict=True)
        ]
        values = [each.values for each in typed]
        marked = _doubted(found.doubts) + flagged(typed) + self._unique.repeats(values)
        flags = flag_batch(without_doubles(marked), self.columns, text, lines, self.tally, place)
        accepted = pa.RecordBatch.from_arrays([pa.array(lines), *values], schema=self.arrow_schema)
        batch = Batch(accepted, self._aside(found.aside), flags)
        self.accepted += accepted.num_rows
        self.quarantined += batch.quarantined.num_rows
        self.flags += flags.num_rows
        return batch

    def _aside(self, found: list[Aside]) -> pa.RecordBatch:
        cap = self._limits.raw
        for each in found:
            self.tally.add(each.kind or each.reason, None, 1, [each.line])
        rows = [
            {
                "first_line": each.line,
                "last_line": each.last_line,
                "byte_start": each.start,
                "byte_end": each.end,
                "raw": each.raw[:cap],
                "raw_cut": each.cut or len(each.raw) > cap,
                "reason": each.reason,
                "place": each.place,
            }
            for each in found
        ]
        return pa.RecordBatch.from_pylist(rows, schema=QUARANTINED)

    def report(
        self,
        sha256: str,
        size: int,
        *,
        form: str,
        header_lines: int = 0,
        encoding: str = "",
        notes: tuple[str, ...] = (),
    ) -> IntakeReport:
        """What became of the delivery, once every batch was made."""
        return IntakeReport(
            rows_in=self.accepted + self.quarantined,
            accepted=self.accepted,
            quarantined=self.quarantined,
            flagged_values=self.flags,
            problems=self.tally.problems(),
            sha256=sha256,
            bytes=size,
            header_lines=header_lines,
            columns=tuple(self.columns),
            format=form,
            encoding=encoding,
            notes=notes,
        )


def _text(found: Gathered, column: int, values: tuple[str | None, ...]) -> pa.StringArray:
    """One column of text; what no text can hold is nulled and doubted."""
    try:
        return pa.array(values, pa.string())
    except UnicodeEncodeError:
        sound = list(values)
    for row, value in enumerate(sound):
        if value is not None and not _is_text(value):
            found.doubts.append(Doubt(row, column, value, NOT_TEXT))
            sound[row] = None
    return pa.array(sound, pa.string())


def _escaped(text: str | None) -> str | None:
    """The text with what no Unicode text can hold written as an escape."""
    return text if text is None else text.encode("utf-8", "backslashreplace").decode()


def _is_text(value: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in value)


def _doubted(doubts: list[Doubt]) -> list[Flagged]:
    """The doubts by column and reason."""
    grouped: dict[tuple[int, str, str], list[Doubt]] = {}
    for each in doubts:
        grouped.setdefault((each.column, each.name, each.reason), []).append(each)
    return [
        Flagged(
            column,
            np.array([each.row for each in group], dtype=np.int64),
            reason,
            tuple(_escaped(each.raw) for each in group),
            name,
        )
        for (column, name, reason), group in grouped.items()
    ]
