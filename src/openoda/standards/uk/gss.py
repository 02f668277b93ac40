"""GSS code: nine characters that name a statistical or administrative area.

Rule: an entity prefix of a letter (E England, W Wales, S Scotland, N Northern Ireland, K more than one
of them, J of England and Wales in past censuses and the like, L Channel Islands, M Isle of Man) and two
digits, then six digits. Canonical form: capitals. The prefix must be in our table of entities, which
says what it names; codes of 999999 are ONS pseudo-codes for "not applicable here", one kept under every
entity. A code stays with its area and changes when
the boundary does, so a code has a vintage: `vintage_of` tells for councils, and `check` with a date
refuses a code not in force then.

Source: Office for National Statistics, page "Coding and naming for statistical geographies" (read: it
names the register and the database, in use since 1 January 2011), Register of Geographic Codes of June
2026 (all entities, and the code kept under each) and Code History Database of July 2024 (the first and
last days of councils' codes), both Open Government Licence and read in public copies, which the files
`gss_entities.json` and `gss_changes.json` name with where they end. The policy itself could not be read.
"""

import json
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from openoda.standards.uk.checked import NOTHING, Checked, joined, sound, unsound

PSEUDO_SUFFIX = "999999"
_FOLDER = Path(__file__).parent
_SHAPE = re.compile(r"[A-Z][0-9]{8}")


@dataclass(frozen=True)
class Entity:
    """What a prefix names, where, and which editions share it (empty where it has one)."""

    prefix: str
    name: str
    country: str
    editions: str = ""


@dataclass(frozen=True)
class Vintage:
    """When a code was in force (ISO dates; empty where not told), and what replaced it from `end`."""

    code: str
    start: str = ""
    end: str = ""
    successors: tuple[str, ...] = ()


def check(text: str, as_at: date | None = None) -> Checked:
    """The code in capitals, its entity as first note. With `as_at`, in force on that day.

    Problems: missing, wrong-shape, pseudo-code, unknown-entity, not-in-force.
    """
    given = joined(text)
    if not given:
        return NOTHING
    if not _SHAPE.fullmatch(given):
        return unsound("wrong-shape", "A GSS code is a letter and eight digits.")
    if given.endswith(PSEUDO_SUFFIX):
        return unsound("pseudo-code", "An ONS pseudo-code: the geography doesn't exist there.")
    entity = entity_of(given)
    if entity is None:
        return unsound(
            "unknown-entity",
            f"Its prefix isn't in our table of entities as at {entities_as_at()}; the ONS register "
            "may have it.",
        )
    vintage = vintage_of(given)
    if as_at and vintage and not _in_force(vintage, as_at):
        return unsound("not-in-force", "The code was not in force on that day.", *_told(vintage))
    return sound(given, *_named(entity), *(_told(vintage) if vintage else ()))


def entity_of(code: str) -> Entity | None:
    """What the code's first three characters name, or None where our table doesn't have them."""
    return _entities().get(code[:3])


def vintage_of(code: str) -> Vintage | None:
    """When a council's code began or ended, where our table of changes knows it."""
    return _vintages().get(code)


def entities_as_at() -> str:
    """The date as at which the table of entities was written."""
    return str(_table("gss_entities.json")["as_at"])


def _named(entity: Entity) -> tuple[str, ...]:
    where = f"{entity.name} ({entity.country})"
    if entity.editions:
        return (where, f"one prefix for the editions {entity.editions}: say which is meant")
    return (where,)


def _told(vintage: Vintage) -> tuple[str, ...]:
    notes: tuple[str, ...] = (f"in force from {vintage.start}",) if vintage.start else ()
    if vintage.end:
        notes += (f"replaced from {vintage.end} by {', '.join(vintage.successors)}",)
    return notes


def _in_force(vintage: Vintage, day: date) -> bool:
    """Whether it was: from its first day, until the day before its successors'."""
    return vintage.start <= day.isoformat() and (not vintage.end or day.isoformat() < vintage.end)


@cache
def _table(name: str) -> dict[str, Any]:
    return dict(json.loads((_FOLDER / name).read_text(encoding="utf-8")))


@cache
def _entities() -> dict[str, Entity]:
    return {row[0]: Entity(*row) for row in _table("gss_entities.json")["entities"]}


@cache
def _vintages() -> dict[str, Vintage]:
    """Both ends of every change: the codes that ended, and those that began."""
    found: dict[str, Vintage] = {}
    for change in _table("gss_changes.json")["changes"]:
        for code in change["from"]:
            begun = found.get(code, Vintage(code)).start
            found[code] = Vintage(code, begun, change["on"], tuple(change["to"]))
        for code in change["to"]:
            old = found.get(code, Vintage(code))
            found[code] = Vintage(code, change["on"], old.end, old.successors)
    return found
