"""How a tournament looks on a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.table import Table

from experiments.lab.statistics import describe
from experiments.lab.statistics.statistics_text import INTERVALS, cell, short
from experiments.lab.tournament.game_text import sentences
from experiments.lab.tournament.played_tournament import TWO_SIDED, Tournament


def tables(played: Tournament) -> Iterator[Table | str]:
    """The standings; and where the format has it, the empirical game."""
    yield standing_table(played)
    if played.format in TWO_SIDED:
        yield payoff_table(played)
        yield from sentences(played)


def standing_table(played: Tournament) -> Table:
    """A line for each entrant."""
    table = Table(title=f"ETH a run and seat; ranks are shared where differences may be 0\n{INTERVALS}")
    for name in ("rank", "entrant"):
        table.add_column(name)
    for name in ("payoff", "regret to the best", "wins, %", "ETH a ticket"):
        table.add_column(name, justify="right")
    for line in played.standings():
        shares = (f"{100 * line.win_share:z.0f}", short(line.profit_per_ticket))
        table.add_row(str(line.rank), line.label, cell(line.payoff), cell(line.regret), *shares)
    return table


def payoff_table(played: Tournament) -> Table:
    """What the row earns where the others play the column."""
    table = Table(title="ETH a run and seat where the others play …")
    table.add_column("")
    for label in played.labels:
        table.add_column(label, justify="right")
    against = played.against()
    for own, label in enumerate(played.labels):
        table.add_row(label, *(cell(describe(column, played.sampling)) for column in against[:, own].T))
    return table
