"""The whole city, block after block, into a sink; and a hash of what it holds, whatever holds it."""

import hashlib
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from openoda.data.synthetic.city.block import Tables, make_block
from openoda.data.synthetic.city.scale import LEAST_PEOPLE, MOST_PEOPLE, blocks_of
from openoda.vocabulary.progress import Progress, Step, silent
from openoda.vocabulary.refusals import Misused

AT_ONCE = 2
"""Blocks under way at once; one takes about 70 MB while it is made."""


class Sink(Protocol):
    """Where tables go. Batches of one table come in the order of the blocks."""

    def write(self, table: str, batch: pa.RecordBatch) -> None:
        """Take the next batch of a table."""


@dataclass(frozen=True)
class Held:
    """What a table holds: its rows, and the SHA-256 of its values (see `Contents`)."""

    rows: int
    content_sha256: str


class Contents:
    """A hash of a table's values that no file format enters, so that any version can compare it.

    Over the batches in order and the columns in order: name and type, a byte for each row that says
    whether there is a value, then the values: text as lengths (int32) and UTF-8, others as they lie
    in memory (little-endian), missing ones as zero.
    """

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._rows = 0

    def add(self, batch: pa.RecordBatch) -> None:
        """Hash the next batch."""
        self._rows += batch.num_rows
        for field, column in zip(batch.schema, batch.columns, strict=True):
            self._hash.update(f"{field.name}:{field.type};".encode())
            self._hash.update(pc.cast(column.is_valid(), pa.uint8()).to_numpy().tobytes())
            if pa.types.is_string(field.type):
                lengths = pc.fill_null(pc.binary_length(column), 0)
                self._hash.update(lengths.to_numpy().astype("<i4").tobytes())
                self._hash.update(_text(column))
            else:
                self._hash.update(_values(column))

    def held(self) -> Held:
        """Rows and hash so far."""
        return Held(self._rows, self._hash.hexdigest())


def _text(column: pa.Array) -> Any:
    """The bytes of all texts, one after the other."""
    whole = pa.concat_arrays([pc.fill_null(column, "")])
    return whole.buffers()[2] or b""


def _values(column: pa.Array) -> bytes:
    kind = column.type
    if pa.types.is_date32(kind):
        column = column.cast(pa.int32())
    elif pa.types.is_boolean(kind):
        column = column.cast(pa.uint8())
    values = pc.fill_null(column, 0).to_numpy()
    return bytes(values.astype(values.dtype.newbyteorder("<")).tobytes())


def make_city(people: int, seed: int, sink: Sink, progress: Progress = silent) -> dict[str, Held]:
    """Make a city of so many people (10,000 to 10,000,000) and write its tables to the sink.

    Memory is bounded by the blocks under way, whatever the number of people. The answer says what
    each table holds. Raises Misused for another number of people.
    """
    if not LEAST_PEOPLE <= people <= MOST_PEOPLE:
        raise Misused(
            f"A city has {LEAST_PEOPLE:,} to {MOST_PEOPLE:,} people, not {people:,}",
            where="--people",
            remedy="Give a number in between.",
        )
    contents: dict[str, Contents] = {}
    done = 0
    for size, tables in _blocks(people, seed):
        for name in sorted(tables):
            contents.setdefault(name, Contents()).add(tables[name])
            sink.write(name, tables[name])
        done += size
        progress(Step("Making the synthetic city", done, people))
    return {name: each.held() for name, each in contents.items()}


def _blocks(people: int, seed: int) -> Iterator[tuple[int, Tables]]:
    """Each block's size and tables, in order; the next is made while one is written."""
    sizes = blocks_of(people)
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="city") as pool:
        waiting: list[tuple[int, Future[Tables]]] = []
        for number, size in sizes:
            waiting.append((size, pool.submit(make_block, seed, number, size)))
            if len(waiting) == AT_ONCE:
                yield _first(waiting)
        while waiting:
            yield _first(waiting)


def _first(waiting: list[tuple[int, Future[Tables]]]) -> tuple[int, Tables]:
    size, future = waiting.pop(0)
    return size, future.result()
