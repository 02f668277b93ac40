"""Issues: what a data owner is asked to put right, with places and never with a value."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from openoda.data.quality.dimensions import Dimension


class Severity(StrEnum):
    """How much an issue matters: it makes the data wrong, weakens it, or is only worth a look."""

    MUST = "must"
    SHOULD = "should"
    NOTE = "note"


@dataclass(frozen=True)
class Place:
    """A row of the delivery: the file, and the line (of text) or row (of other files) from 1."""

    file: str
    line: int


@dataclass(frozen=True)
class Issue:
    """One fault and the rows that have it.

    `rule` says what was tested, `reason` why it matters, `remedy` what to do; none of them holds a
    value of the data. `rows` counts all of them, `places` are the first. `groups` counts different
    values that repeat, where the fault is that they do.
    """

    code: str
    title: str
    severity: Severity
    dimension: Dimension
    columns: tuple[str, ...]
    rule: str
    reason: str
    remedy: str
    rows: int
    places: tuple[Place, ...]
    groups: int | None = None

    @property
    def to_mend(self) -> bool:
        """Whether it asks for something to be done."""
        return self.severity is not Severity.NOTE


_ORDER = list(Severity)


def in_order(issues: Sequence[Issue]) -> tuple[Issue, ...]:
    """The gravest first, then those of most rows."""
    return tuple(
        sorted(
            issues, key=lambda one: (_ORDER.index(one.severity), -one.rows, one.code, one.columns)
        )
    )
