"""Drift that a delivery's own counts show, without reading a value: volume, rows lost, values lost.

The values' drift (gaps, categories, ranges) is found by `drift.changes`, for which the data is read.
"""

from collections.abc import Mapping

from openoda.data.quality import drift
from openoda.data.quality.drift import Change

ASIDE = 0.01
"""A change in the share of rows quarantined of more than one point."""
FLAGGED = 0.01
"""A change in flagged values per row of more than one hundredth."""
THRESHOLDS: dict[str, float] = {
    "rows": drift.VOLUME,
    "quarantined": ASIDE,
    "flagged": FLAGGED,
    "gaps": drift.GAPS,
    "category-share": drift.SHARE,
    "category-new": drift.COMMON,
    "category-gone": drift.COMMON,
    "range": drift.MIDDLE,
}
"""From which change on each kind of drift is reported, by its code."""


def count_changes(before: Mapping[str, int], now: Mapping[str, int]) -> tuple[Change, ...]:
    """What the counts `rows_in`, `accepted`, `quarantined` and `flagged_values` of two say."""
    found = []
    old, new = before["accepted"], now["accepted"]
    if abs(new - old) > drift.VOLUME * old:
        found.append(Change("rows", "", f"{old:,} rows", f"{new:,} rows"))
    for code, key, whole, limit in (
        ("quarantined", "quarantined", "rows_in", ASIDE),
        ("flagged", "flagged_values", "accepted", FLAGGED),
    ):
        was, is_now = _share(before[key], before[whole]), _share(now[key], now[whole])
        if abs(is_now - was) > limit:
            found.append(Change(code, "", _said(was, key), _said(is_now, key)))
    return tuple(found)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _said(share: float, key: str) -> str:
    return (
        f"{share:.1%} quarantined" if key == "quarantined" else f"{share:.2f} flagged values a row"
    )
