"""Paces its spending."""

from __future__ import annotations

from collections.abc import Sequence

from chain.money import eth_to_gwei
from market.intents import Intent
from market.view import AuctionView, View
from strategies.buyers.bidder import Bidder
from strategies.parameters import between
from strategies.setup import Setup


class BudgetPacer(Bidder):
    """Bids v/(1 + μ), and moves the multiplier μ ≥ 0 so that it spends its budget a block in the long run
    (Balseiro and Gur 2019, adaptive pacing)."""

    def __init__(self, budget_eth: float = 0.05, step: float = 0.05, discount_rate: float = 0.0) -> None:
        """`budget_eth` to spend a block, ETH; `step` by which μ moves where nothing was spent in a block, more
        where more was; `discount_rate` per block."""
        super().__init__(discount_rate)
        self.budget = eth_to_gwei(between("budget_eth", budget_eth, 1e-9))
        self.step = between("step", step, 0)

    def start(self, setup: Setup) -> None:
        super().start(setup)
        self.multiplier = 0.0
        self.spent = 0
        self.money: int | None = None

    def price(self, view: View, auction: AuctionView, value: int) -> int:  # noqa: ARG002
        return int(value / (1 + self.multiplier))

    def bid(self, view: View) -> Sequence[Intent]:
        self.count(view)
        over = (self.spent - self.budget) / self.budget
        self.multiplier = max(self.multiplier + self.step * over, 0.0)
        self.spent = 0
        self.money = view.free_gwei + view.escrowed_gwei
        return super().bid(view)

    def propose(self, view: View) -> Sequence[Intent]:
        """What is missing now was spent in the session; what comes in later is the block's."""
        self.count(view)
        return super().propose(view)

    def count(self, view: View) -> None:
        """Adds what was spent since the session's bids."""
        if self.money is not None:
            self.spent += max(self.money - view.free_gwei - view.escrowed_gwei, 0)
            self.money = None
