"""Charts: same figures same bytes, readable by all, and nothing fetched."""

import re
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import pytest
from markupsafe import Markup

from openoda.rendering import charts, drawing
from openoda.rendering.documents import GainPoint, Metric, OrderLine, OrderRole
from tests.unit.rendering import samples

DOC = samples.findings()


def _all() -> list[Markup]:
    return [
        charts.orders_chart(DOC.orders),
        charts.gains_chart(DOC.gains, DOC.orders, DOC.terms),
        charts.calibration_chart(DOC.calibration, DOC.terms),
        charts.origins_chart(DOC.origins, DOC.origins_metric, DOC.orders),
    ]


def _parse(drawn: Markup) -> list[ElementTree.Element]:
    svgs = re.findall(r"<svg .*?</svg>", drawn, re.DOTALL)
    return [ElementTree.fromstring(svg.replace("xlink:", "")) for svg in svgs]


def test_the_same_figures_give_the_same_bytes():
    """A page can be reproduced by hash."""
    assert _all() == _all()


@pytest.mark.parametrize("drawn", _all())
def test_each_chart_is_drawn_for_phone_and_wide_screen(drawn: Markup):
    """Both drawings carry the same text alternative; the phone's fits 320 pixels' width."""
    narrow, wide = _parse(drawn)
    assert narrow.get("role") == wide.get("role") == "img"
    assert narrow.get("aria-label") == wide.get("aria-label")
    assert float(narrow.get("width", "0")) < 400 < float(wide.get("width", "0"))


@pytest.mark.parametrize("drawn", _all())
def test_no_chart_points_anywhere(drawn: Markup):
    """A drawing has no link, picture, script or style sheet of its own."""
    for svg in _parse(drawn):
        tags = {element.tag.rpartition("}")[2] for element in svg.iter()}
        assert not tags & {"a", "image", "script", "style", "foreignObject", "use"}


def test_alternatives_give_the_figures():
    """Who can't see the chart hears the numbers."""
    label = _parse(charts.orders_chart(DOC.orders))[0].get("aria-label") or ""
    assert "The city’s model, 1.8 (0.8 to 2.5)" in label
    assert "Current order, 0.0" in label


def test_a_hostile_name_is_only_text():
    """An order's name can't break out of the drawing or of its text alternative."""
    name = '"><script>alert(1)</script>&'
    lines = (OrderLine("x", name, 0.5, 0.5, 1.0, 1.0, role=OrderRole.MODEL),)
    drawn = charts.orders_chart(lines)
    assert "<script" not in drawn
    assert name in (_parse(drawn)[0].get("aria-label") or "")


def test_yardsticks_are_lines_and_not_points():
    """Chance and the current order are drawn as references, and an order without figure isn't."""
    assert [line.name for line in charts.compared_orders(DOC.orders)] == [
        *("past-critical", "model", "no-inspector", "city-model")
    ]


def _contrast_with_white(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 1.05 / (luminance + 0.05)


@pytest.mark.parametrize("colour", sorted({*drawing.COLOURS, drawing.STRONG, drawing.GREY}))
def test_every_mark_stands_out_from_white(colour: str):
    """At least 3:1, as WCAG 2.2 asks of graphics (success criterion 1.4.11)."""
    assert _contrast_with_white(colour) >= 3


def test_series_differ_by_more_than_colour():
    """As many dashes and shapes as colours, and no two alike."""
    dashes = [tuple(dash) for dash in drawing.DASHES]
    assert len(set(drawing.COLOURS)) == len(set(dashes)) == len(set(drawing.SHAPES))


def test_curves_are_read_between_their_points():
    """A share between two points is read off the straight line; outside there is nothing."""
    curve = [GainPoint("a", 0.2, 0.3), GainPoint("a", 0.4, 0.7)]
    assert charts.found_at(curve, 0.3) == pytest.approx(0.5)
    assert charts.found_at(curve, 0.4) == 0.7
    assert charts.found_at(curve, 0.5) is None


def test_a_long_curve_is_thinned_but_keeps_its_end():
    """Thousands of points don't make a heavy page."""
    few, many = (
        charts.gains_chart(
            [GainPoint("actual", n / count, n / count) for n in range(count + 1)],
            DOC.orders,
            DOC.terms,
        )
        for count in (100, 10_000)
    )
    assert len(many) < 1.5 * len(few)
    assert "Current order, 50.0%" in many


def test_origins_of_days_are_not_said_in_per_cent():
    """The measure's own unit is used."""
    drawn = charts.origins_chart(DOC.origins, Metric.DAYS_EARLIER, DOC.orders)
    assert "%" not in (_parse(drawn)[0].get("aria-label") or "%")


def test_two_looks_back_in_one_month_stay_apart():
    """Where months repeat, days are shown, so that no two points share a place."""
    twins = (
        replace(DOC.origins[0], cutoff=date(2029, 3, 1)),
        replace(DOC.origins[1], cutoff=date(2029, 3, 15)),
    )
    label = _parse(charts.origins_chart(twins, Metric.FIRST_HALF, DOC.orders))[0].get("aria-label")
    assert "1 March 2029" in (label or "")
    assert "15 March 2029" in (label or "")
