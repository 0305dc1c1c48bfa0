"""Playing the game once, with one way to sell, and reading off the tables what it brought."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from chain.records import Schema
from experiments.lab.blocks import BLOCKS
from experiments.lab.driver import Driver
from experiments.lab.game.engine import SELLER, Game, assemble_game
from experiments.lab.game.memory import Memory
from market.house import AUCTIONS
from market.trades import TRADES
from strategies.base import Strategy
from strategies.theory.laws import Array


@dataclass(frozen=True)
class Play:
    """For each ticket, ETH, shape (tickets,): `brought`, present value at its mint of what its holder got for it;
    `entrants` in its sale; `made`, the net value of its block, and `best`, the most that any buyer could make."""

    brought: Array
    entrants: Array
    made: Array
    best: Array

    @property
    def efficiency(self) -> float | None:
        """The value that was made as a share of the best possible one."""
        best = float(self.best.sum())
        return float(self.made.sum()) / best if best > 0 else None


def play(game: Game, seller: Strategy, tickets: int, lead: int = 0) -> Play:
    """Sell `tickets` tickets on the block clock, each of them minted `lead` blocks into its life."""
    engine, records = assemble_game(game, seller, lead)
    driver = Driver(engine)
    with rare_collection():
        driver.open()
        for _ in range(game.maturity - lead + tickets):
            driver.run_slot()
    ledger = engine.state.ledger
    if not ledger.is_balanced():
        raise RuntimeError("the ledger does not balance: money was made or lost")
    return measure(game, records, tickets, lead)


@contextmanager
def rare_collection() -> Iterator[None]:
    """Look for garbage seldom: a game makes many rows that stay, and few circles."""
    usual = gc.get_threshold()
    gc.set_threshold(100_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def measure(game: Game, records: Memory, tickets: int, lead: int) -> Play:
    """What the tables say of the tickets that were not older at genesis than others are when they are minted."""
    first, last = game.maturity - lead, game.maturity - lead + tickets
    delta = 1 / (1 + game.model.seller_rate)
    brought, entrants = np.zeros(last), np.zeros(last)
    for market, ticket, age, price in columns(records, TRADES, "market", "ticket", "age", "price_gwei"):
        if market == "secondary" and ticket < last:
            brought[ticket] += price / 1e9 * delta ** (lead + age)
    for market, ticket, bids in columns(records, AUCTIONS, "market", "ticket", "bids"):
        if market == "secondary" and ticket < last:
            entrants[ticket] += bids
    made, best = np.zeros(last), np.zeros(last)
    for ticket, builder, net, most in columns(records, BLOCKS, "ticket", "builder", "net_gwei", "best_gwei"):
        made[ticket], best[ticket] = net / 1e9, most / 1e9
        if builder == SELLER:
            brought[ticket] += net / 1e9 * delta**game.maturity
    return Play(brought[first:], entrants[first:], made[first:], best[first:])


def columns(records: Memory, schema: Schema, *names: str) -> Iterator[tuple[Any, ...]]:
    """Rows of some columns of a table."""
    return zip(*(records.column(schema, name) for name in names), strict=True)
