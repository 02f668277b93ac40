"""The pages of a profile in a real browser: for everyone, on every width, without a network."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from openoda.custody.workspace import Workspace
from openoda.office.profile import ProfileRequest, profile

pytestmark = pytest.mark.browser

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
WIDTHS = (320, 390, 1280)
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


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's own Chromium; nothing is downloaded."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("Chromium isn't installed (apt-get install chromium)")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield chromium
        chromium.close()


@pytest.fixture
def opened(browser: Browser, folder: Path, request: pytest.FixtureRequest) -> Iterator[Page]:
    """One page at one width."""
    name, width = request.param
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto((folder / f"{name}.html").as_uri())
    yield page
    context.close()


every = pytest.mark.parametrize(
    "opened", [(name, width) for name in PAGES for width in WIDTHS], indirect=True
)


@every
def test_no_page_breaks_wcag_2_2_aa(opened: Page):
    """axe-core finds no violation of level A or AA, with everything unfolded."""
    opened.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    results = Axe().run(opened, options=WCAG)
    assert results.violations_count == 0, results.generate_report()
    assert len(results.response["passes"]) > 8


@every
def test_no_page_scrolls_sideways(opened: Page):
    """Reading needs one direction only; wide tables scroll inside their own frame."""
    widths = opened.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert widths[0] <= widths[1]


@pytest.mark.parametrize("name", PAGES)
def test_no_request_leaves_the_file(browser: Browser, folder: Path, name: str):
    """Opening a page, on screen or in print, asks for that one file and nothing else."""
    context = browser.new_context(offline=True)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    address = (folder / f"{name}.html").as_uri()
    page.goto(address)
    page.emulate_media(media="print")
    page.pdf()
    context.close()
    assert [url for url in asked if not url.startswith("data:")] == [address]
    assert problems == []


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
