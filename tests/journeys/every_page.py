"""What holds for every page, whoever makes it."""

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
WIDTHS = (320, 390, 1280)


def assert_wcag_2_2_aa(page: Page, least_passes: int) -> None:
    """axe-core finds no violation of level A or AA, with everything unfolded."""
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    results = Axe().run(page, options=WCAG)
    assert results.violations_count == 0, results.generate_report()
    assert len(results.response["passes"]) > least_passes


def assert_no_sideways_scroll(page: Page) -> None:
    """Reading needs one direction only; wide tables scroll inside their own frame."""
    widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert widths[0] <= widths[1]


def assert_asks_for_itself_alone(browser: Browser, file: Path) -> None:
    """Opening a page, on screen or in print, asks for that one file and nothing else."""
    context = browser.new_context(offline=True)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.goto(file.as_uri())
    page.emulate_media(media="print")
    page.pdf()
    context.close()
    assert [url for url in asked if not url.startswith("data:")] == [file.as_uri()]
    assert problems == []
