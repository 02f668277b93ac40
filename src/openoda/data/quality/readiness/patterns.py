"""Which fields are usable together, for people born in different years: gaps come in groups."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow.compute as pc

from openoda.data.quality.readiness.disclosure import FEWEST, disclosed
from openoda.data.quality.readiness.fields import FIELDS, Codes, Prepared
from openoda.data.quality.readiness.forms import compound, short_forms

UNKNOWN = "unknown"
_EDGES = (1940, 1955, 1970, 1980, 1990, 1995, 2000, 2005, 2010, 2015)
YEARS: dict[str, tuple[int, int] | None] = {
    f"before {_EDGES[0]}": (0, _EDGES[0] - 1),
    **{f"{low} to {high - 1}": (low, high - 1) for low, high in pairwise(_EDGES)},
    f"from {_EDGES[-1]}": (_EDGES[-1], 9999),
    UNKNOWN: None,
}
"""First and last year of birth of each band."""
BANDS = tuple(YEARS)
"""Years of birth; by when people were born, so that bands of two files are the same people's."""


@dataclass(frozen=True)
class Group:
    """The records of one band of birth years.

    `patterns`: usable fields as bits, and how many records have just these. `rest`: how many records
    have a pattern that fewer than ten have, and `rest_usable` how many of those have each field usable
    (shape (fields,)). `short_forms` and `compound`: records with such a forename or surname. All as
    disclosed, None where fewer than ten. `slips`: how many times as many slips they hold as other
    records with such gaps.
    """

    band: str
    rows: int
    patterns: tuple[tuple[int, int], ...]
    rest: int | None
    rest_usable: tuple[int | None, ...]
    short_forms: int | None = None
    compound: int | None = None
    slips: float = 1.0

    def as_json(self) -> dict[str, Any]:
        """The group as it is shared, fields by name."""
        return {
            "born": self.band,
            "rows": self.rows,
            "patterns": [{"usable": _names(mask), "rows": rows} for mask, rows in self.patterns],
            "rest": self.rest,
            "rest_usable": dict(zip(FIELDS, self.rest_usable, strict=True)),
            "short_forms": self.short_forms,
            "compound": self.compound,
            "slips": self.slips,
        }


def groups_of(prepared: Prepared, slips: Sequence[float] = ()) -> tuple[Group, ...]:
    """The bands of the file that hold ten records or more; `slips` of each of `BANDS`."""
    masks = np.zeros(prepared.rows, dtype=np.int64)
    for place, name in enumerate(FIELDS):
        masks |= prepared.usable(name).astype(np.int64) << place
    bands = bands_of(prepared)
    short, several = short_forms(prepared), compound(prepared)
    found = []
    for place, band in enumerate(BANDS):
        here = bands == place
        if (group := _group(band, masks[here])) is not None:
            counts = disclosed(int(short[here].sum())), disclosed(int(several[here].sum()))
            times = slips[place] if slips else 1.0
            found.append(replace(group, short_forms=counts[0], compound=counts[1], slips=times))
    return tuple(found)


def bands_of(prepared: Prepared) -> Codes:
    """The place in `BANDS` of each record's band, shape (rows,)."""
    unknown = len(BANDS) - 1
    if "date_of_birth" not in prepared.values:
        return np.full(prepared.rows, unknown)
    years = pc.utf8_slice_codeunits(prepared.values["date_of_birth"], 0, 4).cast("int64")
    whole = pc.fill_null(years, 0).to_numpy(zero_copy_only=False)
    return np.where(whole == 0, unknown, np.searchsorted(_EDGES, whole, "right"))


def _group(band: str, masks: Codes) -> Group | None:
    rows = disclosed(len(masks))
    if rows is None:
        return None
    kinds, counts = np.unique(masks, return_counts=True)
    shown = counts >= FEWEST
    patterns = [
        (int(m), disclosed(int(c)) or 0) for m, c in zip(kinds, counts, strict=True) if c >= FEWEST
    ]
    rest = masks[np.isin(masks, kinds[~shown])]
    usable = tuple(disclosed(int(((rest >> place) & 1).sum())) for place in range(len(FIELDS)))
    return Group(band, rows, tuple(patterns), disclosed(len(rest)), usable)


def _names(mask: int) -> list[str]:
    return [name for place, name in enumerate(FIELDS) if mask >> place & 1]
