"""Ranges, quantiles, histograms and outliers of ordered values, exact, from their runs."""

from collections.abc import Callable
from typing import Any

import numpy as np

from openoda.data.quality.columns import Counted, Outliers, Scale, Spread
from openoda.data.quality.runs import Runs

SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)
FENCE = 3.0
BARS = 20
OUTLIER_RULE = "Further than 3 interquartile ranges below the lower quartile or above the upper one"
OUTLIER_SOURCE = "Tukey, Exploratory Data Analysis, 1977, section 2E: outer fences"
Say = Callable[[Any], str]


def quantile(runs: Runs, share: float) -> Any:
    """The smallest value that at least `share` (0 to 1) of the rows don't exceed.

    Source: definition 1 of Hyndman and Fan, The American Statistician 50, 1996.
    """
    reached = np.cumsum(runs.counts)
    return runs.values[int(np.searchsorted(reached, share * reached[-1], side="left"))]


def fences(runs: Runs) -> tuple[float, float] | None:
    """Tukey's outer fences; None where the middle half of the rows has one value.

    Source: Tukey, Exploratory Data Analysis, 1977.
    """
    if not len(runs.values):
        return None
    lower, upper = float(quantile(runs, 0.25)), float(quantile(runs, 0.75))
    reach = FENCE * (upper - lower)
    return (lower - reach, upper + reach) if reach > 0 else None


def spread_of(runs: Runs, scale: Scale) -> Spread | None:
    """How the values lie; None where there are none."""
    if not len(runs.values):
        return None
    say = saying(scale)
    mean, deviation = _moments(runs) if scale in (Scale.WHOLE, Scale.NUMBER) else (None, None)
    return Spread(
        lowest=say(runs.values[0]),
        highest=say(runs.values[-1]),
        quantiles={share: say(quantile(runs, share)) for share in SHARES},
        mean=mean,
        deviation=deviation,
        bars=_histogram(runs, scale),
        places=tuple(float(quantile(runs, share)) for share in (0.05, 0.5, 0.95)),
    )


def outliers_of(runs: Runs, scale: Scale) -> Outliers | None:
    """How many rows lie outside the fences; None where there are no fences."""
    bounds = fences(runs)
    if bounds is None:
        return None
    low, high = bounds
    say = saying(scale)
    below = int(runs.counts[runs.values < low].sum())
    above = int(runs.counts[runs.values > high].sum())
    return Outliers(say(low), say(high), below, above)


def _moments(runs: Runs) -> tuple[float, float | None]:
    """Mean and standard deviation (n − 1), in two passes so that large values lose nothing."""
    values, rows = runs.values.astype(np.float64), runs.rows
    mean = float(np.dot(values, runs.counts) / rows)
    if rows < 2:
        return mean, None
    return mean, float(np.sqrt(np.dot((values - mean) ** 2, runs.counts) / (rows - 1)))


def _histogram(runs: Runs, scale: Scale) -> tuple[Counted, ...]:
    """Rows in at most twenty equal ranges of the values within the fences."""
    low, high = runs.values[0], runs.values[-1]
    bounds = fences(runs)
    if bounds is not None:
        inside = runs.values[(runs.values >= bounds[0]) & (runs.values <= bounds[1])]
        low, high = inside[0], inside[-1]
    if low == high:
        return ()
    if runs.values.dtype.kind in "iu":
        return _whole_bars(runs, int(low), int(high), saying(scale))
    rows, edges = np.histogram(runs.values, BARS, (float(low), float(high)), weights=runs.counts)
    say = saying(scale)
    return tuple(
        Counted(f"{say(edges[at])} to {say(edges[at + 1])}", int(count))
        for at, count in enumerate(rows)
    )


def _whole_bars(runs: Runs, low: int, high: int, say: Say) -> tuple[Counted, ...]:
    """The bars of whole numbers, days or microseconds: each of as many different values."""
    step = -(-(high - low + 1) // BARS)
    count = -(-(high - low + 1) // step)
    inside = (runs.values >= low) & (runs.values <= high)
    place = (runs.values[inside] - low) // step
    rows = np.bincount(place, weights=runs.counts[inside], minlength=count).astype(np.int64)
    starts = [low + at * step for at in range(count)]
    ends = [min(start + step - 1, high) for start in starts]
    labels = [
        say(start) if start == end else f"{say(start)} to {say(end)}"
        for start, end in zip(starts, ends, strict=True)
    ]
    return tuple(Counted(label, int(one)) for label, one in zip(labels, rows, strict=True))


def saying(scale: Scale) -> Say:
    """How a value of this scale is written: numbers plainly, days and moments as ISO 8601."""
    return _WRITTEN.get(scale, _number)


def _number(value: Any) -> str:
    number = float(value)
    if isinstance(value, int | np.integer):
        return str(int(value))
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else f"{number:.6g}"


def _day(value: Any) -> str:
    return _moment_text(value, "D")


def _moment(value: Any) -> str:
    return _moment_text(value, "us").replace("T", " ").removesuffix(".000000")


def _moment_text(value: Any, unit: str) -> str:
    try:
        text = str(np.array(round(float(value)), dtype=np.int64).astype(f"datetime64[{unit}]"))
    except (OverflowError, ValueError):
        text = "NaT"
    # A fence may lie before the calendar begins: that is said plainly, not as year -0950.
    return "before the year 1" if text.startswith("-") or text == "NaT" else text


def _time(value: Any) -> str:
    seconds = int(float(value) // 1_000_000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


_WRITTEN: dict[Scale, Say] = {Scale.DATE: _day, Scale.MOMENT: _moment, Scale.TIME: _time}
