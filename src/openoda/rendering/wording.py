"""How figures, dates and labels are said in plain English, alike on every page and sheet."""

from datetime import date

from openoda.rendering.documents import (
    Metric,
    Notice,
    OrderLine,
    Origin,
    Range,
    Route,
    WorklistDocument,
)
from openoda.vocabulary.datasets import DataClass
from openoda.vocabulary.labels import Label

NOT_MEASURED = "not measured"
# Spelled out here because strftime's names follow the machine's locale.
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

_LABEL_MEANINGS = {
    Label.MEASURED: "Counted after the work was done this way.",
    Label.SIMULATED: "Worked out by replaying past work. Nobody has worked this way yet.",
    Label.PROJECTED: "An estimate by arithmetic, not a count.",
}
_DATA_MEANINGS = {
    DataClass.OPEN: "Open data",
    DataClass.SYNTHETIC: "Synthetic data",
    DataClass.PERSONAL: "Personal data",
}
_ROUTES = {
    Route.RANKED: "Ranked",
    Route.LOTTERY: "Chosen by lottery, so that we keep learning",
}
METRIC_TITLES = {
    Metric.OWN_QUEUE_DAYS_EARLIER: "Days earlier, own queue",
    Metric.DAYS_EARLIER: "Days earlier, any queue",
    Metric.FIRST_HALF: "Found in the first half",
    Metric.AUC: "Told apart",
}


def day(moment: date) -> str:
    """Say a date: 2 September 2014."""
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def month(moment: date) -> str:
    """Say a date shortly for a chart: Sep 2014."""
    return f"{_MONTHS[moment.month - 1][:3]} {moment.year}"


def number(value: float) -> str:
    """Say a count: 18,712. A fraction keeps one decimal."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def percent(share: float | None) -> str:
    """Say a share of 0 to 1: 54.7%."""
    return NOT_MEASURED if share is None else _minus(f"{_round(share * 100, 1):.1f}%")


def days(value: float | None) -> str:
    """Say a number of days: 1.8."""
    return NOT_MEASURED if value is None else _minus(f"{_round(value, 1):.1f}")


def figure(metric: Metric, value: float | None) -> str:
    """Say a measure's value in the measure's own unit (shares in per cent, days, AUC as it is)."""
    if value is None:
        return NOT_MEASURED
    if metric is Metric.FIRST_HALF:
        return percent(value)
    if metric is Metric.AUC:
        return f"{value:.3f}"
    return days(value)


def between(metric: Metric, interval: Range | None) -> str:
    """Say an interval: 0.2 to 3.4. Empty where there is none."""
    if interval is None:
        return ""
    return f"{figure(metric, interval[0])} to {figure(metric, interval[1])}"


def share_between(interval: Range | None) -> str:
    """Say an interval of shares: 31.0% to 44.2%. Empty where there is none."""
    return "" if interval is None else f"{percent(interval[0])} to {percent(interval[1])}"


def order_figure(line: OrderLine, metric: Metric) -> str:
    """Say one order's figure with its interval, as one text."""
    interval = between(metric, line.intervals.get(metric))
    return figure(metric, line.value(metric)) + (f" ({interval})" if interval else "")


def sentence(text: str) -> str:
    """Give a text a capital letter and a full stop, if it lacks them."""
    text = text.strip()
    if not text:
        return ""
    text = text[0].upper() + text[1:]
    return text if text[-1] in ".!?:" else f"{text}."


def a(noun: str) -> str:
    """Put a or an before a noun, by its first letter."""
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


def plural(count: int, one: str, many: str) -> str:
    """Say how many: 1 case, 40 cases."""
    return f"{number(count)} {one if count == 1 else many}"


def route(way: Route) -> str:
    """Say how a row got its place."""
    return _ROUTES[way]


def label_meaning(label: Label) -> str:
    """Explain a label in one sentence."""
    return _LABEL_MEANINGS[label]


def data_meaning(data: DataClass) -> str:
    """Name a class of data."""
    return _DATA_MEANINGS[data]


def label_line(origin: Origin) -> str:
    """Name the class of data and how the figures came about, on one line."""
    return " · ".join(
        (data_meaning(origin.data_label), origin.basis or origin.label.value.capitalize())
    )


def warning_line(origin: Origin) -> str:
    """Say on one line what must not be overlooked before anyone acts on a list."""
    parts = []
    if origin.data_label is DataClass.SYNTHETIC:
        parts.append("Synthetic data: these places are made up, so do not visit them.")
    if origin.label is Label.SIMULATED:
        parts.append("Simulated: this list replays past work and is not today’s list.")
    if origin.data_label is DataClass.PERSONAL:
        parts.append("Personal data: share it only with the people the agreement names.")
    return " ".join(parts) or label_line(origin)


def notice_title(notice: Notice) -> str:
    """Give a warning's heading; a code such as base-rate-drift becomes Base rate drift."""
    return notice.title or notice.code.replace("-", " ").replace("_", " ").capitalize()


def about_worklist(doc: WorklistDocument) -> list[tuple[str, str]]:
    """List what a reader may ask about a worklist, as (name, text), leaving out what is empty."""
    facts = [
        ("As at", day(doc.made_on)),
        ("Covers", doc.period),
        ("Capacity", doc.capacity),
        ("Order", sentence(doc.order_plain)),
        ("How it came about", sentence(doc.origin.basis)),
        ("Data", data_meaning(doc.origin.data_label)),
        ("Source", doc.origin.source),
        ("Licence", doc.origin.licence),
        ("Run", doc.run_id),
    ]
    return [(name, text) for name, text in facts if text]


def _round(value: float, places: int) -> float:
    """Round without leaving a minus sign on nought."""
    return round(value, places) + 0.0


def _minus(text: str) -> str:
    return text.replace("-", "−")
