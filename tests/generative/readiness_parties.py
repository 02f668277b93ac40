"""The two parties of a damaged pair, as their analysts would hand them to `oda readiness`.

Each party knows which of its columns is which, and that its dates begin with the month; nothing else of
how the pair was made is used. The damage (`extract_damage`) was written before the forecast.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from openoda.data.quality.readiness.fields import Prepared
from openoda.data.quality.readiness.forecast import Forecast, forecast
from openoda.data.quality.readiness.preparing import prepare
from openoda.data.quality.readiness.rules import DEFAULT, link
from openoda.data.quality.readiness.statistics import statistics_of
from tests.generative.extract_damage import (
    Pair,
    common_records,
    make_pair,
    realised_recall,
    settings,
)

AS_AT = date(2026, 4, 1)
FIELD_OF = {
    "first_name": "forename", "last_name": "surname", "date_of_birth": "date_of_birth",
    "postcode": "postcode", "address": "address", "nhs_number": "nhs_number", "nino": "nino",
    "uprn": "uprn", "phone": "phone", "email": "email",
}  # fmt: skip


@dataclass(frozen=True)
class Tried:
    """A forecast beside what linking the pair by the same rules really found."""

    name: str
    common: int
    forecast: Forecast
    realised: float

    @property
    def miss(self) -> float:
        """Forecast less realised recall."""
        return self.forecast.recall - self.realised


def mapping_of(table: pa.Table, dates: str) -> dict[str, str]:
    """The party's `--map`: its columns, and whether its dates begin with the month."""
    found = {field: column for column, field in FIELD_OF.items() if column in table.column_names}
    if dates == "us" and "date_of_birth" in found:
        found["date_of_birth"] += ":month-first"
    return found


def parties(number: int) -> tuple[Pair, Prepared, Prepared]:
    """Pair `number` with both tables made ready to compare."""
    pair, its = make_pair(number), settings(number)
    made = [
        prepare(table.to_batches(), mapping_of(table, its[side]["agency"]["dates"]), AS_AT)
        for side, table in (("a", pair.a), ("b", pair.b))
    ]
    return pair, made[0], made[1]


def realised(pair: Pair, a: Prepared, b: Prepared) -> float:
    """The recall of the default rules, by linking the two tables."""
    ids = [np.array(table["record_id"].to_pylist(), object) for table in (pair.a, pair.b)]
    linked = [
        (ids[0][x], ids[1][y])
        for left, right in link(a, b, DEFAULT)
        for x, y in zip(left, right, strict=True)
    ]
    return realised_recall(pair, linked)


def tried(number: int) -> Tried:
    """Forecast pair `number` from each party's statistics alone, then link it."""
    pair, a, b = parties(number)
    common = common_records(pair)
    told = forecast(statistics_of(a), statistics_of(b), common)
    return Tried(pair.name, common, told, realised(pair, a, b))
