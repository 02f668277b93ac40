"""Which rules a record satisfies by itself: it has the rule's fields, and they are right.

A rule links two records of one person if both satisfy it. So each side comes down to the chances of the
sets of rules that its records satisfy, and two sides to the chance that their sets share a rule. Values
that are wrong on both sides and yet agree are left out: too rare to matter for exact agreement.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from openoda.data.quality.readiness.beliefs import MOVED, PLACES, Beliefs
from openoda.data.quality.readiness.fields import FIELDS, NAMES, Array
from openoda.data.quality.readiness.name_order import SWAPPED
from openoda.data.quality.readiness.patterns import Group
from openoda.data.quality.readiness.rules import Rule

STATES = 1 << len(FIELDS)
USABLE = np.array([state.bit_count() for state in range(STATES)])
"""How many fields are usable in each set of fields, shape (STATES,)."""
CARELESS = 0.2
"""The share of records made in a hurry, in the model of how errors gather on the same records."""


@dataclass(frozen=True)
class RuleSets:
    """The possible sets of rules over the fields that count.

    `fields`: those that some rule uses and both sides have. `member` holds 1 where a set of right fields
    (its bits in the order of `fields`) satisfies a set of rules, shape (2 ** fields, sets); `link` holds
    1 where two sets share a rule, shape (sets, sets).
    """

    fields: tuple[str, ...]
    member: Array
    link: Array

    def narrowed(self, states: Array) -> Array:
        """Chances of sets of all `FIELDS`, shape (draws, STATES), as chances of sets of `fields`."""
        places = [FIELDS.index(name) for name in self.fields]
        every = np.arange(STATES)
        left = np.zeros(STATES, dtype=np.int64)
        for at, place in enumerate(places):
            left |= ((every >> place) & 1) << at
        found = np.zeros((len(states), 1 << len(places)))
        for state in np.flatnonzero(states.any(axis=0)):
            found[:, left[state]] += states[:, state]
        return found


def rule_sets(rules: Sequence[Rule], shared: Sequence[str]) -> RuleSets:
    """The sets of rules, given the fields that both sides have."""
    rules = [rule for rule in rules if set(rule.fields) <= set(shared)]
    fields = tuple(name for name in FIELDS if any(name in rule.fields for rule in rules))
    states = np.arange(1 << len(fields))
    masks = np.array([sum(1 << fields.index(name) for name in rule.fields) for rule in rules], int)
    satisfied = (states[:, None] & masks[None, :]) == masks[None, :]
    kinds, of_state = np.unique(satisfied, axis=0, return_inverse=True)
    member = np.eye(len(kinds))[of_state.reshape(-1)]
    told = kinds.astype(float)
    return RuleSets(fields, member, (told @ told.T > 0).astype(float))


def usable_states(group: Group) -> Array:
    """The chance of each set of usable fields, shape (STATES,), for the records of a group.

    Records with a rare pattern are spread as if each field were usable by itself at its own rate.
    """
    found = np.zeros(STATES)
    for mask, rows in group.patterns:
        found[mask] += rows
    if group.rest:
        spread = np.zeros((1, STATES))
        spread[0, -1] = group.rest
        for place, many in enumerate(group.rest_usable):
            _thin(spread, place, np.array([min(1.0, (many or 0) / group.rest)]))
        found += spread[0]
    return found / found.sum() if found.sum() else found


def tilted(usable: Array, unlike: Array) -> Array:
    """The chances, shape (draws, STATES), where records with gaps are common more or less often.

    `unlike`: how many times as often, in logs, for gaps one standard deviation more than the mean, shape
    (draws,).
    """
    mean = float(usable @ USABLE)
    spread = float(np.sqrt(usable @ (USABLE - mean) ** 2)) or 1.0
    weights = usable[None, :] * np.exp(unlike[:, None] * (mean - USABLE)[None, :] / spread)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def satisfied(
    usable: Array, relative: Array, beliefs: Beliefs, gathering: Array, sets: RuleSets
) -> Array:
    """The chance of each set of rules, shape (draws, sets), for records with these usable fields.

    `usable`: the chance of each set of usable fields, shape (draws, STATES). `relative`: the rate of
    slips in records with it relative to the file's, shape (STATES,). `beliefs`: each field's rates, and
    the rate of moves. `gathering`: how much slips gather on the same records beyond that, as the mean
    square of a record's relative rate, shape (draws,): 1 is not at all, 5 the most. What has changed
    since the record was made gathers only in part (`beliefs.gathered`).
    """
    draws = len(gathering)
    total = np.zeros((draws, len(sets.member)))
    apart = np.sqrt(np.maximum(gathering - 1, 0))
    high = 1 + apart * np.sqrt((1 - CARELESS) / CARELESS)
    low = np.maximum(1 - apart * np.sqrt(CARELESS / (1 - CARELESS)), 0)
    for level in np.unique(relative[usable.any(axis=0)]):
        here = sets.narrowed(np.where(relative == level, usable, 0.0))
        for share, more in ((CARELESS, high), (1 - CARELESS, low)):
            right = share * here
            for place, name in enumerate(sets.fields):
                _thin(right, place, _kept(beliefs, name, level * more))
            for cause, gone in ((MOVED, PLACES), (SWAPPED, NAMES)):
                right = _together_gone(right, _changed(beliefs, cause, level * more), gone, sets)
            total += right
    found: Array = total @ sets.member
    return found


def _kept(beliefs: Beliefs, name: str, relative: Array) -> Array:
    """The chance that a usable value is right, shape (draws,)."""
    return np.clip(1 - beliefs.slips[name] * relative - _changed(beliefs, name, relative), 0.02, 1)


def _changed(beliefs: Beliefs, name: str, relative: Array) -> Array:
    """The chance of another difference than a slip, shape (draws,)."""
    times = 1 - beliefs.gathered + beliefs.gathered * relative
    return np.minimum(beliefs.others[name] * times, 0.95)


def _thin(states: Array, place: int, kept: Array) -> None:
    """Drop a field from states at random, in place; `kept`: the chance that it stays, shape (draws,)."""
    view = states.reshape(len(states), -1, 2, 1 << place)
    dropped = view[:, :, 1, :] * (1 - kept)[:, None, None]
    view[:, :, 0, :] += dropped
    view[:, :, 1, :] -= dropped


def _together_gone(states: Array, chance: Array, fields: tuple[str, ...], sets: RuleSets) -> Array:
    """The states where with this chance, shape (draws,), all these fields are wrong together."""
    gone = chance[:, None] * states
    for place, name in enumerate(sets.fields):
        if name in fields:
            _thin(gone, place, np.zeros(len(states)))
    return np.asarray((1 - chance[:, None]) * states + gone)
