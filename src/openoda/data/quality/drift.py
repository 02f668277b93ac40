"""What changed since the last delivery: columns, volumes, gaps, categories and ranges, by name.

Thresholds are our own and stand here as constants: they say what is worth a look, not what is wrong.
Shares are compared by their difference, so that a rare thing doubling isn't news by itself.
"""

from dataclasses import dataclass

from openoda.data.quality.columns import ColumnProfile, Scale
from openoda.data.quality.profiling import Profile

VOLUME = 0.10
"""A change in rows of more than a tenth."""
GAPS = 0.05
"""A change in the share of rows without a value of more than 5 points."""
CATEGORIES = 200
"""Columns of at most this many different values are categories; of each the ten commonest are held."""
SHARE = 0.10
"""A change in a category's share of more than 10 points, or a category of 1% come or gone."""
COMMON = 0.01
MIDDLE = 0.5
"""A median moved by more than half of the last delivery's range between the 5% and 95% quantiles."""


@dataclass(frozen=True)
class Change:
    """One change: its code, the column (empty for the whole), what was and what is, in words."""

    code: str
    column: str
    before: str
    now: str


def changes(before: Profile, now: Profile) -> tuple[Change, ...]:
    """Every change worth a look, the whole first, then column by column in today's order."""
    old = {one.name: one for one in before.columns}
    new = {one.name: one for one in now.columns}
    found = [*_volume(before, now)]
    found += [
        Change("column-gone", name, old[name].type.value, "") for name in old if name not in new
    ]
    found += [
        Change("column-new", name, "", new[name].type.value) for name in new if name not in old
    ]
    if [name for name in old if name in new] != [name for name in new if name in old]:
        found.append(Change("column-order", "", ", ".join(old), ", ".join(new)))
    for name in new:
        if name in old:
            found += _column(old[name], new[name])
    return tuple(found)


def _volume(before: Profile, now: Profile) -> list[Change]:
    if abs(now.rows - before.rows) <= VOLUME * before.rows:
        return []
    return [Change("rows", "", f"{before.rows:,} rows", f"{now.rows:,} rows")]


def _column(before: ColumnProfile, now: ColumnProfile) -> list[Change]:
    if before.reads_as is not now.reads_as and Scale.NOTHING not in (before.reads_as, now.reads_as):
        return [Change("type", now.name, before.reads_as.value, now.reads_as.value)]
    return [*_gaps(before, now), *_categories(before, now), *_ranges(before, now)]


def _gaps(before: ColumnProfile, now: ColumnProfile) -> list[Change]:
    was, is_now = before.completeness.share, now.completeness.share
    if was is None or is_now is None or abs(is_now - was) <= GAPS:
        return []
    return [Change("gaps", now.name, f"{was:.1%} filled", f"{is_now:.1%} filled")]


def _categories(before: ColumnProfile, now: ColumnProfile) -> list[Change]:
    if before.reads_as not in (Scale.TEXT, Scale.FLAG) or not (before.exact and now.exact):
        return []
    if max(before.distinct, now.distinct) > CATEGORIES:
        return []
    was, is_now = _shares(before), _shares(now)
    found = []
    for name in dict.fromkeys((*was, *is_now)):
        a, b = was.get(name), is_now.get(name)
        # Beyond the ten commonest a value isn't held: absent means gone only if all are held.
        if a is None and b is not None and b >= COMMON and before.distinct <= len(was):
            found.append(Change("category-new", now.name, "", f"{name} ({b:.1%})"))
        elif b is None and a is not None and a >= COMMON and now.distinct <= len(is_now):
            found.append(Change("category-gone", now.name, f"{name} ({a:.1%})", ""))
        elif a is not None and b is not None and abs(a - b) > SHARE:
            found.append(
                Change("category-share", now.name, f"{name} ({a:.1%})", f"{name} ({b:.1%})")
            )
    return found


def _shares(column: ColumnProfile) -> dict[str, float]:
    filled = column.completeness.filled
    return {one.value: one.rows / filled for one in column.top} if filled else {}


def _ranges(before: ColumnProfile, now: ColumnProfile) -> list[Change]:
    if not (before.reads_as.measured and before.spread and now.spread):
        return []
    if not (before.spread.places and now.spread.places):
        return []
    low, middle, high = before.spread.places
    width = high - low
    moved = abs(now.spread.places[1] - middle)
    if moved <= MIDDLE * width or (width == 0 and moved == 0):
        return []
    was, is_now = before.spread.quantiles, now.spread.quantiles
    return [Change("range", now.name, f"median {was[0.5]}", f"median {is_now[0.5]}")]
