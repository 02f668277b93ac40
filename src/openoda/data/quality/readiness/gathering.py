"""How errors gather: on records with gaps, and on the same records.

A record made in a hurry has both gaps and slips, so the records with the fewest ways to link are the
ones whose values are wrong. The names suspected of a slip (`rare_names`) show how much.
"""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from openoda.data.quality.readiness.disclosure import FEWEST, disclosed
from openoda.data.quality.readiness.fields import FIELDS, Array, Codes, Mask, Prepared
from openoda.data.quality.readiness.patterns import BANDS
from openoda.data.quality.readiness.rare_names import Suspects

MOST_GAPS = len(FIELDS)
_EXPECTED_GATHERING, _LIKE_SLIPS, _LIKE_PAIRS = 2.0, 5.0, 5.0
_LEAST, _MOST = 0.05, 20.0


@dataclass(frozen=True)
class Level:
    """Records with this many gaps (the last level: or more), and how many suspects among their names."""

    gaps: int
    rows: int
    suspects: int


@dataclass(frozen=True)
class Gathering:
    """Levels of gaps in the file's fields, each with ten suspects at least; empty where there are few.

    `fields`: how many fields the file has. `by_chance`: the share of records that would be suspect
    without slips. `together`: how many times as many records have both names suspect as would if slips
    fell on records with as many gaps at random. `changes`: see `hurry.share_gathered`.
    """

    fields: int
    levels: tuple[Level, ...]
    by_chance: float
    together: float
    changes: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """What is shared of it."""
        return asdict(self)

    def relative(self) -> Array:
        """The rate of slips in records with 0, 1 … gaps relative to the file's, (MOST_GAPS + 1,)."""
        found = np.ones(MOST_GAPS + 1)
        rows = sum(level.rows for level in self.levels)
        if not rows:
            return found
        excess = [max(level.suspects - self.by_chance * level.rows, 0.0) for level in self.levels]
        rate = max(sum(excess) / rows, 1e-6)
        for level, slips in zip(self.levels, excess, strict=True):
            found[level.gaps :] = (slips + _LIKE_SLIPS) / (level.rows * rate + _LIKE_SLIPS)
        mean = sum(found[level.gaps] * level.rows for level in self.levels) / rows
        return np.asarray(np.clip(found / mean, _LEAST, _MOST))


def gaps_of(prepared: Prepared) -> Codes:
    """How many of the file's fields each record can't use, shape (rows,)."""
    gaps = [~prepared.usable(name) for name in FIELDS if name in prepared.values]
    return np.asarray(np.sum(gaps, axis=0))


def gathering_of(prepared: Prepared, suspects: dict[str, Suspects]) -> Gathering:
    """How errors gather in this file."""
    fields = sum(name in prepared.values for name in FIELDS)
    names = list(suspects.values())
    if not names:
        return Gathering(fields, (), 0.0, _EXPECTED_GATHERING)
    looked = names[0].looked
    gaps = gaps_of(prepared)[looked]
    where = [one.where[looked] for one in names]
    by_chance = sum(one.by_chance for one in names) / max(len(gaps), 1)
    genuine = [max(1 - one.by_chance / max(float(one.where.sum()), 1.0), 0.2) for one in names]
    levels = _levels(gaps, np.sum(where, axis=0))
    return Gathering(fields, levels, round(by_chance, 4), _together(gaps, where, genuine))


def by_birth(suspects: dict[str, Suspects], bands: Codes, rates: Array) -> list[float]:
    """How many times as many slips each of `BANDS` shows as its records' gaps let one expect.

    `bands`: the place of each record's band, `rates`: its relative rate by its gaps, shape (rows,) each.
    Drawn towards 1, and to one place; counts under ten count as five.
    """
    found = np.zeros(len(BANDS))
    exposed = np.zeros(len(BANDS))
    for one in suspects.values():
        chance = one.by_chance / max(float(one.once.sum()), 1.0)
        found += np.bincount(bands[one.where], minlength=len(BANDS))
        found -= chance * np.bincount(bands[one.once], minlength=len(BANDS))
        exposed += np.bincount(bands, rates * one.common, minlength=len(BANDS))
    expected = exposed * max(found.sum(), 0.0) / max(exposed.sum(), 1.0)
    told = np.array([disclosed(round(max(many, 0.0))) or FEWEST / 2 for many in found])
    told = np.where((expected < FEWEST) & (told < FEWEST), expected, told)
    times = (told + _LIKE_SLIPS) / (expected + _LIKE_SLIPS)
    return [round(float(one), 1) for one in times]


def _levels(gaps: Codes, suspects: Codes) -> tuple[Level, ...]:
    """One level for each number of gaps while ten suspects are left for it and for those above it."""
    found: list[Level] = []
    for least in range(int(gaps.max(initial=0)) + 1):
        here, above = gaps == least, gaps > least
        if int(suspects[here].sum()) < FEWEST or int(suspects[above].sum()) < FEWEST:
            here = gaps >= least
        told = disclosed(int(here.sum())), disclosed(int(suspects[here].sum()))
        if told[0] is not None and told[1] is not None:
            found.append(Level(least, told[0], told[1]))
        if (here == (gaps >= least)).all():
            break
    return tuple(found)


def _together(gaps: Codes, where: list[Mask], genuine: list[float]) -> float:
    """How often both names are suspect, against chance, drawn towards what is usual.

    `genuine`: the share of each name's suspects that are slips.
    """
    if len(where) < 2:
        return _EXPECTED_GATHERING
    first, second = where
    expected = sum(
        float(first[gaps == g].sum()) * float(second[gaps == g].sum()) / float((gaps == g).sum())
        for g in np.unique(gaps)
    )
    more = (float((first & second).sum()) - expected) / (genuine[0] * genuine[1])
    weight = expected / (expected + _LIKE_PAIRS)
    seen = 1 + max(more, 0.0) / max(expected, 1e-9)
    return round(weight * seen + (1 - weight) * _EXPECTED_GATHERING, 1)
