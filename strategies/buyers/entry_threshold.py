"""Enters only where it is among the best."""

from __future__ import annotations

from typing import ClassVar

from market.view import AuctionView, View
from strategies.buyers.bidder import Bidder
from strategies.parameters import between
from strategies.valuation import known_block


class EntryThreshold(Bidder):
    """Bids its value where its cost is among the lowest `share` of all, and stays out of all other sales: entry by
    a threshold, as in Samuelson (1985), here the user's own."""

    plays_rounds: ClassVar[bool] = False
    in_rounds: ClassVar[str] = "round_buyer, which enters where that pays"

    def __init__(self, share: float = 0.5, discount_rate: float = 0.0) -> None:
        """`share` of the costs with which it enters; `discount_rate` per block."""
        super().__init__(discount_rate)
        self.share = between("share", share, 0, 1)

    def price(self, view: View, auction: AuctionView, value: int) -> int:
        block = None
        if auction.series is not None:
            block = known_block(self.setup, auction.series)
        cost = None
        if block is not None:
            cost = view.cost(block)
        if cost is None:
            return value
        if self.setup.cost.share_below(cost) <= self.share:
            return value
        return 0
