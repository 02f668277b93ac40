"""Records set aside: what was wrong with each, in words, with its lines and bytes."""

import numpy as np
import pyarrow as pa

from openoda.data.intake import record_kernel as kernel
from openoda.data.intake.batch import QUARANTINED
from openoda.data.intake.compiled import Bytes, Longs
from openoda.data.intake.encodings import UTF8, source_bytes
from openoda.data.intake.report import LINES_SHOWN, Tally
from openoda.data.intake.splitter import SplitBlock

_UNCLOSED = "a quote opened on this line is never closed: "
REASONS = {
    kernel.BLANK: "blank line",
    kernel.WRONG_COUNT: "wrong number of fields",
    kernel.TEXT_AFTER_QUOTE: "text after a closing quote",
    kernel.HAS_NUL: "NUL byte",
    kernel.NOT_UTF8: "not UTF-8",
    kernel.TOO_LONG: "record over the size limit",
    kernel.UNCLOSED_TEXT: _UNCLOSED + "the next quote has text after it",
    kernel.UNCLOSED_STRAY: _UNCLOSED + "a later line has a quote inside an unquoted field",
    kernel.UNCLOSED_COUNT: _UNCLOSED + "with later lines it has the wrong number of fields",
    kernel.UNCLOSED_END: _UNCLOSED + "the file ends first",
    kernel.UNCLOSED_LONG: _UNCLOSED + "the size limit comes first",
    kernel.UNCLOSED_CROSSING: _UNCLOSED + f"over {kernel.CROSSING} fields run over line ends",
    kernel.UNCLOSED_RECORDS: _UNCLOSED + "the lines after it are whole records",
}


def quarantined(
    block: SplitBlock, columns: int, cap: int, tally: Tally, encoding: str = UTF8
) -> pa.RecordBatch:
    """The records of a block that were not accepted; `cap` is how much of each is kept, in bytes."""
    at = np.flatnonzero(block.verdicts)
    starts = _starts(block)[at]
    ends = block.ends[at]
    lines = _first_lines(block)[at]
    rows = {
        "first_line": lines.tolist(),
        "last_line": (lines + block.lines[at] - 1).tolist(),
        "byte_start": block.bounds[at].tolist(),
        "byte_end": block.bounds[at + 1].tolist(),
        "raw": [
            source_bytes(block.data[a : min(b, a + 3 * cap + 8)].tobytes(), encoding, cap)
            for a, b in zip(starts, ends, strict=True)
        ],
        "raw_cut": (block.bounds[at + 1] - block.bounds[at] > cap).tolist(),
        "reason": [
            _reason(int(verdict), int(found), columns, encoding)
            for verdict, found in zip(block.verdicts[at], block.found[at], strict=True)
        ],
        "place": [None] * len(at),
    }
    for verdict in np.unique(block.verdicts[at]):
        same = lines[block.verdicts[at] == verdict]
        tally.add(_worded(int(verdict), encoding), None, len(same), same[:LINES_SHOWN])
    if block.long_line is not None:
        _add_long_line(block, rows, cap, tally, encoding)
    return pa.RecordBatch.from_pydict(rows, schema=QUARANTINED)


def _add_long_line(
    block: SplitBlock, rows: dict[str, list[object]], cap: int, tally: Tally, encoding: str
) -> None:
    long = block.long_line
    assert long is not None  # noqa: S101  (the caller has looked)
    reason = REASONS[kernel.TOO_LONG]
    raw = source_bytes(long.raw, encoding, cap)
    values = (long.line, long.line, long.start, long.stop, raw, True, reason, None)
    for column, value in zip(rows.values(), values, strict=True):
        column.append(value)
    tally.add(reason, None, 1, [long.line])


def _reason(verdict: int, found: int, expected: int, encoding: str) -> str:
    if verdict == kernel.WRONG_COUNT:
        return f"{REASONS[verdict]}: {found}, expected {expected}"
    return _worded(verdict, encoding)


def _worded(verdict: int, encoding: str) -> str:
    """The reason in words; text that can't be transcoded isn't what its encoding says."""
    if verdict == kernel.NOT_UTF8 and encoding != UTF8:
        return f"not {encoding}"
    return REASONS[verdict]


def _starts(block: SplitBlock) -> Longs:
    starts: Longs = np.concatenate([[block.start], block.ends[:-1]])[: len(block.ends)]
    return starts


def _first_lines(block: SplitBlock) -> Longs:
    after = block.line + np.cumsum(block.lines, dtype=np.int64)
    first: Longs = after - block.lines
    return first


def accepted_lines(block: SplitBlock) -> Longs:
    """The line on which each accepted record of the block starts."""
    first: Longs = _first_lines(block)[block.verdicts == 0]
    return first


def accepted_bytes(block: SplitBlock) -> Bytes:
    """The accepted records of the block, one after another."""
    sound = block.verdicts == 0
    if sound.all():
        return block.data[block.start : block.stop]
    turns = np.flatnonzero(np.diff(np.concatenate([[False], sound, [False]]).astype(np.int8)))
    starts = _starts(block)
    runs = [
        block.data[starts[first] : block.ends[after - 1]] for first, after in turns.reshape(-1, 2)
    ]
    return np.concatenate(runs) if runs else block.data[:0]
