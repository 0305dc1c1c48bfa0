"""Bids what the ticket is worth to oneself."""

from __future__ import annotations

from market.view import AuctionView, View
from strategies.buyers.bidder import Bidder


class Truthful(Bidder):
    """Bids the present value of its own surplus, E[(R − θ)^+]: dominant in second-price and English sales
    (Vickrey 1961)."""

    def price(self, view: View, auction: AuctionView, value: int) -> int:  # noqa: ARG002
        return value
