"""Strategies of the user's own that bid and won nothing in a whole run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from chain.money import gwei_to_eth
from experiments.lab.runs.folder import TABLES
from experiments.lab.runs.taking_part import Participation, several
from experiments.lab.runs.tallies import Tallies, Tally, overall, readable, tally


def winless_lines(played: Sequence[Participation], paths: Mapping[str, Path]) -> Iterator[str]:
    """A line for each strategy and structure in which none of its agents bought anything it bid for."""
    for one in played:
        if one.own:
            tables = paths[one.structure] / TABLES
            with readable(tables):
                yield from winless_under(one, bids_of(tables), tally(tables, "trades", ("buyer",), "price_gwei"))


def bids_of(tables: Path) -> Tallies:
    """Bids in auctions and in the book, by bidder."""
    auctions = tally(tables, "bids", ("bidder",), "price_gwei")
    book = tally(tables, "orders", ("side", "maker"), "price_gwei")
    found = dict(auctions)
    for (side, name), orders in book.items():
        if side == "bid":
            found[name,] = overall({("auctions",): found.get((name,), Tally()), ("book",): orders})
    return found


def winless_under(played: Participation, bids: Tallies, bought: Tallies) -> Iterator[str]:
    """Of one structure: how often they bid and at what price, beside what was paid."""
    by_strategy: dict[str, list[str]] = {}
    for agent, strategy in played.own.items():
        by_strategy.setdefault(strategy, []).append(agent)
    for strategy, agents in by_strategy.items():
        own = overall({key: bids[key] for key in ((agent,) for agent in agents) if key in bids})
        if own.rows and not any((agent,) in bought for agent in agents):
            yield (
                f"under {played.structure}: {strategy} won nothing: {several(agents)} made {own.rows:,} bids, "
                f"{mean_eth(own)} in the mean; {paid(overall(bought))}"
            )


def paid(sales: Tally) -> str:
    """What others paid."""
    return f"those who won paid {mean_eth(sales)}" if sales.rows else "nobody bought anything"


def mean_eth(tally: Tally) -> str:
    """A mean price."""
    return f"{gwei_to_eth(tally.total / tally.rows):z.4g} ETH"
