"""What a play brought, ticket by ticket, and how it is read off the tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from chain.ledger import PAYMENTS
from chain.records import Schema
from experiments.lab.models.game.memory import MemoryRecords
from market.trades import TRADES
from strategies.theory.laws import Array
from strategies.theory.window_fates import Fates


@dataclass(frozen=True)
class Take:
    """For each ticket, ETH, shape (tickets,): `brought`, present value at its mint of what its holder got for it;
    `entrants` in its sale; `made`, the net value of its block, and `best`, the most that any buyer could make,
    None where that has no meaning. `fates`: when tickets for a window were sold and exercised."""

    brought: Array
    entrants: Array
    made: Array
    best: Array | None
    fates: Fates | None = None

    @property
    def efficiency(self) -> float | None:
        """The value that was made as a share of the best possible one."""
        best = 0.0
        if self.best is not None:
            best = float(self.best.sum())
        if best > 0:
            return float(self.made.sum()) / best
        return None


def resales(records: MemoryRecords) -> Iterator[tuple[int, int, int]]:
    """The tickets that holders sold: serial, age, and what the holder was paid, by losers too, Gwei."""
    paid: Counter[int] = Counter()
    if PAYMENTS.name in records.rows:
        for reason, ticket, gwei in columns(records, PAYMENTS, "reason", "ticket", "amount_gwei"):
            paid[ticket] += gwei if reason == "trade" else 0
    for market, ticket, age, price in columns(records, TRADES, "market", "ticket", "age", "price_gwei"):
        if market == "secondary":
            yield ticket, age, paid.get(ticket, price)


def columns(records: MemoryRecords, schema: Schema, *names: str) -> Iterator[tuple[Any, ...]]:
    """Rows of some columns of a table."""
    return zip(*(records.column(schema, name) for name in names), strict=True)
