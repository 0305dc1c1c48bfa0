"""Every path and link that README, CONTRIBUTING and docs name leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.places import DOCS, ROOT

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.glob("*.md"))]
TOPS = ("chain", "market", "strategies", "experiments", "tests", "docs", ".ci")


def paths(page: Path) -> set[str]:
    """The paths within the project that a page names as code. NAME stands for what a reader will add."""
    named = re.findall(r"`([\w./-]+)`", page.read_text(encoding="utf-8"))
    return {path for path in named if path.startswith(tuple(f"{top}/" for top in TOPS))}


def leads_somewhere(path: str) -> bool:
    return (ROOT / path).parent.is_dir() if "NAME" in path else (ROOT / path).exists()


def links(page: Path) -> set[str]:
    """What a page links to, beside other sites and places in a page."""
    found = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
    return {link for link in found if "://" not in link}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_path_is_there(page):
    assert {path for path in paths(page) if not leads_somewhere(path)} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page):
    assert {link for link in links(page) if not (page.parent / link).exists()} == set()


def test_paths_and_links_are_seen():
    assert len(paths(DOCS / "architecture.md")) > 60
    assert len(paths(ROOT / "CONTRIBUTING.md")) > 25
    assert len(links(ROOT / "README.md")) > 15
    assert not leads_somewhere("market/nothing.py")
