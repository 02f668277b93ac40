"""The two pages in a real browser: for everyone, on every width, without a network."""

import random
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from openoda.rendering.pages import findings_html, worklist_html
from openoda.vocabulary.outcomes import Outcome
from tests.journeys.every_page import (
    WIDTHS,
    assert_asks_for_itself_alone,
    assert_no_sideways_scroll,
    assert_wcag_2_2_aa,
)
from tests.unit.rendering import samples

pytestmark = pytest.mark.browser

PAGES = ("worklist", "findings")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both pages as files side by side, with names too long to break and every section."""
    path = tmp_path_factory.mktemp("pages")
    doc = samples.worklist(queues=12, each=4)
    long = "LlanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogochCafé"
    rows = (samples.row(999, long, 1, random.Random(1)), *doc.rows)
    (path / "worklist.html").write_text(
        worklist_html(samples.worklist(rows=rows)), encoding="utf-8", newline="\n"
    )
    (path / "findings.html").write_text(
        findings_html(samples.findings()), encoding="utf-8", newline="\n"
    )
    return path


every = pytest.mark.parametrize(
    "opened", [(name, width) for name in PAGES for width in WIDTHS], indirect=True
)


@every
def test_no_page_breaks_wcag_2_2_aa(opened: Page):
    """axe-core finds no violation of level A or AA, with everything unfolded."""
    assert_wcag_2_2_aa(opened, least_passes=15)


@every
def test_no_page_scrolls_sideways(opened: Page):
    """Reading needs one direction only; wide tables scroll inside their own frame."""
    assert_no_sideways_scroll(opened)


@every
def test_what_can_be_pressed_is_big_enough(opened: Page):
    """Links that stand alone are at least 24 pixels high or as far apart (WCAG 2.2, 2.5.8)."""
    boxes = opened.evaluate(
        "[...document.querySelectorAll('nav li')].map(e => e.getBoundingClientRect().height)"
    )
    assert boxes
    assert min(boxes) >= 24


@pytest.mark.parametrize("name", PAGES)
def test_no_request_leaves_the_file(browser: Browser, folder: Path, name: str):
    """Opening a page, on screen or in print, asks for that one file and nothing else."""
    assert_asks_for_itself_alone(browser, folder / f"{name}.html")


@pytest.mark.parametrize("name", PAGES)
def test_pages_work_without_scripts(browser: Browser, folder: Path, name: str):
    """With scripts off, links jump to where they say and folded figures open."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 700})
    page = context.new_page()
    page.goto((folder / f"{name}.html").as_uri())
    for link in page.locator("nav a").all():
        target = (link.get_attribute("href") or "").removeprefix("#")
        assert page.locator(f"[id='{target}']").count() == 1
    for fold in page.locator("details").all():
        fold.locator("summary").click()
        assert fold.locator("table").is_visible()
    context.close()


def test_a_phone_and_a_wide_screen_see_one_chart_each(browser: Browser, folder: Path):
    """Exactly one of each chart's two drawings is shown, so nobody hears it twice."""
    for width, shown, hidden in ((390, "narrow", "wide"), (1280, "wide", "narrow")):
        page = browser.new_page(viewport={"width": width, "height": 800})
        page.goto((folder / "findings.html").as_uri())
        for kind, visible in ((shown, True), (hidden, False)):
            charts = page.locator(f".chart--{kind}").all()
            assert len(charts) == 4
            assert {chart.is_visible() for chart in charts} == {visible}
        page.close()


def test_the_printed_list_has_boxes_to_fill_in(browser: Browser, folder: Path):
    """On paper each row offers the outcome words; on the screen they aren't there."""
    page = browser.new_page()
    page.goto((folder / "worklist.html").as_uri())
    read = "getComputedStyle(document.querySelector('.row'), '::after').content"
    assert page.evaluate(read) == "none"
    page.emulate_media(media="print")
    boxes = page.evaluate(read)
    assert all(f"☐ {word.value}" in boxes for word in Outcome if word is not Outcome.NOT_VISITED)
    assert not page.locator("nav").is_visible()
    page.close()


def test_print_unfolds_the_figures(browser: Browser, folder: Path):
    """A printed findings page hides no table in a fold."""
    page = browser.new_page()
    page.goto((folder / "findings.html").as_uri())
    page.emulate_media(media="print")
    heights = page.evaluate(
        "[...document.querySelectorAll('details table')].map(e => e.getBoundingClientRect().height)"
    )
    assert len(heights) == 3
    assert min(heights) > 50
    pdf = page.pdf(prefer_css_page_size=True)
    page.close()
    assert len(re.findall(rb"/Type /Page\b", pdf)) >= 2
