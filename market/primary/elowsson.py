"""A posted price that rises with the stock of tickets and with the orders of a slot (Elowsson 2024)."""

from __future__ import annotations

from collections.abc import Sequence

from market.auctions.terms import Lot, Payment
from market.primary.quoted import Controlled


class Elowsson(Controlled):
    """p ← p (1 + T_s/(8 T̂)) (1 + T_δ/(64 W))², once a slot: T_s the held tickets above the target stock T̂, T_δ the
    orders of the slot above their target W.

    Every bid at or above the price is an order, served or not. `start` in Gwei. Source: Elowsson (2024), MEV
    resistant dynamic pricing auction of execution proposal rights.
    """

    def __init__(
        self, start: float, target: float, target_orders: float = 1.0, reserve: int = 0, cap: int | None = None
    ) -> None:
        super().__init__(start, reserve, cap)
        self.target = target
        self.target_orders = target_orders
        self._orders = 0

    def clear(self, lots: Sequence[Lot]) -> list[Payment]:
        self._orders = sum(len(lot.offers) for lot in lots)
        return super().clear(lots)

    def close(self, held: int) -> None:
        self.move(self.factor(self._orders, held))
        self._orders = 0

    def factor(self, orders: int, held: int) -> float:
        """By what the price is multiplied."""
        stock = (held - self.target) / (8 * self.target)
        demand = (orders - self.target_orders) / (64 * self.target_orders)
        return (1 + stock) * (1 + demand) ** 2
