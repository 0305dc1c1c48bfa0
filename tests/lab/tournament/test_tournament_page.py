"""The page about a tournament: what stands on it, and what is saved from it. Payoffs are made by hand."""

from __future__ import annotations

import csv
import json
import re
import shutil
from io import StringIO

import numpy as np
import pytest

from experiments.lab.config.errors import InputError
from experiments.lab.tournament.figures.payoff_squares import invasion
from experiments.lab.tournament.figures.population_flow import arrow, flow, starts
from experiments.lab.tournament.formats import FORMATS
from experiments.lab.tournament.kept_tournament import load_tournament, save
from experiments.lab.tournament.played_tournament import Tournament
from experiments.lab.tournament.price_of_anarchy import Welfare
from experiments.lab.tournament.tournament_page import write_tournament_page
from tests.lab.tournament.test_equilibria import DILEMMA, ROCK_PAPER_SCISSORS

FIGURES = re.compile(
    r'<figure id="(\w+)">.*?<script type="application/json" class="csv">(.*?)</script>', re.DOTALL
)


def by_hand(
    table, labels: list[str], format: str = "one_against", noise: float = 0.1, seeds: int = 12
) -> Tournament:
    """A tournament of two seats in which i earned `table[i, j]` against j, give or take."""
    lineups = FORMATS[format](len(labels), 2)
    exact = np.array([[table[own, other], table[other, own]] for own, other in lineups])
    profits = exact[:, np.newaxis] + np.random.default_rng(1).normal(0, noise, (len(lineups), seeds, 2))
    made = profits.sum(axis=2)
    welfare = Welfare(made, np.full_like(made, 10.0))
    return Tournament(
        labels, format, lineups, list(range(1, seeds + 1)), 50, profits, np.ones_like(profits), welfare
    )


def kept(played: Tournament, folder):
    """Its folder."""
    manifest = {"format": 1, "kind": "sweep", "versions": {"et-testbed": "0"}, "config": {"blocks": 50}}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    save(played, folder)
    return folder


def saved(page: str) -> dict[str, list[dict[str, str]]]:
    """The rows of each figure's CSV."""
    return {name: list(csv.DictReader(StringIO(json.loads(text)))) for name, text in FIGURES.findall(page)}


def test_a_game_has_all_figures_and_their_numbers(tmp_path):
    played = by_hand(DILEMMA, ["cooperate", "defect"])
    page = write_tournament_page(kept(played, tmp_path)).read_text(encoding="utf-8")
    numbers = saved(page)
    assert list(numbers) == ["ranks", "payoffs", "against", "beats", "population"]
    assert [row["entrant"] for row in numbers["ranks"]] == ["defect", "cooperate"]
    assert len(numbers["payoffs"]) == 2 * 12
    cells = {(row["entrant"], row["others"]): float(row["payoff_eth"]) for row in numbers["against"]}
    assert cells["defect", "cooperate"] == pytest.approx(played.against().mean(axis=0)[1, 0], abs=1e-12)
    assert cells["defect", "cooperate"] == pytest.approx(5, abs=0.2)
    gains = {(row["entrant"], row["others"]): float(row["gain_eth"]) for row in numbers["beats"]}
    assert gains["defect", "cooperate"] == pytest.approx(2, abs=0.2)
    assert gains["cooperate", "cooperate"] == 0
    assert "<li>Stop: all defect</li>" in page
    assert "Only 12 seeds" not in page


def test_without_a_game_there_is_who_earned_more(tmp_path):
    played = by_hand(DILEMMA, ["a", "<b>"], "together", seeds=3)
    page = write_tournament_page(kept(played, tmp_path), tmp_path / "page.html").read_text(encoding="utf-8")
    assert list(saved(page)) == ["ranks", "payoffs", "beats"]
    assert "Only 3 seeds" in page
    assert "The game among them" not in page
    assert '<td class="text">&lt;b&gt;</td>' in page


def test_who_shares_a_rank_is_marked(tmp_path):
    page = write_tournament_page(kept(by_hand(ROCK_PAPER_SCISSORS, list("rps")), tmp_path)).read_text("utf-8")
    assert all(f"1 =  {label}" in page for label in "rps")


