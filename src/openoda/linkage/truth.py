"""Pairs and clusters held against known truth: precision, recall and F1, now and at their best.

Recall is over all pairs of records that are truly of one person, those that blocking never looked at
among them. Records whose truth isn't known count in no figure, though they may join others. A share
of nothing is None, neither 0 nor 1: precision where no pair was declared, recall where none is true.
Clusters are judged by the pairs that they imply, counted from the table of clusters by truths (the
counts behind the Rand index: Rand, JASA 66, 1971), so nothing is listed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from openoda.linkage.clustering import truth_kernel as kernel
from openoda.linkage.clustering.growing import stages
from openoda.linkage.clustering.links import Links, must_be_clusters
from openoda.linkage.clustering.source_aware import Sources
from openoda.linkage.comparing.encoding import Codes
from openoda.linkage.scoring import Weights

STEPS = 40
"""Thresholds tried for the best clusters, twice: over the whole range, then about the best of those."""


@dataclass(frozen=True)
class Figures:
    """Declared pairs against true ones, at a threshold if it was by one.

    `right`: declared pairs that are true; `declared`; `true`: all true pairs.
    """

    right: int
    declared: int
    true: int
    threshold: float | None = None

    @property
    def precision(self) -> float | None:
        """The share of declared pairs that are true; None where none was declared."""
        return _share(self.right, self.declared)

    @property
    def recall(self) -> float | None:
        """The share of true pairs that were declared; None where none is true."""
        return _share(self.right, self.true)

    @property
    def f1(self) -> float | None:
        """Twice the right over the declared and the true; None where there are neither.

        The harmonic mean of precision and recall where both are known, and 0 where only one is.
        """
        return _share(2 * self.right, self.declared + self.true)

    def to_dict(self) -> dict[str, float | None]:
        """The three shares by name."""
        return {"precision": self.precision, "recall": self.recall, "f1": self.f1}


@dataclass(frozen=True)
class Judgement:
    """Figures of the pairs themselves, and of the pairs that clusters imply."""

    pairs: Figures
    clusters: Figures

    def to_dict(self) -> dict[str, dict[str, float | None]]:
        """Both, by name."""
        return {"pairs": self.pairs.to_dict(), "clusters": self.clusters.to_dict()}


@dataclass(frozen=True)
class AgainstTruth:
    """A linkage against the truth, at the threshold it chose and at the best ones.

    The best pairs and the best clusters each have a threshold of their own. `unknown`: records whose
    truth isn't known, of all `records`; they count in no figure. `missed`: true pairs that blocking
    never looked at.
    """

    at_threshold: Judgement
    best: Judgement
    records: int
    unknown: int
    missed: int

    @property
    def true_pairs(self) -> int:
        """All true pairs that the linkage could have found."""
        return self.best.pairs.true

    def to_dict(self) -> dict[str, Any]:
        """Both judgements by name, and the counts beside them."""
        return {
            "at_threshold": self.at_threshold.to_dict(),
            "best": self.best.to_dict(),
            "best_thresholds": {
                "pairs": self.best.pairs.threshold,
                "clusters": self.best.clusters.threshold,
            },
            "true_pairs": self.true_pairs,
            "true_pairs_never_looked_at": self.missed,
            "records_without_truth": self.unknown,
        }


@dataclass(frozen=True)
class Groups:
    """Records in groups: `order` group by group, and where each begins (and the last ends)."""

    order: Codes
    starts: npt.NDArray[np.int64]

    @classmethod
    def by(cls, records: Codes, *keys: Codes) -> "Groups":
        """`records` in groups that agree in every key, each of shape (all records,)."""
        columns = [key[records] for key in keys]
        order = np.lexsort(columns) if columns else np.arange(len(records))
        new = np.zeros(len(order), np.bool_)
        new[:1] = True
        for column in columns:
            new[1:] |= column[order][1:] != column[order][:-1]
        starts = np.append(np.flatnonzero(new), len(order))
        return cls(records[order].astype(np.int32), starts.astype(np.int64))

    @property
    def pairs(self) -> int:
        """How many pairs the groups have."""
        sizes = np.diff(self.starts)
        return int((sizes * (sizes - 1) // 2).sum())

    def pairs_together(self, clusters: Codes) -> int:
        """How many pairs are in one group and in one cluster."""
        return int(
            kernel.pairs_together(clusters, self.order, self.starts, np.zeros_like(clusters))
        )


class Truth:
    """Who each record is truly of.

    `codes`, shape (records,): a number for each person, -1 where it isn't known. `sources`, shape
    (records,): given where a linkage looks only between sources, so that pairs inside one count
    neither as declared nor as true.
    """

    def __init__(self, codes: Codes, sources: Codes | None = None) -> None:
        self.codes = np.ascontiguousarray(codes, np.int32)
        self.sources = np.zeros(0, np.int32)
        if sources is not None:
            self.sources = np.ascontiguousarray(sources, np.int32)
            if len(self.sources) != len(self.codes):
                raise ValueError("there must be one source for each record")
        self._known = np.flatnonzero(self.codes >= 0).astype(np.int32)

    @classmethod
    def of(cls, column: pa.Array | pa.ChunkedArray, sources: Codes | None = None) -> "Truth":
        """The truth as a column says it; null, not a number and blank text are unknown."""
        if isinstance(column, pa.ChunkedArray):
            column = column.combine_chunks()
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        if pa.types.is_floating(column.type):
            column = pc.if_else(pc.is_nan(column), None, column)
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            column = pc.if_else(pc.equal(pc.utf8_trim_whitespace(column), ""), None, column)
        codes = pc.fill_null(column.dictionary_encode().indices, -1)
        return cls(codes.to_numpy(zero_copy_only=False), sources)

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def unknown(self) -> int:
        """Records whose truth isn't known."""
        return len(self.codes) - len(self._known)

    @cached_property
    def pairs(self) -> int:
        """All true pairs that the linkage could have found."""
        return sum(sign * each.pairs for sign, each in self._true_groups)

    def pairs_of(self, pieces: Iterable[Links]) -> "JudgedPairs":
        """Hold candidate pairs of whatever weight, in pieces, against the truth."""
        same, different = [np.zeros(0)], [np.zeros(0)]
        for piece in pieces:
            piece.must_be_of(len(self))
            marks = np.empty(len(piece), np.uint8)
            kernel.mark_pairs(piece.lefts, piece.rights, self.codes, self.sources, marks)
            same.append(piece.weights[marks == kernel.SAME])
            different.append(piece.weights[marks == kernel.DIFFERENT])
        return JudgedPairs(_sorted(same), _sorted(different), self.pairs)

    def clusters(self, clusters: Codes, threshold: float | None = None) -> Figures:
        """Figures of the pairs that clusters imply; `clusters`: as `components` numbers them."""
        must_be_clusters(len(self), clusters)
        declared = sum(sign * each.pairs_together(clusters) for sign, each in self._all_groups)
        right = sum(sign * each.pairs_together(clusters) for sign, each in self._true_groups)
        return Figures(right, declared, self.pairs, threshold)

    @cached_property
    def _all_groups(self) -> list[tuple[int, Groups]]:
        """The records with a truth together, less those of each source by itself."""
        return self._with_sources()

    @cached_property
    def _true_groups(self) -> list[tuple[int, Groups]]:
        """The records of each person, less those of each source by itself."""
        return self._with_sources(self.codes)

    def _with_sources(self, *keys: Codes) -> list[tuple[int, Groups]]:
        found = [(1, Groups.by(self._known, *keys))]
        if len(self.sources):
            found.append((-1, Groups.by(self._known, *keys, self.sources)))
        return found


