"""Addresses as labelled tokens: the form in which they are compared and written out."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from openoda.data.standardise.addresses import parse_kernel
from openoda.data.standardise.addresses.place_kernel import HASH_STEP, POSTCODE
from openoda.data.standardise.addresses.token_kernel import HYPHEN, SLASH
from openoda.data.standardise.addresses.tokens import WORKERS, Tokens, tokenised
from openoda.data.standardise.addresses.vocabulary import Vocabulary
from openoda.data.standardise.addresses.words import COUNTIES, POST_TOWNS, Mark

ROWS_AT_ONCE = 100_000
SIDES = ("NORTH", "EAST", "SOUTH", "WEST")
LEAST_OF_RANGE, MOST_STEP = 10, 10  # a stroke makes a range between numbers such as these


@dataclass(frozen=True)
class Labelled:
    """Tokens in full (`ids`), each with the label of the part it belongs to, row by row.

    Labels are those of `place_kernel`. Row r's tokens stand from `rows[r]` to `rows[r + 1]`;
    `flags` are the signs before each token, as in `Tokens`.
    """

    ids: npt.NDArray[np.int32]
    labels: npt.NDArray[np.uint8]
    flags: npt.NDArray[np.uint8]
    rows: npt.NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.rows) - 1


def hashed(phrases: tuple[str, ...] | set[str], vocabulary: Vocabulary) -> npt.NDArray[np.int64]:
    """The phrases as sorted hashes of their words in full, as `place_kernel.phrase_before` asks."""
    found = set()
    for phrase in phrases:
        code = 0
        for word in vocabulary.phrase(phrase):
            code = code * HASH_STEP + word + 1
        found.add((code + 2**63) % 2**64 - 2**63)  # as 64 bits wrap
    return np.array(sorted(found), np.int64)


def labelled(
    text: pa.StringArray, vocabulary: Vocabulary, towns: frozenset[str] = frozenset()
) -> Labelled:
    """Each row's tokens with their parts. `towns` are known besides the post towns."""
    tokens = tokenised(text, vocabulary)
    lexicon = (
        hashed(COUNTIES, vocabulary),
        hashed({*POST_TOWNS, *towns}, vocabulary),
        _settled(vocabulary),
    )
    full = vocabulary.full[tokens.ids]
    stream = (full, vocabulary.marks[tokens.ids], _with_ranges(tokens, vocabulary))
    ids, labels = full.copy(), np.empty(len(full), np.uint8)
    flags = tokens.flags.copy()

    def label(at: int) -> None:
        rows = tokens.rows[at : at + ROWS_AT_ONCE + 1]
        parse_kernel.label_rows(stream, rows, lexicon, (ids, labels, flags))

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(label, range(0, len(tokens), ROWS_AT_ONCE)))
    ordinal = (labels == POSTCODE) & (stream[1] & int(Mark.INWARD) != 0)
    ids[ordinal] = tokens.ids[ordinal]
    return Labelled(ids, labels, flags, tokens.rows)


def _with_ranges(tokens: Tokens, vocabulary: Vocabulary) -> npt.NDArray[np.uint8]:
    """The flags, with a dash for the stroke of a range of houses: 111/113, but not 12/2."""
    values = vocabulary.values[tokens.ids]
    step = np.diff(values, prepend=values[:1])
    pair = (tokens.flags & SLASH != 0) & (step > 0) & (step <= MOST_STEP)
    pair &= values - step >= LEAST_OF_RANGE
    flags = tokens.flags.copy()
    flags[pair] = flags[pair] & ~np.uint8(SLASH) | HYPHEN
    return flags


def _settled(vocabulary: Vocabulary) -> npt.NDArray[np.int32]:
    places = [vocabulary.id(word) for word in ("STREET", "LANE", "FLAT", "UNIT", "F")]
    marks = vocabulary.marks
    pairs = [(place, marks[place]) for place in places[:-1]]
    sides = [(vocabulary.id(word[0]), vocabulary.id(word)) for word in SIDES]
    marks = vocabulary.marks
    settled = [number for pair in pairs for number in pair] + [places[-1]]
    return np.array(
        settled + [each for letter, side in sides for each in (letter, side, marks[side])], np.int32
    )


__all__ = ["Labelled", "Tokens", "hashed", "labelled"]
