"""Shows bids that it does not mean."""

from __future__ import annotations

from collections.abc import Sequence

from market.intents import AuctionBid, Bid, Cancel, Intent
from market.view import View
from strategies.bidding import next_expiries
from strategies.buyers.truthful import Truthful
from strategies.parameters import between
from strategies.purse import Purse
from strategies.valuation import sale_value


class Bluffer(Truthful):
    """Bids high in the book, early in tickets' lives, and cancels in the session after: a show of demand, as in
    Cartea, Jaimungal and Wang (2020) on spoofing. In auctions it bids its value. It may be taken at its word."""

    def __init__(self, height: float = 0.9, series: int = 2, discount_rate: float = 0.0) -> None:
        """`height` of a bluff as a share of what a sale is expected to bring; `series`, in how many expiries to
        bluff; `discount_rate` per block."""
        super().__init__(discount_rate)
        self.height = between("height", height, 0)
        self.series = int(between("series", series, 1, 10_000))

    def bid(self, view: View) -> Sequence[Intent]:
        withdrawn = [Cancel(order.id) for order in view.orders if order.side == "bid"]
        meant = super().bid(view)
        purse = Purse(view, self.setup)
        for intent in meant:
            if isinstance(intent, (Bid, AuctionBid)):
                purse.pay(intent.price_gwei or 0, self.setup.entry_gwei)
        return [*withdrawn, *meant, *self.bluffs(view, purse)]

    def bluffs(self, view: View, purse: Purse) -> list[Intent]:
        """Post-only bids, as far as the purse goes."""
        shown: list[Intent] = []
        for series in next_expiries(view, self.setup, self.series):
            price = int(self.height * sale_value(view, self.setup, series, self.discount_rate))
            if 0 < price <= purse.most and self.setup.resale.allows(series.drawn):
                purse.pay(price)
                shown.append(Bid(series, price, "post_only"))
        return shown
