"""Small tables as profiling reads them: batches of any columns, with a file and a line for each row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa

from openoda.data.quality.gathering import Read
from openoda.data.quality.profiling import Profile, Source, profile

FILE = "cases.csv"


def reader(columns: dict[str, Any], each: int = 2) -> Read:
    """Read a table given by its columns, `each` rows a batch; lines count from 2, after a header."""
    table = pa.table(columns)
    files = pa.DictionaryArray.from_arrays(pa.array([0] * table.num_rows, pa.int32()), [FILE])
    lines = pa.array(range(2, table.num_rows + 2), pa.int64())
    whole = table.append_column("source_file", files).append_column("source_line", lines)

    def read(names: Sequence[str]) -> Iterator[pa.RecordBatch]:
        batches = whole.select(list(names)).to_batches(max_chunksize=each)
        yield from batches or [pa.RecordBatch.from_pylist([], schema=whole.select(names).schema)]

    return read


def profiled(each: int = 2, **columns: Any) -> Profile:
    """Profile a table given by its columns."""
    table = pa.table(columns)
    return profile(Source(reader(columns, each), table.num_rows, tuple(columns)))


def lines_of(found: Profile, code: str, column: str = "") -> list[int]:
    """The lines of an issue, empty where there is none."""
    wanted = (column,) if column else ()
    return [
        place.line
        for one in found.issues
        if one.code == code and (not wanted or one.columns == wanted)
        for place in one.places
    ]
