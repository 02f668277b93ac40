"""The charts of a profile: how full each column is, how its values lie, the six dimensions."""

from collections.abc import Sequence

from markupsafe import Markup

from openoda.rendering import drawing, wording
from openoda.rendering.profile_documents import Bar, ColumnBlock, DimensionLine

COLUMNS_DRAWN = 40
_STATES = ("holds a value", "placeholder", "empty text", "nothing")
_FILLS = (drawing.STRONG, "#8a4b00", "#b3261e", drawing.RULE)
_LABEL = 34
_LABELLED, _SHORT = 10, 4


def dimensions_chart(lines: Sequence[DimensionLine]) -> Markup:
    """Draw the share of checks passed, for the dimensions that have one."""
    shown = [line for line in lines if line.share is not None]
    bars = [(line.name.capitalize(), line.share or 0.0) for line in shown]
    said = "; ".join(f"{line.name}, {line.said}" for line in shown)
    return drawing.draw(
        lambda width: _shares_spec(bars, "Share of checks passed"),
        f"Bar chart of the share of checks passed: {said}.",
    )


def completeness_chart(columns: Sequence[ColumnBlock]) -> Markup:
    """Draw of each column how many rows hold a value; past forty columns the least full ones."""
    shown = sorted(columns, key=_share)[:COLUMNS_DRAWN] if len(columns) > COLUMNS_DRAWN else columns
    said = "; ".join(f"{one.name}, {wording.percent(_share(one))}" for one in shown)
    values = [
        {"column": _cut(one.name), "state": state, "rank": rank, "share": rows / max(one.rows, 1)}
        for one in shown
        for rank, (state, rows) in enumerate(
            zip(_STATES, (one.filled, one.placeholder, one.empty, one.null), strict=True)
        )
    ]

    def spec(width: int) -> drawing.Spec:
        legend = {
            "title": None,
            "orient": "top",
            "columns": 2 if width < 400 else 4,
            "symbolType": "square",
        }
        return {
            "data": {"values": values},
            "height": {"step": 26},
            "mark": {"type": "bar", "stroke": "#ffffff", "strokeWidth": 1},
            "encoding": {
                "y": _names([_cut(one.name) for one in shown], "column", width),
                "x": drawing.axis("share", "Share of rows", percent=True, domain=(0.0, 1.0)),
                "color": {
                    "field": "state", "type": "nominal", "legend": legend,
                    "scale": {"domain": list(_STATES), "range": list(_FILLS)},
                },
                "order": {"field": "rank"},
            },
        }  # fmt: skip

    return drawing.draw(spec, f"Bar chart of how many rows hold a value, by column: {said}.")


def histogram_chart(name: str, bars: Sequence[Bar]) -> Markup:
    """Draw how many rows lie in each range of an ordered column's values."""
    said = "; ".join(f"{bar.label}, {wording.number(bar.rows)}" for bar in bars)
    values = [{"at": place, "label": bar.label, "rows": bar.rows} for place, bar in enumerate(bars)]
    few = len(bars) <= _LABELLED and max(len(bar.label) for bar in bars) <= _SHORT
    ends = f"{bars[0].label.split(' to ')[0]} to {bars[-1].label.split(' to ')[-1]}"

    def spec(width: int) -> drawing.Spec:
        axis = {"labels": few, "ticks": False, "labelAngle": 0}
        x: drawing.Spec = {
            "field": "at" if not few else "label",
            "type": "ordinal",
            "title": ends,
            "axis": axis,
        }
        x["sort"] = [bar.label for bar in bars] if few else None
        return {
            "data": {"values": values},
            "height": 120,
            "mark": {"type": "bar", "color": drawing.STRONG},
            "encoding": {
                "x": {**x, "scale": {"paddingInner": 0.08, "paddingOuter": 0}},
                "y": drawing.axis("rows", "Rows", percent=False),
            },
        }

    return drawing.draw(spec, f"Histogram of {name}, rows in each range: {said}.")


def bars_chart(name: str, what: str, bars: Sequence[Bar]) -> Markup:
    """Draw the most frequent values, or shapes of values, of a column."""
    said = "; ".join(f"{bar.label}, {wording.number(bar.rows)}" for bar in bars)
    labels = _told_apart([_cut(bar.label) for bar in bars])
    values = [{"label": label, "rows": bar.rows} for label, bar in zip(labels, bars, strict=True)]

    def spec(width: int) -> drawing.Spec:
        return {
            "data": {"values": values},
            "height": {"step": 24},
            "mark": {"type": "bar", "color": drawing.STRONG},
            "encoding": {
                "y": _names(labels, "label", width),
                "x": drawing.axis("rows", "Rows", percent=False),
            },
        }

    return drawing.draw(spec, f"Bar chart of {what} of {name}: {said}.")


def _shares_spec(bars: Sequence[tuple[str, float]], title: str) -> drawing.Spec:
    values = [{"name": name, "share": share} for name, share in bars]
    y = {"field": "name", "type": "nominal", "sort": [n for n, _ in bars], "title": None}
    return {
        "data": {"values": values},
        "height": {"step": 34},
        "mark": {"type": "bar", "color": drawing.STRONG},
        "encoding": {
            "y": y,
            "x": drawing.axis("share", title, percent=True, domain=(0.0, 1.0)),
        },
    }


def _names(names: Sequence[str], field: str, width: int) -> drawing.Spec:
    limit = 120 if width < 400 else 240
    axis = {"labelLimit": limit, "ticks": False, "domain": False}
    return {"field": field, "type": "nominal", "sort": list(names), "title": None, "axis": axis}


def _share(column: ColumnBlock) -> float:
    return column.filled / column.rows if column.rows else 0.0


def _cut(text: str) -> str:
    return text if len(text) <= _LABEL else f"{text[: _LABEL - 1]}…"


def _told_apart(labels: Sequence[str]) -> list[str]:
    """The labels with a number after those that have become the same."""
    seen: dict[str, int] = {}
    told = []
    for label in labels:
        seen[label] = seen.get(label, 0) + 1
        told.append(label if seen[label] == 1 else f"{label} ({seen[label]})")
    return told
