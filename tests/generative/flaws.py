"""Synthetic council data sets, each about one check, with its flaw planted or without it.

Written before the checks, from the issue alone; every size is in ``flaw_sizes.toml``, frozen.
A set is built the way a council's export comes about: premises with fixed attributes and a risk
of their own, visits on working days, outcomes drawn from the risk, history looked up afterwards.
A flaw is one more ingredient in that order, or an ordinary ingredient at another size.

Neither column names nor text values say what they are, so that only structure is left to check.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pyarrow as pa

SIZES: dict[str, Any] = tomllib.loads(
    Path(__file__).with_name("flaw_sizes.toml").read_text(encoding="utf-8")
)
CODES: tuple[str, ...] = (
    "staff-identity-dominates",
    "feature-moves-with-visit",
    "labels-seen-only-for-visited",
    "base-rate-drift",
    "group-disparity",
    "too-few-positives",
)
DAYS_PER_YEAR = 365.25


@dataclass(frozen=True)
class FlawedSet:
    """One data set as a user would hand it over, and what is wrong with it, if anything."""

    table: pa.Table
    roles: dict[str, str]
    features: tuple[str, ...]
    universe: pa.Table | None
    code: str
    planted: bool


@dataclass(frozen=True)
class Units:
    """All premises that exist, one entry each; `seen` marks those the council ever goes to."""

    kind: np.ndarray
    district: np.ndarray
    size: np.ndarray
    idle: np.ndarray
    age_days: np.ndarray
    risk: np.ndarray
    seen: np.ndarray


@dataclass
class World:
    """A set in the making. Case arrays are sorted by unit and then by day until the end."""

    rng: np.random.Generator
    sizes: SimpleNamespace
    units: Units
    calendar: np.ndarray  # the working days
    unit: np.ndarray  # per case, an index into units
    day: np.ndarray  # per case, an index into calendar
    visited: np.ndarray  # per case, whether its outcome is known
    logit: np.ndarray  # per case, log-odds of a positive but for the intercept
    gap: np.ndarray  # per case, days since the unit's last one, nan if there is none
    chance: np.ndarray = field(default_factory=lambda: np.empty(0))
    outcome: np.ndarray = field(default_factory=lambda: np.empty(0))
    columns: dict[str, np.ndarray] = field(default_factory=dict)
    roles: set[str] = field(default_factory=set)
    features: list[str] = field(default_factory=list)

    @property
    def district(self) -> np.ndarray:
        """The district of each case."""
        return self.units.district[self.unit]

    def offer(self, name: str, values: np.ndarray) -> None:
        """Add a column that the list-maker may use."""
        self.columns[name] = values
        self.features.append(name)

    def give_role(self, role: str, values: np.ndarray) -> None:
        """Add a column whose role is its name."""
        self.columns[role] = values
        self.roles.add(role)


def make(code: str, planted: bool, seed: int) -> FlawedSet:
    """Build the data set about `code`, with or without its flaw; the same for the same seed."""
    rng = np.random.default_rng([CODES.index(code), int(planted), seed])
    world = start_world(rng, draw_sizes(rng, code, planted))
    add_fixed_features(world)
    add_density(world)
    BEFORE_OUTCOME.get(code, add_team_queue)(world)
    settle_outcomes(world)
    add_history_features(world)
    if code in AFTER_OUTCOME:
        AFTER_OUTCOME[code](world)
    return hand_over(world, code, planted)


# -- sizes and small tools ------------------------------------------------------------------------


def draw_sizes(rng: np.random.Generator, code: str, planted: bool) -> SimpleNamespace:
    """Draw this seed's value of every size, the flaw's own table overriding the common one."""
    table = SIZES["common"] | SIZES[code]["planted" if planted else "clean"]
    sizes = SimpleNamespace(**{name: draw(rng, value) for name, value in table.items()})
    if hasattr(sizes, "positives"):
        sizes.base_rate = sizes.positives / sizes.rows
    return sizes


def draw(rng: np.random.Generator, value: Any) -> Any:
    """Draw from a range of numbers or a choice of alternatives; keep a single value."""
    if not isinstance(value, list):
        return value
    if isinstance(value[0], str | bool):
        return value[rng.integers(len(value))]
    low, high = value
    return int(rng.integers(low, high + 1)) if isinstance(low, int) else rng.uniform(low, high)


def standard(values: np.ndarray) -> np.ndarray:
    """Shift and scale to mean 0 and sd 1, so that an effect means the same everywhere."""
    return (values - np.nanmean(values)) / np.nanstd(values)


def sigmoid(logit: np.ndarray) -> np.ndarray:
    """Turn log-odds into chances."""
    return 1 / (1 + np.exp(-logit))


def bisect(rising: Callable[[float], float], target: float) -> float:
    """Find where a rising function reaches the target, within what log-odds and scores can be."""
    low, high = -20.0, 20.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < target else (low, middle)
    return (low + high) / 2


def code_words(rng: np.random.Generator, count: int) -> np.ndarray:
    """Make distinct text codes such as 'QF047' that tell neither meaning nor order."""
    prefix = "".join(rng.choice(list("ABCDEFGHJKLMNPQRSTUVWXYZ"), 2))
    width = len(str(count))
    return np.array([f"{prefix}{n:0{width}d}" for n in rng.permutation(count)], dtype=object)


def coded(rng: np.random.Generator, numbers: np.ndarray) -> np.ndarray:
    """Replace each number by its own text code."""
    return code_words(rng, int(numbers.max()) + 1)[numbers]


def column_names(rng: np.random.Generator, count: int) -> list[str]:
    """Make distinct column names without meaning: numbered in half the seeds, else syllables."""
    if rng.random() < 0.5:
        return [f"x{n}" for n in rng.choice(100, count, replace=False)]
    syllables = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou"]
    picks = rng.choice(len(syllables) ** 2, count, replace=False)
    return [syllables[a] + syllables[b] for a, b in np.stack(divmod(picks, len(syllables)), 1)]


# -- premises and visits --------------------------------------------------------------------------


def start_world(rng: np.random.Generator, sizes: SimpleNamespace) -> World:
    """Lay out premises, working days and visits, with the part of risk known so far."""
    units = make_units(rng, sizes)
    calendar = working_days(sizes)
    unit, day = spread_visits(rng, sizes, units, calendar)
    gap = days_since_last(rng, sizes, units, unit, calendar[day])
    day_noise = rng.normal(0, sizes.day_noise_sd, len(calendar))
    gap_effect = sizes.gap_effect * np.nan_to_num(standard(np.log(gap)))
    return World(
        rng=rng,
        sizes=sizes,
        units=units,
        calendar=calendar,
        unit=unit,
        day=day,
        visited=units.seen[unit] & (rng.random(len(unit)) >= sizes.cancelled),
        logit=units.risk[unit] + gap_effect + day_noise[day],
        gap=gap,
    )


def make_units(rng: np.random.Generator, sizes: SimpleNamespace) -> Units:
    """Make premises whose risk comes from their attributes and from a lasting trait of their own.

    The age that matters is that at the start of the period, so that ageing is no hidden drift.
    """
    count = round(sizes.rows / sizes.mean_visits / sizes.seen_share)
    kind = classes(rng, count, sizes.kinds, sizes.share_evenness)
    district = classes(rng, count, sizes.districts, sizes.share_evenness)
    log_size = rng.normal(np.log(sizes.size_median), sizes.size_spread, count)
    age = sizes.age_least_days + rng.exponential(sizes.age_mean_years * DAYS_PER_YEAR, count)
    risk = (
        spread_effects(rng, sizes.kinds, sizes.kind_sd)[kind]
        + spread_effects(rng, sizes.districts, sizes.district_sd)[district]
        + sizes.size_effect * standard(log_size)
        + sizes.age_effect * standard(np.log(age))
        + rng.normal(0, sizes.frailty_sd, count)
    )
    return Units(
        kind=kind,
        district=district,
        size=np.exp(log_size).round(),
        idle=rng.normal(0, sizes.idle_spread, count).round(1),
        age_days=age.round(),
        risk=risk,
        seen=choose_seen(rng, sizes, risk),
    )


def classes(rng: np.random.Generator, count: int, kinds: int, evenness: float) -> np.ndarray:
    """Sort things into classes of uneven size."""
    return rng.choice(kinds, count, p=rng.dirichlet(np.full(kinds, evenness)))


def spread_effects(rng: np.random.Generator, count: int, sd: float) -> np.ndarray:
    """Draw effects whose sd is exactly as asked, so that a small count cannot lose the flaw."""
    return sd * standard(rng.normal(size=count))


def choose_seen(rng: np.random.Generator, sizes: SimpleNamespace, risk: np.ndarray) -> np.ndarray:
    """Mark the premises ever visited: the asked share, the riskier first as far as tilted."""
    rank = sizes.seen_tilt * standard(risk) + rng.gumbel(size=len(risk))
    seen = np.zeros(len(risk), dtype=bool)
    seen[np.argsort(-rank)[: round(sizes.seen_share * len(risk))]] = True
    return seen


def working_days(sizes: SimpleNamespace) -> np.ndarray:
    """List Monday to Friday over the period."""
    start = np.datetime64(f"{sizes.start_year}-01-01")
    days = start + np.arange(round(sizes.years * DAYS_PER_YEAR))
    return days[np.is_busday(days)]


def is_first(unit: np.ndarray) -> np.ndarray:
    """Mark the first case of each unit in cases sorted by unit."""
    return np.r_[True, unit[1:] != unit[:-1]]


def spread_visits(
    rng: np.random.Generator, sizes: SimpleNamespace, units: Units, calendar: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Visit each seen unit once and some more often, at most once a day; sorted by unit and day.

    The workload changes over the period while the rate of positives does not.
    """
    seen = np.flatnonzero(units.seen)
    often = rng.gamma(sizes.visit_shape, size=len(seen))
    often *= np.exp(sizes.visit_tilt * standard(units.risk[seen]))
    again = rng.choice(seen, max(sizes.rows - len(seen), 0), p=often / often.sum())
    listed_only = np.flatnonzero(~units.seen) if sizes.register_rows else seen[:0]
    unit = np.concatenate([seen, again, listed_only])
    busy = rng.gamma(sizes.day_shape, size=len(calendar))
    busy *= np.exp(sizes.volume_slope * np.linspace(0, 1, len(calendar)))
    day = rng.choice(len(calendar), len(unit), p=busy / busy.sum())
    return divmod(np.unique(unit * len(calendar) + day), len(calendar))


