"""The links of a built site: each leads to a file that is there, and to an anchor in it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

OF_TAGS = {"a": "href", "link": "href"} | dict.fromkeys(("img", "script", "source", "iframe"), "src")
ANCHORS = ("id", "name")


class Reader(HTMLParser):
    """What a page links to, what it loads, and where it can be entered."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.anchors: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.anchors |= {found[name] for name in ANCHORS if name in found}
        if OF_TAGS.get(tag, "") in found:
            (self.links if tag == "a" else self.loaded).append(found[OF_TAGS[tag]])


class Site:
    """A folder of pages."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def pages(self) -> dict[Path, Reader]:
        return {page: read(page) for page in sorted(self.folder.rglob("*.html"))}

    def dead_links(self) -> Iterator[str]:
        """`PAGE: LINK` for each that leads nowhere within the site."""
        for page, reader in self.pages.items():
            for link in [*reader.links, *reader.loaded]:
                if not is_elsewhere(link) and not self.leads_somewhere(page, link):
                    yield f"{page.relative_to(self.folder)}: {link}"

    def leads_somewhere(self, page: Path, link: str) -> bool:
        parts = urlsplit(link)
        target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
        if not target.is_file() or not target.is_relative_to(self.folder):
            return False
        return (
            not parts.fragment or target not in self.pages or unquote(parts.fragment) in self.pages[target].anchors
        )

    def loaded_from_elsewhere(self) -> Iterator[str]:
        """`PAGE: ADDRESS` of what a page would load from another site."""
        for page, reader in self.pages.items():
            yield from (f"{page.relative_to(self.folder)}: {link}" for link in reader.loaded if is_elsewhere(link))


def is_elsewhere(link: str) -> bool:
    """Whether it leads out of the site."""
    parts = urlsplit(link)
    return bool(parts.scheme or parts.netloc)


def read(page: Path) -> Reader:
    reader = Reader()
    reader.feed(page.read_text(encoding="utf-8"))
    return reader
