"""All pairs that the blocking rules find, each once, with its levels: the engine's one pass."""

import math
import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from openoda.linkage.blocking.keys import Blocks, block_numbers, blocks_of
from openoda.linkage.comparing import ask_kernel as kernel
from openoda.linkage.comparing.asking import Asked
from openoda.linkage.comparing.encoding import Codes, Encoded
from openoda.linkage.spec.model import BlockingRule, LinkType, Spec
from openoda.vocabulary.refusals import Misused

PAIRS_AT_ONCE = 1 << 17
MOST_SIGNS = 1 << 62
Part = tuple[int, int, int]
Column = Callable[[str], Codes]


@dataclass(frozen=True)
class Pairs:
    """Pairs of records, the rules that found them, and the levels of their comparisons.

    `lefts`, `rights`, shape (n,): places of the two records; the left one comes first among the
    records. `signs`, shape (n,): the rules met (a bit each) and the levels, as one number: the rules
    times the number of patterns, plus the pattern.
    """

    lefts: npt.NDArray[np.int32]
    rights: npt.NDArray[np.int32]
    signs: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.lefts)


def joined(parts: list[Pairs]) -> Pairs:
    """Pieces one after another."""
    if not parts:
        return Pairs(np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0, np.int64))
    return Pairs(
        np.concatenate([each.lefts for each in parts]),
        np.concatenate([each.rights for each in parts]),
        np.concatenate([each.signs for each in parts]),
    )


