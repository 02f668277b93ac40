"""The three tables that intake makes of a delivery, a batch at a time."""

from dataclasses import dataclass

import pyarrow as pa

QUARANTINED = pa.schema(
    [
        pa.field("first_line", pa.int64(), nullable=False),
        pa.field("last_line", pa.int64(), nullable=False),
        pa.field("byte_start", pa.int64()),
        pa.field("byte_end", pa.int64()),
        pa.field("raw", pa.binary(), nullable=False),
        pa.field("raw_cut", pa.bool_(), nullable=False),
        pa.field("reason", pa.string(), nullable=False),
        pa.field("place", pa.string()),
    ]
)
FLAGS = pa.schema(
    [
        pa.field("source_line", pa.int64(), nullable=False),
        pa.field("column", pa.string(), nullable=False),
        pa.field("raw", pa.string()),
        pa.field("reason", pa.string(), nullable=False),
        pa.field("place", pa.string()),
    ]
)
SOURCE_LINE = pa.field("source_line", pa.int64(), nullable=False)


@dataclass(frozen=True)
class Batch:
    """Part of a delivery.

    `accepted`: `source_line` (the physical line of text on which the record starts, from 1; the row
    of a sheet; elsewhere the record's number) and the file's columns. `quarantined`: records set
    aside, with their lines, their bytes (`byte_start` to `byte_end` of the unpacked file, null where
    records aren't bytes in a row, as in a workbook; `raw` holds them, cut to the limit where
    `raw_cut`) and the reason. `flags`: values nulled or doubted, with their text. `place` is null
    where the line says enough, else a cell ("C12") or a JSON path. `part` names the member of an
    archive that the batch is from, empty where the file is the whole.
    """

    accepted: pa.RecordBatch
    quarantined: pa.RecordBatch
    flags: pa.RecordBatch
    part: str = ""
