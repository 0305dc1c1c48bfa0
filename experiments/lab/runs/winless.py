"""Strategies of the user's own that bid and won nothing in a whole run."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from chain.money import gwei_to_eth
from experiments.lab.runs.folder import TABLES
from experiments.lab.runs.taking_part import Participation, several
from experiments.lab.runs.tallies import Tallies, Tally, batches, overall, readable, tally

BOOK = ("side", "maker")


def winless_lines(played: Sequence[Participation], paths: Mapping[str, Path]) -> Iterator[str]:
    """A line for each strategy and structure in which none of its agents bought anything it bid for."""
    for one in played:
        if one.own:
            tables = paths[one.structure] / TABLES
            with readable(tables):
                yield from winless_under(one, tables)


def bids_of(tables: Path) -> Tallies:
    """Bids in auctions and in the book, by bidder."""
    auctions = tally(tables, "bids", ("bidder",), "price_gwei")
    book = tally(tables, "orders", BOOK, "price_gwei")
    found = dict(auctions)
    for (side, name), orders in book.items():
        if side == "bid":
            found[name,] = overall({("auctions",): found.get((name,), Tally()), ("book",): orders})
    return found


def winless_under(played: Participation, tables: Path) -> Iterator[str]:
    """Of one structure: how often they bid and at what price, beside what was paid in the same auctions."""
    bids, bought = bids_of(tables), tally(tables, "trades", ("buyer",), "price_gwei")
    by_strategy: dict[str, list[str]] = {}
    for agent, strategy in played.own.items():
        by_strategy.setdefault(strategy, []).append(agent)
    for strategy, agents in by_strategy.items():
        own = overall({key: bids[key] for key in ((agent,) for agent in agents) if key in bids})
        if own.rows and not any((agent,) in bought for agent in agents):
            count = f"{own.rows:,} bids" if own.rows > 1 else "1 bid"
            yield (
                f"under {played.structure}: {strategy} won nothing: {several(agents)} made {count}, "
                f"{mean_eth(own)} in the mean; {paid_beside(tables, agents)}"
            )


def paid_beside(tables: Path, agents: Sequence[str]) -> str:
    """What others paid where these bid: in the same auctions, and in the book."""
    auctions = auctions_of(tables, agents)
    parts = []
    if auctions:
        parts.append(paid(won_in(tables, auctions), "those who won the same auctions paid", "nobody won these"))
    if any(side == "bid" and maker in agents for side, maker in tally(tables, "orders", BOOK, "price_gwei")):
        book = overall(tally(tables, "trades", ("venue",), "price_gwei"), "book")
        parts.append(paid(book, "those who bought in the book paid", "nobody bought in the book"))
    return ", ".join(parts)


def auctions_of(tables: Path, agents: Sequence[str]) -> set[int]:
    """The auctions in which any of them bid."""
    rows = zip_rows(tables, "bids", "auction", "bidder")
    return {auction for auction, bidder in rows if bidder in agents}


def won_in(tables: Path, auctions: Collection[int]) -> Tally:
    """How many of these auctions were won, and what was paid in all."""
    rows = zip_rows(tables, "auctions", "auction", "winner", "price_gwei")
    prices = [price for auction, winner, price in rows if winner is not None and auction in auctions]
    return Tally(len(prices), sum(prices))


def zip_rows(tables: Path, name: str, *columns: str) -> Iterator[tuple[Any, ...]]:
    """Some columns of a table, row by row."""
    for batch in batches(tables, name, *columns):
        yield from zip(*(batch.column(column).to_pylist() for column in columns), strict=True)


def paid(sales: Tally, some: str, none: str) -> str:
    """What others paid, in the words for some sales and for none."""
    return f"{some} {mean_eth(sales)}" if sales.rows else none


def mean_eth(tally: Tally) -> str:
    """A mean price."""
    return f"{gwei_to_eth(tally.total / tally.rows):z.4g} ETH"
