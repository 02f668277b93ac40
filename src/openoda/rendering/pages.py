"""The two pages people read: the worklist and the findings, each one self-contained HTML file.

No script, no request to anywhere: style and charts are inside the file, and a content security
policy in its head forbids the browser to fetch anything.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from openoda.rendering import charts
from openoda.rendering.documents import (
    FindingsDocument,
    GainPoint,
    Metric,
    OrderLine,
    OriginLine,
    Ties,
    WorklistDocument,
    WorklistRow,
)
from openoda.rendering.templating import template
from openoda.vocabulary.outcomes import Outcome


@dataclass(frozen=True)
class QueueGroup:
    """One queue's rows, with the anchor that the page's list of queues links to."""

    anchor: str
    name: str
    rows: tuple[WorklistRow, ...]


def worklist_html(doc: WorklistDocument) -> str:
    """Render the worklist: cards on a phone, lines on a wide screen, boxes to fill in on paper."""
    return template("worklist.html").render(
        doc=doc, queues=queue_groups(doc.rows), outcomes=tuple(Outcome)
    )


def findings_html(doc: FindingsDocument) -> str:
    """Render the findings: the answer, warnings, charts with their figures, and how to reproduce.

    Charts are drawn here, without a network (about a second for the first one).
    """
    return template("findings.html").render(
        doc=doc,
        names={line.name: line.plain for line in doc.orders},
        recommended=_named(doc.orders, doc.recommendation.name),
        tie_lines=tuple(_tie_lines(doc.orders)),
        origin_orders=_origin_orders(doc.orders, doc.origins),
        gain_table=gain_table(doc.gains),
        draw=_drawings(doc),
        metrics=(
            Metric.OWN_QUEUE_DAYS_EARLIER,
            Metric.DAYS_EARLIER,
            Metric.FIRST_HALF,
            Metric.AUC,
        ),
    )


def queue_groups(rows: Iterable[WorklistRow]) -> tuple[QueueGroup, ...]:
    """Group rows by queue; queues in order of first appearance, rows in the order given."""
    by_queue: dict[str, list[WorklistRow]] = {}
    for row in rows:
        by_queue.setdefault(row.queue, []).append(row)
    return tuple(
        QueueGroup(f"queue-{number}", name, tuple(group))
        for number, (name, group) in enumerate(by_queue.items(), start=1)
    )


@dataclass(frozen=True)
class GainTable:
    """The share found by each of `orders` at every tenth of the work (None where unknown)."""

    orders: tuple[str, ...]
    rows: tuple[tuple[float, tuple[float | None, ...]], ...]


def gain_table(gains: Sequence[GainPoint]) -> GainTable:
    """Read the curves off at every tenth of the work, by straight lines between the points."""
    orders = tuple(dict.fromkeys(point.order for point in gains))
    curves = [[point for point in gains if point.order == name] for name in orders]
    tenths = [step / 10 for step in range(1, 11)]
    return GainTable(
        orders,
        tuple((share, tuple(charts.found_at(one, share) for one in curves)) for share in tenths),
    )


def _drawings(doc: FindingsDocument) -> dict[str, Markup]:
    """Draw each chart the document has figures for, by the name its template uses."""
    drawings: dict[str, Markup] = {}
    if charts.compared_orders(doc.orders):
        drawings["orders"] = charts.orders_chart(doc.orders)
    if doc.gains:
        drawings["gains"] = charts.gains_chart(doc.gains, doc.orders, doc.terms)
    if doc.calibration:
        drawings["calibration"] = charts.calibration_chart(doc.calibration, doc.terms)
    if len(doc.origins) > 1:
        drawings["origins"] = charts.origins_chart(doc.origins, doc.origins_metric, doc.orders)
    return drawings


def _tie_lines(
    orders: Sequence[OrderLine],
) -> Iterable[tuple[OrderLine, Metric, Ties]]:
    for line in orders:
        for metric, ties in line.ties.items():
            yield line, metric, ties


def _origin_orders(orders: Sequence[OrderLine], origins: Sequence[OriginLine]) -> tuple[str, ...]:
    """Name the orders that the looks back have figures for, in the order of the document."""
    tried = {name for origin in origins for name in origin.figures}
    return tuple(line.name for line in orders if line.name in tried)


def _named(orders: Sequence[OrderLine], name: str) -> OrderLine:
    for line in orders:
        if line.name == name:
            return line
    raise ValueError(f"the recommended order {name!r} is not among the orders")
