"""How a tournament looks on a terminal and in a notebook."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from experiments.lab.report.intro import count
from experiments.lab.statistics import describe
from experiments.lab.statistics.statistics_text import INTERVALS, short
from experiments.lab.terminal.sheet import Cell, Sheet, SheetColumn, Shown, number
from experiments.lab.terminal.sheet_formats import as_printed
from experiments.lab.terminal.sheet_html import to_html
from experiments.lab.terminal.statistics_cell import shown
from experiments.lab.tournament.formats import TWO_SIDED
from experiments.lab.tournament.game_text import FEW, sentences
from experiments.lab.tournament.standings import Standing

if TYPE_CHECKING:
    from experiments.lab.tournament.played_tournament import Tournament


def sheets(played: Tournament) -> list[Sheet]:
    """The standings; and where the format has it, the empirical game."""
    if played.format in TWO_SIDED:
        return [standing_sheet(played), payoff_sheet(played)]
    return [standing_sheet(played)]


def tournament_text(played: Tournament) -> str:
    """What `et-testbed tournament` prints."""
    return as_printed(sheets(played), *said(played))


def tournament_html(played: Tournament) -> str:
    """How much was played, its sheets, what to know of them, and how one goes on."""
    after = "next: result.plot(), result.figures, result.table, result.differences(), result.metrics"
    return to_html([about(played), *warnings(played)], sheets(played), [*said(played), after])


def said(played: Tournament) -> Iterator[str]:
    """What the game says, if one was measured."""
    if played.format in TWO_SIDED:
        yield from sentences(played)


def about(played: Tournament) -> str:
    """How much was played."""
    runs = len(played.lineups) * len(played.seeds)
    return (
        f"{count(len(played.lineups), 'lineup')} ({played.format}) with {count(len(played.seeds), 'seed')}: "
        f"{count(runs, 'run')} of {count(played.blocks, 'block')}. All runs of one seed have the same rewards, "
        "draws and costs."
    )


def warnings(played: Tournament) -> list[str]:
    """What a reader must know of a small one."""
    if len(played.seeds) >= FEW:
        return []
    seeds = count(len(played.seeds), "seed")
    return [f"Only {seeds}: intervals are wide, and what looks like an order may be luck."]


def standing_sheet(played: Tournament) -> Sheet:
    """A line for each entrant."""
    columns = (
        number("rank"),
        SheetColumn("entrant"),
        number("payoff"),
        number("regret", "regret to the best"),
        number("win_share", "wins, %"),
        number("profit_per_ticket", "ETH a ticket"),
    )
    title = f"ETH a run and seat; ranks are shared where differences may be 0\n{INTERVALS}"
    return Sheet(columns, [standing_row(line) for line in played.standings()], title, "standings")


def standing_row(line: Standing) -> list[Cell]:
    """One entrant."""
    wins = Shown(f"{100 * line.win_share:z.0f}", {"": line.win_share})
    ticket = Shown(short(line.profit_per_ticket), {"": line.profit_per_ticket})
    return [line.rank, line.label, shown(line.payoff), shown(line.regret), wins, ticket]


def payoff_sheet(played: Tournament) -> Sheet:
    """What the row earns where the others play the column."""
    columns = [SheetColumn("entrant"), *map(number, played.labels)]
    against = played.against()
    rows: list[list[Cell]] = [
        [label, *(shown(describe(column, played.sampling)) for column in against[:, own].T)]
        for own, label in enumerate(played.labels)
    ]
    return Sheet(columns, rows, "ETH a run and seat where the others play …", "payoffs")
