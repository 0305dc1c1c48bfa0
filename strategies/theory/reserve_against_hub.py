"""A reserve against one hub that alone knows what a round is worth to it. Source: MODEL section 9, P9."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from strategies.theory.laws import Continuous, Law
from strategies.theory.quadrature import integral
from strategies.theory.reserve import optimal_reserve


@dataclass(frozen=True)
class ReserveAgainstHub:
    """A `reserve` in the unit of the worth H, whose law is `law`; no buyer bids, and a hub below it does not."""

    law: Law
    reserve: float

    @property
    def revenue(self) -> float:
        """r P(H ≥ r)."""
        return self.reserve * (1 - self.void_share)

    @property
    def void_share(self) -> float:
        """F_H(r): also where a virtual bidder holds the reserve, and voids the round that it wins."""
        return float(self.law.cdf(self.reserve))

    @property
    def efficiency(self) -> float:
        """E[H 1{H ≥ r}]/E H."""
        edges = np.maximum(self.law.breaks(), self.void_share)
        return float(integral(self.law.ppf, edges)) / self.law.mean()

    def left_to_buyer(self, share: float) -> float:
        """E[((1 + ρ)H − r) 1{H < r}]: what one gains that bids for what the hub leaves, ρ = ℓ/H its `share`."""
        edges = np.minimum(self.law.breaks(), self.void_share)
        return (1 + share) * float(integral(self.law.ppf, edges)) - self.reserve * self.void_share


def best_against_hub(law: Law) -> ReserveAgainstHub:
    """The r with r = (1 − F_H(r))/f_H(r). Source: Myerson (1981). ValueError for a law with atoms."""
    return ReserveAgainstHub(law, float(optimal_reserve(law)))


def best_on_forecast(log_sd: float, autocorrelation: float) -> ReserveAgainstHub:
    """The c of a reserve c E[H | x], x the last round's log H, H lognormal with `log_sd`; in units of E[H | x].

    What is not forecast of log H has the standard deviation `log_sd` √(1 − φ²).
    """
    left = log_sd * np.sqrt(1 - autocorrelation**2)
    return best_against_hub(Continuous(stats.lognorm(left, scale=np.exp(-(left**2) / 2))))
