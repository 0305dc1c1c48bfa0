"""Rests on both sides of the book."""

from __future__ import annotations

from collections.abc import Sequence

from chain.ticket import Series
from market.intents import Ask, Bid, Cancel, Intent
from market.view import View
from strategies.base import Buyer
from strategies.bidding import next_expiries
from strategies.parameters import between
from strategies.purse import Purse
from strategies.valuation import sale_value


class MarketMaker(Buyer):
    """Bids below and asks above what a ticket is expected to bring in a sale, anew in every slot, while it holds
    fewer than `inventory` tickets."""

    def __init__(
        self, spread: float = 0.1, inventory: int = 4, series: int = 4, discount_rate: float = 0.0
    ) -> None:
        """`spread` between bid and ask as a share of the price; `inventory`, the most tickets to hold; `series`,
        in how many expiries to bid; `discount_rate` per block."""
        self.spread = between("spread", spread, 0, 2)
        self.inventory = int(between("inventory", inventory, 1))
        self.series = int(between("series", series, 1, 10_000))
        self.discount_rate = between("discount_rate", discount_rate, 0)

    def bid(self, view: View) -> Sequence[Intent]:
        """The orders of the slot before go first, then come the new ones."""
        return [*(Cancel(order.id) for order in view.orders), *self.asks(view), *self.bids(view)]

    def asks(self, view: View) -> list[Intent]:
        """One ask for each ticket that may be sold."""
        return [
            Ask(ticket.serial, self.quotes(view, ticket.series)[1])
            for ticket in view.tickets
            if self.setup.resale.allows(ticket.drawn_for is not None)
        ]

    def bids(self, view: View) -> list[Intent]:
        """One bid for each of the expiries that it makes a market in, as far as money and room go."""
        purse = Purse(view, self.setup)
        purse.take_back(order for order in view.orders if order.side == "bid")
        room = max(self.inventory - len(view.tickets), 0)
        bids: list[Intent] = []
        for series in next_expiries(view, self.setup, self.series)[:room]:
            price, _ = self.quotes(view, series)
            if 0 < price <= purse.most and self.setup.resale.allows(series.drawn):
                purse.pay(price)
                bids.append(Bid(series, price, "post_only"))
        return bids

    def quotes(self, view: View, series: Series) -> tuple[int, int]:
        """Bid and ask for a ticket of the series, Gwei."""
        value = sale_value(view, self.setup, series, self.discount_rate)
        return int((1 - self.spread / 2) * value), int((1 + self.spread / 2) * value)
