"""What a column may be, and how many of its values intake's own casting would take as that."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from openoda.data.intake.casting import Cast, cast_for
from openoda.standards.table_schema import TableSchema

ENOUGH = 0.95


@dataclass(frozen=True)
class Found:
    """A field's descriptor without its name, the share of values that fit it, and what is said of it."""

    descriptor: dict[str, Any]
    share: float
    note: str = ""
    doubtful: bool = False


def as_text(note: str, *, doubtful: bool = False) -> Found:
    """Text, which every value fits."""
    return Found({"type": "string"}, 1.0, note, doubtful)


def share_of(given: pa.StringArray, descriptor: dict[str, Any]) -> float:
    """The share of values that intake would type so."""
    values = _cast(json.dumps(descriptor, sort_keys=True))(given).values
    return 1.0 - int(values.null_count) / len(given)


@cache
def _cast(descriptor: str) -> Cast:
    """Kept: a wide file asks for the same few hundreds of times for every one of its columns."""
    fields = {"fields": [{"name": "x", **json.loads(descriptor)}]}
    schema = TableSchema.from_descriptor(fields)
    return cast_for(schema.fields[0], schema)


def share_matching(values: pa.StringArray, pattern: str) -> float:
    """The share of values in which the regular expression is found."""
    return int(pc.match_substring_regex(values, pattern).true_count) / len(values)


def share_holding(values: pa.StringArray, parts: Sequence[str]) -> dict[str, float]:
    """For each short text the share of values that hold it."""
    counts = {part: int(pc.match_substring(values, part).true_count) for part in parts}
    return {part: count / len(values) for part, count in counts.items()}
