"""θ with a normal law that is cut off at the ends of an interval."""

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
class TruncnormCosts(CostLaw):
    """θ normal with `mean` and `sigma`, given that it lies in `low … high`, ETH. Raises `ValueError` unless
    low ≤ high."""

    low: Annotated[Eth, "lowest θ, ETH"]
    high: Annotated[Eth, "highest θ, ETH"]
    mean: Annotated[float | None, "mean of the normal before it is cut off, ETH; left out: the middle"] = None
    sigma: Annotated[Shape | None, "its standard deviation, ETH; left out: a quarter of the width"] = None

    def __post_init__(self) -> None:
        check_interval(self.low, self.high)

    def sample(self, rng: np.random.Generator, size: int) -> Any:
        """So many draws, Gwei."""
        return self.quantile_gwei(rng.random(size))

    def quantile_gwei(self, share: npt.ArrayLike) -> Any:
        """The cost that a share of all draws do not exceed, Gwei."""
        law = self.in_eth
        if law is None:
            return np.full(np.shape(share), GWEI_PER_ETH * self.low)
        return GWEI_PER_ETH * law.ppf(share)

    @property
    def in_eth(self) -> Any:
        """The law as scipy has it, ETH; None where low is high."""
        from scipy.stats import truncnorm  # slow to import

        if self.low == self.high:
            return None
        mean = (self.low + self.high) / 2 if self.mean is None else self.mean
        sigma = (self.high - self.low) / 4 if self.sigma is None else self.sigma
        return truncnorm((self.low - mean) / sigma, (self.high - mean) / sigma, loc=mean, scale=sigma)
