"""Independent rewards, uniform on an interval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray

from chain.money import GWEI_PER_ETH
from chain.rewards.independent import Independent
from chain.rewards.parameter import Eth, require, require_amount


@dataclass(frozen=True)
class Uniform(Independent):
    """Rewards i.i.d. uniform on `[low, high]` ETH. Raises `ValueError` unless `0 ≤ low ≤ high < ∞`."""

    low: Annotated[Eth, "lowest reward, ETH"] = 0.0
    high: Annotated[Eth, "highest reward, ETH"] = 1.0

    def __post_init__(self) -> None:
        require_amount("low", self.low)
        require_amount("high", self.high)
        require(self.low <= self.high, "high", self.high, f"give low ({self.low!r}) or more")

    @classmethod
    def usual_eth(cls, parameters: Mapping[str, Any]) -> float:
        return float(parameters["high"])

    @property
    def mean_gwei(self) -> float:
        """The middle of the interval, in Gwei."""
        return GWEI_PER_ETH * (self.low + self.high) / 2

    def surplus_gwei(self, cost_gwei: float) -> float:
        """`∫ (r - c) dr / (high - low)` over the part of the interval above the cost `c`, in Gwei."""
        low, high = self._bounds_gwei
        if cost_gwei <= low:
            return self.mean_gwei - cost_gwei
        if cost_gwei < high:
            return (high - cost_gwei) ** 2 / (2 * (high - low))
        return 0.0

    @cached_property
    def _bounds_gwei(self) -> tuple[float, float]:
        """The interval, in Gwei: a round's holder asks for each of its blocks."""
        return self.low * GWEI_PER_ETH, self.high * GWEI_PER_ETH

    def sample(self, rng: np.random.Generator, size: int) -> NDArray[np.float64]:
        """`size` rewards in Gwei, not yet rounded."""
        return GWEI_PER_ETH * rng.uniform(self.low, self.high, size)
