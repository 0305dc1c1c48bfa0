"""θ with a beta law on an interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
import numpy.typing as npt

from chain.money import GWEI_PER_ETH
from chain.rewards.parameter import Eth, Shape
from market.cost_laws.cost_law import CostLaw
from market.cost_laws.interval import check_interval


@dataclass(frozen=True)
class BetaCosts(CostLaw):
    """θ = low + (high − low) B with B of the law Beta(a, b), ETH. Raises `ValueError` unless low ≤ high."""

    low: Annotated[Eth, "lowest θ, ETH"]
    high: Annotated[Eth, "highest θ, ETH"]
    a: Annotated[Shape, "first shape parameter"]
    b: Annotated[Shape, "second shape parameter"]

    def __post_init__(self) -> None:
        check_interval(self.low, self.high)

    @property
    def mean_gwei(self) -> float:
        """E[θ], Gwei."""
        return GWEI_PER_ETH * (self.low + (self.high - self.low) * self.a / (self.a + self.b))

    def sample(self, rng: np.random.Generator, size: int) -> Any:
        """So many draws, Gwei."""
        return self._at(rng.beta(self.a, self.b, size))

    def quantile_gwei(self, share: npt.ArrayLike) -> Any:
        """The cost that a share of all draws do not exceed, Gwei."""
        from scipy.special import betaincinv  # slow to import

        return self._at(betaincinv(self.a, self.b, share))

    @property
    def in_eth(self) -> Any:
        """The law as scipy has it, ETH; None where low is high."""
        from scipy.stats import beta  # as above

        width = self.high - self.low
        return beta(self.a, self.b, loc=self.low, scale=width) if width else None

    def _at(self, part: Any) -> Any:
        return GWEI_PER_ETH * (self.low + (self.high - self.low) * np.asarray(part))
