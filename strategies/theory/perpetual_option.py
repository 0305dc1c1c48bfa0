"""A right to a reward that may be exercised at any time, without end.

The reward follows a geometric Brownian motion: drift r − payout rate under the discount rate r, volatility σ, all
for the same unit of time (a block, a year).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt

from strategies.theory.laws import Array


@dataclass(frozen=True)
class PerpetualOption:
    """`rate` r and `payout` δ are rates per unit of time, `volatility` σ per square root of it.

    Source: McDonald and Siegel (1986), The value of waiting to invest; Dixit and Pindyck (1994), chapter 5.
    ValueError unless all three are positive: with δ ≤ 0 nobody would ever exercise.
    """

    rate: float
    payout: float
    volatility: float

    def __post_init__(self) -> None:
        for name in ("rate", "payout", "volatility"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be positive, not {getattr(self, name)}")

    @property
    def elasticity(self) -> float:
        """β = 1/2 − (r − δ)/σ² + √(((r − δ)/σ² − 1/2)² + 2r/σ²), above 1."""
        variance = self.volatility**2
        tilt = (self.rate - self.payout) / variance - 1 / 2
        return -tilt + sqrt(tilt**2 + 2 * self.rate / variance)

    def threshold(self, cost: npt.ArrayLike) -> Array:
        """β/(β − 1) θ: the reward at which a holder with that cost exercises; the shape of `cost`."""
        beta = self.elasticity
        return np.asarray(beta / (beta - 1) * np.asarray(cost, dtype=np.float64))

    def value(self, reward: npt.ArrayLike, cost: npt.ArrayLike) -> Array:
        """(R/R*)^β (R* − θ) below the threshold R*, R − θ from there on; unit of the reward."""
        return self.value_at(reward, cost, self.threshold(cost))

    def value_at(self, reward: npt.ArrayLike, cost: npt.ArrayLike, threshold: npt.ArrayLike) -> Array:
        """The same for a holder that exercises at another threshold."""
        start = np.asarray(reward, dtype=np.float64)
        strike = np.asarray(cost, dtype=np.float64)
        barrier = np.maximum(threshold, start)
        return np.asarray(self.reaches(start, barrier) * (barrier - strike))

    def reaches(self, reward: npt.ArrayLike, barrier: npt.ArrayLike) -> Array:
        """E of the discount factor when the reward first reaches `barrier`: (R/barrier)^β; 1 from there on."""
        share = np.asarray(reward, dtype=np.float64) / np.asarray(barrier, dtype=np.float64)
        return np.asarray(np.minimum(share, 1.0) ** self.elasticity)
