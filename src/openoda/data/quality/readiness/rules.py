"""Linking rules: records link where any rule's fields all agree exactly, once made comparable.

The same rules serve the forecast and, on two files side by side, the linking itself, so that one can be
held against the other.
"""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from openoda.data.quality.readiness.fields import FIELDS, Codes, Prepared, codes_of
from openoda.vocabulary.refusals import FileUnreadable, Misused


@dataclass(frozen=True)
class Rule:
    """Fields that must all be usable on both sides and agree."""

    fields: tuple[str, ...]

    @property
    def mask(self) -> int:
        """The fields as bits, in the order of `FIELDS`."""
        return mask_of(self.fields)

    @property
    def words(self) -> str:
        """The rule as people read it."""
        return " + ".join(name.replace("_", " ") for name in self.fields)


DEFAULT = tuple(
    Rule(fields)
    for fields in (
        ("nhs_number",),
        ("nino",),
        ("forename", "surname", "date_of_birth"),
        ("surname", "date_of_birth", "postcode"),
        ("forename", "date_of_birth", "postcode"),
        ("forename", "surname", "postcode"),
        ("date_of_birth", "uprn"),
        ("forename", "surname", "uprn"),
        ("forename", "surname", "phone"),
        ("forename", "surname", "email"),
        ("date_of_birth", "phone"),
        ("date_of_birth", "email"),
    )
)
"""A usual deterministic cascade: an identifier, or any three (two, where one is a home's or a person's
own) of name, birth and place. Our own choice; a party's own rules go into a file."""


def mask_of(fields: Sequence[str]) -> int:
    """Fields as bits, in the order of `FIELDS`."""
    return sum(1 << FIELDS.index(name) for name in fields)


def load_rules(path: Path) -> tuple[Rule, ...]:
    """Rules from TOML: `[[rule]]` with `fields = ["surname", …]`. Refuses what isn't that (Misused)."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FileUnreadable(
            "The rules can't be read as TOML", where=path.name, remedy="Give a TOML file of rules."
        ) from error
    return rules_of(told.get("rule"), path.name)


def rules_of(told: Any, where: str) -> tuple[Rule, ...]:
    """Rules from their plain form. Refuses (Misused) what is no list of rules."""
    if isinstance(told, list) and told and all(_sound(each) for each in told):
        return tuple(Rule(tuple(each["fields"])) for each in told)
    raise Misused(
        "These are no linking rules",
        where=where,
        remedy='Write [[rule]] and fields = ["surname", "date_of_birth"] for each; the fields are '
        + ", ".join(FIELDS)
        + ".",
    )


def _sound(each: Any) -> bool:
    fields = each.get("fields") if isinstance(each, dict) and set(each) == {"fields"} else None
    if not isinstance(fields, list) or not fields:
        return False
    return all(name in FIELDS for name in fields) and len(set(fields)) == len(fields)


def link(a: Prepared, b: Prepared, rules: Sequence[Rule]) -> Iterator[tuple[Codes, Codes]]:
    """The pairs that each rule links: places in `a` and in `b`, one answer a rule with fields in both.

    Pairs that several rules link come several times.
    """
    for rule in rules:
        if all(name in a.values and name in b.values for name in rule.fields):
            yield _joined(*_keys(a, b, rule.fields))


def _keys(a: Prepared, b: Prepared, fields: Sequence[str]) -> tuple[Codes, Codes]:
    """One number for each distinct combination of values, the same on both sides; −1 where unusable."""
    both = combined([codes_of(_stacked(a.values[name], b.values[name])) for name in fields])
    return both[: a.rows], both[a.rows :]


def _stacked(first: pa.Array, second: pa.Array) -> pa.Array:
    return pa.concat_arrays([first, second])


def combined(columns: Sequence[Codes]) -> Codes:
    """One number for each distinct combination, shape (n,); −1 where any of the columns is −1."""
    key = columns[0]
    for column in columns[1:]:
        unusable = (key < 0) | (column < 0)
        key = np.where(unusable, -1, key * (int(column.max(initial=0)) + 1) + column)
        _, dense = np.unique(key, return_inverse=True)
        key = np.where(unusable, -1, dense.astype(np.int64))
    return key


def _joined(left: Codes, right: Codes) -> tuple[Codes, Codes]:
    """All pairs of places whose keys are the same and usable."""
    order = np.argsort(right, kind="stable")
    ordered = right[order]
    places = np.flatnonzero(left >= 0)
    low = np.searchsorted(ordered, left[places], "left")
    many = np.searchsorted(ordered, left[places], "right") - low
    first = np.repeat(places, many)
    steps = np.arange(int(many.sum())) - np.repeat(np.cumsum(many) - many, many)
    return first, order[np.repeat(low, many) + steps]
