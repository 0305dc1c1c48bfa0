"""The tables of one run as metrics need them: read once, when first asked for, and only the columns needed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import cached_property
from pathlib import Path

import numpy as np

from chain.money import GWEI_PER_ETH, gwei_to_eth
from experiments.lab.metrics.columns import Columns, Floats, Integers, Labels, having, labels, numbers, read
from experiments.lab.metrics.concentration import counts, mean_holdings
from experiments.lab.metrics.expected_rewards import ExpectedRewards, Sale
from experiments.lab.metrics.matched_capture import handed_out
from experiments.lab.metrics.orderbook import Depth, QuotedSpread, depth, quoted
from experiments.lab.metrics.prices import posted, series
from experiments.lab.metrics.revenue import Split, split

Law = Callable[[Iterable[Sale], int], ExpectedRewards | None]
"""From primary sales, and how many tickets were handed out, what rewards were expected to be."""


def no_law(sales: Iterable[Sale], handed_out: int) -> None:
    """Where the law of the rewards is not known."""


class Tables:
    """One run. `censors` are the names of those who censor, `slot_ms` is the length of a slot, ms. `law`: of its
    rewards, where it is known.
    """

    def __init__(
        self, folder: Path, censors: Collection[str] = (), slot_ms: int = 12_000, law: Law = no_law
    ) -> None:
        self.folder = folder
        self.law = law
        self.censors = frozenset(censors)
        self.slot_ms = slot_ms

    # As they are stored

    @cached_property
    def blocks(self) -> Columns:
        money = (
            "reward_gwei",
            "cost_gwei",
            "block_price_gwei",
            "net_gwei",
            "best_gwei",
            "primary_gwei",
            "refund_gwei",
        )
        names = ("slot", "status", "ticket", "proposer", "builder", "expired", "held", "squares")
        return read(self.folder, "blocks", *names, *money)

    @cached_property
    def signals(self) -> Columns:
        return read(self.folder, "signals", "quote_gwei")

    @cached_property
    def tickets(self) -> Columns:
        return read(self.folder, "tickets", "ticket", "owner", "end")

    @cached_property
    def trades(self) -> Columns:
        names = ("slot", "market", "timing", "ticket", "age", "to_maturity", "price_gwei")
        return read(self.folder, "trades", *names)

    @cached_property
    def auctions(self) -> Columns:
        names = ("auction", "market", "seller", "reserve_gwei", "bids", "outcome", "winner", "price_gwei")
        return read(self.folder, "auctions", *names)

    @cached_property
    def bids(self) -> Columns:
        return read(self.folder, "bids", "auction", "bidder", "price_gwei", "outcome")

    @cached_property
    def orders(self) -> Columns:
        names = (
            "order",
            "slot",
            "ms",
            "side",
            "drawn",
            "series_block",
            "price_gwei",
            "outcome",
            "end_slot",
            "end_ms",
        )
        return read(self.folder, "orders", *names)

    @cached_property
    def transfers(self) -> Columns:
        return read(self.folder, "transfers", "slot", "reason", "giver", "taker")

    @cached_property
    def payments(self) -> Columns:
        return read(self.folder, "payments", "reason", "ticket", "amount_gwei")

    @cached_property
    def violations(self) -> int:
        """How many intents were refused."""
        return len(read(self.folder, "violations", "slot")["slot"])

    # What several metrics are taken from

    @cached_property
    def length(self) -> int:
        """The blocks of the run."""
        return len(self.blocks["slot"])

    @cached_property
    def proposers(self) -> Labels:
        """Who proposed each block; None where it was missed or had no one to propose it."""
        proposers = labels(self.blocks["proposer"]).copy()
        proposers[labels(self.blocks["status"]) != "proposed"] = None
        return proposers

    @cached_property
    def proposals(self) -> Integers:
        """Blocks by proposer."""
        return counts(self.proposers)

    @cached_property
    def holdings(self) -> list[float]:
        """Mean tickets by holder."""
        if self.length:
            return list(mean_holdings(self.transfers, self.length).values())
        return []

    @cached_property
    def prices(self) -> Floats:
        """The primary price series, ETH."""
        quotes = posted(self.signals)
        if quotes is None:
            return series(self.trades, self.length)
        return quotes

    @cached_property
    def prices_from_start(self) -> Floats:
        """The same after what handed-out tickets cost, where there were any."""
        given = having(self.payments["reason"], "genesis")
        first = numbers(self.payments["amount_gwei"])[given][:1]
        return np.concatenate([first / GWEI_PER_ETH, self.prices])

    @cached_property
    def resale_prices(self) -> Floats:
        """The secondary price series, ETH."""
        return series(self.trades, self.length, "secondary")

    @cached_property
    def split(self) -> Split:
        return split(self.blocks, self.trades, self.tickets)

    @cached_property
    def expected_reward(self) -> float | None:
        """Σ of what the rewards of all blocks were expected to be, ETH; None where they have no law."""
        primary = having(self.trades["market"], "primary")
        sales = zip(self.trades["slot"][primary], self.trades["ticket"][primary], strict=True)
        expected = self.law(sales, handed_out(self.transfers))
        if expected is None:
            return None
        return float(gwei_to_eth(sum(expected.by_block(self.blocks["ticket"]))))

    @cached_property
    def quoted(self) -> QuotedSpread:
        return quoted(self.orders, self.length)

    @cached_property
    def depth(self) -> Depth:
        return depth(self.orders, self.length)