def days_since_last(
    rng: np.random.Generator,
    sizes: SimpleNamespace,
    units: Units,
    unit: np.ndarray,
    date: np.ndarray,
) -> np.ndarray:
    """Count days since the unit's previous case, for its first one since a visit before the data.

    That earlier visit lies as far back as the unit's visits are apart, so that early cases do
    not differ from late ones; some units, and all never seen, have none.
    """
    visits = np.bincount(unit, minlength=len(units.risk))
    before = 1 + rng.exponential(sizes.years * DAYS_PER_YEAR / (visits + 1)).round()
    before[(rng.random(len(visits)) < sizes.no_record) | ~units.seen] = np.nan
    gap = np.diff(date, prepend=date[0]).astype(float)
    first = is_first(unit)
    gap[first] = before[unit[first]]
    return gap


# -- innocent columns -----------------------------------------------------------------------------


def add_fixed_features(world: World) -> None:
    """Offer what never changes about the premises, one of them meaningless, one with gaps."""
    units, rng = world.units, world.rng
    unknown = rng.random(len(units.size)) < world.sizes.size_missing
    world.offer("kind", coded(rng, units.kind)[world.unit])
    world.offer("district", coded(rng, units.district)[world.unit])
    world.offer("size", np.where(unknown, np.nan, units.size)[world.unit])
    world.offer("idle", units.idle[world.unit])


