"""A posted price that is steered towards a target stock, in the manner of EIP-1559."""

from __future__ import annotations

from market.auctions.terms import Terms
from market.primary.quoted import Controlled


class Eip1559(Controlled):
    """p ← p (1 + a (H − H*)/H*), H the tickets that participants hold, H* their target, a the adjustment.

    The price moves after each slot's sale; with `updates` = 2 also before it, on the stock before it. `start` in
    Gwei. Sources: Buterin et al. (2019), EIP-1559; of tickets: Stichler (2025).
    """

    def __init__(
        self,
        start: float,
        target: float,
        adjustment: float = 0.125,
        updates: int = 1,
        reserve: int = 0,
        cap: int | None = None,
    ) -> None:
        super().__init__(start, reserve, cap)
        self.target = target
        self.adjustment = adjustment
        self.updates = updates

    def offer(self, held: int, unsold: int) -> list[Terms]:
        if self.updates == 2:
            self.move(self.factor(held))
        return super().offer(held, unsold)

    def close(self, held: int) -> None:
        self.move(self.factor(held))

    def factor(self, held: int) -> float:
        """By what the price is multiplied."""
        return 1 + self.adjustment * (held - self.target) / self.target
