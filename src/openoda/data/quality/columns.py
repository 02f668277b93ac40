"""What is known of one column once it is measured: plain values, ready to show or compare."""

from dataclasses import dataclass
from enum import StrEnum


class Scale(StrEnum):
    """What a column's values are, by their type or because nearly all of them read so."""

    TEXT = "text"
    WHOLE = "whole number"
    NUMBER = "number"
    DATE = "date"
    MOMENT = "date and time"
    TIME = "time of day"
    FLAG = "true or false"
    NOTHING = "nothing"

    @property
    def measured(self) -> bool:
        """Whether values have an order and distances between them."""
        return self in (Scale.WHOLE, Scale.NUMBER, Scale.DATE, Scale.MOMENT, Scale.TIME)


@dataclass(frozen=True)
class Counted:
    """A value, or a shape of values, as text, and how many rows have it."""

    value: str
    rows: int


@dataclass(frozen=True)
class Completeness:
    """How many of a column's rows hold something.

    `null`: nothing at all, `unreadable` of them because intake couldn't type the text (it is kept
    among the flags). `empty`: a text of no characters or spaces alone. `placeholders`: words such
    as N/A and values such as 9999 that stand for nothing; `placeholder` counts their rows.
    """

    rows: int
    null: int
    empty: int = 0
    placeholder: int = 0
    placeholders: tuple[Counted, ...] = ()
    unreadable: int = 0

    @property
    def filled(self) -> int:
        """Rows that hold a value."""
        return self.rows - self.null - self.empty - self.placeholder

    @property
    def share(self) -> float | None:
        """The share of rows that hold a value, 0 to 1; None where there are no rows."""
        return self.filled / self.rows if self.rows else None


@dataclass(frozen=True)
class Spread:
    """How ordered values lie. Dates and times are ISO 8601, whole numbers and numbers as they are.

    `quantiles`: share (0 to 1) to the smallest value that at least that share of values doesn't
    exceed (definition 1 of Hyndman and Fan, The American Statistician 50, 1996), so each is a value
    of the column. `bars` are a histogram of the values within the fences: ranges with both ends
    included, but for numbers that aren't whole, whose upper end is the next bar's. `places` are
    the 5%, 50% and 95% quantiles as numbers (days, microseconds), to compare deliveries by.
    """

    lowest: str
    highest: str
    quantiles: dict[float, str]
    mean: float | None = None
    deviation: float | None = None
    bars: tuple[Counted, ...] = ()
    places: tuple[float, ...] = ()


@dataclass(frozen=True)
class Outliers:
    """Values far from the middle: `low` and `high` are the fences, `below` and `above` count rows."""

    low: str
    high: str
    below: int
    above: int


@dataclass(frozen=True)
class ColumnProfile:
    """One column. `reads_as` is what nearly all of its text reads as (else its own type).

    `kind` is a code of `kinds`, or empty. `distinct` counts different values, "" among them and
    null not; it and the counts in `top` are exact only where `exact`. `shapes_of` says from how many
    different values the shapes were taken where not from all (0: all of them). `spellings` counts
    rows whose value is a less common spelling of another value.
    """

    name: str
    type: Scale
    reads_as: Scale
    completeness: Completeness
    distinct: int
    exact: bool = True
    kind: str = ""
    spread: Spread | None = None
    outliers: Outliers | None = None
    shortest: int | None = None
    longest: int | None = None
    shapes: tuple[Counted, ...] = ()
    shapes_of: int = 0
    top: tuple[Counted, ...] = ()
    spellings: int = 0

    @property
    def is_key(self) -> bool:
        """Whether every row has a value and no two the same."""
        rows = self.completeness.rows
        return self.exact and rows > 0 and self.distinct == rows == self.completeness.filled
