"""A synthetic frame of visits, made from a package's recipe: nothing in it is about anybody.

The recipe (`synthetic.toml`) has a table `[frame]` (rows, units, from, to, gap_from, gap_to, queues,
strictness), `[roles]` (case, unit, date, outcome, queue column names), `[outcome]` (rate, effects)
and `[[columns]]`, each with `name`, `kind` and `of` (what it belongs to: unit, date or visit).
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from scipy.special import expit

Recipe = dict[str, Any]
Whole = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True)
class Visits:
    """Visits sorted by date: the unit of each, its day, its queue, and days since the last one."""

    unit: Whole
    day: Whole
    queue: Whole
    previous: Whole

    def __len__(self) -> int:
        return len(self.unit)


def make_visits(recipe: Recipe, seed: int) -> pa.Table:
    """The frame: one row a visit, columns by the recipe's names. Deterministic in its arguments."""
    rng = np.random.default_rng([seed, 20141031])
    visits = _visits(recipe["frame"], rng)
    columns: dict[str, Any] = {}
    for column in recipe["columns"]:
        if column["kind"] not in HISTORY:
            columns[column["name"]] = _column(column, visits, rng)
    log_odds = _log_odds(recipe, columns, visits, rng)
    outcome = (rng.random(len(visits)) < expit(log_odds)).astype(np.float64)
    for column in recipe["columns"]:
        if column["kind"] in HISTORY:
            columns[column["name"]] = HISTORY[column["kind"]](column, visits, outcome, rng)
    roles = recipe["roles"]
    start = date(1970, 1, 1).toordinal()
    return pa.table(
        {
            roles["date"]: pa.array([date.fromordinal(start + d) for d in visits.day.tolist()]),
            roles["unit"]: pa.array([f"{100000 + u}" for u in visits.unit.tolist()]),
            roles["case"]: pa.array(np.arange(1, len(visits) + 1) + 900000),
            roles["queue"]: pa.array(np.array(recipe["frame"]["queues"])[visits.queue].tolist()),
            **{name: pa.array(values) for name, values in columns.items()},
            roles["outcome"]: pa.array(outcome),
        }
    )


def _visits(frame: Recipe, rng: np.random.Generator) -> Visits:
    """Units visited at random on working days, some far more often than others."""
    rows: int = frame["rows"]
    first, last = np.datetime64(frame["from"], "D"), np.datetime64(frame["to"], "D")
    days = np.arange(first, last + 1)
    gap = (days >= np.datetime64(frame["gap_from"])) & (days <= np.datetime64(frame["gap_to"]))
    working = days[np.is_busday(days) & ~gap].astype(np.int64)
    often = np.asarray(rng.gamma(2.0, size=frame["units"]))
    unit: Whole = rng.choice(frame["units"], rows, p=often / often.sum())
    day = np.sort(rng.choice(working, rows))
    area = unit % len(frame["queues"])
    anyone = rng.integers(0, len(frame["queues"]), rows)
    queue = np.where(rng.random(rows) < 0.6, area, anyone)
    previous = np.full(rows, -1)
    order = np.lexsort((np.arange(rows), unit))
    same = unit[order][1:] == unit[order][:-1]
    previous[order[1:][same]] = order[:-1][same]
    return Visits(unit, day, queue, previous)


def _column(column: Recipe, visits: Visits, rng: np.random.Generator) -> Any:
    """Values drawn once for each unit, date or visit, and laid out over the visits."""
    levels = {"unit": visits.unit, "date": visits.day - visits.day.min(), "visit": None}
    level = levels[column.get("of", "unit")]
    count = len(visits) if level is None else int(level.max()) + 1
    values = DRAWS[column["kind"]](column, count, rng)
    return values if level is None else values[level]


def _choice(column: Recipe, n: int, rng: np.random.Generator) -> Any:
    weights = np.array(column["weights"], dtype=float)
    return np.array(column["values"])[rng.choice(len(weights), n, p=weights / weights.sum())]


DRAWS = {
    "flag": lambda c, n, rng: (rng.random(n) < c["share"]).astype(float),
    "normal": lambda c, n, rng: np.round(rng.normal(c["mean"], c["sd"], n), 3),
    "gamma": lambda c, n, rng: np.round(rng.gamma(2.0, c["mean"] / 2.0, n), 3),
    "choice": _choice,
}
"""How a column is drawn: flag (share), normal (mean, sd), gamma (mean), choice (values, weights)."""


def _last(column: Recipe, visits: Visits, outcome: Any, rng: np.random.Generator) -> Any:
    """What the last visit found: the outcome itself, or a count that goes with it."""
    found = np.where(visits.previous >= 0, outcome[visits.previous], 0.0)
    extra = rng.poisson(column.get("extra", 0.0), len(visits)) if column.get("extra") else 0
    return np.where(visits.previous >= 0, found * column.get("weight", 1.0) + extra, 0.0)


def _since(column: Recipe, visits: Visits, outcome: Any, rng: np.random.Generator) -> Any:
    """Years since the last visit, at most `most`, and `most` where there is none."""
    years = (visits.day - visits.day[visits.previous]) / 365.0
    years = np.where(visits.previous >= 0, years, column["most"])
    return np.round(np.minimum(years, column["most"]), 4)


def _first(column: Recipe, visits: Visits, outcome: Any, rng: np.random.Generator) -> Any:
    """1 where there is no earlier visit."""
    return (visits.previous < 0).astype(float)


def _age(column: Recipe, visits: Visits, outcome: Any, rng: np.random.Generator) -> Any:
    """Years since a beginning drawn for each unit."""
    began = rng.exponential(column["mean"], int(visits.unit.max()) + 1)
    return np.round(began[visits.unit] + (visits.day - visits.day.min()) / 365.25, 4)


HISTORY = {"last_outcome": _last, "years_since": _since, "first_visit": _first, "age": _age}
"""Columns known from earlier visits: last_outcome (weight, extra), years_since (most), first_visit,
age (mean)."""


def _log_odds(
    recipe: Recipe, columns: dict[str, Any], visits: Visits, rng: np.random.Generator
) -> Any:
    """Log odds of the outcome: effects per standard deviation, the queue's strictness, the unit."""
    total = rng.normal(0, 0.6, int(visits.unit.max()) + 1)[visits.unit]
    total = total + np.array(recipe["frame"]["strictness"])[visits.queue]
    for name, effect in recipe["outcome"]["effects"].items():
        values = columns[name]
        total = total + effect * (values - values.mean()) / max(values.std(), 1e-9)
    low, high = -12.0, 12.0
    for _ in range(60):
        middle = (low + high) / 2
        rate = float(expit(total + middle).mean())
        low, high = (middle, high) if rate < recipe["outcome"]["rate"] else (low, middle)
    return total + middle
