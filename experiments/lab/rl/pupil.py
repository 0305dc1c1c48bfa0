"""The strategy whose bids come from outside."""

from __future__ import annotations

from market.view import AuctionView, View
from strategies.buyers.bidder import Bidder


class Pupil(Bidder):
    """Bids `share` of its value wherever it can bid; the environment sets that share before every slot. Until then
    it does not bid."""

    share = 0.0

    def price(self, view: View, auction: AuctionView, value: int) -> int:  # noqa: ARG002
        return int(self.share * value)