@dataclass(frozen=True)
class JudgedPairs:
    """The weights of the pairs looked at, apart by the truth, each sorted and rising.

    `same`: pairs of one person; `different`: of two; `true`: how many pairs of one person there are
    in all, looked at or not.
    """

    same: Weights
    different: Weights
    true: int

    @property
    def missed(self) -> int:
        """True pairs that blocking never looked at."""
        return self.true - len(self.same)

    def at(self, threshold: float) -> Figures:
        """Figures of the pairs at or above a threshold."""
        right, wrong = (
            len(each) - int(np.searchsorted(each, threshold))
            for each in (self.same, self.different)
        )
        return Figures(right, right + wrong, self.true, threshold)

    def best(self) -> Figures:
        """Figures at the threshold of greatest F1, the highest such; pairs of equal weight together.

        A weight that no true pair has can't be best: leaving it out loses nothing right. No
        threshold, and nothing declared, where no true pair was looked at.
        """
        if not len(self.same):
            return Figures(0, 0, self.true)
        tried, fewer = np.unique(self.same, return_index=True)
        right = len(self.same) - fewer
        declared = right + len(self.different) - np.searchsorted(self.different, tried)
        f1 = 2 * right / (declared + self.true)
        place = len(f1) - 1 - int(np.argmax(f1[::-1]))
        return Figures(int(right[place]), int(declared[place]), self.true, float(tried[place]))


