"""Bids so that its wealth grows."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from market.view import AuctionView, View
from strategies.buyers.bidder import Bidder
from strategies.spanning import spanned
from strategies.valuation import known_block

ROUNDS = 40


class Kelly(Bidder):
    """Bids the price at which the expected logarithm of its wealth is the same with the ticket and without (Kelly
    1956): the value where rewards are known, less where they are not and it is poor. With b paid from wealth W,

        E log(W − b + X) = log(W − b + m) − ∫ O(x)/(W − b + x)² dx,

    X = (R − θ)^+ with mean m, and O(x) = E(x − X)^+ below m, E(X − x)^+ above (`strategies.spanning`).
    """

    plays_rounds: ClassVar[bool] = False
    in_rounds: ClassVar[str] = "risk_averse, which weighs the risk of a whole round"

    def price(self, view: View, auction: AuctionView, value: int) -> int:
        block = None
        if auction.series is not None:
            block = known_block(self.setup, auction.series)
        cost = None
        if block is not None:
            cost = view.cost(block)
        if block is None or cost is None or value <= 0 or block <= view.slot:
            return value
        return min(self.indifferent(view, block, cost, value), value)

    def indifferent(self, view: View, block: int, cost: int, value: int) -> int:
        """The b at which both are equal, by bisection between 0 and the value, Gwei."""
        wealth = max(view.free_gwei + view.escrowed_gwei, 1)
        mean, levels, weights = spanned(view.outlook, block, cost)
        low = 0.0
        high = float(min(value, wealth - 1))
        for _ in range(ROUNDS):
            bid = (low + high) / 2
            left = wealth - bid
            growth = np.log((left + mean) / wealth) - np.sum(weights / (left + levels) ** 2)
            if growth > 0:
                low = bid
            else:
                high = bid
        return int(low)
