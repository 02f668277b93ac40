"""The two pages as text: what they say, and that data never becomes markup."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from openoda.rendering.documents import (
    Notice,
    Origin,
    Recommendation,
    Section,
)
from openoda.rendering.pages import findings_html, gain_table, queue_groups, worklist_html
from openoda.vocabulary.datasets import DataClass
from openoda.vocabulary.labels import Label
from tests.unit.rendering import samples

HOSTILE = "<img src=x onerror=alert(1)>\"'&"
LIVE = Origin(DataClass.OPEN, "OGL v3.0", "City portal", Label.PROJECTED, "For the coming week")


class _Words(HTMLParser):
    """Collects a page's tags and its visible words."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words: list[str] = []
        self.headings: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1] not in ("style", "text"):
            self.words.append(data)


def _read(page: str) -> tuple[list[str], str]:
    parser = _Words()
    parser.feed(page)
    return parser.tags, " ".join(" ".join(parser.words).split())


def test_hostile_text_in_a_worklist_stays_text():
    """No field of any row or of the list itself can add an element."""
    doc = samples.worklist(queues=1, each=1)
    row = replace(
        doc.rows[0],
        queue=HOSTILE,
        case=HOSTILE,
        unit=HOSTILE,
        reasons=(HOSTILE,),
        details=(HOSTILE, HOSTILE),
    )
    page = worklist_html(
        replace(
            doc,
            rows=(row,),
            title=HOSTILE,
            action=HOSTILE,
            column_titles=(HOSTILE, HOSTILE),
            notices=(Notice("x", HOSTILE, HOSTILE, HOSTILE),),
            period=HOSTILE,
            run_id=HOSTILE,
        )
    )
    tags, words = _read(page)
    assert "img" not in tags
    assert words.count(HOSTILE) >= 8


def test_hostile_text_in_findings_stays_text():
    """The findings page escapes what it is given, model card and command included."""
    doc = samples.findings(
        title=HOSTILE, problem=HOSTILE, model_card=(Section(HOSTILE, (HOSTILE,)),)
    )
    command = replace(doc.provenance, command=HOSTILE)
    tags, words = _read(findings_html(replace(doc, provenance=command)))
    assert "img" not in tags
    assert words.count(HOSTILE) >= 5


@pytest.mark.parametrize(
    "page", [worklist_html(samples.worklist()), findings_html(samples.findings())]
)
def test_pages_carry_no_script_and_ask_for_nothing(page: str):
    """No script, font, frame or picture; the policy in the head forbids the rest."""
    tags, _ = _read(page)
    assert not {"script", "iframe", "object", "embed", "img", "audio", "video"} & set(tags)
    assert "default-src 'none'" in page
    assert "@import" not in page
    assert "url(" not in page
    assert "@font-face" not in page


@pytest.mark.parametrize(
    ("origin", "said", "unsaid"),
    [
        (samples.ORIGIN, ("Synthetic data. These places", "not today’s list"), ("Personal",)),
        (LIVE, (), ("Synthetic", "not today’s list", "Personal")),
        (
            Origin(DataClass.PERSONAL, label=Label.PROJECTED),
            ("Share it only with",),
            ("Synthetic",),
        ),
    ],
)
def test_the_worklist_says_what_it_stands_on(
    origin: Origin, said: tuple[str, ...], unsaid: tuple[str, ...]
):
    """The banner appears exactly when the data or the label calls for it."""
    _, words = _read(worklist_html(samples.worklist(origin=origin)))
    assert all(text in words for text in said)
    assert not any(text in words for text in unsaid)


def test_a_lottery_row_says_why_it_is_there():
    """Lottery is said in words, once for each such row and once in the summary."""
    doc = samples.worklist(queues=4, each=20)
    lottery = sum(row.route == "lottery" for row in doc.rows)
    _, words = _read(worklist_html(doc))
    assert lottery > 2
    assert words.count("Chosen by lottery, so that we keep learning.") == lottery
    assert f"{lottery} places were chosen by lottery" in words


def test_queues_keep_their_order_and_lose_no_row():
    """Rows that come interleaved are grouped by queue, each in its order."""
    doc = samples.worklist()
    mixed = sorted(doc.rows, key=lambda row: (row.place, row.queue), reverse=True)
    groups = queue_groups(mixed)
    assert [group.name for group in groups] == ["Inspector 3", "Inspector 2", "Inspector 1"]
    assert [row.place for row in groups[0].rows] == [6, 5, 4, 3, 2, 1]
    assert sum(len(group.rows) for group in groups) == len(doc.rows)


def test_one_nameless_queue_needs_no_jump_list():
    """A list without teams is simply the list."""
    doc = samples.worklist(queues=1)
    page = worklist_html(replace(doc, rows=tuple(replace(row, queue="") for row in doc.rows)))
    tags, words = _read(page)
    assert "nav" not in tags
    assert "The list" in words


def test_an_empty_list_says_so():
    """Nothing to do is said, not shown as a blank."""
    assert "There is nothing on this list." in worklist_html(samples.worklist(queues=0))


def test_a_long_list_stays_light():
    """1,500 rows make a page under a megabyte."""
    assert len(worklist_html(samples.worklist(30, 50)).encode()) < 1_000_000


def test_the_findings_begin_with_the_answer_and_then_the_warnings():
    """Recommendation, its reason, warnings with what to do, and only then the figures."""
    _, words = _read(findings_html(samples.findings()))
    places = [
        words.index(text)
        for text in (
            "Recommended order A violation last time The model’s gain over this simple rule",
            "The gain comes from who inspects",
            "What to do: Use the figures",
            "All figures, order by order",
            "Figures for tied scores",
            "What it is for",
            "oda run interventions/food-inspections",
        )
    ]
    assert places == sorted(places)


def test_tables_hold_the_figures_of_every_order():
    """Each order's expected figure and interval can be read, and ties both ways."""
    _, words = _read(findings_html(samples.findings()))
    assert "The city’s model 1.8 0.8 to 2.5 7.4 5.8 to 8.9 69.0%" in words
    assert "A violation last time Found in the first half 53.1% 58.9% 61.0% 44.0%" in words
    assert "The inspector alone not measured 6.9 66.0%" in words


def test_what_was_not_measured_has_no_section():
    """A run without calibration, looks back or published figures shows no empty headings."""
    page = findings_html(
        samples.findings(
            calibration=(),
            origins=(),
            published=(),
            notices=(),
            gains=(),
            measures_at_k=(),
            model_card=(),
            links=(),
        )
    )
    _, words = _read(page)
    for heading in (
        "Before you rely on this",
        "Whether the chances are right",
        "Whether it holds over time",
        "Published figures beside ours",
        "Model card",
        "How much is found",
    ):
        assert heading not in words


def test_one_look_back_is_a_table_without_a_chart():
    """One point makes no line."""
    doc = samples.findings()
    _, words = _read(findings_html(replace(doc, origins=doc.origins[:1])))
    assert "We stood at 1 past date," in words
    assert "1 January 2029" in words


def test_a_recommendation_that_is_no_order_is_refused():
    """The page can't recommend what it doesn't show."""
    with pytest.raises(ValueError, match="not among the orders"):
        findings_html(samples.findings(recommendation=Recommendation("nobody", "because")))


def test_the_gain_table_reads_every_curve_at_every_tenth():
    """Ten rows, a figure for each order in each."""
    table = gain_table(samples.findings().gains)
    assert [share for share, _ in table.rows] == [step / 10 for step in range(1, 11)]
    assert all(len(found) == len(table.orders) == 3 for _, found in table.rows)
    assert table.rows[-1][1] == (1.0, 1.0, 1.0)
