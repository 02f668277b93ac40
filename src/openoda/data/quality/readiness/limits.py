"""What limits the forecast: how many points would be won by mending one field of one party.

And what nobody can tell from two files' statistics, in words.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from openoda.data.quality.readiness.beliefs import MOVED
from openoda.data.quality.readiness.fields import FIELDS
from openoda.data.quality.readiness.forecast import Side, recall_draws
from openoda.data.quality.readiness.name_order import SWAPPED
from openoda.data.quality.readiness.patterns import UNKNOWN, Group
from openoda.data.quality.readiness.rules import Rule

GAPS, ERRORS = "gaps", "errors"
_LEAST = 0.001
_CHANGES = ("forename", "surname", "date_of_birth")


@dataclass(frozen=True)
class Limit:
    """Recall that would be won (0 to 1) if `party` (0 or 1) had no gaps, or no errors, in `field`."""

    party: int
    field: str
    what: str
    won: float


def limits_of(a: Side, b: Side, rules: Sequence[Rule]) -> list[Limit]:
    """What limits, the greatest gain first; under a tenth of a point is left out.

    Worked out at the middle of what may be believed, without errors that gather on records with gaps
    (a gap that is filled would change what is told of the others), so gains are approximate.
    """
    sides = (_middle(a), _middle(b))
    before = float(recall_draws(*sides, rules)[0])
    used = {name for rule in rules for name in rule.fields}
    found = []
    for party, side in enumerate(sides):
        for name in (*(one for one in FIELDS if one in used), MOVED, SWAPPED):
            for what, mended in _mended(side, name):
                pair = (mended, sides[1]) if party == 0 else (sides[0], mended)
                won = float(recall_draws(*pair, rules)[0]) - before
                found.append(Limit(party, name, what, won))
    worth = [one for one in found if one.won >= _LEAST]
    return sorted(worth, key=lambda one: -one.won)


def unknowns_of(side: Side, party: str) -> list[str]:
    """What this party's statistics don't show and the forecast had to allow for, one sentence each."""
    said = []
    if MOVED not in side.beliefs.informed:
        low, high = np.quantile(side.beliefs.others[MOVED], (0.025, 0.975))
        said.append(
            f"How many addresses of {party} are out of date: too few people are in it twice; taken as "
            f"{low:.0%} to {high:.0%}"
        )
    blind = [n for n in _CHANGES if n in side.statistics.fields and n not in side.beliefs.informed]
    if blind:
        words = ", ".join(name.replace("_", " ") for name in blind)
        said.append(
            f"How often {words} of one person differ from visit to visit in {party}: too few people are "
            "in it twice; taken as in files like it"
        )
    if all(group.band == UNKNOWN for group in side.statistics.groups):
        said.append(f"Ages in {party}, which has no dates of birth: all are taken together")
    return said


def _middle(side: Side) -> Side:
    """The party with one draw, the middle of each of its rates, and errors that don't go with gaps."""
    beliefs = side.beliefs
    middle = replace(
        beliefs,
        slips={name: np.median(rate, keepdims=True) for name, rate in beliefs.slips.items()},
        others={name: np.median(rate, keepdims=True) for name, rate in beliefs.others.items()},
    )
    statistics = side.statistics
    level = replace(statistics, gathering=replace(statistics.gathering, levels=()))
    gathering = np.median(side.gathering, keepdims=True)
    return replace(side, statistics=level, beliefs=middle, gathering=gathering, unlike=np.zeros(1))


def _mended(side: Side, name: str) -> list[tuple[str, Side]]:
    """The party with the field's gaps filled, and with its errors mended."""
    nought = np.zeros(1)
    right = replace(
        side.beliefs,
        slips={**side.beliefs.slips, name: nought},
        others={**side.beliefs.others, name: nought},
    )
    without_errors = (ERRORS, replace(side, beliefs=right))
    if name in (MOVED, SWAPPED):
        return [without_errors]
    if name not in side.statistics.fields:
        return []
    groups = tuple(_filled(group, FIELDS.index(name)) for group in side.statistics.groups)
    full = replace(side, statistics=replace(side.statistics, groups=groups))
    return [(GAPS, full), without_errors]


def _filled(group: Group, place: int) -> Group:
    usable = list(group.rest_usable)
    usable[place] = group.rest
    patterns = tuple((mask | 1 << place, rows) for mask, rows in group.patterns)
    return replace(group, patterns=patterns, rest_usable=tuple(usable))
