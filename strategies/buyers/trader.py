"""What the traders have in common who shout prices in a double auction, the order book."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from chain.money import eth_to_gwei
from chain.ticket import NEVER, Series
from market.intents import Ask, Bid, Cancel, Intent
from market.view import View
from strategies.base import Strategy
from strategies.parameters import between
from strategies.purse import Purse
from strategies.valuation import own_value


class Trader(Strategy, ABC):
    """As a seller, asks for each of its tickets in the book; as a buyer, bids for one ticket at a time until it
    holds `capacity`. A new shout replaces the last one. Its limit price is given to it, as in the laboratory
    (Smith 1962, induced values), or is what a ticket is worth to it."""

    roles = frozenset({"buyer", "seller"})

    def __init__(self, limit_eth: float | None = None, capacity: int = 1, discount_rate: float = 0.0) -> None:
        """`limit_eth`, the most to pay and the least to take, ETH, left out: what a ticket is worth to it;
        `capacity`, the most tickets to hold as a buyer; `discount_rate` per block."""
        self.limit_price = None
        if limit_eth is not None:
            self.limit_price = eth_to_gwei(between("limit_eth", limit_eth, 0))
        self.capacity = int(between("capacity", capacity, 1))
        self.discount_rate = between("discount_rate", discount_rate, 0)

    @abstractmethod
    def bid_price(self, view: View, series: Series, limit: int) -> int:
        """What to shout as a buyer, at most the limit, Gwei."""

    @abstractmethod
    def ask_price(self, view: View, series: Series, limit: int) -> int:
        """What to shout as a seller, at least the limit, Gwei."""

    def limit(self, view: View, series: Series) -> int:
        """The most to pay for a ticket, and the least to take for it, Gwei."""
        if self.limit_price is not None:
            return self.limit_price
        return int(own_value(view, self.setup, series, self.discount_rate))

    def offer(self, view: View) -> Sequence[Intent]:
        resting = {order.ticket: order for order in view.orders if order.side == "ask"}
        intents: list[Intent] = []
        for ticket in view.tickets:
            order = resting.get(ticket.serial)
            if (ticket.listed and order is None) or not self.setup.resale.allows(ticket.series.drawn):
                continue
            price = self.ask_price(view, ticket.series, self.limit(view, ticket.series))
            if order is not None and order.price_gwei != price:
                intents.append(Cancel(order.id))
            if order is None or order.price_gwei != price:
                intents.append(Ask(ticket.serial, price))
        return intents

    def bid(self, view: View) -> Sequence[Intent]:
        resting = [order for order in view.orders if order.side == "bid"]
        series = resting[0].series if resting else self.wanted(view)
        if series is None or len(view.tickets) >= self.capacity:
            return [Cancel(order.id) for order in resting]
        purse = Purse(view, self.setup)
        purse.take_back(resting)
        price = min(self.bid_price(view, series, self.limit(view, series)), purse.most)
        if any(order.price_gwei == price for order in resting):
            return ()
        placed: list[Intent] = [Cancel(order.id) for order in resting]
        if price > 0:
            placed.append(Bid(series, price))
        return placed

    def wanted(self, view: View) -> Series | None:
        """The first series that is quoted and may be traded; where tickets do not expire there is but one."""
        if self.setup.maturity is None and self.setup.resale.ex_ante:
            return Series(False, NEVER)
        traded = (quote.series for quote in view.market.quotes)
        return next((series for series in traded if self.setup.resale.allows(series.drawn)), None)
