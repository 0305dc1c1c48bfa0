"""Gathers tickets and does not let go."""

from __future__ import annotations

from market.view import AuctionView, View
from strategies.buyers.bidder import Bidder
from strategies.parameters import between


class Hoarder(Bidder):
    """Pays a premium for tickets ahead of their blocks until it holds a share of the supply, and never sells: an
    owner of many blocks in a row, as in Jensen, von Wachter and Ross (2023) on multi-block MEV."""

    def __init__(self, share: float = 0.5, premium: float = 0.1, discount_rate: float = 0.0) -> None:
        """`share` of the supply to hold; `premium` over its value, as a share of it; `discount_rate` per block."""
        super().__init__(discount_rate)
        self.share = between("share", share, 0, 1)
        self.premium = between("premium", premium, 0)

    def price(self, view: View, auction: AuctionView, value: int) -> int:
        """More than the value while there is room; in the market of blocks never more."""
        if auction.market == "block":
            return value
        is_full = len(view.tickets) >= self.share * self.setup.supply
        if is_full:
            return 0
        return int((1 + self.premium) * value)