def distinct(
    numbers: npt.NDArray[np.int64],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    """The different numbers, in order of first sight, and the place of each among them.

    By hashing: for millions of numbers of which few differ, many times faster than by sorting.
    """
    coded = pa.array(numbers).dictionary_encode()
    return coded.dictionary.to_numpy(), coded.indices.to_numpy()


def levels_of(
    patterns: npt.NDArray[np.int64], level_counts: tuple[int, ...]
) -> npt.NDArray[np.int64]:
    """Each pattern's level of each comparison, shape (n, comparisons); 0 is a comparison's first."""
    found = np.empty((len(patterns), len(level_counts)), np.int64)
    rest = patterns.copy()
    for place in reversed(range(len(level_counts))):
        rest, found[:, place] = np.divmod(rest, level_counts[place])
    return found


class Pairing:
    """Records and a spec, ready to be paired rule by rule.

    Records must stand in the order of their ids: the earlier of two is the left one. `sources`: the
    number of each record's source, where there are several. `numbers`: as `block_numbers` gives them,
    where they are known already. Refuses (Misused) more rules and levels
    than a sign has room for.
    """

    def __init__(
        self,
        records: Encoded,
        spec: Spec,
        sources: Codes | None = None,
        numbers: Codes | None = None,
    ) -> None:
        self.records, self.spec, self.sources = records, spec, sources
        self.level_counts = tuple(len(each.levels) for each in spec.comparisons)
        if self.kinds > MOST_SIGNS >> len(spec.blocking):
            raise Misused(
                "The comparisons have too many levels together",
                remedy="Take out comparisons, levels or blocking rules.",
            )
        self._numbers = block_numbers(records, spec.blocking) if numbers is None else numbers
        self._workers = max(1, os.cpu_count() or 1)

    @property
    def kinds(self) -> int:
        """How many patterns of levels there can be."""
        return math.prod(self.level_counts)

    @property
    def sources_apart(self) -> Codes | None:
        """The sources, where only records of different ones are paired."""
        return self.sources if self.spec.link_type is LinkType.LINK else None

    @property
    def pairs_in_all(self) -> float:
        """How many pairs there are among the records, before any blocking."""
        whole = len(self.records)
        found = whole * (whole - 1) / 2
        if self.sources_apart is not None:
            sizes = np.bincount(self.sources_apart).astype(np.float64)
            found -= float((sizes * (sizes - 1) / 2).sum())
        return found

    def blocks(self, rule: int) -> Blocks:
        """A rule's blocks."""
        return blocks_of(self._numbers[:, rule], self.sources, self.spec.link_type)

    def pairs(self, rule: int) -> Iterator[Pairs]:
        """A rule's pairs that no earlier rule has, in pieces, in an order that never changes."""
        blocks = self.blocks(rule)
        order = blocks.order
        sorted_ = _Sorted(self.records, self._numbers, order)

        def compare(part: Part) -> Pairs:
            first, last, room = part
            lefts, rights = np.empty(room, np.int32), np.empty(room, np.int32)
            kernel.fill_pairs(blocks.nexts, blocks.ends, first, last, lefts, rights)
            lefts, rights, met = self._met(sorted_, lefts, rights, rule)
            asked = Asked(sorted_.column, self.records.values, lefts, rights)
            signs = met * self.kinds + asked.patterns(self.spec.comparisons)
            return Pairs(order[lefts], order[rights], signs)

        with ThreadPoolExecutor(self._workers) as pool:
            yield from _in_order(pool, compare, parts_of(blocks), 2 * self._workers)

    def signs(
        self, lefts: npt.NDArray[np.int32], rights: npt.NDArray[np.int32]
    ) -> npt.NDArray[np.int64]:
        """The signs of listed pairs of records, found by a rule or not; shape (n,)."""
        as_they_are = _Sorted(self.records, self._numbers, None)

        def compare(part: slice) -> npt.NDArray[np.int64]:
            _, _, met = self._met(as_they_are, lefts[part], rights[part], None)
            asked = Asked(as_they_are.column, self.records.values, lefts[part], rights[part])
            return met * self.kinds + asked.patterns(self.spec.comparisons)

        parts = [slice(at, at + PAIRS_AT_ONCE) for at in range(0, len(lefts), PAIRS_AT_ONCE)]
        with ThreadPoolExecutor(self._workers) as pool:
            found = list(pool.map(compare, parts))
        return np.concatenate(found) if found else np.zeros(0, np.int64)

    def _met(
        self, sorted_: "_Sorted", lefts: Codes, rights: Codes, rule: int | None
    ) -> tuple[Codes, Codes, npt.NDArray[np.int64]]:
        """The rules that have each pair; with a rule, only the pairs that it is the first to have."""
        met = np.zeros(len(lefts), np.int64)
        for place, other in enumerate(self.spec.blocking):
            holds = self._has(sorted_, place, other, lefts, rights, place == rule)
            if rule is None or place > rule:
                met |= holds.astype(np.int64) << place
                continue
            keep = np.flatnonzero(holds if place == rule else ~holds)
            if len(keep) < len(lefts):
                lefts, rights, met = lefts[keep], rights[keep], met[keep]
            if place == rule:
                met |= 1 << place
        return lefts, rights, met

    def _has(
        self, sorted_: "_Sorted", place: int, rule: BlockingRule, lefts: Codes, rights: Codes,
        blocked: bool,
    ) -> npt.NDArray[np.bool_]:  # fmt: skip
        """Whether a rule has each pair; `blocked`: they are of its own blocks."""
        if blocked:
            holds = np.ones(len(lefts), np.bool_)
        else:
            numbers = sorted_.numbers(place)
            mine = numbers[lefts]
            holds = (mine >= 0) & (mine == numbers[rights])
        if rule.also is None:
            return holds
        at = np.flatnonzero(holds).astype(np.int32)
        asked = Asked(sorted_.column, self.records.values, lefts, rights)
        holds[at] = asked.states(rule.also, at) == kernel.TRUE
        return holds


class _Sorted:
    """Columns in the order of a rule's blocks, partners side by side; None: as they are."""

    def __init__(self, records: Encoded, numbers: Codes, order: Codes | None) -> None:
        self._records, self._numbers, self._order = records, numbers, order
        self._known: dict[str | int, Codes] = {}

    def column(self, name: str) -> Codes:
        """A column's entries."""
        return self._taken(name, lambda: self._records.column(name))

    def numbers(self, rule: int) -> Codes:
        """The records' blocks under a rule."""
        return self._taken(rule, lambda: self._numbers[:, rule])

    def _taken(self, key: str | int, column: Callable[[], Codes]) -> Codes:
        if key not in self._known:
            whole = column()
            self._known[key] = np.ascontiguousarray(
                whole if self._order is None else whole[self._order]
            )
        return self._known[key]


def parts_of(blocks: Blocks) -> list[Part]:
    """Stretches of rows with about as many pairs each: (first row, row past the last, pairs)."""
    counts = blocks.ends.astype(np.int64) - blocks.nexts
    ends = np.cumsum(counts)
    found, first, before = [], 0, 0
    while first < len(counts):
        last = int(np.searchsorted(ends, before + PAIRS_AT_ONCE, side="right"))
        last = max(last, first + 1)
        pairs = int(ends[last - 1]) - before
        if pairs:
            found.append((first, last, pairs))
        first, before = last, int(ends[last - 1])
    return found


def _in_order(
    pool: ThreadPoolExecutor, work: Callable[[Part], Pairs], parts: list[Part], ahead: int
) -> Iterator[Pairs]:
    """What the work gives of each part, in order; no more than `ahead` parts are waited for."""
    waiting: deque[Future[Pairs]] = deque()
    for part in parts:
        waiting.append(pool.submit(work, part))
        if len(waiting) > ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()
