"""Reports in a real browser, Debian's chromium: all is drawn, nothing is asked of the network, it fits a phone."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import expect

from experiments import run
from experiments.lab.report import write_report
from tests.chromium import CHROMIUM

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
WAITS = 20_000  # ms, for a busy machine

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium is installed: reports are not checked")


class Opened:
    """A page in the browser, with everything that it asked for and complained of."""

    def __init__(self, browser, file, size, scheme):
        self.tab = browser.new_page(viewport=size, color_scheme=scheme, accept_downloads=True)
        self.tab.set_default_timeout(WAITS)
        self.asked, self.said = [], []
        self.tab.on("request", lambda request: self.asked.append(request.url))
        self.tab.on("console", lambda message: self.said.append(message.text))
        self.tab.on("pageerror", lambda error: self.said.append(str(error)))
        self.tab.goto(file.as_uri())

    def sizes(self):
        """The width and height of the plots of all figures in view."""
        return self.tab.evaluate("""() => [...document.querySelectorAll("figure:not([hidden])")].map(figure => {
            const box = figure.querySelector(".main-svg")?.getBoundingClientRect();
            return box ? [box.width, box.height] : [0, 0];
        })""")

    def marks(self):
        """How many lines, bars and marks are drawn in each figure in view."""
        return self.tab.evaluate("""() => [...document.querySelectorAll("figure:not([hidden])")].map(
            figure => figure.querySelectorAll(".plot path[d], .plot .point path").length)""")

    def overflow(self):
        """By how much the page is wider than the screen, pixels."""
        return self.tab.evaluate("document.documentElement.scrollWidth - innerWidth")

    def column(self, table, number):
        """The texts of a column; those of hidden rows too."""
        return self.tab.locator(f"{table} tbody tr > :nth-child({number})").all_inner_texts()


@pytest.fixture(scope="module")
def run_page(tmp_path_factory):
    """The page about a run of three structures."""
    changes = ['market.structure=["pbs","et","et_expost"]', "chain.maturity=9"]
    out = tmp_path_factory.mktemp("run") / "run"
    run(blocks=40, out=out, signatures="off", overrides=changes)
    return write_report(out)


@pytest.fixture
def sweep_page(sweep_folder, tmp_path):
    """The page about a sweep over a number and a word, with a failure."""
    grid = {"chain.supply": [8, 16, 32], "market.structure": ["et", "et_expost"]}
    return write_report(sweep_folder(tmp_path / "sweep", grid, range(1, 6), {(2, 3)}))


@pytest.fixture
def page(request, run_page, sweep_page) -> Path:
    return {"run": run_page, "sweep": sweep_page}[request.param]


BOTH = pytest.mark.parametrize("page", ["run", "sweep"], indirect=True)


@BOTH
@pytest.mark.parametrize(("size", "scheme"), [(DESK, "light"), (PHONE, "dark")], ids=["desk", "phone"])
def test_all_is_drawn_and_nothing_is_asked(browser, page, size, scheme):
    opened = Opened(browser, page, size, scheme)
    figures = opened.tab.locator("figure:visible")
    expect(figures).to_have_count({"run": 10, "sweep": 5}[page.parent.name], timeout=WAITS)
    for number in range(figures.count()):
        expect(figures.nth(number).locator(".main-svg").first).to_be_visible(timeout=WAITS)
    assert all(width > 0.8 * min(size["width"], 900) and height > 150 for width, height in opened.sizes())
    assert min(opened.marks()) > 3
    assert opened.overflow() <= 0
    assert opened.said == []
    assert opened.asked == [page.as_uri()]
    opened.tab.close()


@BOTH
def test_every_figure_is_saved_as_svg(browser, page, tmp_path):
    opened = Opened(browser, page, DESK, "dark")
    figures = opened.tab.locator("figure:visible")
    for number in range(figures.count()):
        with opened.tab.expect_download(timeout=WAITS) as saved:
            figures.nth(number).get_by_role("button", name="Save").click()
        file = tmp_path / saved.value.suggested_filename
        saved.value.save_as(file)
        assert file.name == f"{figures.nth(number).get_attribute('id')}.svg"
        image = ElementTree.parse(file).getroot()
        assert image.tag == "{http://www.w3.org/2000/svg}svg"
        assert float(image.get("width")) > 600
        assert float(image.get("height")) > 150
        assert len(image.findall(".//{*}path")) > 3
        assert "fill: rgb(255, 255, 255)" in image.find("{*}rect").get("style")
    assert opened.said == []
    assert all(address.startswith(("file:", "blob:", "data:")) for address in opened.asked)
    opened.tab.close()


def test_a_table_sorts_by_click_and_by_key(browser, run_page):
    opened = Opened(browser, run_page, DESK, "light")
    before = opened.column("#agents", 2)
    head = opened.tab.locator("#agents thead th").nth(1)
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    rising = [float(text.replace(",", "")) for text in opened.column("#agents", 2)]
    assert rising == sorted(rising)
    assert len(set(rising)) > 3
    head.get_by_role("button").press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    assert [float(text.replace(",", "")) for text in opened.column("#agents", 2)] == sorted(rising, reverse=True)
    head.get_by_role("button").press("Space")
    assert head.get_attribute("aria-sort") is None
    assert opened.column("#agents", 2) == before
    opened.tab.close()


def test_parts_stay_with_their_whole(browser, run_page):
    opened = Opened(browser, run_page, DESK, "light")
    summary = opened.tab.get_by_role("region", name="Summary of each market structure")
    summary.locator("thead button").first.click()
    names = summary.locator("tbody th").all_inner_texts()
    assert names[-1] == "violations"
    assert names[names.index("tickets burned") + 1] == "tickets expired"
    assert names[names.index("trades") + 1] == "resold before the draw"
    opened.tab.close()


def test_missing_values_come_last(browser, sweep_folder, tmp_path):
    folder = sweep_folder(tmp_path / "sweep", {"a": [3, 1, 2]}, [1], {(2, 1)})
    opened = Opened(browser, write_report(folder), DESK, "light")
    head = opened.tab.locator("#points thead th").nth(2).get_by_role("button")
    for _ in range(2):
        head.click()
        assert [text.split()[0] for text in opened.column("#points", 1)][-1] == "2"
    opened.tab.close()


def test_metrics_are_chosen(browser, sweep_page):
    opened = Opened(browser, sweep_page, PHONE, "light")
    figure = opened.tab.locator("figure", has=opened.tab.locator("h2", has_text="my_own"))
    heads = opened.tab.locator("#points th:visible")
    first = opened.tab.locator("#differences tbody td:visible").filter(has=opened.tab.locator("small")).first
    assert first.evaluate("cell => cell.getBoundingClientRect().right") <= PHONE["width"]
    assert not figure.is_visible()
    before = heads.count()
    opened.tab.get_by_text("3 more").click()
    opened.tab.get_by_role("checkbox", name="my_own").check()
    assert figure.locator(".main-svg").first.bounding_box()["height"] > 150
    assert heads.count() == before + 1
    opened.tab.get_by_role("checkbox", name="hhi").uncheck()
    assert heads.count() == before
    assert len(opened.sizes()) == 5
    assert opened.overflow() <= 0
    opened.tab.close()


def test_another_statistic(browser, sweep_page):
    opened = Opened(browser, sweep_page, DESK, "light")
    means = opened.column("#points", 4)
    opened.tab.get_by_label("Statistic").select_option("median")
    medians = opened.column("#points", 4)
    assert all("to" in text for text in means)
    assert not any("to" in text for text in medians)
    assert all(float(low) < float(high) for low, high in pairwise(medians))
    opened.tab.get_by_label("Statistic").select_option("mean")
    assert opened.column("#points", 4) == means
    opened.tab.close()


def test_the_scheme_changes(browser, run_page):
    opened = Opened(browser, run_page, DESK, "light")
    plot = opened.tab.locator("#prices .main-svg").first
    expect(plot).to_have_css("background-color", "rgb(255, 255, 255)", timeout=WAITS)
    opened.tab.emulate_media(color_scheme="dark")
    expect(plot).to_have_css("background-color", "rgb(20, 23, 27)", timeout=WAITS)
    assert opened.said == []
    opened.tab.close()
