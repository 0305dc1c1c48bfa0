"""E[R] and E[(R − θ)^+] of a reward whose law is known: constant, uniform, exponential, lognormal.

ETH, shapes broadcast.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy import special

from strategies.theory.laws import Array


class RewardLaw(Protocol):
    """The law of one reward; every cost of shape (…) has its answer of that shape."""

    @property
    def mean(self) -> Array: ...

    def surplus(self, cost: npt.ArrayLike) -> Array:
        """E[(R − θ)^+]."""
        ...

    def is_known(self) -> bool:
        """Whether the reward is certain."""
        ...

    def cdf(self, reward: npt.ArrayLike) -> Array: ...

    def ppf(self, quantile: npt.ArrayLike) -> Array: ...


@dataclass(frozen=True)
class UniformReward:
    """R uniform on [low, high]; ValueError unless low ≤ high."""

    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            raise ValueError(f"low is {self.low}, above high, {self.high}")

    @property
    def mean(self) -> Array:
        return np.asarray((self.low + self.high) / 2)

    def surplus(self, cost: npt.ArrayLike) -> Array:
        level = np.asarray(cost, dtype=np.float64)
        above = np.maximum(self.high - np.maximum(level, self.low), 0.0)
        inside = above**2 / (2 * max(self.high - self.low, np.finfo(float).tiny))
        return np.where(level <= self.low, self.mean - level, inside)

    def is_known(self) -> bool:
        return self.low == self.high

    def cdf(self, reward: npt.ArrayLike) -> Array:
        width = max(self.high - self.low, np.finfo(float).tiny)
        return np.clip((np.asarray(reward) - self.low) / width, 0.0, 1.0)

    def ppf(self, quantile: npt.ArrayLike) -> Array:
        return np.asarray(self.low + (self.high - self.low) * np.asarray(quantile))


@dataclass(frozen=True)
class ExponentialReward:
    """R exponential with mean `mu`; ValueError unless `mu` is above 0."""

    mu: float

    def __post_init__(self) -> None:
        if not self.mu > 0:
            raise ValueError(f"mean is {self.mu}; it must be above 0")

    @property
    def mean(self) -> Array:
        return np.asarray(self.mu)

    def surplus(self, cost: npt.ArrayLike) -> Array:
        """E[(R − θ)^+] = μ e^(−θ/μ), by the law's lack of memory; where θ < 0, μ − θ."""
        level = np.asarray(cost, dtype=np.float64)
        above = np.maximum(level, 0.0)
        return np.asarray(self.mu * np.exp(-above / self.mu) + above - level)

    def is_known(self) -> bool:
        return False

    def cdf(self, reward: npt.ArrayLike) -> Array:
        level = np.maximum(np.asarray(reward, dtype=np.float64), 0.0)
        return np.asarray(-np.expm1(-level / self.mu))

    def ppf(self, quantile: npt.ArrayLike) -> Array:
        with np.errstate(divide="ignore"):
            return np.asarray(-self.mu * np.log1p(-np.asarray(quantile, dtype=np.float64)))


@dataclass(frozen=True)
class LognormalReward:
    """log R normal with mean `mu` and standard deviation `sd`, arrays that broadcast; sd = 0 is a known reward."""

    mu: Array
    sd: Array

    @property
    def mean(self) -> Array:
        return np.asarray(np.exp(self.mu + self.sd**2 / 2))

    def surplus(self, cost: npt.ArrayLike) -> Array:
        """E[R] Φ(h + sd) − θ Φ(h), h = (mu − ln θ)/sd. Source: Black and Scholes (1973), no discounting."""
        level = np.asarray(cost, dtype=np.float64)
        mean = self.mean
        if not np.any(self.sd):
            return np.asarray(np.maximum(mean - level, 0.0))
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            inside = self.black_scholes(level, mean)
        for plain in (level <= 0, np.asarray(self.sd) == 0):
            if plain.any():
                inside = np.where(plain, np.maximum(mean - level, 0.0), inside)
        return inside

    def black_scholes(self, level: Array, mean: Array) -> Array:
        """E[(R − θ)^+] for sd > 0 and θ > 0: the sum of the above, worked out in one array, which is faster."""
        height = np.asarray((self.mu - np.log(level)) / self.sd)
        paid = special.ndtr(height)
        paid *= level
        height += self.sd
        got = special.ndtr(height, out=height)
        got *= mean
        got -= paid
        return np.asarray(np.maximum(got, 0.0, out=got))

    def is_known(self) -> bool:
        return not np.any(self.sd)

    def cdf(self, reward: npt.ArrayLike) -> Array:
        level = np.asarray(reward, dtype=np.float64)
        with np.errstate(divide="ignore", invalid="ignore"):
            below = special.ndtr((np.log(level) - self.mu) / self.sd)
        return np.where(np.asarray(self.sd) == 0, level >= self.mean, np.where(level > 0, below, 0.0))

    def ppf(self, quantile: npt.ArrayLike) -> Array:
        with np.errstate(invalid="ignore"):
            spread = np.where(np.asarray(self.sd) == 0, 0.0, self.sd * special.ndtri(quantile))
        return np.asarray(np.exp(self.mu + spread))


def lognormal(mean: float, sigma: float) -> LognormalReward:
    """The law of R with E[R] = `mean` ETH and `sigma` the standard deviation of log R."""
    return LognormalReward(np.asarray(np.log(mean) - sigma**2 / 2), np.asarray(sigma))


def known(reward: Array) -> LognormalReward:
    """A reward that is certain, ETH, shape (…)."""
    with np.errstate(divide="ignore"):
        return LognormalReward(np.log(reward), np.zeros(()))