def add_density(world: World) -> None:
    """Offer an area density that changes slowly from month to month and matters a little."""
    rng, sizes = world.rng, world.sizes
    month = world.calendar.astype("datetime64[M]").astype(int)
    month -= month[0]
    steps = rng.normal(0, sizes.density_step_sd, (month[-1] + 1, sizes.districts))
    level = rng.normal(0, sizes.density_level_sd, sizes.districts)
    log_density = level + remember(steps, sizes.density_memory)
    values = log_density[month[world.day], world.district]
    world.logit += sizes.density_effect * standard(values)
    world.offer("density", np.exp(values).round(3))


def remember(shocks: np.ndarray, memory: float) -> np.ndarray:
    """Let each shock fade along the first axis instead of vanishing at once."""
    path = shocks.copy()
    for now in range(1, len(path)):
        path[now] += memory * path[now - 1]
    return path


def add_history_features(world: World) -> None:
    """Offer what moves between visits and is known before each: gap, age and past outcomes."""
    unit, first = world.unit, is_first(world.unit)
    elapsed = (world.calendar[world.day] - world.calendar[0]).astype(float)
    age_years = (world.units.age_days[unit] + elapsed) / DAYS_PER_YEAR
    earlier = (world.rng.random(len(unit)) < world.chance).astype(float)
    earlier[np.isnan(world.gap)] = np.nan
    last_outcome = np.where(first, earlier, np.roll(world.outcome, 1))
    found = np.nan_to_num(world.outcome)
    before = np.cumsum(found) - found
    positives_so_far = before - np.maximum.accumulate(np.where(first, before, 0))
    world.offer("gap", world.gap)
    world.offer("age", age_years.round(2))
    world.offer("last_outcome", last_outcome)
    world.offer("positives_so_far", positives_so_far)


