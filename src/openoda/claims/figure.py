"""A figure that says what it is."""

from dataclasses import dataclass

from openoda.vocabulary.labels import Label

SHARES = "share"
DAYS = "days"


@dataclass(frozen=True)
class Figure:
    """A value with its unit (share 0–1, days, or plain ""), 95 % interval, label and source."""

    value: float
    unit: str
    label: Label
    source: str
    interval: tuple[float, float] | None = None

    def __str__(self) -> str:
        text = self._said(self.value)
        if self.interval:
            low, high = (self._said(bound) for bound in self.interval)
            text += f" (95% interval {low} to {high})"
        return text

    def _said(self, value: float) -> str:
        if self.unit == SHARES:
            return f"{value:.1%}"
        if self.unit == DAYS:
            return f"{value:.2f} days"
        return f"{value:.3f}"


def unit_of(measure: str) -> str:
    """The unit of a measure of an order, by the measure's name."""
    if measure.endswith("days_earlier"):
        return DAYS
    return "" if measure == "auc" else SHARES
