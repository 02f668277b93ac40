"""Records' keys: a source's name and the record's id there, as one text."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from openoda.linkage.ledger.events import Numbers
from openoda.linkage.ledger.key_kernel import EMPTY, enter_keys, find_keys
from openoda.linkage.ledger.rows import Rows
from openoda.vocabulary.refusals import Misused

Pair = tuple[str, str]


@dataclass(frozen=True, eq=False, repr=False)  # keys stay out of whatever prints it
class RecordKeys:
    """Keys of records, one a row: `source` and `record`, text columns of equal length."""

    source: pa.Array
    record: pa.Array

    def __post_init__(self) -> None:
        for name in ("source", "record"):
            object.__setattr__(self, name, _texts(name, getattr(self, name)))
        if len(self.source) != len(self.record):
            raise Misused(
                f"{len(self.source):,} sources and {len(self.record):,} record ids were given",
                remedy="Give each record its source and its id.",
            )

    def __len__(self) -> int:
        return len(self.record)

    @classmethod
    def of_one_source(cls, source: str, record: pa.Array | pa.ChunkedArray) -> "RecordKeys":
        """Keys of records of one source."""
        return cls(pa.repeat(pa.scalar(source, pa.string()), len(record)), record)

    @classmethod
    def of(cls, pairs: Iterable[Pair]) -> "RecordKeys":
        """Keys from pairs of source and record id."""
        both = list(pairs)
        return cls(
            pa.array([source for source, _ in both], pa.string()),
            pa.array([record for _, record in both], pa.string()),
        )


class KeyTable:
    """Texts numbered in the order in which they came, found again by a hash of their bytes."""

    def __init__(self) -> None:
        self._data = Rows(np.uint8)
        self._offsets = Rows(np.int64)
        self._offsets.extend_with(0, 1)
        self._slots = np.full(16, EMPTY, np.int32)

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def extend(self, texts: pa.Array) -> int:
        """Number texts on from those that are there; how many were there already."""
        first = len(self)
        data, offsets = _bytes_of(texts)
        self._offsets.extend(offsets[1:] + len(self._data))
        self._data.extend(data)
        if len(self) * 2 > len(self._slots):
            room = 1 << (4 * len(self) - 1).bit_length()
            self._slots, first = np.full(room, EMPTY, np.int32), 0
        return enter_keys(self._data.all, self._offsets.all, first, len(self), self._slots)

    def find(self, texts: pa.Array) -> Numbers:
        """The number of each text, shape (n,); -1 where it isn't there."""
        found = np.empty(len(texts), np.int32)
        find_keys(self._data.all, self._offsets.all, self._slots, *_bytes_of(texts), found)
        return found

    def texts(self) -> pa.Array:
        """All texts, in the order of their numbers."""
        buffers = [None, pa.py_buffer(self._offsets.all), pa.py_buffer(self._data.all)]
        return pa.Array.from_buffers(pa.large_string(), len(self), buffers)


class KeyIndex:
    """Every key ever seen, in the order of the records' numbers; a key is never forgotten."""

    def __init__(self) -> None:
        self.sources: list[str] = []
        self.table = KeyTable()

    def __len__(self) -> int:
        return len(self.table)

    def extend(self, sources: Iterable[str], keys: pa.Array) -> None:
        """Add sources, and keys as `joined` makes them."""
        self.sources.extend(sources)
        if len(keys):
            self.table.extend(keys)

    def joined(self, keys: RecordKeys) -> tuple[pa.Array, tuple[str, ...]]:
        """Keys as they are kept (the source's number, a colon, the record's id), and new sources."""
        used = pc.dictionary_encode(keys.source)
        names = used.dictionary.to_pylist()
        known = set(self.sources)
        fresh = tuple(name for name in names if name not in known)
        place = {name: number for number, name in enumerate((*self.sources, *fresh))}
        prefixes = pa.array([str(place[name]) for name in names], pa.string())
        return pc.binary_join_element_wise(prefixes.take(used.indices), keys.record, ":"), fresh

    def numbers(self, joined: pa.Array) -> Numbers:
        """The number of each key, shape (n,); -1 where it was never seen."""
        return self.table.find(joined)

    def pairs(self, records: Numbers) -> list[Pair]:
        """Sources and record ids of records by number."""
        sources, ids = self.columns(records)
        return list(zip(sources.to_pylist(), ids.to_pylist(), strict=True))

    def columns(self, records: Numbers) -> tuple[pa.Array, pa.Array]:
        """The same as two columns."""
        split = pc.split_pattern(self.table.texts().take(pa.array(records)), ":", max_splits=1)
        numbers = pc.list_element(split, 0).cast(pa.int32())
        ids = pc.list_element(split, 1).cast(pa.string())
        return pa.array(self.sources, pa.string()).take(numbers), ids


def _bytes_of(texts: pa.Array) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """The texts' bytes, and where each begins and ends, shape (n + 1,)."""
    large = texts.cast(pa.large_string())
    _, ends, data = large.buffers()
    offsets = np.zeros(1, np.int64)
    if len(large):
        offsets = np.frombuffer(ends, np.int64)[large.offset : large.offset + len(large) + 1]
    plain = np.frombuffer(data, np.uint8) if data and data.size else np.zeros(0, np.uint8)
    return plain[offsets[0] : offsets[-1]], offsets - offsets[0]


def _texts(name: str, column: pa.Array | pa.ChunkedArray) -> pa.Array:
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if whole.null_count:
        raise Misused(
            f"{whole.null_count:,} records have no key",
            where=f"column {name}",
            remedy="Give every record a source and an id that stays the same.",
        )
    return whole if whole.type == pa.string() else pc.cast(whole, pa.string())
