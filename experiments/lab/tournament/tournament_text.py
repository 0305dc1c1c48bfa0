"""How a tournament looks on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.table import Table

from experiments.lab.sweep.sweep_text import cell, short
from experiments.lab.tournament.run_tournament import Tournament


def tables(played: Tournament) -> Iterator[Table | str]:
    """The standings; and where the format has it, the empirical game."""
    yield standing_table(played)
    if played.format != "together":
        game = played.game()
        yield payoff_table(played, game)
        for shares in game["equilibria"]:
            yield f"symmetric equilibrium: {mix(shares)}"
        survive = "survive"
        if len(game["survivors"]) == 1:
            survive = "survives"
        yield f"population: {mix(game['survivors'])} {survive}"


def standing_table(played: Tournament) -> Table:
    """A line for each entrant."""
    table = Table(title="ETH a run and seat, mean [95 % interval]; ranks are shared where intervals overlap 0")
    for name in ("rank", "entrant"):
        table.add_column(name)
    for name in ("payoff", "regret to the best", "wins, %", "ETH a ticket"):
        table.add_column(name, justify="right")
    for line in played.standings():
        shares = (f"{100 * line.win_share:.0f}", short(line.profit_per_ticket))
        table.add_row(str(line.rank), line.label, cell(line.payoff), cell(line.regret), *shares)
    return table


def payoff_table(played: Tournament, game: dict[str, Any]) -> Table:
    """What the row earns where the others play the column."""
    table = Table(title="ETH a run and seat where the others play …")
    table.add_column("")
    for label in played.labels:
        table.add_column(label, justify="right")
    for label, row in zip(played.labels, game["payoffs"], strict=True):
        table.add_row(label, *map(cell, row))
    return table


def mix(shares: dict[str, float]) -> str:
    """`truthful 60 %, shade:0.8 40 %`."""
    return ", ".join(f"{label} {100 * share:.0f} %" for label, share in shares.items() if share > 0)
