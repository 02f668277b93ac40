"""The government's six data quality dimensions, and the arithmetic of the figure beside each.

Source of names and definitions: Government Data Quality Framework, Government Data Quality Hub,
3 December 2020, "Data quality dimensions" (Open Government Licence v3). It leaves the measuring to
whoever knows the use: the rules here are ours, and each figure names its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

FRAMEWORK = (
    "https://www.gov.uk/government/publications/the-government-data-quality-framework/"
    "the-government-data-quality-framework"
)
CANNOT_BE_JUDGED = "cannot be judged from this file"


class Dimension(StrEnum):
    """The six core dimensions, in the framework's order."""

    COMPLETENESS = "completeness"
    UNIQUENESS = "uniqueness"
    CONSISTENCY = "consistency"
    TIMELINESS = "timeliness"
    VALIDITY = "validity"
    ACCURACY = "accuracy"


DEFINITIONS = {
    Dimension.COMPLETENESS: "the degree to which records are present",
    Dimension.UNIQUENESS: "the degree to which there is no duplication in records",
    Dimension.CONSISTENCY: "the degree to which values in a data set do not contradict other values "
    "representing the same entity",
    Dimension.TIMELINESS: "the degree to which the data is an accurate reflection of the period that "
    "they represent, and that the data and its values are up to date",
    Dimension.VALIDITY: "the degree to which the data is in the range and format expected",
    Dimension.ACCURACY: "the degree to which data matches reality",
}
"""As the framework has them."""


@dataclass(frozen=True)
class Part:
    """One rule behind a figure: how many cells or rows it was asked of, and how many failed."""

    rule: str
    checked: int
    failed: int


@dataclass(frozen=True)
class Judged:
    """A dimension's figure: the share (0 to 1) of its checks that passed, over all of its parts.

    None where nothing in the file can tell; `words` then say so, and else what else is known.
    """

    dimension: Dimension
    parts: tuple[Part, ...]
    words: str

    @property
    def share(self) -> float | None:
        """The share of checks passed."""
        checked = sum(part.checked for part in self.parts)
        return 1 - sum(part.failed for part in self.parts) / checked if checked else None


def judged(dimension: Dimension, parts: Sequence[Part], words: str = "") -> Judged:
    """The dimension by its parts; without any it cannot be judged from the file."""
    asked = tuple(part for part in parts if part.checked)
    if not asked and not words:
        words = CANNOT_BE_JUDGED
    return Judged(dimension, asked, words)
