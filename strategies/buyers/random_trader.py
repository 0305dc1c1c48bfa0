"""Shouts at random, but never at a loss."""

from __future__ import annotations

from chain.money import eth_to_gwei
from chain.ticket import Series
from market.view import View
from strategies.buyers.trader import Trader
from strategies.parameters import between


class RandomTrader(Trader):
    """Bids uniformly between 0 and its limit, and asks uniformly between its limit and a ceiling, in the order
    book (Gode and Sunder 1993, the constrained trader ZI-C)."""

    def __init__(
        self,
        limit_eth: float | None = None,
        ceiling_eth: float = 1.0,
        capacity: int = 1,
        discount_rate: float = 0.0,
    ) -> None:
        """`ceiling_eth`, the highest price it asks, ETH; the rest as in `zero_intelligence_plus`."""
        super().__init__(limit_eth, capacity, discount_rate)
        self.ceiling = eth_to_gwei(between("ceiling_eth", ceiling_eth, 0))

    def bid_price(self, view: View, series: Series, limit: int) -> int:  # noqa: ARG002
        return int(self.setup.rng.integers(0, limit, endpoint=True))

    def ask_price(self, view: View, series: Series, limit: int) -> int:  # noqa: ARG002
        return int(self.setup.rng.integers(limit, max(self.ceiling, limit), endpoint=True))
