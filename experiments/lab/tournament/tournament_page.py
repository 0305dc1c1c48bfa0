"""The page about a tournament."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

from chain.home import expanded
from experiments.lab.report.intro import listed
from experiments.lab.report.page import Page, made_with, render, section
from experiments.lab.report.sweep.shown_figures import both
from experiments.lab.report.table import head, number, table
from experiments.lab.report.text_file import write
from experiments.lab.report.writing import place_of
from experiments.lab.runs.folder import read_manifest
from experiments.lab.tournament.figures.tournament_figures import figures_of_tournament
from experiments.lab.tournament.formats import TWO_SIDED
from experiments.lab.tournament.game_text import sentences
from experiments.lab.tournament.kept_tournament import load_tournament
from experiments.lab.tournament.played_tournament import Tournament
from experiments.lab.tournament.standings import Standing
from experiments.lab.tournament.tournament_text import about, warnings


def write_tournament_page(folder: Path, out: Path | None = None) -> Path:
    """Write the page about a tournament's folder, to `out` or to FOLDER/report.html; returns where it is.

    Raises `InputError` where there is no finished tournament, or nowhere to write.
    """
    folder = expanded(folder)
    place = place_of(folder, out)
    write(render(tournament_page(load_tournament(folder), read_manifest(folder))), place)
    return place


def tournament_page(played: Tournament, manifest: dict[str, Any]) -> Page:
    """What stands on it: standings first, then the game, if there is one."""
    return Page(
        f"Tournament of {listed(played.labels)}",
        about(played),
        warnings(played),
        "".join([standing_table(played), game_words(played), *map(section, figures_of_tournament(played))]),
        manifest["config"],
        made_with(manifest),
    )


def standing_table(played: Tournament) -> str:
    """A line for each entrant."""
    heads = [
        head("rank"),
        head("entrant", kind="text"),
        head("payoff", "ETH a run and seat"),
        head("regret", "to the best, ETH"),
        head("wins", "%"),
        head("profit", "ETH a ticket"),
    ]
    return table(heads, map(standing_row, played.standings()), "Standings")


def standing_row(line: Standing) -> str:
    """One entrant."""
    return (
        f'<tr><td>{line.rank}</td><td class="text">{escape(line.label)}</td>'
        f"<td>{both(line.payoff)}</td><td>{both(line.regret)}</td>"
        f"<td>{100 * line.win_share:z.0f}</td><td>{number(line.profit_per_ticket)}</td></tr>"
    )


def game_words(played: Tournament) -> str:
    """What the game says, a line each; nothing where none was measured."""
    if played.format not in TWO_SIDED:
        return ""
    lines = "".join(f"<li>{escape(line[0].upper() + line[1:])}</li>" for line in sentences(played))
    return f'<section id="game"><h2>The game among them</h2><ul>{lines}</ul></section>\n'
