"""A table as numbers: each different value one entry, each record one packed row of entries."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from openoda.linkage.comparing import ask_kernel as kernel
from openoda.linkage.comparing.bag_kernel import fill_bags
from openoda.vocabulary.refusals import Misused

Codes = npt.NDArray[np.int32]
MOST_ENTRIES = 1 << 30
_NO_MEMBER = -1


@dataclass(frozen=True)
class Encoded:
    """Records as entries, and what the loop needs of every entry.

    `codes`, shape (records, columns): the entry of each value, -1 for null. `places`: the column of
    each name. `values`: the kernel's, over all entries.
    """

    codes: Codes
    places: dict[str, int]
    values: kernel.Values

    def __len__(self) -> int:
        return len(self.codes)

    def column(self, name: str) -> Codes:
        """One column's entries."""
        return self.codes[:, self.places[name]]

    @property
    def entries(self) -> int:
        """How many entries there are."""
        return len(self.values[1]) - 1


def encoded(table: pa.Table, together: Sequence[frozenset[str]] = ()) -> Encoded:
    """Encode every column of a table.

    Text is compared by its bytes; numbers, days (of dates) and structs of `latitude`, `longitude` by
    their figures; lists by their members (and equal where they hold the same in the same order).
    Columns in one set of `together` share their entries, so that a value of one can be found in
    another. Refuses (Misused) over a billion different values.
    """
    groups = _groups(table.column_names, together)
    codes = np.empty((table.num_rows, table.num_columns), np.int32, order="F")
    places = {name: place for place, name in enumerate(table.column_names)}
    gathered = _Entries()
    for group in groups:
        stacked = pa.chunked_array([chunk for name in group for chunk in table[name].chunks],
                                   table[group[0]].type)  # fmt: skip
        numbers = gathered.add(stacked.combine_chunks())
        for place, name in enumerate(group):
            rows = slice(place * table.num_rows, (place + 1) * table.num_rows)
            codes[:, places[name]] = numbers[rows]
    return Encoded(codes, places, gathered.values())


def _groups(names: Sequence[str], together: Sequence[frozenset[str]]) -> list[list[str]]:
    """The columns in sets that share entries, each once; sets that overlap become one."""
    group = {name: {name} for name in names}
    for joined in together:
        merged = set().union(*(group[name] for name in joined))
        for name in merged:
            group[name] = merged
    seen: set[str] = set()
    found = []
    for name in names:
        if name not in seen:
            found.append([each for each in names if each in group[name]])
            seen |= group[name]
    return found


