"""The three tables that intake makes of a delivery, a batch at a time."""

from dataclasses import dataclass

import pyarrow as pa

QUARANTINED = pa.schema(
    [
        pa.field("first_line", pa.int64(), nullable=False),
        pa.field("last_line", pa.int64(), nullable=False),
        pa.field("byte_start", pa.int64(), nullable=False),
        pa.field("byte_end", pa.int64(), nullable=False),
        pa.field("raw", pa.binary(), nullable=False),
        pa.field("raw_cut", pa.bool_(), nullable=False),
        pa.field("reason", pa.string(), nullable=False),
    ]
)
FLAGS = pa.schema(
    [
        pa.field("source_line", pa.int64(), nullable=False),
        pa.field("column", pa.string(), nullable=False),
        pa.field("raw", pa.string()),
        pa.field("reason", pa.string(), nullable=False),
    ]
)
SOURCE_LINE = pa.field("source_line", pa.int64(), nullable=False)


@dataclass(frozen=True)
class Batch:
    """Part of a delivery.

    `accepted`: `source_line` (the physical line on which the record starts, from 1; for Parquet the
    row) and the file's columns. `quarantined`: records set aside, with their lines, their bytes
    (`byte_start` to `byte_end` of the unpacked file; `raw` holds them, cut to the limit where
    `raw_cut`) and the reason. `flags`: values nulled or doubted, with their text.
    """

    accepted: pa.RecordBatch
    quarantined: pa.RecordBatch
    flags: pa.RecordBatch
