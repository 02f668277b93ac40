"""The dated cases that every opportunity type ranks: one row a case, in the current order."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from openoda.vocabulary.refusals import DataUnfit

Texts = npt.NDArray[np.str_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Column = npt.NDArray[Any]


@dataclass(frozen=True)
class Cases:
    """`n` cases sorted by date, then by case id: the current order.

    case: shape (n,), text, unique. unit: (n,), the premises or person visited. day: (n,), days since
    1970-01-01. outcome: (n,), 1 found, 0 not found, NaN unknown. queue: (n,), the person or team in
    whose queue the case is; one and the same word where there is one queue. features: name to (n,),
    float64 (NaN missing) or text. Names in `features` keep the order in which they were given.
    """

    case: Texts
    unit: Texts
    day: Ints
    outcome: Floats
    queue: Texts
    features: dict[str, Column] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.case)

    def take(self, rows: Mask | Ints) -> "Cases":
        """The cases at `rows` (a mask or ascending positions), still in the current order."""
        return Cases(
            case=self.case[rows],
            unit=self.unit[rows],
            day=self.day[rows],
            outcome=self.outcome[rows],
            queue=self.queue[rows],
            features={name: column[rows] for name, column in self.features.items()},
        )

    def with_features(self, names: tuple[str, ...]) -> "Cases":
        """The same cases with only the features named."""
        return replace(self, features={name: self.features[name] for name in names})

    @property
    def known(self) -> Mask:
        """Which cases have an outcome."""
        return ~np.isnan(self.outcome)

    @property
    def positives(self) -> int:
        """How many cases had the outcome sought."""
        return int(np.nansum(self.outcome))

    @property
    def numeric(self) -> tuple[str, ...]:
        """Names of the features that are numbers."""
        return tuple(name for name, column in self.features.items() if column.dtype.kind == "f")


def in_current_order(
    case: Column,
    unit: Column,
    day: Ints,
    outcome: Floats,
    queue: Column | None = None,
    features: dict[str, Column] | None = None,
) -> Cases:
    """Cases from columns in any order of rows.

    `case` may be numbers or text; numbers sort by value (text of digits too). Refuses (DataUnfit)
    where a case id repeats, or an outcome is neither 0, 1 nor missing.
    """
    ids = _as_text(case)
    values, counts = np.unique(ids, return_counts=True)
    if len(values) < len(ids):
        raise DataUnfit(
            f"{int((counts > 1).sum())} case ids occur more than once",
            remedy="Give each case one row, or name the column that is unique with --map case=COLUMN.",
        )
    odd = ~(np.isnan(outcome) | (outcome == 0) | (outcome == 1))
    if odd.any():
        raise DataUnfit(
            f"The outcome is neither 0 nor 1 in {int(odd.sum())} cases",
            remedy="Record 1 where the visit found it, 0 where it did not, nothing where unknown.",
        )
    order = np.lexsort((_sortable(ids), day))
    return Cases(
        case=ids[order],
        unit=_as_text(unit)[order],
        day=np.asarray(day, dtype=np.int64)[order],
        outcome=np.asarray(outcome, dtype=np.float64)[order],
        queue=np.full(len(ids), "all") if queue is None else _as_text(queue)[order],
        features={name: column[order] for name, column in (features or {}).items()},
    )


def _as_text(column: Column) -> Texts:
    """Ids as text: whole numbers without a decimal point, so that 12 and 12.0 are one id."""
    if column.dtype.kind == "f" and np.isfinite(column).all() and (column == np.rint(column)).all():
        column = column.astype(np.int64)
    return np.asarray(["" if value is None else str(value) for value in column.tolist()])


def _sortable(ids: Texts) -> Column:
    """Sort keys: by value where every id is a whole number that fits, else by text."""
    if all(text.isdecimal() and len(text) < 19 for text in ids.tolist()):
        return ids.astype(np.int64)
    return ids
