"""Bids so that its wealth grows."""

from __future__ import annotations

import numpy as np

from market.view import AuctionView, View
from strategies.buyers.bidder import Bidder
from strategies.valuation import known_block

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(24)
TOP = 16.0  # means of the surplus up to which outcomes are weighed
ROUNDS = 40


class Kelly(Bidder):
    """Bids the price at which the expected logarithm of its wealth is the same with the ticket and without (Kelly
    1956): the value where rewards are known, less where they are not and it is poor. With b paid from wealth W,

        E log(W − b + X) = log(W − b) + S(0)/(W − b) − ∫₀^∞ S(x)/(W − b + x)² dx,

    X = (R − θ)^+ and S(x) = E(X − x)^+, which the outlook gives (Carr and Madan 2001, spanning).
    """

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
        levels = value * TOP * ((_NODES + 1) / 2) ** 3  # closer together near 0
        steps = value * TOP * 1.5 * ((_NODES + 1) / 2) ** 2 * _WEIGHTS
        beyond = [view.outlook.expected_surplus(block, cost + level) for level in levels.tolist()]
        mean = view.outlook.expected_surplus(block, cost)
        low = 0.0
        high = float(min(value, wealth - 1))
        for _ in range(ROUNDS):
            bid = (low + high) / 2
            left = wealth - bid
            growth = np.log(left / wealth) + mean / left - np.sum(np.array(beyond) * steps / (left + levels) ** 2)
            if growth > 0:
                low = bid
            else:
                high = bid
        return int(low)
