"""Bids at random within its budget."""

from __future__ import annotations

from market.auctions import SPECIAL
from market.view import AuctionView, View
from strategies.buyers.bidder import Bidder


class ZeroIntelligence(Bidder):
    """Bids uniformly between 0 and its value (Gode and Sunder 1993, the constrained trader ZI-C), in auctions
    of every format."""

    bids_in = SPECIAL

    def price(self, view: View, auction: AuctionView, value: int) -> int:  # noqa: ARG002
        return int(self.setup.rng.uniform(0, value))
