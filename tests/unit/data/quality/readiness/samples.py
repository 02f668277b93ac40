"""Small parties for tests, and larger ones drawn at random from made-up syllables."""

import numpy as np
import pyarrow as pa

from openoda.data.quality.readiness.fields import FIELDS, Prepared
from openoda.data.quality.readiness.forms import LONGEST_TOLD, Forms
from openoda.data.quality.readiness.gathering import Gathering
from openoda.data.quality.readiness.patterns import Group
from openoda.data.quality.readiness.preparing import prepare
from openoda.data.quality.readiness.rules import mask_of
from openoda.data.quality.readiness.statistics import FieldFacts, Statistics

SYLLABLES = (
    "BA",
    "DEN",
    "FO",
    "GUL",
    "HIM",
    "JOR",
    "KEL",
    "LUN",
    "MIR",
    "NOS",
    "PEL",
    "RUT",
    "SOB",
)


def prepared(columns: dict[str, list[str | None]]) -> Prepared:
    """Records as given, made ready to compare; the columns are named as the fields."""
    table = pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
    return prepare(table.to_batches(), {name: name for name in columns})


def words(random: np.random.Generator, many: int, kinds: int) -> np.ndarray:
    """Names of three made-up syllables, some much commoner than others, shape (many,)."""
    found = ["".join(random.choice(SYLLABLES, 3)) for _ in range(kinds)]
    shares = 1 / (1 + np.arange(kinds))
    return random.choice(np.array(found, dtype=object), many, p=shares / shares.sum())


def births(random: np.random.Generator, many: int) -> np.ndarray:
    """Dates of birth, YYYY-MM-DD, shape (many,)."""
    days = np.datetime64("1940-01-02") + random.integers(0, 24_000, many)
    return days.astype(str).astype(object)


def slipped(random: np.random.Generator, name: str) -> str:
    """The name with one letter changed to one that no syllable has."""
    place = int(random.integers(1, len(name)))
    return f"{name[:place]}{random.choice(list('CQVWXYZ'))}{name[place + 1 :]}"


def statistics(usable: dict[str, float], rows: int = 10_000, **changed: object) -> Statistics:
    """A party whose fields are usable in such shares of the records, each by itself; no evidence."""
    states = {0: float(rows)}
    for name, share in usable.items():
        states = _split(states, mask_of([name]), share)
    patterns = tuple((mask, round(many)) for mask, many in states.items() if round(many))
    group = Group("1980 to 1989", rows, patterns, None, (None,) * len(FIELDS))
    facts = {name: FieldFacts(round(share * rows), {}, None) for name, share in usable.items()}
    longer = {name: (0.0,) * LONGEST_TOLD for name in ("forename", "surname") if name in usable}
    told = {
        "rows": rows,
        "fields": facts,
        "groups": (group,),
        "evidence": (),
        "gathering": Gathering(len(usable), (), 0.0, 1.0),
        "forms": Forms({}, longer),
        "repeated": None,
        "lasting": 0.0,
        "year": 2026,
    }
    return Statistics(**{**told, **changed})


def _split(states: dict[int, float], bit: int, share: float) -> dict[int, float]:
    found = {mask | bit: many * share for mask, many in states.items()}
    return found | {mask: many * (1 - share) for mask, many in states.items()}
