"""Chance for the city: every draw is a hash of seed, block, stream and key, in whole numbers alone.

A draw doesn't depend on which draws came before it, on the number of people, on the machine, or on
the version of NumPy, so a city stays the same for as long as its generator does. The mixing function
is the finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
"""

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np

Whole = np.ndarray[Any, np.dtype[np.int64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]
Bits = np.ndarray[Any, np.dtype[np.uint64]]
Deck = np.ndarray[Any, np.dtype[np.int32]]

_SLOTS = 1 << 16
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_HALF = np.uint64(32)


def deck(weights: Sequence[int] | Whole) -> Deck:
    """A deck of 65,536 cards in which choice i stands in proportion to its weight, at least once.

    Weights are whole and positive; rounding is by largest remainder, so no floating point enters.
    """
    wanted = np.asarray(weights, dtype=np.int64)
    if len(wanted) > _SLOTS or (wanted <= 0).any():
        raise ValueError("A deck takes 1 to 65,536 positive weights")
    spare = _SLOTS - len(wanted)
    total = int(wanted.sum())
    counts = 1 + wanted * spare // total
    rest = wanted * spare % total
    short = _SLOTS - int(counts.sum())
    counts[np.argsort(-rest, kind="stable")[:short]] += 1
    return np.repeat(np.arange(len(wanted), dtype=np.int32), counts)


class Draws:
    """The draws of one block. `keys` is how many draws (0, 1, 2 …), or the keys themselves."""

    def __init__(self, seed: int, block: int) -> None:
        self._place = f"openoda-city/{seed}/{block}"

    def bits(self, stream: str, keys: int | Whole) -> Bits:
        """64 even bits for each key of a stream: the same key always gives the same bits."""
        digest = hashlib.sha256(f"{self._place}/{stream}".encode()).digest()
        start = np.uint64(int.from_bytes(digest[:8], "little"))
        wanted = np.arange(keys) if isinstance(keys, int) else np.asarray(keys)
        mixed = wanted.astype(np.uint64)
        mixed += np.uint64(1)
        mixed *= _GOLDEN
        mixed += start
        for shift, factor in ((30, _FIRST), (27, _SECOND)):
            mixed ^= mixed >> np.uint64(shift)
            mixed *= factor
        mixed ^= mixed >> np.uint64(31)
        return mixed

    def below(self, stream: str, keys: int | Whole, limit: int | Whole) -> Whole:
        """A whole number from 0 up to `limit` (at most 2^31), which may differ from key to key."""
        most = np.asarray(limit, dtype=np.uint64)
        return ((self.bits(stream, keys) >> _HALF) * most >> _HALF).astype(np.int64)

    def chance(self, stream: str, keys: int | Whole, share: Any) -> Flags:
        """True with the chance `share` (0 to 1), which may differ from key to key."""
        edge = (np.asarray(share, dtype=np.float64) * 4294967296.0).astype(np.uint64)
        return np.asarray((self.bits(stream, keys) >> _HALF) < edge)

    def pick(self, stream: str, keys: int | Whole, cards: Deck) -> Whole:
        """A card of the deck for each key."""
        return cards[(self.bits(stream, keys) >> np.uint64(48)).astype(np.int64)].astype(np.int64)
