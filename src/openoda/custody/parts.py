"""Writing a part: a Parquet file whose bytes depend on its rows alone, hashed as it is written."""

import hashlib
import io
import os
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from openoda.custody.snapshots import Part
from openoda.vocabulary.refusals import SchemaInvalid

_CELLS_IN_A_GROUP = 4 << 20
_ROWS_IN_A_GROUP = (8_192, 131_072)
_WRITING: dict[str, Any] = {
    # zstd 1 takes the time of snappy at two thirds of its size on text; a small dictionary limit
    # stops columns of distinct values from being encoded twice (half the time of the default).
    "compression": "zstd",
    "compression_level": 1,
    "dictionary_pagesize_limit": 1 << 16,
    "write_page_checksum": True,
}


# One thread for all parts: each thread keeps what it once needed, and a city has 27 parts open.
_ENCODER = ThreadPoolExecutor(1, thread_name_prefix="vault")


@dataclass(frozen=True)
class Staged:
    """A finished part, on disk in a staging folder, and what it will be in the vault."""

    path: Path
    part: Part


class PartWriter:
    """One part under way in a staging folder. The first batch fixes its schema.

    Rows are regrouped, so that the same rows give the same file however they arrive in batches. A
    group is encoded while the next one is gathered: at most two are in memory.
    """

    def __init__(self, name: str, path: Path, schema: pa.Schema) -> None:
        self.name = name
        self.path = path
        self._schema = schema
        self._sink = _HashingFile(path)
        self._parquet = pq.ParquetWriter(self._sink, schema, **_WRITING)
        self._waiting: list[pa.RecordBatch] = []
        self._rows_waiting = 0
        self._rows = 0
        self._group = _rows_in_a_group(schema)
        self._encoding: Future[None] | None = None

    def write(self, batch: pa.RecordBatch) -> None:
        """Add a batch. Raises `SchemaInvalid` where its schema isn't the part's."""
        if not batch.schema.equals(self._schema):
            raise SchemaInvalid(
                f"A batch of the part '{self.name}' has other columns or types than its first",
                where=f"columns {', '.join(batch.schema.names)}",
                remedy="Give every batch of a part the same columns, in the same order, of the "
                "same types.",
            )
        self._waiting.append(batch)
        self._rows_waiting += batch.num_rows
        while self._rows_waiting >= self._group:
            self._write_group(self._group)

    def finish(self) -> Staged:
        """Write what is left, wait for the disk, and say what was written."""
        if self._rows_waiting:
            self._write_group(self._rows_waiting)
        self._await_encoder()
        self._parquet.close()
        self._sink.sync()
        self.abandon()
        return Staged(self.path, Part(self._sink.sha256, self._rows, self._sink.size))

    def abandon(self) -> None:
        """Close the file, whole or not."""
        if self._encoding:
            wait([self._encoding])
        self._sink.discard()
        self._parquet.close()  # else it would write its footer when it is garbage
        self._sink.close()

    def _write_group(self, rows: int) -> None:
        waiting = pa.Table.from_batches(self._waiting, self._schema)
        self._await_encoder()
        self._encoding = _ENCODER.submit(self._encode, waiting.slice(0, rows))
        self._waiting = waiting.slice(rows).to_batches()
        self._rows_waiting -= rows
        self._rows += rows

    def _encode(self, group: pa.Table) -> None:
        # One chunk a column: page boundaries would otherwise follow the batches' own.
        self._parquet.write_table(group.combine_chunks(), row_group_size=group.num_rows)

    def _await_encoder(self) -> None:
        """Wait for the group being encoded, and raise what it raised."""
        if self._encoding:
            self._encoding.result()


class _HashingFile(io.RawIOBase):
    """A new file that hashes what is written to it, so that no second pass is needed."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("xb")
        self._state = hashlib.sha256()
        self._discarding = False
        self.size = 0

    @property
    def sha256(self) -> str:
        return self._state.hexdigest()

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        if self._discarding:
            return len(content)
        self._file.write(content)
        self._state.update(content)
        self.size += len(content)
        return len(content)

    def tell(self) -> int:
        return self.size

    def sync(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())

    def discard(self) -> None:
        self._discarding = True

    def close(self) -> None:
        self._file.close()
        super().close()


def _rows_in_a_group(schema: pa.Schema) -> int:
    least, most = _ROWS_IN_A_GROUP
    return max(least, min(most, _CELLS_IN_A_GROUP // max(1, len(schema))))
