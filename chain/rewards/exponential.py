"""Independent rewards with an exponential law."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from chain.money import GWEI_PER_ETH
from chain.rewards.independent import Independent
from chain.rewards.parameter import Eth, require_positive_amount
from chain.rewards.payments_2023 import MEAN


@dataclass(frozen=True)
class Exponential(Independent):
    """Rewards i.i.d. exponential with mean `mean` ETH. Raises `ValueError` unless it is above 0."""

    mean: Annotated[Eth, "mean reward, ETH"] = MEAN

    def __post_init__(self) -> None:
        require_positive_amount("mean", self.mean)

    @property
    def mean_gwei(self) -> float:
        """The mean, in Gwei."""
        return GWEI_PER_ETH * self.mean

    def surplus_gwei(self, cost_gwei: float) -> float:
        """`E[max(R - c, 0)] = m exp(-c/m)`, `c` the cost and `m` the mean, in Gwei."""
        cost = max(cost_gwei, 0.0)
        return self.mean_gwei * math.exp(-cost / self.mean_gwei) + cost - cost_gwei

    def sample(self, rng: np.random.Generator, size: int) -> NDArray[np.float64]:
        """`size` rewards in Gwei, not yet rounded."""
        return self.mean_gwei * rng.standard_exponential(size)
