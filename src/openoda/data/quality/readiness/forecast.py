"""The forecast: of the records that two parties truly have in common, the share that would link.

Made from both parties' statistics and the number in common alone. For each band of birth years the
common records' fields are usable as each party's pattern says, the parties' errors are independent of
one another, and a record links if both sides satisfy a rule. Error rates are drawn from what each
party's evidence lets one believe, so the answer is a distribution: its median is the forecast, its
middle 95% the interval.

Not identifiable from two files' own statistics, and so only allowed for: whether common records are
unlike the rest, errors that both sides took from one source, and moves or changes that no record within
the file shows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from openoda.data.quality.readiness.beliefs import MOVED, Beliefs, beliefs_of
from openoda.data.quality.readiness.fields import Array
from openoda.data.quality.readiness.forms import LONGEST_TOLD
from openoda.data.quality.readiness.gathering import MOST_GAPS, Gathering
from openoda.data.quality.readiness.mobility import relative_moves
from openoda.data.quality.readiness.outcomes import (
    USABLE,
    RuleSets,
    rule_sets,
    satisfied,
    tilted,
    usable_states,
)
from openoda.data.quality.readiness.overlap import overlap_of
from openoda.data.quality.readiness.patterns import BANDS, UNKNOWN, YEARS
from openoda.data.quality.readiness.rules import DEFAULT, Rule
from openoda.data.quality.readiness.statistics import Statistics

DRAWS, SEED = 400, 20
_GATHERING_SPREAD, _GATHERING_MOST = 0.3, 4.9
_ALL = "all"
_UNLIKE = 0.15
"""How unlike the rest common records may be: the spread of how many times as often, in logs, a record is
common that has gaps one standard deviation more than the file's mean. In which direction nobody knows:
people with complicated lives meet more services, and are missed by more."""


@dataclass(frozen=True)
class Forecast:
    """The share of common records that would link, with the middle 95% of what may be believed."""

    recall: float
    low: float
    high: float


@dataclass(frozen=True)
class Side:
    """One party in the forecast: its statistics and draws of its error rates.

    `gathering`: how much slips gather on the same records; `unlike`: how much more often records with
    gaps are common, see `_UNLIKE`; shape (draws,) both. `common`: the shares of the bands among the
    common records; `without`: of each band's, the share of the party's records that don't say the year.
    """

    statistics: Statistics
    beliefs: Beliefs
    gathering: Array
    unlike: Array
    common: dict[str, float]
    without: dict[str, float]


def sides_of(
    first: Statistics, second: Statistics, common: int, draws: int = DRAWS
) -> tuple[Side, Side]:
    """Both parties with draws of their error rates, differing habits of writing included."""
    overlap = overlap_of(first, second, common)
    random = np.random.default_rng(SEED)
    unlike = random.normal(0, _UNLIKE, draws)
    sides = []
    for one, other, without in (
        (first, second, overlap.without[0]),
        (second, first, overlap.without[1]),
    ):
        spread = random.normal(0, _GATHERING_SPREAD, draws)
        gathering = np.clip(1 + (one.gathering.together - 1) * np.exp(spread), 1, _GATHERING_MOST)
        moving = _moves(one)[1]
        beliefs = beliefs_of(one.evidence, draws, random, other.evidence, one.lasting, moving)
        fresh = 1 - random.uniform(0, 1, draws) * min(one.lasting, other.lasting)
        slips = {name: rate * fresh for name, rate in beliefs.slips.items()}
        beliefs = replace(beliefs, slips=slips, gathered=one.gathering.changes)
        sides.append(Side(one, beliefs, gathering, unlike, overlap.shares, without))
    share = random.uniform(0.5, 1.0, draws)
    return _with_habits(sides[0], second, share), _with_habits(sides[1], first, share)


def recall_draws(a: Side, b: Side, rules: Sequence[Rule] = DEFAULT) -> Array:
    """The share of common records of `a` that would link, for each draw, shape (draws,)."""
    shared = set(a.statistics.fields) & set(b.statistics.fields)
    sets = rule_sets(rules, sorted(shared))
    twice = _twice(b.statistics)
    total = np.zeros(len(a.gathering))
    by_band_a, by_band_b = _by_band(a, sets), _by_band(b, sets)
    for band, share in a.common.items():
        met = by_band_b[band] @ sets.link
        chance = (1 - twice) * met + twice * (1 - (1 - met) ** 2)
        total += share * (by_band_a[band] * chance).sum(axis=1)
    return total


def forecast(
    first: Statistics, second: Statistics, common: int, rules: Sequence[Rule] = DEFAULT
) -> Forecast:
    """Forecast the recall of `rules` over `common` records of the first party."""
    a, b = sides_of(first, second, common)
    return summed_up(recall_draws(a, b, rules), common)


def summed_up(draws: Array, common: int) -> Forecast:
    """The median of the draws, and an interval that allows for chance among the common records too."""
    random = np.random.default_rng(SEED)
    safe = np.clip(draws, 1e-6, 1 - 1e-6)
    shares = random.binomial(common, safe) / common
    low, high = np.quantile(shares, (0.025, 0.975))
    return Forecast(float(np.median(draws)), float(low), float(high))


def _by_band(side: Side, sets: RuleSets) -> dict[str, Array]:
    """The chances of sets of rules for people of each band; some of whose records don't say the year."""
    groups = {group.band: group for group in side.statistics.groups}
    relative = relative_by_state(side.statistics.gathering)
    found = {}
    for (band, group), times in zip(groups.items(), _moves(side.statistics)[0], strict=True):
        usable = tilted(usable_states(group), side.unlike)
        moved = {**side.beliefs.others, MOVED: side.beliefs.others[MOVED] * times}
        beliefs = replace(side.beliefs, others=moved)
        found[band] = satisfied(usable, relative * group.slips, beliefs, side.gathering, sets)
    rows = sum(group.rows for group in groups.values())
    overall = sum(found[band] * (groups[band].rows / rows) for band in found)
    mixed = {}
    for band in BANDS:
        own, unsaid = found.get(band, overall), side.without.get(band, 0.0)
        mixed[band] = (1 - unsaid) * own + unsaid * found[UNKNOWN] if unsaid else own
    return {band: np.asarray(each) for band, each in mixed.items()}


