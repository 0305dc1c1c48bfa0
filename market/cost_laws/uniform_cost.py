"""θ uniform on an interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from chain.money import eth_to_gwei
from chain.rewards.parameter import Eth
from market.cost_laws.cost_law import CostLaw, Gwei
from market.cost_laws.interval import check_interval


class UniformCost(NamedTuple):
    """θ uniform on the whole Gwei `low … high`."""

    low: int
    high: int

    @property
    def mean(self) -> float:
        """E[θ], Gwei."""
        return (self.low + self.high) / 2

    def is_lumpy(self) -> bool:
        """Whether some cost has a probability of its own, and there are others: never."""
        return False

    def whole(self, rng: np.random.Generator, count: int) -> Gwei:
        """So many draws, Gwei."""
        return rng.integers(self.low, self.high, count, endpoint=True)

    def quantile(self, share: float) -> float:
        """The cost, Gwei, that a share of all draws do not exceed."""
        return self.low + share * (self.high - self.low)

    def share_below(self, cost: float) -> float:
        """The share of draws at or below `cost`: F(θ)."""
        if self.high > self.low:
            return min(max((cost - self.low) / (self.high - self.low), 0.0), 1.0)
        return 1.0


@dataclass(frozen=True)
class UniformCosts(CostLaw):
    """θ uniform on `low … high`, ETH. Raises `ValueError` unless low ≤ high."""

    low: Annotated[Eth, "lowest θ, ETH"]
    high: Annotated[Eth, "highest θ, ETH"]

    def __post_init__(self) -> None:
        check_interval(self.low, self.high)

    @property
    def public(self) -> UniformCost:
        """The law itself."""
        return UniformCost(eth_to_gwei(self.low), eth_to_gwei(self.high))

    def whole(self, rng: np.random.Generator, count: int) -> Gwei:
        """So many draws, Gwei."""
        return self.public.whole(rng, count)

    def sample(self, rng: np.random.Generator, size: int) -> Gwei:
        """So many draws, Gwei."""
        return self.whole(rng, size)

    def quantile_gwei(self, share: npt.ArrayLike) -> Any:
        """The amount that a share of all draws do not exceed."""
        return 1e9 * (self.low + (self.high - self.low) * np.asarray(share))
