"""Blocks: records whose values of a rule's columns are equal, none of them missing."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from openoda.linkage.comparing.encoding import Codes, Encoded
from openoda.linkage.spec.model import BlockingRule, LinkType

NO_BLOCK = -1


@dataclass(frozen=True)
class Blocks:
    """One rule's blocks, records sorted by them.

    `order`, shape (n,): the records that have a partner, block by block, in their own order inside
    one. `nexts`, `ends`, shape (n,): each one's partners are those from place `nexts` to before `ends`.
    """

    order: npt.NDArray[np.int32]
    nexts: npt.NDArray[np.int32]
    ends: npt.NDArray[np.int32]

    @property
    def pairs(self) -> int:
        """How many pairs the blocks have, those of other rules among them."""
        return int((self.ends.astype(np.int64) - self.nexts).sum())


def block_numbers(records: Encoded, rules: Sequence[BlockingRule]) -> Codes:
    """Each record's block under each rule, shape (records, rules); -1 where it has none."""
    found = np.empty((len(records), len(rules)), np.int32, order="F")
    for place, rule in enumerate(rules):
        found[:, place] = _joined([records.column(name) for name in rule.equal])
    return found


def _joined(columns: Sequence[Codes]) -> Codes:
    """One number for each different combination of entries."""
    numbers = columns[0]
    for column in columns[1:]:
        both = (numbers >= 0) & (column >= 0)
        wide = numbers[both].astype(np.int64) << 32 | column[both]
        numbers = np.full(len(column), NO_BLOCK, np.int32)
        numbers[both] = pa.array(wide).dictionary_encode().indices.to_numpy()
    return numbers


def pair_count(numbers: Codes, sources: Codes | None, link_type: LinkType) -> int:
    """How many pairs the blocks of these numbers have; see `blocks_of`."""
    present = numbers >= 0
    found = _pairs_in(numbers[present].astype(np.int64))
    if link_type is LinkType.LINK and sources is not None:
        found -= _pairs_in(numbers[present].astype(np.int64) << 16 | sources[present])
    return found


def _pairs_in(keys: npt.NDArray[np.int64]) -> int:
    """The pairs of equal keys."""
    places = pa.array(keys).dictionary_encode().indices.to_numpy()
    sizes = np.bincount(places).astype(np.int64)
    return int((sizes * (sizes - 1) // 2).sum())


def blocks_of(numbers: Codes, sources: Codes | None, link_type: LinkType) -> Blocks:
    """Sort records by block; `sources`: each record's source, which `link` never pairs with itself.

    Inside a block records stand by source and then in their own order.
    """
    present = np.flatnonzero(numbers >= 0).astype(np.int32)
    keys = numbers[present].astype(np.int64)
    across = link_type is LinkType.LINK and sources is not None
    fine = keys << 16 | sources[present] if across and sources is not None else keys
    by_block = np.argsort(fine, kind="stable")
    order, keys, fine = present[by_block], keys[by_block], fine[by_block]
    ends = _run_ends(keys)
    nexts = _run_ends(fine) if across else np.arange(1, len(order) + 1)
    return Blocks(order, nexts.astype(np.int32), ends.astype(np.int32))


def _run_ends(keys: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """For each place of sorted keys, the place past the last equal one."""
    last = np.flatnonzero(np.append(keys[1:] != keys[:-1], True)[: len(keys)])
    lengths = np.diff(np.append(-1, last))
    return np.repeat(last + 1, lengths)
