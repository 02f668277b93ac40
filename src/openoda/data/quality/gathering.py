"""Columns gathered from batches, kept small: text that repeats is held once."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa

Read = Callable[[Sequence[str]], Iterator[pa.RecordBatch]]
"""Batches of these columns, all of the same rows in the same order each time it is called."""

THREADS = max(1, min(4, os.cpu_count() or 1))
_SLAB_ROWS = 1_000_000
_WORTH_CODING = 0.2
_LARGE_TEXT = 1 << 30


def gather(batches: Iterable[pa.RecordBatch], names: Sequence[str]) -> dict[str, pa.Array]:
    """Each column as one array, shape (rows,); text that repeats comes dictionary-coded."""
    slabs: dict[str, list[pa.Array]] = {name: [] for name in names}
    waiting: list[pa.RecordBatch] = []
    with ThreadPoolExecutor(THREADS) as pool:

        def put_away() -> None:
            table = pa.Table.from_batches(waiting)
            list(pool.map(lambda name: _put_away(table[name], slabs[name]), names))

        for batch in batches:
            waiting.append(batch)
            if sum(one.num_rows for one in waiting) >= _SLAB_ROWS:
                put_away()
                waiting = []
        if waiting:
            put_away()
        return dict(zip(names, pool.map(lambda name: _joined(slabs.pop(name)), names), strict=True))


def _put_away(column: pa.ChunkedArray, kept: list[pa.Array]) -> None:
    whole = column.combine_chunks()
    for chunk in whole.chunks if isinstance(whole, pa.ChunkedArray) else [whole]:
        kept.append(_small(chunk, kept))


def _small(array: pa.Array, before: list[pa.Array]) -> pa.Array:
    """The array coded, if it is text that repeats; once a column isn't worth coding, it stays so."""
    if not is_text(array.type) or (before and not pa.types.is_dictionary(before[-1].type)):
        return array
    coded = array.dictionary_encode()
    worth = len(coded.dictionary) <= _WORTH_CODING * max(len(array), 1)
    return coded if worth or before else array


def _joined(slabs: list[pa.Array]) -> pa.Array:
    if not slabs:
        return pa.nulls(0)
    if sum(slab.nbytes for slab in slabs) > _LARGE_TEXT and pa.types.is_string(slabs[0].type):
        slabs = [slab.cast(pa.large_string()) for slab in slabs]
    return pa.concat_arrays(slabs)


def is_text(kind: pa.DataType) -> bool:
    """Whether a column of this type holds text."""
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))
