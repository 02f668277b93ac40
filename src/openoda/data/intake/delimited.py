"""Delimited text, from bytes to batches: split, parse, type and reconcile, each stage overlapping."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from openoda.data.intake import record_kernel as kernel
from openoda.data.intake.batch import Batch
from openoda.data.intake.byte_source import ByteSource
from openoda.data.intake.casting import Typed
from openoda.data.intake.compiled import Bytes
from openoda.data.intake.dialect import Dialect, settled
from openoda.data.intake.header import (
    Header,
    check_against,
    check_delimiter,
    check_names,
    read_header,
    refuse_swallowed_lines,
)
from openoda.data.intake.limits import Limits
from openoda.data.intake.quarantine import accepted_bytes, accepted_lines, quarantined
from openoda.data.intake.reconcile import Counts, require_balance
from openoda.data.intake.report import IntakeReport, Tally
from openoda.data.intake.signatures import refuse_other_kind
from openoda.data.intake.splitter import LineCount, SplitBlock, Splitter, read_more
from openoda.data.intake.text_columns import require_same_count, text_columns
from openoda.data.intake.text_source import TextSource
from openoda.data.intake.typed_columns import (
    Convert,
    Flagged,
    UniqueChecks,
    accepted_schema,
    converters,
    flag_batch,
    flagged,
    overlong,
    without_doubles,
)
from openoda.standards.table_schema import TableSchema
from openoda.vocabulary.progress import Progress, Step
from openoda.vocabulary.refusals import Misused, SchemaInvalid

AHEAD = 2  # blocks being parsed while one is handed over
MARKS = {
    kernel.STRAY: "a quote inside an unquoted field, kept as it is",
    kernel.SPANS: "a quoted value spans lines that look like records, kept as it is",
}


@dataclass(frozen=True)
class ParsedBlock:
    """A block with its accepted records as text and as typed columns."""

    block: SplitBlock
    lines: npt.NDArray[np.int64]
    text: list[pa.StringArray]
    typed: list[Typed]


class DelimitedReader:
    """Reads delimited text from a source of bytes; see `openoda.data.intake.open_delivery`.

    Closes the source, even where it refuses it.
    """

    def __init__(
        self,
        source: ByteSource,
        schema: TableSchema | None,
        dialect: Dialect | None,
        limits: Limits,
        progress: Progress,
    ) -> None:
        self._dialect = settled(source.path, dialect)
        self._where, self._limits, self._progress = source.path.name, limits, progress
        self._counter = LineCount()
        self._tally = Tally()
        self._closing = ExitStack()
        self._closing.enter_context(source)
        try:
            refuse_other_kind(source.start(), self._where)
            self._source = TextSource(source, self._dialect.encoding)
            self._head, self._header = self._open_header(schema)
            self._check_header(schema, told=bool(dialect and dialect.delimiter))
        except BaseException:
            self.close()
            raise
        self.columns = self._header.names
        self.arrow_schema = accepted_schema(self.columns, schema)
        self._converters: list[Convert] = converters(self.columns, schema)
        self._unique = UniqueChecks(self.columns, schema, limits.unique_values)
        self._size = source.size

    def _open_header(self, schema: TableSchema | None) -> tuple[Bytes, Header]:
        rows = self._dialect.header_rows
        if len(rows) > 1:
            raise Misused(
                "A header over several lines of delimited text can't be read",
                remedy="Name one line in headerRows, or put the names on one line.",
            )
        if not rows and schema is None:
            raise SchemaInvalid(
                "The file is said to have no header, and no schema names its columns",
                where=self._where,
                remedy="Give a schema file with the columns in their order.",
            )
        data: Bytes = np.empty(0, dtype=np.uint8)
        while True:
            data, final = read_more(self._source, data, self._limits.block, self._counter)
            header = read_header(
                data, final, self._dialect, self._limits, self._where, self._source.encoding
            )
            if header is not None and not rows and schema is not None:
                header = Header(schema.names, header.stop, 0)
            if header is not None:
                return data, header

    def _check_header(self, schema: TableSchema | None, *, told: bool) -> None:
        names = self._header.names
        if not told:
            check_delimiter(names, self._dialect, self._where)
        refuse_swallowed_lines(names, self._dialect, self._where)
        check_names(names, self._where)
        if schema is not None:
            check_against(names, schema, self._where)

    def close(self) -> None:
        """Stop the work under way and close the file."""
        self._closing.close()

    def batches(self) -> Iterator[Batch]:
        """Yield the records; the last step checks that everything adds up."""
        counts = Counts()
        splitter = Splitter(
            self._source, self._dialect, len(self.columns), self._limits, self._counter
        )
        for parsed in self._parsed_ahead(splitter):
            batch = self._batch(parsed)
            counts.add(batch)
            self._progress(Step(f"Reading {self._where}", parsed.block.taken, self._size))
            yield batch
        header, source = self._header, self._source.source
        require_balance(counts, splitter, self._counter, source.plain, self._where)
        self.report = IntakeReport(
            rows_in=splitter.records,
            accepted=counts.accepted,
            quarantined=counts.quarantined,
            flagged_values=counts.flags,
            problems=self._tally.problems(),
            sha256=source.sha256,
            bytes=source.taken,
            header_lines=header.lines,
            columns=tuple(header.names),
            format="csv",
            encoding=self._source.encoding,
            notes=(f"{self._source.encoding}: {self._source.evidence}",),
        )

    def _parsed_ahead(self, splitter: Splitter) -> Iterator[ParsedBlock]:
        """Split in one thread and parse in others, a few blocks ahead, in the file's order."""
        blocks = splitter.blocks(self._head, self._header.stop, 1 + self._header.lines)
        self._head = self._head[:0]
        splitting = self._closing.enter_context(ThreadPoolExecutor(1, "intake-split"))
        parsing = self._closing.enter_context(ThreadPoolExecutor(AHEAD, "intake-parse"))
        self._closing.callback(splitting.shutdown, wait=False, cancel_futures=True)
        self._closing.callback(parsing.shutdown, wait=False, cancel_futures=True)
        waiting: deque[Future[ParsedBlock]] = deque()
        following = splitting.submit(next, blocks, None)
        while (block := following.result()) is not None:
            following = splitting.submit(next, blocks, None)
            waiting.append(parsing.submit(self._parse, block))
            if len(waiting) > AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def _parse(self, block: SplitBlock) -> ParsedBlock:
        """Both readers' work on one block: parse what the kernel accepted, compare, type."""
        lines = accepted_lines(block)
        text = text_columns(accepted_bytes(block), self.columns, self._dialect)
        require_same_count(text, len(lines))
        typed = [convert(column) for convert, column in zip(self._converters, text, strict=True)]
        typed = [
            overlong(column, each, self._limits.field)
            for column, each in zip(text, typed, strict=True)
        ]
        return ParsedBlock(block, lines, text, typed)

    def _batch(self, parsed: ParsedBlock) -> Batch:
        values = [typed.values for typed in parsed.typed]
        found = flagged(parsed.typed) + self._unique.repeats(values) + _marked(parsed.block)
        flags = flag_batch(
            without_doubles(found), self.columns, parsed.text, parsed.lines, self._tally
        )
        accepted = pa.RecordBatch.from_arrays(
            [pa.array(parsed.lines), *values], schema=self.arrow_schema
        )
        aside = quarantined(
            parsed.block, len(self.columns), self._limits.raw, self._tally, self._source.encoding
        )
        return Batch(accepted, aside, flags)


def _marked(block: SplitBlock) -> list[Flagged]:
    """The kernel's marks as places among the accepted records."""
    if not len(block.marks):
        return []
    rank = np.cumsum(block.verdicts == 0, dtype=np.int64) - 1
    record, column, mark = block.marks[:, 0], block.marks[:, 1] - 1, block.marks[:, 2]
    return [
        Flagged(int(place), rank[record[(column == place) & (mark == kind)]], reason)
        for place in np.unique(column)
        for kind, reason in MARKS.items()
        if ((column == place) & (mark == kind)).any()
    ]
