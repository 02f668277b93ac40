"""What a reader gets of a page: its text, and what it would load from elsewhere."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

LOADING = {"src", "srcset", "poster", "data", "background", "action"}
LINKING = {"a", "area"}


class Reader(HTMLParser):
    """Collect the text, the addresses loaded and linked, and the names of the tags."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.loads: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.handlers: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a tag loads, links to or runs."""
        self.tags.append(tag)
        self.hidden += tag in ("script", "style")
        for name, value in attrs:
            if name in LOADING or (name in ("href", "xlink:href") and tag not in LINKING):
                self.loads.append(value or "")
            elif name == "href":
                self.links.append(value or "")
            elif name.startswith("on"):
                self.handlers.append(name)

    def handle_endtag(self, tag: str) -> None:
        """Leave a tag whose content isn't shown."""
        self.hidden -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        """Keep what is shown."""
        if not self.hidden:
            self.text.append(data)


def read(page: Path) -> Reader:
    """Read a page."""
    reader = Reader()
    reader.feed(page.read_text(encoding="utf-8"))
    return reader


def shown_text(page: Path) -> str:
    """Give a page's text, spaces made single."""
    return " ".join(" ".join(read(page).text).split())


def assert_self_contained(page: Path) -> None:
    """The page loads nothing, runs nothing, and says how it fits a phone and paper."""
    source = page.read_text(encoding="utf-8")
    reader = read(page)
    assert all(address.startswith(("data:", "#")) for address in reader.loads), reader.loads
    assert not re.findall(r"url\(\s*['\"]?(?!data:|#)[^)]*\)|@import", source)
    assert "script" not in reader.tags
    assert reader.handlers == []
    assert not any(link.startswith("javascript:") for link in reader.links)
    assert 'name="viewport"' in source
    assert "@media print" in source
    assert re.search(r"<html[^>]*\blang=", source)