def add_team_queue(world: World) -> None:
    """Say which area team a case belongs to, in some sets; the team makes no difference."""
    if world.sizes.queue:
        world.give_role("queue", coded(world.rng, world.district % world.sizes.teams))


def settle_outcomes(world: World) -> None:
    """Draw every outcome and forget those of cases that nobody visited.

    Slow movements of the whole town's risk are taken out first, so that its rate moves only as
    asked for. The intercept is then set for the rate asked for at each end of the period and goes
    from one to the other by a step or a trend; with a drift ratio of 1 the ends are the same.
    """
    sizes = world.sizes
    swing = np.sqrt(sizes.drift_ratio if sizes.drift_up else 1 / sizes.drift_ratio)
    time = world.day / (len(world.calendar) - 1)
    slow = np.polynomial.Polynomial.fit(
        time[world.visited], world.logit[world.visited], sizes.slow_degree
    )
    world.logit -= slow(time)
    known = world.logit[world.visited]

    def intercept(rate: float) -> float:
        """Find the level at which the visited cases have this rate."""
        return bisect(lambda level: sigmoid(level + known).mean(), rate)

    start, end = intercept(sizes.base_rate / swing), intercept(sizes.base_rate * swing)
    progress = time if sizes.drift_form == "trend" else time >= sizes.drift_at
    world.chance = sigmoid(world.logit + start + (end - start) * progress)
    drawn = (world.rng.random(len(time)) < world.chance).astype(float)
    world.outcome = np.where(world.visited, drawn, np.nan)


# -- staff-identity-dominates ---------------------------------------------------------------------


def add_officers(world: World) -> None:
    """Offer who works the case: people who differ in strictness, or only in where they work."""
    sizes, rng = world.sizes, world.rng
    if sizes.staffing == "teams":
        who, count = world.district % sizes.teams, sizes.teams
    else:
        who, count = assign_officers(rng, sizes, world.district), sizes.officers
    world.logit += spread_effects(rng, count, sizes.strictness_sd)[who]
    name = "queue" if sizes.queue else "officer"
    world.offer(name, coded(rng, who))
    if sizes.queue:
        world.roles.add(name)


