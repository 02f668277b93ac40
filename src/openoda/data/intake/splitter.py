"""A stream of bytes cut into judged records, block by block, in bounded memory.

The cuts and verdicts don't depend on where blocks end: a record is judged only when all of it, or
more than the limit of it, is at hand (see `record_kernel` for the rules).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from openoda.data.intake import record_kernel as kernel
from openoda.data.intake.byte_source import ByteSource
from openoda.data.intake.compiled import Bytes, Longs, Small, compiled
from openoda.data.intake.dialect import Dialect
from openoda.data.intake.limits import Limits


@dataclass(frozen=True)
class LongLine:
    """A line over the limit, read past without being held: its place and its first bytes."""

    line: int
    start: int
    stop: int
    raw: bytes


@dataclass(frozen=True)
class SplitBlock:
    """Consecutive records: `data[start:stop]` holds them, `ends` where each stops in `data`.

    `offset` is where `data` starts in the stream, `line` the first record's line; `lines`, `verdicts`
    and `found` (fields) go with `ends`; `marks` are rows of record, field from 1, mark. `long_line`
    comes after the records. `taken` is how much of the delivered file had been read.
    """

    data: Bytes
    start: int
    offset: int
    line: int
    ends: Longs
    lines: Small
    verdicts: Bytes
    found: Small
    marks: Small
    taken: int
    long_line: LongLine | None = None

    @property
    def stop(self) -> int:
        """Index just past the last record."""
        return int(self.ends[-1]) if len(self.ends) else self.start


@compiled
def count_line_ends(data: Bytes, last: int) -> int:
    """Line ends among the bytes, of which `last` is the one before; a CRLF counts at its CR."""
    ends = 0
    for at in range(len(data)):
        ends += data[at] == kernel.CR
        ends += (data[at] == kernel.LF) & ((data[at - 1] if at else last) != kernel.CR)
    return ends


@dataclass
class LineCount:
    """Physical lines counted without the splitter, as the check on it: line ends seen so far."""

    ends: int = 0
    length: int = 0
    _last: int = kernel.LF

    def add(self, piece: Bytes) -> None:
        """Count the line ends of the next bytes; a CRLF cut in two counts once."""
        if not len(piece):
            return
        self.ends += int(count_line_ends(piece, self._last))
        self._last = int(piece[-1])
        self.length += len(piece)

    @property
    def lines(self) -> int:
        """Lines so far, the last one counted even if it has no end."""
        return self.ends + (self._last not in (kernel.CR, kernel.LF))


def read_more(
    source: ByteSource, rest: Bytes, block: int, counter: LineCount
) -> tuple[Bytes, bool]:
    """The bytes not yet used with up to `block` more after them, and whether that is the end."""
    data = np.empty(len(rest) + block, dtype=np.uint8)
    data[: len(rest)] = rest
    got = source.fill(data[len(rest) :].data)
    data = data[: len(rest) + got]
    counter.add(data[len(rest) :])
    return data, got < block


class Splitter:
    """Cuts what follows the header into blocks of records; counts as it goes.

    After iteration `records`, `line` (one past the last) and `position` (bytes of the stream passed)
    stand ready for the checks against `counter`, which sees the same bytes and no record.
    """

    def __init__(
        self,
        source: ByteSource,
        dialect: Dialect,
        columns: int,
        limits: Limits,
        counter: LineCount,
    ) -> None:
        self._source = source
        self._columns = columns
        self._limits = limits
        self._counter = counter
        self._rules = (kernel.byte_kinds(ord(dialect.delimiter)), columns, limits.record)
        self._marks = np.empty((max(65_536, 4 * columns + 8), 3), dtype=np.int32)
        self._in_long_line = False
        self.line = 1
        self.position = 0
        self.records = 0

    def blocks(self, head: Bytes, start: int, line: int) -> Iterator[SplitBlock]:
        """Yield every record after the header.

        `head` is what has been read of the stream, from its first byte; the header ends at `start`
        of it and the records begin on `line`.
        """
        self.line, self.position = line, start
        data, at, offset = head, start, 0
        final = False
        while True:
            for block in self._cut(data, at, offset, final):
                at = block.stop
                yield block
            if self._in_long_line:
                block, data, offset, final = self._pass_long_line(data, at, offset, final)
                at = 0
                yield block
                continue
            if final:
                return
            offset += at
            data, final = self._more(data[at:])
            at = 0

    def _more(self, rest: Bytes) -> tuple[Bytes, bool]:
        return read_more(self._source, rest, self._limits.block, self._counter)

    def _cut(self, data: Bytes, at: int, offset: int, final: bool) -> Iterator[SplitBlock]:
        """Cut all that can be judged; notes whether a line over the limit comes next."""
        self._in_long_line = False
        while at < len(data):
            room = max(1024, (len(data) - at) // 16)
            ends, lines = np.empty(room, dtype=np.int64), np.empty(room, dtype=np.int32)
            verdicts, found = np.empty(room, dtype=np.uint8), np.empty(room, dtype=np.int32)
            count, marked, stop, skipping = kernel.split(
                (data, len(data), final),
                at,
                self._rules,
                (ends, lines, verdicts, found),
                self._marks,
            )
            fields = (ends[:count], lines[:count], verdicts[:count], found[:count])
            marks = self._marks[:marked].copy()
            block = SplitBlock(data, at, offset, self.line, *fields, marks, self._source.taken)
            self._advance(int(lines[:count].sum()), stop - at, count)
            at = stop
            self._in_long_line = bool(skipping)
            if count:
                yield block
            if count < room and marked < len(self._marks) - 2 * self._columns - 2:
                return

    def _advance(self, lines: int, length: int, records: int) -> None:
        self.line += lines
        self.position += length
        self.records += records

    def _pass_long_line(
        self, data: Bytes, at: int, offset: int, final: bool
    ) -> tuple[SplitBlock, Bytes, int, bool]:
        """Read past a line longer than the limit, keeping its first bytes alone."""
        begin, line = offset + at, self.line
        raw = data[at : at + self._limits.raw].tobytes()
        seek = len(data) - 1  # a last CR was not yet known to be a line end
        while (stop := int(kernel.line_end((data, len(data), final), seek))) < 0:
            keep = data[-1:]
            offset += len(data) - 1
            data, final = self._more(keep)
            seek = 0
        end = offset + stop
        self._advance(1, end - begin, 1)
        long_line = LongLine(line, begin, end, raw)
        return self._empty(line, begin, long_line), data[stop:], end, final

    def _empty(self, line: int, offset: int, long_line: LongLine) -> SplitBlock:
        nothing: Any = np.empty(0, dtype=np.int64)
        small: Any = np.empty(0, dtype=np.int32)
        marks: Any = np.empty((0, 3), dtype=np.int32)
        data: Any = np.empty(0, dtype=np.uint8)
        return SplitBlock(
            data, 0, offset, line, nothing, small, data, small, marks, self._source.taken, long_line
        )
