"""Checks a site that was built: its links lead somewhere, and nothing comes from elsewhere."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# What a browser fetches by itself when it shows a page; an <a> it follows only when told to.
FETCHED = {
    "script": "src",
    "img": "src",
    "iframe": "src",
    "source": "src",
    "video": "src",
    "audio": "src",
    "embed": "src",
    "object": "data",
    "link": "href",
}
NOT_FETCHED = {"canonical", "alternate", "next", "prev"}


class Page(HTMLParser):
    """What a page of the site offers and asks for."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an element offers and asks for."""
        have = {name: value or "" for name, value in attrs}
        self.anchors.update(have[name] for name in ("id", "name") if name in have)
        if tag == "a" and "href" in have:
            self.links.append(have["href"])
        source = have.get(FETCHED.get(tag, ""))
        if source and not NOT_FETCHED & set(have.get("rel", "").split()):
            self.fetched.append(source)


def faults(site: Path) -> Iterator[str]:
    """Find what is wrong with a site.

    Args:
        site: Its folder.

    Yields:
        A sentence for each link that leads nowhere and each thing that comes from elsewhere.
    """
    pages = {file: Page(file.read_text("utf-8")) for file in sorted(site.rglob("*.html"))}
    for file, page in pages.items():
        name = file.relative_to(site)
        for address in page.fetched:
            if urlsplit(address).scheme not in {"", "data"} or urlsplit(address).netloc:
                yield f"{name}: {address} is fetched from elsewhere"
        for address in [*page.links, *page.fetched]:
            link = urlsplit(address)
            if link.scheme or link.netloc:
                continue
            target = (file.parent / unquote(link.path)).resolve() if link.path else file
            if not target.is_file():
                yield f"{name}: {address} is no file of the site"
            elif target in pages and not leads(link.fragment, pages[target]):
                yield f"{name}: {address} is no anchor of that page"


def leads(fragment: str, page: Page) -> bool:
    """Whether a fragment leads to a place in a page; none leads to its top."""
    return not fragment or unquote(fragment) in page.anchors
