"""How every chart is drawn: palette, axes, series, and a specification made into SVG.

Each chart is drawn twice, for a phone and for a wide screen, so that its words stay readable; the
style sheet shows one of the two. Series differ by dash or shape as well as by colour, and every
colour has at least 3:1 contrast with white (WCAG 2.2, 1.4.11). The drawing is the same to the byte
for the same figures, and no address is ever fetched: figures are inside the specification.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

import vl_convert
from markupsafe import Markup

Spec = dict[str, Any]

INK, GREY, RULE = "#0b0c0c", "#505a5f", "#8b9296"
STRONG = "#1d4f91"
COLOURS = (STRONG, "#b3261e", "#00643c", "#6f3f98", "#8a4b00", "#0b7285", "#505a5f", "#0b0c0c")
DASHES = ([1, 0], [8, 4], [2, 3], [10, 3, 2, 3], [5, 2], [1, 3], [12, 4], [4, 4, 1, 4])
SHAPES = (
    "circle",
    "square",
    "triangle-up",
    "diamond",
    "cross",
    "triangle-down",
    "stroke",
    "arrow",
)
_WIDTHS = {"narrow": 264, "wide": 660}
_VEGALITE = "5.21"  # pinned, so that a newer converter draws the same
_FONT = "Arial, Helvetica, sans-serif"


def axis(
    field: str, title: str, *, percent: bool, domain: tuple[float, float] | None = None
) -> Spec:
    """Describe an axis of numbers; `percent` shows shares of 0 to 1 as per cent."""
    ticks: Spec = {"tickCount": 5, **({"format": ".0%"} if percent else {})}
    channel: Spec = {"field": field, "type": "quantitative", "title": title, "axis": ticks}
    return {**channel, "scale": {"domain": list(domain)}} if domain else channel


def series_colours(names: Sequence[str], width: int, *, dots: bool) -> Spec:
    """Colour series by name, with a legend above that shows lines or, with `dots`, shapes."""
    count = len(names)
    colours = [COLOURS[number % len(COLOURS)] for number in range(count)]
    legend = {
        "title": None,
        "orient": "top",
        "columns": 1 if width < 400 else 2,
        "labelLimit": width - 40 if width < 400 else width // 2 - 40,
        "symbolSize": 120 if dots else 500,
        "symbolStrokeWidth": 2.5,
    }
    scale = {"domain": list(names), "range": colours}
    return {"field": "order", "type": "nominal", "scale": scale, "legend": legend}


def series_dashes(series: Spec) -> Spec:
    """Give each of the same series a dash of its own."""
    count = len(series["scale"]["domain"])
    dashes = [DASHES[number % len(DASHES)] for number in range(count)]
    return {**series, "scale": {**series["scale"], "range": dashes}}


def draw(spec: Callable[[int], Spec], alternative: str) -> Markup:
    """Draw a chart, given how it looks at a width in pixels, for a phone and for a wide screen.

    `alternative` is the text for those who can't see it. The result is two `svg` elements.
    """
    drawn = [_svg(spec(width), width, kind, alternative) for kind, width in _WIDTHS.items()]
    return Markup("").join(drawn)


def _svg(spec: Spec, width: int, kind: str, alternative: str) -> Markup:
    whole = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": width,
        "autosize": {"type": "pad"},
        **spec,
        "config": _CONFIG,
    }
    svg = vl_convert.vegalite_to_svg(whole, vl_version=_VEGALITE, allowed_base_urls=[])
    svg = _TAG.sub(lambda tag: _ROLES.sub("", tag[0]), svg)
    head = Markup('<svg role="img" aria-label="{}" class="chart chart--{}" ').format(
        alternative, kind
    )
    body = re.sub(
        r'^<svg xmlns="[^"]*" xmlns:xlink="[^"]*" version="[^"]*" class="marks" ', "", svg
    )
    return head + Markup(body)  # noqa: S704 - the converter escapes every text it is given


# The whole picture has one text alternative; its parts' own roles would be noise.
_TAG = re.compile(r"<[a-z][^<>]*>")
_ROLES = re.compile(r' (?:role|aria-roledescription|aria-hidden)="[^"]*"')
_CONFIG: Spec = {
    "aria": False,
    "font": _FONT,
    "background": "#ffffff",
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 13,
        "titleFontSize": 14,
        "titleFontWeight": "normal",
        "labelColor": INK,
        "titleColor": INK,
        "gridColor": "#e5e6e7",
        "domainColor": GREY,
        "tickColor": GREY,
        "titlePadding": 8,
    },
    "legend": {"labelFontSize": 13, "labelColor": INK},
}