def test_what_is_kept_is_what_was_played(tmp_path):
    played = by_hand(ROCK_PAPER_SCISSORS, list("rps"))
    again = load_tournament(kept(played, tmp_path))
    assert json.dumps(again.summary()) == json.dumps(played.summary())


@pytest.mark.parametrize(
    ("text", "message"), [(None, "no finished tournament"), ("{}", "cannot be read: 'labels'")]
)
def test_a_folder_without_a_tournament_is_named(tmp_path, text, message):
    if text is not None:
        (tmp_path / "tournament.json").write_text(text)
    with pytest.raises(InputError, match=message):
        load_tournament(tmp_path)


def test_a_lone_one_invades_by_what_it_earns_more_than_those_around_it():
    assert invasion(DILEMMA[np.newaxis]).tolist() == [[[0, -1], [2, 0]]]


def test_populations_flow_where_the_arrows_point():
    assert len(starts()) == 10
    assert arrow(np.array([[0, 0], [0, 1]])) == (0, 0, 0)  # up
    assert arrow(np.array([[0, 0], [1, 0], [3, 0]])) == (1, 0, 90)  # to the right, on the second step
    dominated = np.array([[0.0, 0, 0], [1, 1, 1], [2, 2, 2]])
    ends = [
        trace for trace in flow(by_hand(dominated, list("abc"), noise=0)).traces if trace.get("mode") == "lines"
    ]
    assert all(trace["y"][-1] > 0.86 for trace in ends[1:])  # the corner of the third, on top


def test_four_flow_over_time():
    four = flow(by_hand(np.arange(16.0).reshape(4, 4), list("abcd")))
    assert [trace["name"] for trace in four.traces] == list("abcd")
    assert four.traces[3]["y"][-1] > 0.99


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("chromium") is None, reason="no chromium is installed")
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_all_is_drawn_and_saved_in_a_browser(tmp_path, width, scheme):
    from playwright.sync_api import sync_playwright

    file = write_tournament_page(kept(by_hand(ROCK_PAPER_SCISSORS, list("rps")), tmp_path))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        tab = browser.new_page(
            viewport={"width": width, "height": 900}, color_scheme=scheme, accept_downloads=True
        )
        said: list[str] = []
        tab.on("console", lambda message: said.append(message.text))
        tab.on("pageerror", lambda error: said.append(str(error)))
        tab.goto(file.as_uri())
        figures = tab.locator("figure")
        assert figures.count() == 5
        for number in range(5):
            figures.nth(number).locator(".main-svg").first.wait_for()
            for kind in ("CSV", "SVG"):
                with tab.expect_download() as waiting:
                    figures.nth(number).get_by_role("button", name=kind).click()
                waiting.value.save_as(tmp_path / waiting.value.suggested_filename)
        assert tab.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert said == []
        browser.close()
    assert (tmp_path / "against.csv").read_text().startswith("entrant,others,payoff_eth,low,high")
    assert "<svg" in (tmp_path / "population.svg").read_text(encoding="utf-8")


def test_a_notebook_shows_standings_and_plots_what_the_page_draws(tmp_path):
    played = by_hand(DILEMMA, ["cooperate", "defect"], seeds=3)
    shown = played._repr_html_()
    assert "Only 3 seeds" in shown
    assert "symmetric equilibrium: all defect" in shown
    assert "symmetric equilibrium: all defect" in str(played)
    assert str(played).startswith("ETH a run and seat; ")
    page = write_tournament_page(kept(played, tmp_path)).read_text(encoding="utf-8")
    assert list(played.figures) == list(saved(page))
    assert played.plot("beats").layout.title.text == "What beats what"


def test_standings_and_differences_are_frames():
    played = by_hand(DILEMMA, ["cooperate", "defect"])
    assert played.table["entrant"].tolist() == [line.label for line in played.standings()]
    first = played.differences().iloc[0]
    assert (first["entrant"], first["other"]) == ("cooperate", "defect")
    assert first["mean"] == played.difference_summary()[0]["mean"]
