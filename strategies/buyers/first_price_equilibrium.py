"""Bids the symmetric equilibrium of the sale's format."""

from __future__ import annotations

import numpy as np

from chain.ticket import Series
from market.auctions import PAID_AS_BID
from market.view import AuctionView, View
from strategies.buyers.bidder import Bidder
from strategies.parameters import refuse_lumpy
from strategies.round_law import best_rival, law_of_round
from strategies.setup import Setup
from strategies.valuation import certain_blocks, discount

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(12)


class FirstPriceEquilibrium(Bidder):
    """In first-price and Dutch sales among n buyers with i.i.d. costs, bids E[v_(1:n−1) | v_(1:n−1) < v]: what
    the best rival is worth, given that one is the best (Krishna 2010, proposition 2.2). Else it bids its value. Of
    a round values are sums over its blocks.
    """

    def start(self, setup: Setup) -> None:
        super().start(setup)
        refuse_lumpy(setup.cost, "its bid")

    def price(self, view: View, auction: AuctionView, value: int) -> int:
        if auction.format not in PAID_AS_BID or auction.series is None:
            return value
        return int(self.best_rival(view, auction.series, value))

    def best_rival(self, view: View, series: Series, value: int) -> float:
        """With S = 1 − F(θ) the chance that a rival is worse, the best rival's chance is S·w, w with density
        (n − 1) w^(n−2) on [0, 1]: a Gauss–Legendre sum over w, Gwei. A lone buyer need bid no more than the
        reserve; a ticket whose block is not known is worth the same to all, and no one shades."""
        blocks, rivals = certain_blocks(self.setup, series), self.setup.buyers - 1
        if rivals < 1:
            return 0
        if blocks is None or any(view.cost(block) is None for block in blocks):
            return value
        if len(blocks) > 1:
            law = law_of_round(view, blocks, self.setup.cost, self.discount_rate)
            return best_rival(law, value, rivals)
        return self.best_rival_for(view, blocks[0], rivals)

    def best_rival_for(self, view: View, block: int, rivals: int) -> float:
        """The same for a single block."""
        worse = 1 - self.setup.cost.share_below(view.cost(block) or 0)
        total = 0.0
        for node, weight in zip((_NODES + 1) / 2, _WEIGHTS / 2, strict=True):
            rival = self.setup.cost.quantile(1 - worse * node)
            density = rivals * node ** (rivals - 1)
            total += weight * density * view.outlook.expected_surplus(block, rival)
        return total * discount(self.discount_rate, block - view.slot)
