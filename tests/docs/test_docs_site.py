"""The site that `make docs` builds: its links, and its pages in a real browser, Debian's chromium."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.chromium import CHROMIUM
from tests.docs.site_links import Site
from tests.places import DOCS, ROOT

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
WAITS = 30_000  # ms, for a busy machine
FORMULAS = "[...document.querySelectorAll('.math')].filter(one => !one.querySelector('mjx-container svg')).length"
PICTURES = "[...document.querySelectorAll('article img')].filter(one => !one.naturalWidth).map(one => one.src)"
PLATES = "[...document.querySelectorAll('article img')].map(one => getComputedStyle(one).backgroundColor)"
WIDER = "document.documentElement.scrollWidth - innerWidth"

pytestmark = pytest.mark.slow
in_browser = pytest.mark.skipif(CHROMIUM is None, reason="no chromium is installed: the site is not looked at")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """The one that `make docs` has built, or one of its own."""
    if built := os.environ.get("ET_TESTBED_SITE"):
        return Path(built).resolve()
    pytest.importorskip("furo", reason="the extra `docs` is not installed")
    out = tmp_path_factory.mktemp("site")
    built = subprocess.run([sys.executable, str(DOCS / "site"), str(out)], capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    return out / "html"


def test_no_link_is_dead(folder):
    site = Site(folder)
    assert len(site.pages) > 30
    assert sum(len(reader.links) for reader in site.pages.values()) > 1000
    assert list(site.dead_links()) == []


def test_no_page_loads_what_is_elsewhere(folder):
    assert list(Site(folder).loaded_from_elsewhere()) == []


def test_every_page_of_the_docs_is_on_the_site(folder):
    pages = {
        page.relative_to(DOCS).with_suffix(".html") for kind in ("md", "ipynb") for page in DOCS.rglob(f"*.{kind}")
    }
    shown = {page for page in pages if page.parts[0] != "site"}
    assert {page for page in shown if not (folder / page).is_file()} == set()
    assert len(shown) > 15


def test_dead_links_are_seen(tmp_path):
    (tmp_path / "a.html").write_text(
        '<a href="b.html#here"></a><a href="b.html#gone"></a><a href="c.html"></a><a href="https://x.org"></a>'
        '<img src="https://x.org/1.png"><a href="../b.html"></a>'
    )
    (tmp_path / "b.html").write_text('<p id="here"></p>')
    site = Site(tmp_path)
    assert list(site.dead_links()) == ["a.html: b.html#gone", "a.html: c.html", "a.html: ../b.html"]
    assert list(site.loaded_from_elsewhere()) == ["a.html: https://x.org/1.png"]


class Visitor:
    """A tab of the browser that goes from page to page, with what is wrong with each."""

    def __init__(self, browser, size, scheme):
        self.tab = browser.new_page(viewport=size, color_scheme=scheme)
        self.tab.set_default_timeout(WAITS)
        self.asked, self.said = [], []
        self.tab.on("request", lambda request: self.asked.append(request.url))
        self.tab.on("console", lambda message: self.said.append(message.text))
        self.tab.on("pageerror", lambda error: self.said.append(str(error)))

    def visit(self, address):
        self.asked.clear()
        self.said.clear()
        self.tab.goto(address)
        if self.tab.locator(".math").count():
            self.tab.wait_for_function(f"{FORMULAS} === 0")

    def faults(self, home) -> Iterator[str]:
        """A sentence each."""
        yield from (f"asks for {url}" for url in self.asked if not url.startswith((home, "data:")))
        yield from (f"says {text}" for text in self.said)
        yield from (f"does not show {source}" for source in self.tab.evaluate(PICTURES))
        if (wider := self.tab.evaluate(WIDER)) > 0:
            yield f"is {wider} px wider than the screen"
        if self.tab.locator("mjx-merror").count():
            yield "has a formula that is none"
        if not set(self.tab.evaluate(PLATES)) <= {"rgb(255, 255, 255)"}:
            yield "has figures without a plate"


@in_browser
@pytest.mark.parametrize(("size", "scheme"), [(DESK, "light"), (PHONE, "dark")], ids=["desk", "phone"])
def test_every_page_stays_at_home_and_fits(browser, folder, size, scheme):
    visitor, found = Visitor(browser, size, scheme), {}
    for page in Site(folder).pages:
        visitor.visit(page.as_uri())
        if faults := list(visitor.faults(folder.as_uri())):
            found[page.name] = faults
    assert found == {}


@contextmanager
def served(folder) -> Iterator[str]:
    """The address of the folder behind a server of its own."""
    quiet = type("Quiet", (SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(quiet, directory=str(folder))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def searched(visitor, home, words):
    """The titles that a search finds."""
    visitor.visit(f"{home}/search.html?q={words}")
    visitor.tab.wait_for_function("/finished/.test(document.querySelector('#search-results p').textContent)")
    return visitor.tab.locator("#search-results li a").all_inner_texts()


@in_browser
def test_search_finds_from_a_file_and_from_a_server(browser, folder):
    visitor = Visitor(browser, DESK, "light")
    with served(folder) as address:
        for home in (folder.as_uri(), address):
            titles = searched(visitor, home, "check_strategy")
            assert "strategies.testing.check_strategy" in titles
            assert list(visitor.faults(home)) == []
        visitor.tab.locator("#search-results .context").first.wait_for()


@in_browser
def test_the_front_page_leads_to_each_reader_and_kind_of_page(browser, folder):
    visitor = Visitor(browser, DESK, "light")
    visitor.visit((folder / "index.html").as_uri())
    readers = visitor.tab.locator("article section section")
    assert readers.count() >= 4
    assert min(one.locator("a:not(.headerlink)").count() for one in readers.all()) >= 3
    captions = [text.lower() for text in visitor.tab.locator(".sidebar-tree .caption").all_inner_texts()]
    assert {"tutorials", "how to", "reference", "explanation"} <= set(captions)


def test_the_site_is_not_committed():
    done = subprocess.run(["git", "check-ignore", "out/site"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0
