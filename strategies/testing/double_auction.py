"""A double auction without a chain: traders with limit prices of their own around one order book.

For strategies that trade in the book: the laboratory market of Smith (1962), in which each seller has one ticket,
each buyer wants one, and everyone shouts in a random order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from chain.clock import Phase
from chain.ledger import MAX_GWEI
from chain.rewards import RewardPath
from chain.rewards.constant import Constant
from chain.ticket import NEVER, Series
from market.book import ASK, BID, Book
from market.intents import Ask, Bid, Cancel, Intent
from market.view import Market, OrderView, Quote, TicketView, View
from strategies.buyers.trader import Trader
from strategies.testing.setups import plain_setup

SERIES = Series(False, NEVER)


class Deal(NamedTuple):
    """One trade: the period, the traders by number, the price in Gwei."""

    period: int
    seller: int
    buyer: int
    price: int


class DoubleAuction:
    """Traders around one book; those who shout first in a round are drawn anew."""

    def __init__(self, sellers: Sequence[Trader], buyers: Sequence[Trader], seed: int) -> None:
        """The traders are numbered sellers first. Each is told its `limit_eth` by its own constructor."""
        self.traders = [*sellers, *buyers]
        self.sellers = len(sellers)
        self._rng = np.random.default_rng(seed)
        path = RewardPath(Constant(0.1), np.random.default_rng(seed))
        path.advance()
        self._outlook = path.outlook()
        self._slot = 0
        self._last: int | None = None
        for number, trader in enumerate(self.traders):
            trader.start(plain_setup(np.random.default_rng((seed, number)), account=number))

    def play(self, periods: int, rounds: int) -> list[Deal]:
        """So many periods; in each, everyone has a ticket to sell or room for one again, and may shout in each
        round until it has traded."""
        return [deal for period in range(periods) for deal in self._period(period, rounds)]

    def _period(self, period: int, rounds: int) -> list[Deal]:
        self._book, self._orders = Book(), dict[int, tuple[int, int]]()
        self._done: set[int] = set()
        deals: list[Deal] = []
        for _ in range(rounds):
            for number in self._rng.permutation(len(self.traders)).tolist():
                if number not in self._done:
                    deals += [Deal(period, *found) for found in self._turn(number)]
            self._slot += 1
        return deals

    def _turn(self, number: int) -> list[tuple[int, int, int]]:
        sells = number < self.sellers
        view = self._view(number, sells)
        trader = self.traders[number]
        decide = trader.bid
        if sells:
            decide = trader.offer
        intents = decide(view)
        return [deal for intent in intents if (deal := self._carry_out(number, intent)) is not None]

    def _carry_out(self, number: int, intent: Intent) -> tuple[int, int, int] | None:
        """Seller, buyer and price, where it is a deal."""
        if isinstance(intent, Cancel):
            self._book.remove(intent.order)
            del self._orders[intent.order]
            return None
        assert isinstance(intent, (Bid, Ask)), f"{intent!r} has no place in a double auction"
        assert intent.price_gwei is not None, "a shout names its price"
        side = isinstance(intent, Bid)
        maker, _ = self._book.take(number, side, intent.price_gwei)
        if maker is None:
            id = self._slot * len(self.traders) + number
            self._book.rest(id, number, side, intent.price_gwei)
            self._orders[id] = number, intent.price_gwei
            return None
        other, price = self._orders.pop(maker)
        self._last = price
        self._done |= {number, other}
        return (other, number, price) if side else (number, other, price)

    def _view(self, number: int, sells: bool) -> View:
        quotes = (Quote(SERIES, self._book.best(BID), self._book.best(ASK)),)
        own = [(id, price) for id, (maker, price) in self._orders.items() if maker == number]
        phase = Phase.BID
        side = "bid"
        ticket = None
        tickets: tuple[TicketView, ...] = ()
        if sells:
            phase = Phase.OFFER
            side = "ask"
            ticket = number
            tickets = (TicketView(number, 0, NEVER, None, bool(own)),)
        market = Market(self._slot, phase, self._outlook, (), quotes, self._last)
        orders = tuple(OrderView(id, side, SERIES, ticket, price, NEVER) for id, price in own)
        return View(market, number, MAX_GWEI // 2, 0, tickets, orders, self._slot, ())


def most_surplus(costs: Sequence[int], values: Sequence[int]) -> int:
    """The gains from trade that there are: the cheapest sellers with the keenest buyers, Gwei."""
    pairs = zip(sorted(costs), sorted(values, reverse=True), strict=False)
    return sum(max(value - cost, 0) for cost, value in pairs)
