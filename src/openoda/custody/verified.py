"""Reading a file of the vault so that the bytes parsed are the very bytes whose hash was checked.

A small file is read into memory, checked and parsed there. A large one is hashed in one pass, the
hash's state at each block's start being kept; each block parsed later must lead from its state to
the next one, so what changes on the disk between check and use is noticed, at one block's memory.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from openoda.custody.audit import Reading
from openoda.custody.blocks import VerifiedBlocks
from openoda.custody.damage import damaged, unreadable_said
from openoda.vocabulary.refusals import Misused

IN_MEMORY_BYTES = 64 << 20
_BATCH_ROWS = 65_536


def part_batches(
    reading: Reading, path: Path, sha256: str, columns: Sequence[str] | None = None
) -> Iterator[pa.RecordBatch]:
    """The batches of a Parquet file, of `columns` (all where None), counted in the reading's log.

    An empty file gives one empty batch, for its schema. Memory is bounded by one row group. Raises
    `VaultDamaged` where the file is missing or not what was written, `Misused` for a column that
    doesn't exist.
    """
    reading.outcome["rows"] = 0
    with _parquet(reading, path, sha256) as parquet:
        chosen = _must_exist(columns, parquet.schema_arrow.names, path)
        for batch in parquet.iter_batches(batch_size=_BATCH_ROWS, columns=chosen):
            reading.outcome["rows"] += batch.num_rows
            yield batch
        if not parquet.metadata.num_rows:
            schema = parquet.read(columns=chosen).schema
            yield pa.RecordBatch.from_pylist([], schema=schema)


def part_table(
    reading: Reading, path: Path, sha256: str, columns: Sequence[str] | None = None
) -> pa.Table:
    """The whole of a Parquet file as one table; else as `part_batches`."""
    with _parquet(reading, path, sha256) as parquet:
        chosen = _must_exist(columns, parquet.schema_arrow.names, path)
        table = parquet.read(columns=chosen)
    reading.outcome["rows"] = table.num_rows
    return table


@contextmanager
def _parquet(reading: Reading, path: Path, sha256: str) -> Iterator[pq.ParquetFile]:
    """The checked file, open. What Parquet itself complains of is damage too."""
    with ExitStack() as stack:
        source = _checked_source(stack, reading, path, sha256)
        try:
            yield pq.ParquetFile(source, page_checksum_verification=True, pre_buffer=False)
        except (pa.ArrowInvalid, OSError) as error:
            raise damaged(path, f"can't be parsed ({type(error).__name__})") from error


def _checked_source(stack: ExitStack, reading: Reading, path: Path, sha256: str) -> pa.NativeFile:
    with unreadable_said(path):
        handle = stack.enter_context(path.open("rb"))
    if path.stat().st_size > IN_MEMORY_BYTES:
        return pa.PythonFile(VerifiedBlocks(reading, handle, path, sha256), mode="r")
    content = handle.read()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise damaged(path, "isn't what was written")
    return pa.BufferReader(content)


def _must_exist(
    columns: Sequence[str] | None, names: Sequence[str], path: Path
) -> list[str] | None:
    unknown = [name for name in columns or () if name not in names]
    if unknown:
        raise Misused(
            f"No such column: {', '.join(unknown)}",
            where=path.name,
            remedy=f"Choose among: {', '.join(names)}.",
        )
    return None if columns is None else list(columns)
