"""m, u and the prior without labels, by expectation and maximisation on counts of signs.

Two steps take turns until neither moves:

1. m, with u held, on the pairs that each blocking rule finds, by how likely each matches on all its
   evidence. Comparisons of a column that the rule holds equal would always agree there and are left
   out; m is common to all. (In Splink each rule's pairs are trained on by themselves, without those
   comparisons, and the m that come of it are averaged.)
2. u and the prior, with m held, on all pairs there are: those that the rules found, each counted, and
   the rest, of which some are drawn. So the chance that neighbours or namesakes agree is counted where
   it happens, and not only where random pairs happen to fall. How many pairs have equal values is known
   from the counts of the values, so that theirs are counted rather than drawn.

Source: Dempster, Laird and Rubin, "Maximum likelihood from incomplete data via the EM algorithm" (JRSS
B 39, 1977); Winkler, "Using the EM algorithm for weight computation in the Fellegi-Sunter model of
record linkage" (1988).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from openoda.linkage.pairing import Pairing, distinct
from openoda.linkage.spec.conditions import Missing, columns_in
from openoda.linkage.spec.model import BlockingRule, Comparison, Level, Spec
from openoda.linkage.training import em_kernel as kernel
from openoda.linkage.training.chance import (
    PAIRS_DRAWN,
    drawn_pairs,
    first_exact,
    pairs_of_equal,
    u_values,
)

Floats = npt.NDArray[np.float64]
TURNS, ROUNDS, CLOSE = 8, 60, 1e-4
MOST_SIGNS = 400_000
LEAST_PRIOR = 1e-12
_HALF_A_PAIR = 0.5


@dataclass(frozen=True)
class Counted:
    """How many pairs have each sign: `signs`, `counts`, shape (n,). See `pairing.Pairs`."""

    signs: npt.NDArray[np.int64]
    counts: npt.NDArray[np.int64] | Floats


@dataclass(frozen=True)
class Trained:
    """What training found: a spec with m, u and prior, and how it went.

    `shares`: of each blocking rule's pairs, the share that is thought to match. `settled`: whether the
    last turn moved no m by more than a ten-thousandth.
    """

    spec: Spec
    shares: tuple[float, ...]
    turns: int
    settled: bool


def counted(signs: npt.NDArray[np.int64]) -> Counted:
    """Count equal signs."""
    different, places = distinct(signs)
    return Counted(different, np.bincount(places, minlength=len(different)))


def trained(pairing: Pairing, found: Counted, seed: int) -> Trained:
    """Train on the pairs that the rules found and on pairs drawn at random."""
    work = _Training(pairing, found, seed)
    turns, moved = 0, 1.0
    while turns < TURNS and moved >= CLOSE:
        turns += 1
        before = work.m.copy()
        work.learn_m()
        work.learn_u()
        moved = float(np.nanmax(np.abs(work.m - before)))
    spec = with_values(
        pairing.spec, work.by_comparison(work.m), work.by_comparison(work.u), work.prior
    )
    return Trained(spec, tuple(map(float, work.shares)), turns, moved < CLOSE)


class _Training:
    """Tables under way: all comparisons' levels stand one after another in one."""

    def __init__(self, pairing: Pairing, found: Counted, seed: int) -> None:
        spec = pairing.spec
        self._counts = np.array(pairing.level_counts, np.int64)
        self._starts = np.append(0, np.cumsum(self._counts))
        self._width = len(self._counts)
        levels = [level for comparison in spec.comparisons for level in comparison.levels]
        self._missing = np.array([level.missing for level in levels])
        self._fixed = np.array([level.fixed for level in levels])
        self._compared = np.array([
            not _held_equal(comparison, rule, spec)
            for rule in spec.blocking for comparison in spec.comparisons
        ], np.uint8)  # fmt: skip
        self.u = np.concatenate(u_values(pairing, seed))
        self.m = np.concatenate([_start(comparison) for comparison in spec.comparisons])
        self._keep_fixed(levels)
        self.shares = np.zeros(len(spec.blocking))
        self._strata, self._whole, self._pairs = self._taken(pairing, found, seed)
        self._equal_outside, self._valued = self._known_outside(pairing)
        self._hush_unseen()
        self.prior = self._share_of_pairs(float(found.counts.sum()) / 2)

    def _keep_fixed(self, levels: Sequence[Level]) -> None:
        """Fixed levels keep their m and u; without any, both are the chance, and say nothing."""
        for place, level in enumerate(levels):
            if level.fixed:
                self.u[place] = self.u[place] if level.u is None else level.u
                self.m[place] = self.u[place] if level.m is None else level.m

    def _hush_unseen(self) -> None:
        """A comparison of which no pair has both values says nothing: its m is its u."""
        seen = np.bincount(self._whole[0], minlength=len(self.m)) > 0
        for first, last in zip(self._starts[:-1], self._starts[1:], strict=True):
            at = slice(first, last)
            says = ~self._missing[at]
            if not seen[at][says].any():
                self.m[at][says & ~self._fixed[at]] = self.u[at][says & ~self._fixed[at]]

    def _known_outside(self, pairing: Pairing) -> tuple[Floats, Floats]:
        """By level of equal values: how many pairs no rule has, and the share of pairs with values.

        Known from the counts of the values (see `chance.u_values`); nan for the other levels.
        """
        levels, counts, _ = self._strata
        held = np.bincount(levels, np.repeat(counts, self._width), len(self.m))
        equal, valued = np.full((2, len(self.m)), np.nan)
        for comparison, first in zip(pairing.spec.comparisons, self._starts, strict=False):
            place, column = first_exact(comparison)
            before = [level.when for level in comparison.levels[:place]]
            if column and all(when == Missing(column) for when in before):
                its = pairs_of_equal(pairing.records.column(column), pairing.sources_apart)
                equal[first + place] = its[0] - held[first + place]
                valued[first + place] = its[1] / max(1.0, self._pairs)
        return equal, valued

    def _share_of_pairs(self, matches: float) -> float:
        """The prior of so many matches; more than nothing, and at most a half."""
        return float(np.clip(matches / max(1.0, self._pairs), LEAST_PRIOR, 0.5))

    def _taken(self, pairing: Pairing, found: Counted, seed: int) -> tuple[
        tuple[npt.NDArray[np.int64], Floats, npt.NDArray[np.int64]],
        tuple[npt.NDArray[np.int64], Floats], float,
    ]:  # fmt: skip
        """The signs of found pairs; all pairs' levels and counts; and how many pairs there are."""
        kinds = pairing.kinds
        whole = pairing.pairs_in_all
        lefts, rights = drawn_pairs(pairing, seed + 1, PAIRS_DRAWN)
        met, patterns = np.divmod(pairing.signs(lefts, rights), kinds)
        drawn, how_many = np.unique(patterns[met == 0], return_counts=True)
        outside = (whole - found.counts.sum()) / max(1, how_many.sum())
        if len(found.signs) > MOST_SIGNS:
            found = _thinned(found, seed)
        met, patterns = np.divmod(found.signs, kinds)
        levels = self._offset(patterns)
        counts = found.counts.astype(np.float64)
        every = np.concatenate([levels, self._offset(drawn)])
        return (levels, counts, met), (every, np.append(counts, how_many * outside)), whole

    def _offset(self, patterns: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        places = np.empty(len(patterns) * self._width, np.int64)
        kernel.offset_levels(patterns, self._counts, self._starts, places)
        return places

    def _ratios(self) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore"):
            found = np.log(np.maximum(self.m, 1e-12)) - np.log(np.maximum(self.u, 1e-12))
        found[self._missing] = 0.0
        return np.asarray(found)

    def learn_m(self) -> None:
        """m and the rules' shares, u held."""
        levels, counts, met = self._strata
        for _ in range(ROUNDS):
            sums = np.zeros(len(self.m))
            matches, totals = np.zeros(len(self.shares)), np.zeros(len(self.shares))
            kernel.expect_strata(
                levels, counts, met, self._compared, self.prior, self._ratios(), self._width,
                sums, matches, totals,
            )  # fmt: skip
            self.shares = np.divide(matches, totals, out=np.zeros(len(totals)), where=totals > 0)
            fresh = self._normal(sums, self.m)
            moved = float(np.nanmax(np.abs(fresh - self.m)))
            self.m = fresh
            if moved < CLOSE:
                break

    def learn_u(self) -> None:
        """u and the prior, m held: from the pairs that rules have, and from those that none has."""
        levels, counts = self._whole
        cut = len(self._strata[1])
        for _ in range(3):
            inside, outside = np.zeros(len(self.u)), np.zeros(len(self.u))
            found, unfound = (
                kernel.expect_whole(
                    levels[part.start * self._width : part.stop * self._width], counts[part],
                    self.prior, self._ratios(), self._width, others,
                )
                for part, others in ((slice(0, cut), inside), (slice(cut, len(counts)), outside))
            )  # fmt: skip
            exact = np.maximum(self._equal_outside - self.m * self._valued * unfound, 0.0)
            outside = np.where(np.isnan(exact), outside, exact)
            self.u = self._normal(inside + outside, self.u)
            self.prior = self._share_of_pairs(found + unfound)

    def _normal(self, sums: Floats, old: Floats) -> Floats:
        """Shares by comparison, half a pair added to each level; fixed levels keep theirs.

        So do those of a comparison that no pair says anything of, as where every rule holds it equal.
        """
        found = old.copy()
        for first, last in zip(self._starts[:-1], self._starts[1:], strict=True):
            at = slice(first, last)
            fixed = self._fixed[at]
            free = ~self._missing[at] & ~fixed
            if not sums[at][~self._missing[at]].any():
                continue
            weights = sums[at] + _HALF_A_PAIR
            room = 1 - old[at][fixed & ~self._missing[at]].sum()
            found[at][free] = weights[free] / weights[free].sum() * max(room, 0.0)
        return found

    def by_comparison(self, table: Floats) -> list[Floats]:
        """A table cut at the comparisons."""
        return np.split(table, self._starts[1:-1])


def _thinned(found: Counted, seed: int) -> Counted:
    """As many signs as training looks at, with counts that add up to the same.

    The most frequent half of them stand as they are, since one may be a tenth of all pairs; of the
    others as many are drawn, and count for those that aren't.
    """
    rng = np.random.default_rng(seed)
    frequent, others = np.split(np.argsort(-found.counts, kind="stable"), [MOST_SIGNS // 2])
    drawn = rng.choice(others, MOST_SIGNS - len(frequent), replace=False)
    counts = found.counts.astype(np.float64)
    counts[drawn] *= counts[others].sum() / counts[drawn].sum()
    kept = np.sort(np.concatenate([frequent, drawn]))
    return Counted(found.signs[kept], counts[kept])


def _held_equal(comparison: Comparison, rule: BlockingRule, spec: Spec) -> bool:
    """Whether the rule holds equal what the comparison asks, or a part of it.

    Names with equal beginnings are more often equal, whether they match or not; so columns count as
    the same where they are worked out from one column.
    """
    asked = {
        name for level in comparison.levels for pair in columns_in(level.when) for name in pair
    }
    return bool(_sources(asked, spec) & _sources(rule.equal, spec))


def _sources(names: Collection[str], spec: Spec) -> set[str]:
    """The columns of a file from which these come."""
    made = {each.name: each.made_from for each in spec.columns if each.made_from}
    found = set(names)
    while derived := found & made.keys():
        found = (found - derived).union(*(made[name] for name in derived))
    return found


def _start(comparison: Comparison) -> Floats:
    """Nine in ten at the first level that says something, the rest shared by those after it."""
    said = [place for place, level in enumerate(comparison.levels) if not level.missing]
    found = np.full(len(comparison.levels), np.nan)
    found[said] = 0.1 / max(1, len(said) - 1)
    found[said[:1]] = 0.9
    return found


def with_values(spec: Spec, m: Sequence[Floats], u: Sequence[Floats], prior: float) -> Spec:
    """The spec with m, u and prior; levels of missing values have none."""
    comparisons = tuple(
        replace(comparison, levels=tuple(
            level if level.missing else replace(level, m=float(its_m), u=float(its_u))
            for level, its_m, its_u in zip(comparison.levels, mine, theirs, strict=True)
        ))
        for comparison, mine, theirs in zip(spec.comparisons, m, u, strict=True)
    )  # fmt: skip
    return replace(spec, comparisons=comparisons, prior=prior)
