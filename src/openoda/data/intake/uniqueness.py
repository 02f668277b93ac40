"""Values met before in one file, in bounded memory.

Each value is held as two 64-bit hashes with random seeds, so that memory doesn't grow with the
length of the text. Numbers, dates and times hash without collisions; for text the chance that any
two of 16 million different values are taken for one is below 10**-23.
"""

import secrets
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from openoda.data.intake.casting import Places, buffers
from openoda.data.intake.compiled import Bytes, FlagRoom, Hashes, Small, Words, compiled
from openoda.data.intake.lexical_kernel import is_absent
from openoda.vocabulary.refusals import DataUnfit

_START = 1 << 16
_ONE, _TWO, _THREE = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB


@compiled
def stir(word: np.uint64) -> np.uint64:
    """Mix 64 bits, one to one (the finaliser of SplitMix64, Steele, Lea and Flood 2014)."""
    word = (word ^ (word >> np.uint64(30))) * np.uint64(_TWO)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(_THREE)
    return word ^ (word >> np.uint64(31))


@compiled
def hash_texts(data: Bytes, offsets: Small, hashes: Hashes) -> None:
    """Mix each text into its row of `hashes` (two words a row)."""
    for row in range(len(hashes)):
        one, two = hashes[row, 0], hashes[row, 1]
        for at in range(offsets[row], offsets[row + 1]):
            byte = np.uint64(data[at])
            one = (one ^ byte) * np.uint64(_ONE)
            one ^= one >> np.uint64(32)
            two = (two + byte + np.uint64(1)) * np.uint64(_TWO)
            two ^= two >> np.uint64(29)
        length = np.uint64(offsets[row + 1] - offsets[row])
        hashes[row, 0], hashes[row, 1] = stir(one ^ length), stir(two + length)


@compiled
def hash_words(words: Words, hashes: Hashes) -> None:
    """Mix each 64-bit word into its row of `hashes`."""
    for row in range(len(hashes)):
        hashes[row, 0] = stir(hashes[row, 0] ^ words[row])
        hashes[row, 1] = stir(hashes[row, 1] + words[row])


@compiled
def remember(table: Hashes, hashes: Hashes, valid: Bytes, seen: FlagRoom) -> int:
    """Add the hashes of valid rows to an open-addressed table; mark in `seen` those there already.

    Returns how many were new. The table has a power of two of rows; a row of zeros is free.
    """
    mask = np.uint64(len(table) - 1)
    new = 0
    for row in range(len(hashes)):
        if is_absent(valid, row):
            continue
        one, two = hashes[row, 0], hashes[row, 1]
        if one == 0:
            one = np.uint64(1)
        slot = one & mask
        while table[slot, 0] != 0 and not (table[slot, 0] == one and table[slot, 1] == two):
            slot = (slot + np.uint64(1)) & mask
        seen[row] = table[slot, 0] != 0
        if not seen[row]:
            table[slot, 0], table[slot, 1] = one, two
            new += 1
    return new


class SeenValues:
    """The values of one column (or key of several) met so far in a file.

    Refuses (`DataUnfit`) once more than `limit` different values would have to be held.
    """

    def __init__(self, name: str, limit: int) -> None:
        self._name = name
        self._limit = limit
        self._count = 0
        self._table: Hashes = np.zeros((_START, 2), dtype=np.uint64)
        self._seeds = [secrets.randbits(64), secrets.randbits(64)]

    def repeats(self, columns: list[pa.Array]) -> Places:
        """Places in these columns whose values, none of them null, were met before."""
        rows = len(columns[0])
        hashes = np.empty((rows, 2), dtype=np.uint64)
        hashes[:] = np.array(self._seeds, dtype=np.uint64)
        present = np.ones(rows, dtype=bool)
        for column in columns:
            _mix(column, hashes)
            present &= pc.is_valid(column).to_numpy(zero_copy_only=False)
        self._make_room(rows)
        seen = np.zeros(rows, dtype=bool)
        valid = np.packbits(present, bitorder="little")
        valid.flags.writeable = False
        self._count += int(remember(self._table, hashes, valid, seen))
        return np.flatnonzero(seen)

    def _make_room(self, rows: int) -> None:
        if self._count > self._limit:
            raise DataUnfit(
                f"{self._name} has over {self._limit:,} different values, too many to check that "
                "each is unique in bounded memory",
                remedy="Take the unique constraint or primary key out of the schema, or raise the "
                "limit unique_values.",
            )
        size = len(self._table)
        while size < 2 * (self._count + rows):
            size *= 2
        if size == len(self._table):
            return
        old = self._table[self._table[:, 0] != 0]
        self._table = np.zeros((size, 2), dtype=np.uint64)
        everyone = np.empty(0, dtype=np.uint8)
        everyone.flags.writeable = False
        remember(self._table, old, everyone, np.empty(len(old), dtype=bool))


def _mix(column: pa.Array, hashes: Hashes) -> None:
    if pa.types.is_string(column.type):
        data, offsets, _ = buffers(column)
        hash_texts(data, offsets, hashes)
        return
    hash_words(_words(column), hashes)


def _words(column: pa.Array) -> Words:
    """The values as 64-bit words, equal for equal values."""
    if pa.types.is_boolean(column.type) or pa.types.is_int32(column.type):
        column = column.cast(pa.int64())
    elif pa.types.is_date32(column.type):
        column = column.view(pa.int32()).cast(pa.int64())
    elif pa.types.is_float64(column.type):
        column = pc.add(column, 0.0)  # minus nought is nought
    else:
        column = column.view(pa.int64())
    words: Any = pc.fill_null(column, 0).to_numpy(zero_copy_only=False)
    hashes: Words = words.copy().view(np.uint64)
    return hashes