def _moves(statistics: Statistics) -> tuple[list[float], float]:
    """How much more often the people of each band, and of the file, move."""
    rows = {YEARS[group.band]: group.rows for group in statistics.groups}
    return relative_moves(rows, statistics.year)


def relative_by_state(gathering: Gathering) -> Array:
    """The relative error rate of records by their usable fields, shape (STATES,)."""
    gaps = np.clip(gathering.fields - USABLE, 0, MOST_GAPS)
    return np.asarray(gathering.relative()[gaps])


def _twice(statistics: Statistics) -> float:
    """The share of people who have two records."""
    return min(
        0.5, (statistics.repeated or 0) / max(1, statistics.rows - (statistics.repeated or 0))
    )


def _with_habits(side: Side, other: Statistics, share: Array) -> Side:
    """Add what the party's ways of writing names make differ from the other party's.

    `share`: how much of a difference between two files' habits is a difference between the same
    person's records, shape (draws,); the rest is that the files are of other people.
    """
    own, bands = side.statistics, side.common
    others = dict(side.beliefs.others)
    for name, more in (
        ("forename", _more(own, other, bands, "short_forms")),
        ("surname", _more(other, own, bands, "compound")),
    ):
        others[name] = np.maximum(others[name], share * more)
    for name, cut in own.forms.cut_at.items():
        theirs = other.forms
        if cut < theirs.cut_at.get(name, LONGEST_TOLD + 1) and name in theirs.longer:
            others[name] = others[name] + theirs.longer[name][min(cut, LONGEST_TOLD) - 1]
    return replace(side, beliefs=replace(side.beliefs, others=others))


def _more(own: Statistics, other: Statistics, bands: dict[str, float], habit: str) -> float:
    """How many more of the records of one party than of the other have a habit.

    Each band counts as it does among the common records, of those that both parties tell of; where these
    are few, whole files are compared.
    """
    mine, theirs = _habits(own, habit), _habits(other, habit)
    both = [band for band in bands if band in mine and band in theirs and band != UNKNOWN]
    weight = sum(bands[band] for band in both)
    if weight < 0.5:
        return mine[_ALL] - theirs[_ALL]
    return sum(bands[band] * (mine[band] - theirs[band]) for band in both) / weight


def _habits(statistics: Statistics, habit: str) -> dict[str, float]:
    """The share of the records of each band, and of all, that have a habit; of bands that tell it."""
    counts = {group.band: getattr(group, habit) for group in statistics.groups}
    rows = {group.band: group.rows for group in statistics.groups}
    found = {band: many / rows[band] for band, many in counts.items() if many is not None}
    return {**found, _ALL: sum(many or 0 for many in counts.values()) / max(sum(rows.values()), 1)}