class _Entries:
    """Entries gathered one set of columns after another."""

    def __init__(self) -> None:
        self._count = self._bytes = self._members = 0
        self._data: list[npt.NDArray[np.uint8]] = []
        self._ends: list[npt.NDArray[np.int64]] = []
        self._figures: list[npt.NDArray[np.float64]] = []
        self._listed: list[npt.NDArray[np.int32]] = []
        self._listed_ends: list[npt.NDArray[np.int64]] = []

    def add(self, column: pa.Array) -> Codes:
        """The entries of a column's values."""
        if pa.types.is_list(column.type):
            return self._add_lists(column)
        if pa.types.is_struct(column.type):
            return self._add_points(column)
        if pa.types.is_floating(column.type):
            column = _numbers_once(column)
        coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
        words, first = coded.dictionary, self._count
        if _is_text(words.type):
            self._grow(len(words), text=words.cast(pa.large_string()))
        else:
            figures = np.zeros((len(words), 2))
            figures[:, 0] = _as_figures(words)
            self._grow(len(words), figures=figures)
        return _shifted(coded.indices, first)

    def _add_points(self, column: pa.Array) -> Codes:
        both = [
            pc.struct_field(column, name).cast(pa.float64()) for name in ("latitude", "longitude")
        ]
        figures = np.column_stack([part.to_numpy(zero_copy_only=False) for part in both])
        present = ~np.isnan(figures).any(axis=1)
        different, codes = np.unique(figures[present], axis=0, return_inverse=True)
        found = np.full(len(column), -1, np.int32)
        found[present] = codes.reshape(-1) + self._count
        self._grow(len(different), figures=different)
        return found

    def _add_lists(self, column: pa.Array) -> Codes:
        """Lists as they stand, with their different members; an empty list is a list, not null."""
        flat = column.flatten().dictionary_encode()
        members = pc.fill_null(flat.indices, _NO_MEMBER).to_numpy(zero_copy_only=False)
        present = column.is_valid().to_numpy(zero_copy_only=False)
        lengths = pc.list_value_length(column.drop_null()).to_numpy(zero_copy_only=False)
        coded = _as_bytes(members.astype(np.int32), lengths).dictionary_encode()
        found = np.full(len(column), -1, np.int32)
        found[present] = coded.indices.to_numpy() + self._count
        self._grow(len(coded.dictionary), lists=_members_of(coded.dictionary))
        return found

    def _grow(
        self,
        count: int,
        text: pa.Array | None = None,
        figures: npt.NDArray[np.float64] | None = None,
        lists: tuple[npt.NDArray[np.int64], Codes] | None = None,
    ) -> None:
        ends = np.full(count, self._bytes, np.int64)
        if text is not None and count:
            offsets = np.frombuffer(text.buffers()[1], np.int64)[text.offset :][: count + 1]
            content = text.buffers()[2]
            data = np.frombuffer(content, np.uint8) if content else np.empty(0, np.uint8)
            self._data.append(data[offsets[0] : offsets[-1]])
            ends = offsets[1:] - offsets[0] + self._bytes
            self._bytes = int(ends[-1])
        self._ends.append(ends)
        self._figures.append(np.zeros((count, 2)) if figures is None else figures)
        sizes, members = lists or (np.zeros(count, np.int64), np.zeros(0, np.int32))
        self._listed_ends.append(np.cumsum(sizes) + self._members)
        self._listed.append(members)
        self._members += int(sizes.sum())
        self._count += count
        if self._count > MOST_ENTRIES:
            raise Misused(
                "The columns of this linkage hold over a billion different values",
                remedy="Link fewer records at a time, or use --engine spark.",
            )

    def values(self) -> kernel.Values:
        """What the loop needs of every entry."""
        data = np.concatenate([*self._data, np.zeros(1, np.uint8)])
        ends = np.concatenate([np.zeros(1, np.int64), *self._ends])
        bags = np.zeros((max(1, self._count), 1), np.uint64)
        fill_bags(data, ends, bags)
        return (
            data,
            ends,
            np.concatenate([np.zeros((0, 2)), *self._figures]).reshape(-1),
            np.concatenate([np.zeros(1, np.int64), *self._listed_ends]),
            np.concatenate([np.zeros(0, np.int32), *self._listed]),
            bags,
        )


def _as_bytes(members: Codes, lengths: npt.NDArray[np.int32]) -> pa.LargeBinaryArray:
    """Lists of numbers as bytes, so that equal ones can be found by hashing."""
    ends = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(4 * lengths.astype(np.int64), out=ends[1:])
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(np.ascontiguousarray(members))]
    return pa.LargeBinaryArray.from_buffers(pa.large_binary(), len(lengths), buffers)


def _members_of(lists: pa.LargeBinaryArray) -> tuple[npt.NDArray[np.int64], Codes]:
    """How many different members each list has, and they, in order; `lists`: as `_as_bytes` has them."""
    _, ends, data = lists.buffers()
    bounds = np.frombuffer(ends, np.int64)[lists.offset :][: len(lists) + 1] // 4
    members = np.frombuffer(data, np.int32) if data else np.zeros(0, np.int32)
    members = members[bounds[0] : bounds[-1]]
    whose = np.repeat(np.arange(len(lists), dtype=np.int64), np.diff(bounds))
    named = members != _NO_MEMBER
    both = np.unique(whose[named] << 32 | members[named])
    sizes = np.bincount(both >> 32, minlength=len(lists)).astype(np.int64)
    return sizes, (both & 0xFFFFFFFF).astype(np.int32)


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _numbers_once(column: pa.Array) -> pa.Array:
    """Nought and minus nought as one number, and everything that is no number as one."""
    return pc.if_else(pc.is_nan(column), pa.scalar(np.nan, column.type), pc.add(column, 0.0))


def _as_figures(words: pa.Array) -> npt.NDArray[np.float64]:
    days = words.cast(pa.date32()).cast(pa.int32()) if pa.types.is_date(words.type) else words
    return np.asarray(days.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False))


def _shifted(indices: pa.Array, first: int) -> Codes:
    codes = pc.fill_null(indices, -1).to_numpy(zero_copy_only=False).astype(np.int32)
    codes[codes >= 0] += first
    return np.asarray(codes)
