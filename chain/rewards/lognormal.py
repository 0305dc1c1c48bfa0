"""Lognormal rewards: the closed forms of mean and surplus, and the independent process."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from chain.money import GWEI_PER_ETH
from chain.rewards.independent import Independent
from chain.rewards.parameter import Deviation, Eth, require, require_positive_amount
from chain.rewards.payments_2023 import MEAN

MAX_LOG_SD = 6.0
"""The largest standard deviation of log R; the median is then 1.5e-8 of the mean, a few Gwei."""

_SQRT2 = math.sqrt(2)


@dataclass(frozen=True)
class Lognormal(Independent):
    """Rewards i.i.d. lognormal: `mean` is the mean of R in ETH, `sigma` the standard deviation of log R.

    Raises `ValueError` unless `mean` is above 0 and `sigma` lies between 0 and `MAX_LOG_SD`.
    """

    mean: Annotated[Eth, "mean reward, ETH"] = MEAN
    sigma: Annotated[Deviation, "standard deviation of the log reward"] = 1.0

    def __post_init__(self) -> None:
        require_positive_amount("mean", self.mean)
        require_log_sd("sigma", self.sigma, self.sigma)

    @property
    def log_mean(self) -> float:
        """The mean of log R, R in Gwei."""
        return math.log(self.mean * GWEI_PER_ETH) - self.sigma**2 / 2

    @property
    def mean_gwei(self) -> float:
        """`E[R]` in Gwei."""
        return self.mean * GWEI_PER_ETH

    def surplus_gwei(self, cost_gwei: float) -> float:
        """`E[max(R - cost_gwei, 0)]` in Gwei."""
        return lognormal_surplus(self.log_mean, self.sigma, cost_gwei)

    def sample(self, rng: np.random.Generator, size: int) -> NDArray[np.float64]:
        """`size` rewards in Gwei, not yet rounded."""
        return np.exp(self.log_mean + self.sigma * rng.standard_normal(size))


def require_log_sd(name: str, value: float, log_sd: float) -> None:
    """Raise `ValueError` unless `log_sd`, which follows from parameter `name`, is one that a run can show."""
    right = f"the standard deviation of log R, here {log_sd:z.4g}, must be from 0 to {MAX_LOG_SD:g}"
    require(0 <= log_sd <= MAX_LOG_SD, name, value, right)


def lognormal_mean(mu: float, sd: float) -> float:
    """`E[R]` in Gwei where log R (R in Gwei) is normal with mean `mu` and standard deviation `sd`."""
    return math.exp(mu + sd**2 / 2)


def lognormal_surplus(mu: float, sd: float, cost_gwei: float) -> float:
    """`E[max(R - cost_gwei, 0)]` in Gwei where log R (R in Gwei) is normal with mean `mu`, deviation `sd`.

    Black and Scholes (1973) without discounting: `E[R] Φ(d + sd) - c Φ(d)`, `d = (mu - log c)/sd`.
    """
    mean = lognormal_mean(mu, sd)
    if sd == 0 or cost_gwei <= 0:
        return max(mean - cost_gwei, 0.0)
    d = (mu - math.log(cost_gwei)) / sd
    return max(mean * _normal_cdf(d + sd) - cost_gwei * _normal_cdf(d), 0.0)


def _normal_cdf(z: float) -> float:
    return math.erfc(-z / _SQRT2) / 2
