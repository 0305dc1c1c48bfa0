"""Shouts what it believes to be worth most."""

from __future__ import annotations

from collections import deque

import numpy as np
import numpy.typing as npt

from chain.money import eth_to_gwei
from chain.ticket import Series
from market.view import Quote, View
from strategies.buyers.trader import Trader
from strategies.parameters import between
from strategies.setup import Setup

Prices = npt.NDArray[np.float64]

STEPS = 101  # prices that are weighed


class GjerstadDickhaut(Trader):
    """Estimates from the market's recent bids, asks and sales how likely a price is to be taken, and shouts the
    price with the greatest expected surplus (Gjerstad and Dickhaut 1998, with straight lines between the prices
    that it heard of). It hears the best bid and ask whenever they change, and the sales."""

    def __init__(
        self,
        limit_eth: float | None = None,
        ceiling_eth: float = 1.0,
        memory: int = 20,
        capacity: int = 1,
        discount_rate: float = 0.0,
    ) -> None:
        """`ceiling_eth`, a price that every seller takes and no buyer pays, ETH; `memory`: how many bids, asks and
        sales it remembers; the rest as in `zero_intelligence_plus`."""
        super().__init__(limit_eth, capacity, discount_rate)
        self.ceiling = eth_to_gwei(between("ceiling_eth", ceiling_eth, 0))
        self.memory = int(between("memory", memory, 1, 1_000_000))

    def start(self, setup: Setup) -> None:
        super().start(setup)
        self.bids, self.asks, self.sales = (PriceMemory(self.memory) for _ in range(3))

    def bid_price(self, view: View, series: Series, limit: int) -> int:
        """The b with the greatest (limit − b) · (sales and asks up to b) / (these, and refused bids from b on)."""
        ask = self.hear(view, series).ask_gwei
        heard = self.heard()
        prices = np.linspace(0, limit, STEPS)
        taken = up_to(self.sales, heard) + up_to(self.asks, heard)
        chances = belief(taken, from_on(self.bids, heard), heard, prices, (0.0, 1.0))
        if ask is not None and ask <= limit:
            prices = np.append(prices, ask)
            chances = np.append(chances, 1.0)
        return int(prices[np.argmax((limit - prices) * chances)])

    def ask_price(self, view: View, series: Series, limit: int) -> int:
        """The a with the greatest (a − limit) · (sales and bids from a on) / (these, and refused asks up to a)."""
        bid = self.hear(view, series).bid_gwei
        heard = self.heard()
        prices = np.linspace(limit, max(self.ceiling, limit), STEPS)
        taken = from_on(self.sales, heard) + from_on(self.bids, heard)
        chances = belief(taken, up_to(self.asks, heard), heard, prices, (1.0, 0.0))
        if bid is not None and bid >= limit:
            prices = np.append(prices, bid)
            chances = np.append(chances, 1.0)
        return int(prices[np.argmax((prices - limit) * chances)])

    def hear(self, view: View, series: Series) -> Quote:
        """Takes in the best bid and ask and the last sale, where they have changed."""
        quote = view.quote(series)
        self.bids.hear(quote.bid_gwei)
        self.asks.hear(quote.ask_gwei)
        self.sales.hear(view.market.last_price_gwei)
        return quote

    def heard(self) -> Prices:
        """All prices that it remembers between 0 and the ceiling, and these two, rising."""
        known = np.array([*self.bids.prices, *self.asks.prices, *self.sales.prices], dtype=np.float64)
        return np.unique(np.concatenate(([0.0], known[known < self.ceiling], [self.ceiling])))


class PriceMemory:
    """The last prices of one kind."""

    def __init__(self, length: int) -> None:
        self.prices: deque[int] = deque(maxlen=length)
        self.last: int | None = None

    def hear(self, price: int | None) -> None:
        """Remembers a price that is not the one it heard before."""
        if price is not None and price != self.last:
            self.prices.append(price)
        self.last = price


def up_to(memory: PriceMemory, prices: Prices) -> Prices:
    """How many remembered prices lie at or below each price."""
    return np.searchsorted(np.sort(memory.prices), prices, side="right").astype(np.float64)


def from_on(memory: PriceMemory, prices: Prices) -> Prices:
    """How many remembered prices lie at or above each price."""
    return len(memory.prices) - np.searchsorted(np.sort(memory.prices), prices, side="left").astype(np.float64)


def belief(taken: Prices, refused: Prices, heard: Prices, prices: Prices, ends: tuple[float, float]) -> Prices:
    """taken / (taken + refused) at the prices heard of, `ends` at the first and the last of them, and straight
    lines between; a price of which nothing is known tells nothing."""
    known = taken + refused > 0
    known[0] = known[-1] = True
    chances = taken / np.maximum(taken + refused, 1)
    chances[0], chances[-1] = ends
    return np.interp(prices, heard[known], chances[known])
