"""Bids at the last moment."""

from __future__ import annotations

from market.intents import Intent
from market.view import AuctionView, View
from strategies.buyers.truthful import Truthful
from strategies.purse import Purse


class Sniper(Truthful):
    """Bids its value, but only in the session in which an auction closes, and takes asks only for tickets that
    propose or expire with this block (Roth and Ockenfels 2002): no one can answer it."""

    def price(self, view: View, auction: AuctionView, value: int) -> int:
        if auction.deadline <= view.slot:
            return value
        return 0

    def take_asks(self, view: View, purse: Purse) -> list[Intent]:
        last = tuple(quote for quote in view.market.quotes if quote.series.block <= view.slot)
        return super().take_asks(view._replace(market=view.market._replace(quotes=last)), purse)
