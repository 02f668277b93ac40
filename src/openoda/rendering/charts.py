"""The charts of the findings page: Vega-Lite specifications drawn as SVG when the page is made.

One function a chart: it chooses marks and says in words what they show. `drawing` does the rest.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from markupsafe import Markup

from openoda.rendering import drawing, wording
from openoda.rendering.documents import (
    CalibrationPoint,
    GainPoint,
    Metric,
    OrderLine,
    OrderRole,
    OriginLine,
    Terms,
)


def compared_orders(orders: Sequence[OrderLine]) -> tuple[OrderLine, ...]:
    """Pick the orders drawn as points: those with own-queue days, less the two yardsticks."""
    return tuple(
        line
        for line in orders
        if line.own_queue_days_earlier is not None
        and line.role not in (OrderRole.CHANCE, OrderRole.CURRENT)
    )


def orders_chart(orders: Sequence[OrderLine]) -> Markup:
    """Draw days earlier within the own queue, by order, with 95 % intervals and the yardsticks."""
    metric = Metric.OWN_QUEUE_DAYS_EARLIER
    lines = compared_orders(orders)
    said = "; ".join(f"{line.plain}, {wording.order_figure(line, metric)}" for line in lines)
    yardsticks = "; ".join(
        f"{line.plain}, {wording.figure(metric, line.value(metric))}"
        for line in _yardsticks(orders)
    )
    alternative = (
        "Chart of how many days earlier each order finds problems within its own queue, "
        f"with 95% intervals: {said}. Reference lines: {yardsticks or 'none'}."
    )
    return drawing.draw(lambda width: _orders_spec(lines, _yardsticks(orders), width), alternative)


def gains_chart(gains: Sequence[GainPoint], orders: Sequence[OrderLine], terms: Terms) -> Markup:
    """Draw the share of positives found against the share of cases visited, by order."""
    plain = _plain(orders)
    names = [name for name in plain if any(point.order == name for point in gains)]
    values = [
        {"x": point.visited, "y": point.found, "order": plain[name]}
        for name in names
        for point in _thinned(gains, name)
    ]
    halves = "; ".join(
        f"{plain[name]}, {wording.percent(found_at(_thinned(gains, name), 0.5))}" for name in names
    )
    alternative = (
        f"Line chart of the share of {terms.positives} found as more {terms.cases} are done. "
        f"After half of the {terms.cases}: {halves}."
    )
    x = drawing.axis("x", f"Share of {terms.cases} done", percent=True)
    y = drawing.axis("y", f"Share of {terms.positives} found", percent=True)

    def spec(width: int) -> drawing.Spec:
        series = drawing.series_colours([plain[name] for name in names], width, dots=False)
        line = {
            "mark": {"type": "line", "strokeWidth": 2.5},
            "encoding": {
                "x": x,
                "y": y,
                "color": series,
                "strokeDash": drawing.series_dashes(series),
            },
        }
        half = {
            "data": {"values": [{"x": 0.5}]},
            "mark": {"type": "rule", "color": drawing.RULE},
            "encoding": {"x": {"field": "x", "type": "quantitative"}},
        }
        return {"data": {"values": values}, "height": 300, "layer": [half, line]}

    return drawing.draw(spec, alternative)


def found_at(curve: Sequence[GainPoint], share: float) -> float | None:
    """Read one curve (points by rising `visited`) at a share of the work; None outside it."""
    if any(point.visited == share for point in curve):
        return max(point.found for point in curve if point.visited == share)
    for before, after in pairwise(curve):
        if before.visited < share < after.visited:
            part = (share - before.visited) / (after.visited - before.visited)
            return before.found + part * (after.found - before.found)
    return None


def calibration_chart(points: Sequence[CalibrationPoint], terms: Terms) -> Markup:
    """Draw the share that turned out positive against the chance that was predicted."""
    values = [
        {
            "x": point.predicted,
            "y": point.observed,
            "low": point.interval[0] if point.interval else point.observed,
            "high": point.interval[1] if point.interval else point.observed,
        }
        for point in points
    ]
    top = min(1.0, 1.1 * max(max(value["x"], value["high"]) for value in values) or 1.0)
    said = "; ".join(
        f"{wording.percent(point.predicted)} predicted, {wording.percent(point.observed)} happened"
        for point in points
    )
    alternative = f"Chart of predicted chances beside what happened: {said}."
    x = drawing.axis("x", "Predicted chance", percent=True, domain=(0, top))
    y = drawing.axis(
        "y", f"Share that had {wording.a(terms.positive)}", percent=True, domain=(0, top)
    )
    layers = [
        {
            "data": {"values": [{"x": 0, "y": 0}, {"x": top, "y": top}]},
            "mark": {"type": "line", "color": drawing.GREY, "strokeDash": [6, 4]},
            "encoding": {"x": x, "y": y},
        },
        {
            "mark": {"type": "rule", "color": drawing.STRONG, "strokeWidth": 2},
            "encoding": {
                "x": x,
                "y": {**y, "field": "low"},
                "y2": {"field": "high"},
            },
        },
        {
            "mark": {
                "type": "point",
                "filled": True,
                "size": 80,
                "opacity": 1,
                "color": drawing.STRONG,
            },
            "encoding": {"x": x, "y": y},
        },
    ]
    return drawing.draw(
        lambda _: {"data": {"values": values}, "height": 300, "layer": layers}, alternative
    )


def origins_chart(
    origins: Sequence[OriginLine], metric: Metric, orders: Sequence[OrderLine]
) -> Markup:
    """Draw one measure for each look back, by order: does the gain hold over time?"""
    plain = {
        name: text
        for name, text in _plain(orders).items()
        if any(name in one.figures for one in origins)
    }
    times = _times(origins)
    values: list[dict[str, Any]] = [
        {"x": time, "y": origin.figures[name], "order": plain[name]}
        for time, origin in zip(times, origins, strict=True)
        for name in plain
        if name in origin.figures
    ]
    said = "; ".join(
        f"{value['x']}, {value['order']}, {wording.figure(metric, value['y'])}" for value in values
    )
    return drawing.draw(
        lambda width: _origins_spec(values, times, tuple(plain.values()), metric, width),
        f"Line chart of the results of each look back. {said}.",
    )


def _times(origins: Sequence[OriginLine]) -> list[str]:
    """Name each look back by its month, or by its day where two share a month."""
    months = Counter(wording.month(origin.cutoff) for origin in origins)
    alone = all(count == 1 for count in months.values())
    say = wording.month if alone else wording.day
    return [say(origin.cutoff) for origin in origins]


def _origins_spec(
    values: Sequence[dict[str, Any]],
    times: Sequence[str],
    names: Sequence[str],
    metric: Metric,
    width: int,
) -> drawing.Spec:
    x = {
        "field": "x",
        "type": "ordinal",
        "sort": list(times),
        "title": "Trained on what was known by",
        "axis": {"labelAngle": 0, "labelOverlap": True},
    }
    is_share = metric is Metric.FIRST_HALF
    y = drawing.axis("y", wording.METRIC_TITLES[metric], percent=is_share)
    colours = drawing.series_colours(names, width, dots=True)
    base = {"x": x, "y": {**y, "scale": {"zero": False}}, "color": colours}
    shapes = {"field": "order", "scale": {"domain": list(names), "range": list(drawing.SHAPES)}}
    line = {"mark": {"type": "line", "strokeWidth": 2}, "encoding": base}
    dots = {
        "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
        "encoding": {**base, "shape": shapes},
    }
    return {"data": {"values": list(values)}, "height": 280, "layer": [line, dots]}


def _orders_spec(
    lines: Sequence[OrderLine], yardsticks: Sequence[OrderLine], width: int
) -> drawing.Spec:
    metric = Metric.OWN_QUEUE_DAYS_EARLIER
    values = [_order_value(line) for line in lines]
    y = {"field": "order", "type": "nominal", "sort": None, "axis": None}
    x = {
        "field": "value",
        "type": "quantitative",
        "title": "Days earlier, within the own queue",
        "axis": {"tickCount": 5},
    }
    mark_of = {
        "condition": {"test": "datum.recommended", "value": drawing.STRONG},
        "value": drawing.GREY,
    }
    shape = {"condition": {"test": "datum.recommended", "value": "diamond"}, "value": "circle"}
    label = {"type": "text", "align": "left", "dy": -17, "fontSize": 14, "color": drawing.INK}
    layers = [
        *_reference_layers(yardsticks, metric),
        {
            "mark": {"type": "rule", "strokeWidth": 2.5},
            "encoding": {
                "y": y,
                "x": {**x, "field": "low"},
                "x2": {"field": "high"},
                "color": mark_of,
            },
        },
        {
            "mark": {"type": "point", "filled": True, "size": 140, "opacity": 1},
            "encoding": {"y": y, "x": x, "color": mark_of, "shape": shape},
        },
        # The name is drawn twice: its white outline keeps lines from striking it through.
        *(
            {
                "mark": {**label, "limit": width, **outline},
                "encoding": {"y": y, "x": {"value": 0}, "text": {"field": "order"}},
            }
            for outline in ({"stroke": "#ffffff", "strokeWidth": 5}, {})
        ),
    ]
    return {"data": {"values": values}, "height": {"step": 56}, "layer": layers}


def _order_value(line: OrderLine) -> dict[str, Any]:
    value = line.own_queue_days_earlier or 0.0
    low, high = line.intervals.get(Metric.OWN_QUEUE_DAYS_EARLIER, (value, value))
    name = f"{line.plain} (recommended)" if line.recommended else line.plain
    return {
        "order": name,
        "value": value,
        "low": low,
        "high": high,
        "recommended": line.recommended,
    }


def _reference_layers(yardsticks: Sequence[OrderLine], metric: Metric) -> list[drawing.Spec]:
    layers: list[drawing.Spec] = []
    for number, line in enumerate(yardsticks):
        dash = [1, 0] if line.role is OrderRole.CURRENT else [6, 4]
        value = line.value(metric)
        text = f"{line.plain}: {wording.figure(metric, value)}"
        data = {"values": [{"value": value, "text": text}]}
        x = {"field": "value", "type": "quantitative"}
        rule = {"type": "rule", "color": drawing.INK, "strokeDash": dash, "strokeWidth": 1.5}
        name = {
            "type": "text",
            "align": "left",
            "dx": 4,
            "y": -10 - 18 * number,
            "fontSize": 13,
            "color": drawing.INK,
        }
        layers.append({"data": data, "mark": rule, "encoding": {"x": x}})
        layers.append({"data": data, "mark": name, "encoding": {"x": x, "text": {"field": "text"}}})
    return layers


def _yardsticks(orders: Sequence[OrderLine]) -> tuple[OrderLine, ...]:
    roles = (OrderRole.CURRENT, OrderRole.CHANCE)
    return tuple(
        line for line in orders if line.role in roles and line.own_queue_days_earlier is not None
    )


def _plain(orders: Sequence[OrderLine]) -> dict[str, str]:
    return {line.name: line.plain for line in orders}


def _thinned(gains: Sequence[GainPoint], name: str) -> list[GainPoint]:
    """Keep about a hundred points of one curve, its last among them: more can't be seen."""
    points = [point for point in gains if point.order == name]
    kept = points[:: max(1, len(points) // 100)]
    return kept if not points or kept[-1] is points[-1] else [*kept, points[-1]]
