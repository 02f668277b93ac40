"""The pages of a profile in a real browser: for everyone, on every width, without a network."""

from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from openoda.custody.workspace import Workspace
from openoda.office.profile import ProfileRequest, profile
from tests.journeys.every_page import (
    WIDTHS,
    assert_asks_for_itself_alone,
    assert_no_sideways_scroll,
    assert_wcag_2_2_aa,
)

pytestmark = pytest.mark.browser

PAGES = ("profile", "issues")
LONG = "LlanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogochCafé"


def written(path: Path, rows: int, kind: str) -> Path:
    """A file with every sort of column and fault: long names, gaps, placeholders, odd values."""
    lines = [f"id,{LONG},kind,opened,postcode,size,seen"]
    for n in range(rows):
        day = "01/03/3017" if n == 7 else f"{n % 27 + 1:02d}/03/2018"
        code = "QQ1 1AA" if n == 9 else f"OX{n % 9 + 1} {n % 9 + 1}TQ"
        lines.append(
            f"{n},{LONG} {n % 3},{kind if n % 4 else 'N/A'},{day},{code},"
            f"{9000 if n == 5 else n % 13},{'true' if n % 2 else ''}"
        )
    lines.append(lines[-1])
    lines.append("short,row")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of a second delivery, so that every section is there, drift and own rules too."""
    root = tmp_path_factory.mktemp("profile")
    office = Workspace.create(root / "office")
    rules = root / "rules.toml"
    rules.write_text(
        f'[[rule]]\nname = "{LONG.lower()}"\nwhere = "id = \'1\'"\nreason = "Because."\n',
        encoding="utf-8",
    )
    path = root / "places.csv"
    for rows, kind in ((60, "club"), (90, "Club")):
        request = ProfileRequest(
            str(written(path, rows, kind)), data_class="synthetic", rules=rules,
            repeats=(("kind",),), as_at=date(2018, 3, 9),
        )  # fmt: skip
        done = profile(office, request)
    assert done.document.changes
    assert {one.severity for one in done.document.issues} == {"must", "should", "note"}
    return done.folder


every = pytest.mark.parametrize(
    "opened", [(name, width) for name in PAGES for width in WIDTHS], indirect=True
)


@every
def test_no_page_breaks_wcag_2_2_aa(opened: Page):
    """axe-core finds no violation of level A or AA, with everything unfolded."""
    assert_wcag_2_2_aa(opened, least_passes=8)


@every
def test_no_page_scrolls_sideways(opened: Page):
    """Reading needs one direction only; wide tables scroll inside their own frame."""
    assert_no_sideways_scroll(opened)


@pytest.mark.parametrize("name", PAGES)
def test_no_request_leaves_the_file(browser: Browser, folder: Path, name: str):
    """Opening a page, on screen or in print, asks for that one file and nothing else."""
    assert_asks_for_itself_alone(browser, folder / f"{name}.html")


def test_links_on_the_page_lead_somewhere(browser: Browser, folder: Path):
    """Every link within the page has its target, and every file linked is there."""
    page = browser.new_page()
    page.goto((folder / "profile.html").as_uri())
    links = page.evaluate("[...document.querySelectorAll('a')].map(a => a.getAttribute('href'))")
    for link in links:
        if link.startswith("#"):
            assert page.locator(f"[id='{link[1:]}']").count() == 1, link
        elif not link.startswith("https:"):
            assert (folder / link).is_file(), link
    page.close()


def test_every_chart_says_what_it_shows(browser: Browser, folder: Path):
    """Each drawing has a text alternative with its figures, and one of the two is shown."""
    for width, shown, hidden in ((390, "narrow", "wide"), (1280, "wide", "narrow")):
        page = browser.new_page(viewport={"width": width, "height": 800})
        page.goto((folder / "profile.html").as_uri())
        for kind, visible in ((shown, True), (hidden, False)):
            charts = page.locator(f".chart--{kind}").all()
            assert len(charts) > 5
            assert {chart.is_visible() for chart in charts} == {visible}
            said = [chart.get_attribute("aria-label") or "" for chart in charts]
            assert all(any(sign.isdigit() for sign in text) for text in said)
        page.close()