def cluster_sweep(
    truth: Truth, links: Links, thresholds: Sequence[float], sources: Sources | None = None
) -> list[Figures]:
    """Figures of the clusters at each different threshold, highest first; `sources` as in `stages`."""
    return [
        truth.clusters(each.clusters(), each.sizes.threshold)
        for each in stages(len(truth), links, thresholds, sources)
    ]


def best_clusters(
    truth: Truth,
    links: Links,
    sources: Sources | None = None,
    thresholds: Sequence[float] | None = None,
) -> Figures:
    """Figures of the clusters at the threshold of greatest F1, the highest such.

    Of the `thresholds` given; else of the weights that part the true pairs among the links into
    equal shares, and then of those between the neighbours of the best. So it is the best of those
    tried, short of the best of all by about a thousandth of F1 at most where F1 has one summit.
    """
    if thresholds is not None:
        return _best(cluster_sweep(truth, links, thresholds, sources), truth)
    same = truth.pairs_of([links]).same
    tried = cluster_sweep(truth, links, _spread(same), sources)
    best = _best(tried, truth)
    if not tried:
        return best
    place = tried.index(best)
    about = [_threshold(each) for each in tried[max(0, place - 1) : place + 2]]
    between = np.unique(same[(same >= min(about)) & (same <= max(about))])
    return _best([best, *cluster_sweep(truth, links, _spread(between), sources)], truth)


def against_truth(
    truth: Truth,
    candidates: Iterable[Links],
    links: Links,
    clusters: Codes,
    threshold: float,
    sources: Sources | None = None,
) -> AgainstTruth:
    """A whole linkage against the truth.

    `candidates`: every pair that blocking found, of whatever weight, in pieces. `links`: those among
    which the best clusters are looked for, heavy enough to be of use. `clusters`, `threshold`: what
    the linkage chose. `sources`: if clusters heed them.
    """
    pairs = truth.pairs_of(candidates)
    return AgainstTruth(
        Judgement(pairs.at(threshold), truth.clusters(clusters, threshold)),
        Judgement(pairs.best(), best_clusters(truth, links, sources)),
        len(truth),
        truth.unknown,
        pairs.missed,
    )


def _spread(weights: Weights) -> list[float]:
    """At most STEPS of the rising weights, evenly by rank, the ends among them."""
    places = np.linspace(0, len(weights) - 1, min(STEPS, len(weights))).round().astype(np.int64)
    return [float(each) for each in weights[places]]


def _sorted(pieces: Sequence[Weights]) -> Weights:
    whole = np.concatenate(pieces)
    whole.sort()
    return whole


def _best(tried: Sequence[Figures], truth: Truth) -> Figures:
    """The greatest F1, of equals the highest threshold; nothing declared where nothing was tried."""
    nothing = Figures(0, 0, truth.pairs)
    return max(tried, key=lambda each: (each.f1 or 0.0, _threshold(each)), default=nothing)


def _threshold(figures: Figures) -> float:
    return -np.inf if figures.threshold is None else figures.threshold


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