def assign_officers(
    rng: np.random.Generator, sizes: SimpleNamespace, district: np.ndarray
) -> np.ndarray:
    """Send to each case an officer of its district or, as often as asked, anyone at all."""
    per_district = -(-sizes.officers // sizes.districts)
    shift = sizes.districts * rng.integers(per_district, size=len(district))
    at_home = (district + shift) % sizes.officers
    anyone = classes(rng, len(district), sizes.officers, sizes.officer_evenness)
    return np.where(rng.random(len(district)) < sizes.home_share, at_home, anyone)


# -- feature-moves-with-visit ---------------------------------------------------------------------


def add_weather(world: World) -> None:
    """Offer the day's weather, as degrees or as a word: the same for all cases of a date."""
    add_team_queue(world)
    sizes, rng = world.sizes, world.rng
    if sizes.form not in ("temperature", "sky"):
        return
    degrees = daily_degrees(rng, sizes, world.calendar)
    world.logit += sizes.weather_effect * standard(degrees)[world.day]
    if sizes.form == "temperature":
        world.offer("weather", degrees.round(1)[world.day])
    else:
        rank = np.argsort(np.argsort(degrees))
        world.offer("weather", coded(rng, rank * sizes.sky_levels // len(rank))[world.day])


def daily_degrees(
    rng: np.random.Generator, sizes: SimpleNamespace, calendar: np.ndarray
) -> np.ndarray:
    """Make a year's course of temperature with warm and cold spells of some days."""
    day_of_year = (calendar - calendar.astype("datetime64[Y]")).astype(float)
    season = -sizes.weather_season * np.cos(2 * np.pi * day_of_year / DAYS_PER_YEAR)
    spells = standard(remember(rng.normal(size=len(calendar)), sizes.weather_memory))
    return sizes.weather_mean + season + sizes.weather_day_sd * spells


def add_visit_record(world: World) -> None:
    """Offer what was written down at the visit itself, more of it when something was found."""
    sizes, rng, found = world.sizes, world.rng, np.nan_to_num(world.outcome)
    if sizes.form == "minutes":
        size = standard(np.log(np.maximum(world.units.size, 1)))[world.unit]
        surprise = sizes.minutes_gain * found + rng.normal(size=len(found))
        log_ratio = sizes.minutes_by_size * size + sizes.minutes_spread * surprise
        values = (sizes.minutes_median * np.exp(log_ratio)).round()
    elif sizes.form == "items":
        values = rng.poisson(sizes.items_mean * sizes.items_ratio**found).astype(float)
    else:
        return
    world.offer("record", np.where(world.visited, values, np.nan))


# -- group-disparity ------------------------------------------------------------------------------


def add_groups(world: World) -> None:
    """Sort units into a main group 0, a named group 1 and a tiny group 2 too small to judge."""
    add_team_queue(world)
    sizes, rng = world.sizes, world.rng
    shares = [1 - sizes.group_share - sizes.tiny_share, sizes.group_share, sizes.tiny_share]
    group = rng.choice(3, len(world.units.risk), p=shares)[world.unit]
    world.logit += sizes.group_effect * (group == 1)
    world.columns["group_number"] = group
    world.give_role("group", coded(rng, group))


def add_list(world: World) -> None:
    """Take the top of a noisy risk score that is pushed for the named group.

    The push is the one at which the true false-positive rates of named and main group have the
    ratio asked for; for a ratio of 1 it makes up for whatever the risks themselves differ by.
    """
    sizes = world.sizes
    group = world.columns.pop("group_number")
    noise = world.rng.normal(0, sizes.score_noise, len(group))
    score = standard(world.logit) + noise
    ratio = sizes.fpr_ratio if sizes.fpr_against else 1 / sizes.fpr_ratio

    def taken(push: float) -> np.ndarray:
        """Take the list's share from the top of the pushed score."""
        pushed = score + push * (group == 1)
        return pushed > np.quantile(pushed, 1 - sizes.list_share)

    def excess(push: float) -> float:
        """Tell how far the named group's true rate is above what the ratio asks for."""
        named, main = (
            np.average(taken(push)[group == g], weights=1 - world.chance[group == g])
            for g in (1, 0)
        )
        return named - ratio * main

    world.give_role("selected", taken(bisect(excess, 0.0)).astype(int))


# -- handing over ---------------------------------------------------------------------------------

BEFORE_OUTCOME: dict[str, Callable[[World], None]] = {
    "staff-identity-dominates": add_officers,
    "feature-moves-with-visit": add_weather,
    "group-disparity": add_groups,
}
AFTER_OUTCOME: dict[str, Callable[[World], None]] = {
    "feature-moves-with-visit": add_visit_record,
    "group-disparity": add_list,
}


def hand_over(world: World, code: str, planted: bool) -> FlawedSet:
    """Give the columns names without meaning and shuffle rows, columns and features."""
    rng = world.rng
    unit_ids = code_words(rng, len(world.units.risk))
    world.give_role("case", code_words(rng, len(world.unit)))
    world.give_role("unit", unit_ids[world.unit])
    world.give_role("date", world.calendar[world.day])
    world.give_role("outcome", world.outcome)
    order = rng.permutation(len(world.unit))
    named = dict(zip(world.columns, column_names(rng, len(world.columns)), strict=True))
    shuffled = [str(name) for name in rng.permutation(list(world.columns))]
    table = pa.table(
        {named[name]: pa.array(world.columns[name][order], from_pandas=True) for name in shuffled}
    )
    universe = pa.table({named["unit"]: pa.array(rng.permutation(unit_ids))})
    return FlawedSet(
        table=table,
        roles={role: named[role] for role in sorted(world.roles)},
        features=tuple(named[str(name)] for name in rng.permutation(world.features)),
        universe=universe if world.sizes.universe else None,
        code=code,
        planted=planted,
    )
