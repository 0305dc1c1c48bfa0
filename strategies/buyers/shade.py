"""Bids a share of its value."""

from __future__ import annotations

from market.auctions import SPECIAL
from market.view import AuctionView, View
from strategies.buyers.bidder import Bidder
from strategies.parameters import between


class Shade(Bidder):
    """Bids `factor` times the present value of its own surplus, in auctions of every format."""

    bids_in = SPECIAL

    def __init__(self, factor: float = 0.9, discount_rate: float = 0.0) -> None:
        """`factor` of the value that is bid; `discount_rate` per block."""
        super().__init__(discount_rate)
        self.factor = between("factor", factor, 0)

    def price(self, view: View, auction: AuctionView, value: int) -> int:  # noqa: ARG002
        return int(self.factor * value)
