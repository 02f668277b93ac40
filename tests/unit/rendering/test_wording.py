"""How figures, dates and labels are said."""

from datetime import date

import pytest

from openoda.rendering import wording
from openoda.rendering.documents import Metric, Notice, OrderLine, Origin
from openoda.vocabulary.datasets import DataClass
from openoda.vocabulary.labels import Label


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (wording.day(date(2014, 9, 2)), "2 September 2014"),
        (wording.month(date(2014, 9, 2)), "Sep 2014"),
        (wording.number(18_712), "18,712"),
        (wording.number(22.5), "22.5"),
        (wording.percent(0.5465), "54.6%"),
        (wording.percent(None), "not measured"),
        (wording.days(-0.04), "0.0"),
        (wording.days(-1.25), "−1.2"),
        (wording.figure(Metric.AUC, 0.61249), "0.612"),
        (wording.between(Metric.DAYS_EARLIER, (-0.5, 3.44)), "−0.5 to 3.4"),
        (wording.between(Metric.DAYS_EARLIER, None), ""),
        (wording.share_between((0.1, 0.25)), "10.0% to 25.0%"),
        (wording.sentence("inspect first"), "Inspect first."),
        (wording.sentence("Is it worth it?"), "Is it worth it?"),
        (wording.sentence(""), ""),
        (wording.plural(1, "case", "cases"), "1 case"),
        (wording.plural(1_500, "case", "cases"), "1,500 cases"),
        (wording.a("inspection"), "an inspection"),
        (wording.a("problem"), "a problem"),
        (wording.notice_title(Notice("base-rate-drift", "")), "Base rate drift"),
        (wording.notice_title(Notice("x", "", title="The rate moved")), "The rate moved"),
    ],
)
def test_figures_and_words_are_said_plainly(said: str, expected: str):
    """Each kind of value reads as people write it; nought has no minus sign."""
    assert said == expected


def test_an_order_without_an_interval_is_said_without_brackets():
    """No empty brackets where nothing was estimated."""
    line = OrderLine("a", "A", None, None, 1.0, None, {Metric.DAYS_EARLIER: (0.5, 1.5)})
    assert wording.order_figure(line, Metric.DAYS_EARLIER) == "1.0 (0.5 to 1.5)"
    assert wording.order_figure(line, Metric.AUC) == "not measured"


@pytest.mark.parametrize("label", Label)
@pytest.mark.parametrize("data", DataClass)
def test_every_origin_has_a_line(data: DataClass, label: Label):
    """Whatever the data and however its figures came about, a sheet says so."""
    line = wording.warning_line(Origin(data, label=label))
    assert line
    assert ("made up" in line) == (data is DataClass.SYNTHETIC)
    assert ("replays past work" in line) == (label is Label.SIMULATED)
    assert wording.label_meaning(label)
