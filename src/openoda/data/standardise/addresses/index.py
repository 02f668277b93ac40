"""The gazetteer's inverted index, and the candidates it gives for each address."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from openoda.data.standardise.addresses import index_kernel as kernel
from openoda.data.standardise.addresses.records import Records
from openoda.data.standardise.addresses.tokens import WORKERS
from openoda.data.standardise.addresses.vocabulary import Vocabulary
from openoda.data.standardise.addresses.words import Mark

MOST_CANDIDATES = 12
MOST_ROWS_OF_A_KEY = 400
ROWS_AT_ONCE = 20_000
KEYS_OF_A_WORD = 9

Ints = npt.NDArray[np.int32]
Near = tuple[Ints, Ints, Ints, npt.NDArray[np.int64]]


@dataclass(frozen=True)
class Index:
    """Keys in slots, and the gazetteer's rows of each; see `index_kernel`."""

    slots: npt.NDArray[np.int64]
    owners: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int32]
    rows: npt.NDArray[np.int32]
    size: int

    @property
    def arrays(self) -> tuple[npt.NDArray[np.int64], Ints, Ints, Ints]:
        """The form in which kernels take it."""
        return self.slots, self.owners, self.starts, self.rows


def indexed(gazetteer: Records, vocabulary: Vocabulary) -> Index:
    """The index of the gazetteer's records."""
    nothing = nothing_near(len(vocabulary), len(gazetteer))
    stop = stop_words(vocabulary)
    bounds = _bounds(len(gazetteer))
    with ThreadPoolExecutor(WORKERS) as pool:
        pieces = list(pool.map(lambda b: _keys(gazetteer, stop, nothing, b), bounds))
    keys = np.concatenate([piece[0] for piece in pieces])
    rows = np.concatenate([piece[1] for piece in pieces])
    order = np.argsort(keys, kind="stable")
    keys, rows = keys[order], rows[order]
    fresh = np.ones(len(keys), bool)
    fresh[1:] = (keys[1:] != keys[:-1]) | (rows[1:] != rows[:-1])
    keys, rows = keys[fresh], rows[fresh]
    first = np.flatnonzero(np.append(True, keys[1:] != keys[:-1]) if len(keys) else keys)
    room = 1 << max(4, int(2 * len(first)).bit_length())
    slots, owners = np.zeros(room, np.int64), np.zeros(room, np.int32)
    kernel.place_keys(keys[first], slots, owners)
    starts = np.append(first, len(keys)).astype(np.int32)
    return Index(slots, owners, starts, rows, len(gazetteer))


def candidate_pairs(
    addresses: Records, index: Index, near: Near, vocabulary: Vocabulary, bounds: tuple[int, int]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """The pairs worth comparing for the addresses within bounds: their rows, the gazetteer's rows."""
    n = bounds[1] - bounds[0]
    found, ends = np.empty(n * MOST_CANDIDATES, np.int32), np.empty(n, np.int32)
    total = kernel.candidates(
        addresses.arrays, bounds, (stop_words(vocabulary), near), index.arrays, (found, ends),
        (index.size, MOST_ROWS_OF_A_KEY, MOST_CANDIDATES),
    )  # fmt: skip
    counts = np.diff(ends, prepend=np.int32(0))
    mine = np.repeat(np.arange(*bounds, dtype=np.int32), counts)
    return mine, found[:total].copy()


def nothing_near(words: int, rows: int) -> Near:
    """No near words and no near postcodes, for so many words and rows."""
    return (np.zeros(words + 1, np.int32), np.zeros(0, np.int32), np.zeros(rows + 1, np.int32),
            np.zeros(0, np.int64))  # fmt: skip


def stop_words(vocabulary: Vocabulary) -> npt.NDArray[np.uint8]:
    """1 for words too common to search by alone: street types and links."""
    common = int(Mark.STRONG_STREET | Mark.LINK | Mark.NUMBER | Mark.DIRECTION)
    return np.asarray(vocabulary.marks & common != 0, np.uint8)


def _bounds(rows: int) -> list[tuple[int, int]]:
    return [(at, min(at + ROWS_AT_ONCE, rows)) for at in range(0, rows, ROWS_AT_ONCE)]


def _keys(
    records: Records, stop: npt.NDArray[np.uint8], near: Near, bounds: tuple[int, int]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    words = int(records.rows[bounds[1]] - records.rows[bounds[0]])
    room = KEYS_OF_A_WORD * words + 2 * (bounds[1] - bounds[0])
    out = np.empty(room, np.int64), np.empty(room, np.int32)
    count = kernel.all_keys(records.arrays, stop, near, bounds, out)
    return out[0][:count], out[1][:count]
