"""A stream of bytes cut into judged records, block by block, in bounded memory.

The cuts and verdicts don't depend on where blocks end: a record is judged only when all of it, or
more than the limit of it, is at hand (see `record_kernel` for the rules).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from openoda.data.intake import record_kernel as kernel
from openoda.data.intake.compiled import Bytes, Longs, Small, compiled
from openoda.data.intake.dialect import Dialect
from openoda.data.intake.encodings import source_ends
from openoda.data.intake.limits import Limits
from openoda.data.intake.text_source import TextSource


@dataclass(frozen=True)
class LongLine:
    """A line over the limit, read past without being held: its place in the file and first bytes."""

    line: int
    start: int
    stop: int
    raw: bytes


@dataclass(frozen=True)
class SplitBlock:
    """Consecutive records: `data[start:stop]` holds them, `ends` where each stops in `data`.

    `line` is the first record's line; `lines`, `verdicts` and `found` (fields) go with `ends`, and so
    does `bounds`, with one more: where in the file each record starts and the last one ends. `marks`
    are rows of record, field from 1, mark. `long_line` comes after the records. `taken` is how much
    of the delivered file had been read.
    """

    data: Bytes
    start: int
    bounds: Longs
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
    source: TextSource, rest: Bytes, block: int, counter: LineCount
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

    After iteration `records`, `line` (one past the last), `position` (bytes of text passed) and
    `in_file` (bytes of the unpacked file that they stand for) are ready for the checks against
    `counter`, which sees the same bytes and no record, and against the file's own length.
    """

    def __init__(
        self,
        source: TextSource,
        dialect: Dialect,
        columns: int,
        limits: Limits,
        counter: LineCount,
    ) -> None:
        self._source = source
        self._columns = columns
        self._limits = limits
        self._counter = counter
        self._rules = (kernel.byte_kinds(dialect), columns, limits.record)
        self._marks = np.empty((max(65_536, 4 * columns + 8), 3), dtype=np.int32)
        self._in_long_line = False
        self.line = 1
        self.position = self.in_file = 0
        self.records = 0

    def blocks(self, head: Bytes, start: int, line: int) -> Iterator[SplitBlock]:
        """Yield every record after the header.

        `head` is what has been read of the stream, from its first byte; the header ends at `start`
        of it and the records begin on `line`.
        """
        self.line, self.position = line, start
        self.in_file = self._source.weight(head[:start])
        data, at = head, start
        final = False
        while True:
            for block in self._cut(data, at, final):
                at = block.stop
                yield block
            if self._in_long_line:
                block, data, final = self._pass_long_line(data, at, final)
                at = 0
                yield block
                continue
            if final:
                return
            data, final = self._more(data[at:])
            at = 0

    def _more(self, rest: Bytes) -> tuple[Bytes, bool]:
        return read_more(self._source, rest, self._limits.block, self._counter)

    def _cut(self, data: Bytes, at: int, final: bool) -> Iterator[SplitBlock]:
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
            bounds = self._bounds(data, at, ends[:count])
            block = SplitBlock(data, at, bounds, self.line, *fields, marks, self._source.taken)
            self._advance(int(lines[:count].sum()), stop - at, int(bounds[-1]), count)
            at = stop
            self._in_long_line = bool(skipping)
            if count:
                yield block
            if count < room and marked < len(self._marks) - 2 * self._columns - 2:
                return

    def _bounds(self, data: Bytes, start: int, ends: Longs) -> Longs:
        """Where in the file each record starts, and where the last one ends."""
        bounds = np.empty(len(ends) + 1, dtype=np.int64)
        bounds[0] = self.in_file
        if self._source.weights is None:
            bounds[1:] = ends + (self.in_file - start)
        else:
            bounds[1:] = source_ends(data, start, ends, self._source.weights) + self.in_file
        return bounds

    def _advance(self, lines: int, length: int, in_file: int, records: int) -> None:
        self.line += lines
        self.position += length
        self.in_file = in_file
        self.records += records

    def _pass_long_line(self, data: Bytes, at: int, final: bool) -> tuple[SplitBlock, Bytes, bool]:
        """Read past a line longer than the limit, keeping its first bytes alone."""
        begin, line = self.in_file, self.line
        raw = data[at : at + 3 * self._limits.raw + 8].tobytes()
        seek, passed, end = len(data) - 1, 0, begin  # a last CR was not yet known to be a line end
        while (stop := int(kernel.line_end((data, len(data), final), seek))) < 0:
            passed += len(data) - 1 - at
            end += self._source.weight(data[at:-1])
            data, final = self._more(data[-1:])
            seek = at = 0
        end += self._source.weight(data[at:stop])
        self._advance(1, passed + stop - at, end, 1)
        long_line = LongLine(line, begin, end, raw)
        return self._empty(line, begin, long_line), data[stop:], final

    def _empty(self, line: int, begin: int, long_line: LongLine) -> SplitBlock:
        nothing: Any = np.empty(0, dtype=np.int64)
        small: Any = np.empty(0, dtype=np.int32)
        marks: Any = np.empty((0, 3), dtype=np.int32)
        data: Any = np.empty(0, dtype=np.uint8)
        bounds: Any = np.array([begin], dtype=np.int64)
        return SplitBlock(
            data, 0, bounds, line, nothing, small, data, small, marks, self._source.taken, long_line
        )
