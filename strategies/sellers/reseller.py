"""Buys the right ahead of time, learns what it is worth, and keeps it or sells it on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from chain.money import gwei_to_eth
from market.cost_laws import UniformCost
from market.intents import Intent, OpenAuction
from market.view import View
from strategies.base import Strategy
from strategies.bidding import bids
from strategies.setup import Setup


class Reseller(Strategy):
    """Bids the value of holding a right less that of losing it, before it knows its own cost; once a ticket of its
    own is drawn, auctions it with the optimal reserve given that cost (Pai and Resnick 2024).

    For draws by maturity, a known reward that every block is worth, and uniform costs.
    """

    plays_rounds: ClassVar[bool] = False
    in_rounds: ClassVar[str] = 'round_buyer with resale_reserve = "best", which does the same block by block'

    roles = frozenset({"seller", "buyer"})
    bids_in: ClassVar[frozenset[str] | None] = frozenset()

    cost: UniformCost

    def start(self, setup: Setup) -> None:
        super().start(setup)
        if not isinstance(setup.cost, UniformCost):
            raise ValueError("it knows its bid for uniform costs alone; set cost.distribution to uniform")
        self.cost = setup.cost
        self._price: int | None = None

    def primary(self, view: View) -> Sequence[Intent]:
        """Bids the same for every ticket: all buyers are alike as yet."""
        price = self.price_ahead(view)
        return bids(view, view.auctions, lambda _: price)

    def offer(self, view: View) -> Sequence[Intent]:
        """Puts the block's ticket up for what Myerson's reserve makes of the own value."""
        return [
            OpenAuction(ticket.serial, "second_price", self.reserve(view))
            for ticket in view.due(view.slot)
            if ticket.drawn_for == view.slot and not ticket.listed and self.setup.resale.ex_post
        ]

    def bid(self, view: View) -> Sequence[Intent]:
        """Bids its value for the block's ticket."""
        due = [auction for auction in view.auctions if auction.block == view.slot]
        return bids(view, due, lambda _: self.value(view), self.setup.entry_gwei)

    def value(self, view: View) -> int:
        """R − θ of the present block, Gwei; 0 for one who cannot exploit it."""
        cost = view.cost(view.slot)
        if cost is None:
            return 0
        return max(self.reward(view) - cost, 0)

    def reserve(self, view: View) -> int:
        """(v_hi + v)/2, the optimal reserve for values that are uniform up to v_hi (Myerson 1981), Gwei."""
        return max(self.reward(view) - self.cost.low + self.value(view), 0) // 2

    def price_ahead(self, view: View) -> int:
        """What holding a right is worth more than losing it, Gwei."""
        if self._price is None:
            self._price = max(worth_ahead(self.reward(view), self.cost, self.setup.buyers), 0)
        return self._price

    def reward(self, view: View) -> int:
        """The reward, of which all blocks have the same, Gwei."""
        return int(view.outlook.expected_reward(view.slot + 1))


def worth_ahead(reward: int, cost: UniformCost, buyers: int) -> int:
    """What a right is worth ahead of time to one of several buyers, Gwei; its mean to a lone one."""
    from strategies.theory.laws import UniformLaw  # scipy is slow to import
    from strategies.theory.sale_and_resale import sold_ahead

    if cost.low == cost.high or buyers < 2:
        return reward - (cost.low + cost.high) // 2
    values = UniformLaw(gwei_to_eth(reward - cost.high), gwei_to_eth(reward - cost.low))
    return round(10**9 * sold_ahead(values, buyers).price)
