"""What the pages of a data quality profile show: plain frozen values, with no rule in them.

Shares are 0 to 1. Texts are ready to be read. Where values of the data may not be shown, whoever
fills the document has left them out.
"""

from dataclasses import dataclass
from datetime import date

from openoda.rendering import wording
from openoda.rendering.documents import InputFile, Link, Origin, Section

MOST = 0.9995
"""A share above this would be rounded to 100.0%."""


@dataclass(frozen=True)
class PartLine:
    """One rule behind a dimension's figure: of how many checks how many failed."""

    rule: str
    checked: int
    failed: int


@dataclass(frozen=True)
class DimensionLine:
    """One of the six dimensions: its name, the framework's definition, its share or words."""

    name: str
    definition: str
    share: float | None
    words: str
    parts: tuple[PartLine, ...]

    @property
    def said(self) -> str:
        """The figure in words, never rounded up to all or down to none."""
        if self.share is None:
            return "no figure"
        if MOST < self.share < 1:
            return "over 99.9%"
        return wording.percent(self.share)


@dataclass(frozen=True)
class IssueLine:
    """One issue. `places` are the first rows ("line 12"), `more` how many are not listed."""

    code: str
    title: str
    severity: str
    dimension: str
    columns: str
    rule: str
    reason: str
    remedy: str
    rows: int
    groups: int | None
    places: tuple[tuple[str, int], ...]

    @property
    def more(self) -> int:
        """How many rows have the fault beyond those whose places are kept."""
        return self.rows - len(self.places)


@dataclass(frozen=True)
class ChangeLine:
    """One change since the delivery before, in words."""

    what: str
    column: str
    before: str
    now: str


@dataclass(frozen=True)
class RuleLine:
    """One of the analyst's own rules and what it found."""

    name: str
    reason: str
    asked: int
    rows: int
    groups: int | None
    measured: str


@dataclass(frozen=True)
class Bar:
    """A value, shape or range of values, and the rows that have it."""

    label: str
    rows: int


@dataclass(frozen=True)
class ColumnBlock:
    """One column. `facts` are (name, text); the bars are charts and may be empty."""

    name: str
    anchor: str
    type: str
    filled: int
    placeholder: int
    empty: int
    null: int
    distinct: str
    range: str
    facts: tuple[tuple[str, str], ...]
    histogram: tuple[Bar, ...] = ()
    top: tuple[Bar, ...] = ()
    shapes: tuple[Bar, ...] = ()

    @property
    def rows(self) -> int:
        """All rows."""
        return self.filled + self.placeholder + self.empty + self.null


@dataclass(frozen=True)
class ProfileDocument:
    """A profile: what to put right first, then what each column holds.

    `changes` is None where there is no delivery to compare with; `compared` says which one there
    was. `more` are further sections. Empty tuples leave theirs out.
    """

    title: str
    made_on: date
    judged_as_at: date
    origin: Origin
    run_id: str
    verdict: str
    summary: tuple[str, ...]
    rows: int
    set_aside: int
    dimensions: tuple[DimensionLine, ...]
    issues: tuple[IssueLine, ...]
    rules: tuple[RuleLine, ...]
    columns: tuple[ColumnBlock, ...]
    changes: tuple[ChangeLine, ...] | None
    compared: str
    keys: tuple[str, ...]
    repeats: tuple[str, ...]
    method: tuple[Section, ...]
    inputs: tuple[InputFile, ...]
    more: tuple[Section, ...] = ()
    links: tuple[Link, ...] = ()
