"""Addresses as records to compare: number, flat, postcode and a bag of words each."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from openoda.data.standardise.addresses import record_kernel as kernel
from openoda.data.standardise.addresses.flat_order import put_order
from openoda.data.standardise.addresses.labelled import Labelled
from openoda.data.standardise.addresses.vocabulary import Vocabulary

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Numbers = tuple[Ints, Ints, Ints, Ints, Ints, Ints]
Codes = tuple[Longs, Longs, Longs]
Bags = tuple[Ints, npt.NDArray[np.uint8], Ints]


@dataclass(frozen=True)
class Records:
    """One record a row.

    `numbers`: low and high of the house number's range, its letter, the flat's number or letter,
    whether it is more than a floor, its place in the building (int32; see `record_kernel`). `codes`:
    what tells the flat apart, the postcode's code and its signs (int64; 0 where absent). The words of
    row r are `words[rows[r]:rows[r + 1]]`, each with its role of `record_kernel`.
    """

    numbers: Numbers
    codes: Codes
    words: npt.NDArray[np.int32]
    roles: npt.NDArray[np.uint8]
    rows: npt.NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.rows) - 1

    @property
    def arrays(self) -> tuple[Numbers, Codes, Bags]:
        """The form in which kernels take them."""
        return self.numbers, self.codes, (self.words, self.roles, self.rows)


def summarised(addresses: Labelled, vocabulary: Vocabulary) -> Records:
    """The records of labelled addresses."""
    n, tokens = len(addresses), len(addresses.ids)
    low, high, flat = (np.full(n, -1, np.int32) for _ in range(3))
    letter, hard, order = (np.zeros(n, np.int32) for _ in range(3))
    numbers = (low, high, letter, flat, hard, order)
    codes = (np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n, np.int64))
    bag = (np.empty(tokens, np.int32), np.empty(tokens, np.uint8), np.empty(n + 1, np.int32))
    meanings = (
        vocabulary.marks, vocabulary.values, vocabulary.suffixes, vocabulary.codes,
        vocabulary.written, vocabulary.lengths, vocabulary.storeys,
    )  # fmt: skip
    count = kernel.summarise_rows(
        (addresses.ids, addresses.labels, addresses.flags),
        addresses.rows, meanings, (numbers, codes), bag,
    )  # fmt: skip
    _put_letters(numbers[kernel.SUFFIX], -1, 0, vocabulary)
    _put_letters(numbers[kernel.FLAT_VALUE], -2, kernel.LETTER_FROM, vocabulary)
    put_order(numbers)
    return Records(numbers, codes, bag[0][:count].copy(), bag[1][:count].copy(), bag[2])


def _put_letters(
    column: npt.NDArray[np.int32], first: int, base: int, vocabulary: Vocabulary
) -> None:
    """Put capitals' codes where words' numbers came counted downwards from `first`."""
    for at in np.flatnonzero(column < min(first + 1, -1 + (first == -1))):
        column[at] = base + ord(vocabulary.words[first - int(column[at])])
