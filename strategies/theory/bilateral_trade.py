"""One holder and one buyer who both name a price: the k double auction."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from strategies.theory.laws import Array

BEST_GAINS = 1 / 6
"""E (v − c)^+ of two independent values from U[0, 1]: what trade could bring where nobody hides anything."""


@dataclass(frozen=True)
class BilateralTrade:
    """The linear equilibrium of several; value v and cost c are independent, U[0, 1].

    They trade where the bid reaches the ask, at the price `weight` · bid + (1 − `weight`) · ask. Source:
    Chatterjee and Samuelson (1983), Bargaining under incomplete information, example 1; `weight` is their k.
    ValueError unless 0 ≤ weight ≤ 1.
    """

    weight: float = 0.5

    def __post_init__(self) -> None:
        if not 0 <= self.weight <= 1:
            raise ValueError(f"weight must lie between 0 and 1, not {self.weight}")

    def bid(self, value: npt.ArrayLike) -> Array:
        """v/(1 + k) + k(1 − k)/(2(1 + k)): 2v/3 + 1/12 at k = 1/2."""
        worth = np.asarray(value, dtype=np.float64)
        return worth / (1 + self.weight) + self.weight * (1 - self.weight) / (2 * (1 + self.weight))

    def ask(self, cost: npt.ArrayLike) -> Array:
        """c/(2 − k) + (1 − k)/2: 2c/3 + 1/4 at k = 1/2."""
        own = np.asarray(cost, dtype=np.float64)
        return own / (2 - self.weight) + (1 - self.weight) / 2

    @property
    def chance(self) -> float:
        """How often they trade: (1 − d)²/(2a), 9/32 at k = 1/2."""
        return (1 - self._start) ** 2 / (2 * self._slope)

    @property
    def gains(self) -> float:
        """E of v − c where they trade, else 0: 9/64 at k = 1/2, of `BEST_GAINS`."""
        start = self._start
        slope = self._slope
        values = (1 - start) / 2 - (1 - start**3) / 6
        costs = (1 - start) ** 3 / (6 * slope)
        return (values - costs) / slope

    @property
    def _slope(self) -> float:
        """They trade where v ≥ d + a c; this is a."""
        return (1 + self.weight) / (2 - self.weight)

    @property
    def _start(self) -> float:
        """This is d."""
        return (1 - self.weight) / 2
