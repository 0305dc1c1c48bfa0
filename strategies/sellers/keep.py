"""Keeps its tickets and exercises them."""

from __future__ import annotations

from collections.abc import Sequence

from market.intents import AuctionBid, Intent
from market.view import View
from strategies.base import Seller
from strategies.parameters import between
from strategies.sellers.auctioneer import within_budget
from strategies.valuation import own_value


class Keep(Seller):
    """Bids its own value in the primary market and never sells; it builds its blocks if it can."""

    def __init__(self, discount_rate: float = 0.0) -> None:
        """`discount_rate` per block."""
        self.discount_rate = between("discount_rate", discount_rate, 0)

    def primary(self, view: View) -> Sequence[Intent]:
        bids = (
            AuctionBid(lot.id, int(own_value(view, self.setup, lot.ticket.series, self.discount_rate)))
            for lot in view.auctions
            if lot.ticket
        )
        return within_budget(bids, view.free_gwei)
