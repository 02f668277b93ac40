"""Every address with its candidates' evidence, in pieces; the model is learned from a sample of them."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from openoda.data.standardise.addresses import compare_kernel
from openoda.data.standardise.addresses.chance import chance_levels
from openoda.data.standardise.addresses.evidence_model import Model, learned
from openoda.data.standardise.addresses.flat_order import settle_last
from openoda.data.standardise.addresses.index import Index, Near, candidate_pairs, indexed
from openoda.data.standardise.addresses.near_codes import mend_spaces, near_codes
from openoda.data.standardise.addresses.near_words import near_words
from openoda.data.standardise.addresses.records import Records
from openoda.data.standardise.addresses.tokens import WORKERS
from openoda.data.standardise.addresses.vocabulary import Vocabulary

LEARNED_FROM = 10_000
ROWS_AT_ONCE = 5_000


@dataclass(frozen=True)
class Pairs:
    """Pairs of rows (an address's, the gazetteer's) and their evidence; address by address.

    `starts`: where each address's pairs begin.
    """

    mine: npt.NDArray[np.int32]
    theirs: npt.NDArray[np.int32]
    evidence: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int64]


class Comparison:
    """Addresses beside a gazetteer, ready to be compared."""

    def __init__(self, addresses: Records, gazetteer: Records, vocabulary: Vocabulary) -> None:
        self.addresses, self.gazetteer = addresses, gazetteer
        self._vocabulary = vocabulary
        self._index: Index = indexed(gazetteer, vocabulary)
        mend_spaces(addresses)
        settle_last(gazetteer.numbers, gazetteer.codes, word_hashes(gazetteer))
        self._near: Near = (
            *near_words(np.unique(addresses.words), np.unique(gazetteer.words), vocabulary),
            *near_codes(addresses, gazetteer),
        )
        weights = word_weights(gazetteer, len(vocabulary))
        self._words = (self._near, weights, *vocabulary.spelling())

    def pairs(self, bounds: tuple[int, int]) -> Pairs:
        """The pairs of the addresses within bounds. An address without a candidate has none."""
        mine, theirs = candidate_pairs(
            self.addresses, self._index, self._near, self._vocabulary, bounds
        )
        evidence = np.zeros((len(mine), compare_kernel.WIDTH), np.int32)
        compare_kernel.compare_rows(
            self.addresses.arrays, self.gazetteer.arrays, (mine, theirs),
            self._words, evidence,
        )  # fmt: skip
        fresh = np.ones(len(mine), bool)
        fresh[1:] = mine[1:] != mine[:-1]
        return Pairs(mine, theirs, evidence, np.flatnonzero(fresh))

    def learned_model(self) -> Model:
        """The model, from the pairs of addresses spread evenly over the run."""
        chance = chance_levels(self.addresses, self.gazetteer)
        size = min(ROWS_AT_ONCE, len(self.addresses))
        pieces = max(1, LEARNED_FROM // ROWS_AT_ONCE)
        firsts = np.unique(np.linspace(0, len(self.addresses) - size, pieces).astype(int))
        found = [self.pairs((int(at), int(at) + size)) for at in firsts]
        shift = np.cumsum([0, *(len(each.mine) for each in found[:-1])])
        starts = np.concatenate([each.starts + at for each, at in zip(found, shift, strict=True)])
        return learned(np.concatenate([each.evidence for each in found]), starts, chance)

    def pieces(self) -> Iterator[tuple[tuple[int, int], Pairs]]:
        """All addresses in order, a piece at a time, the next one under way."""
        bounds = [
            (at, min(at + ROWS_AT_ONCE, len(self.addresses)))
            for at in range(0, len(self.addresses), ROWS_AT_ONCE)
        ]
        with ThreadPoolExecutor(WORKERS) as pool:
            for at in range(0, len(bounds), WORKERS):
                some = bounds[at : at + WORKERS]
                yield from zip(some, pool.map(self.pairs, some), strict=True)


def word_hashes(records: Records) -> npt.NDArray[np.int64]:
    """A hash of each row's words in any order; 0 for rows without words."""
    mixed = (records.words.astype(np.int64) + 7) * 2_654_435_761 % 1_000_000_007
    sums = np.concatenate([np.zeros(1, np.int64), np.cumsum(mixed)])
    return np.asarray(sums[records.rows[1:]] - sums[records.rows[:-1]], np.int64)


def word_weights(gazetteer: Records, words: int) -> npt.NDArray[np.float64]:
    """How rare each word is in the gazetteer: the logarithm of rows to rows that have it."""
    owners = np.repeat(np.arange(len(gazetteer), dtype=np.int64), np.diff(gazetteer.rows))
    distinct = np.unique(owners * words + gazetteer.words)
    counts = np.bincount(distinct % words, minlength=words)
    weights = np.log(len(gazetteer) / np.maximum(counts, 1))
    weights[counts == 0] = 0
    return np.asarray(weights, np.float64)
