"""A law that speaks of Gwei, as the theory wants laws of costs and of rewards: in ETH."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chain.money import GWEI_PER_ETH
from chain.quantiles import Quantiles
from strategies.theory.laws import Array


@dataclass(frozen=True)
class LawInEth:
    """A law of costs by its table. Two are equal where their tables are."""

    known: Quantiles

    def cdf(self, value: npt.ArrayLike) -> Array:
        return self.known.cdf_gwei(GWEI_PER_ETH * np.asarray(value, dtype=np.float64))

    def pdf(self, value: npt.ArrayLike) -> Array:
        return GWEI_PER_ETH * self.known.pdf_gwei(GWEI_PER_ETH * np.asarray(value, dtype=np.float64))

    def ppf(self, quantile: npt.ArrayLike) -> Array:
        return np.asarray(self.known.quantile_gwei(quantile) / GWEI_PER_ETH)

    def mean(self) -> float:
        return self.known.mean_gwei / GWEI_PER_ETH

    def support(self) -> tuple[float, float]:
        low, high = self.known.support_gwei()
        return low / GWEI_PER_ETH, high / GWEI_PER_ETH

    def atoms(self) -> tuple[float, ...]:
        return tuple(value / GWEI_PER_ETH for value in self.known.atoms_gwei)

    def breaks(self) -> Array:
        return self.known.breaks()


@dataclass(frozen=True)
class RewardInEth:
    """A law of rewards by its table."""

    known: Quantiles

    @property
    def mean(self) -> Array:
        return np.asarray(self.known.mean_gwei / GWEI_PER_ETH)

    def surplus(self, cost: npt.ArrayLike) -> Array:
        """E[(R − θ)^+]."""
        return self.known.surpluses_gwei(GWEI_PER_ETH * np.asarray(cost, dtype=np.float64)) / GWEI_PER_ETH

    def is_known(self) -> bool:
        """Whether the reward is certain."""
        low, high = self.known.support_gwei()
        return low == high

    def cdf(self, reward: npt.ArrayLike) -> Array:
        return self.known.cdf_gwei(GWEI_PER_ETH * np.asarray(reward, dtype=np.float64))

    def ppf(self, quantile: npt.ArrayLike) -> Array:
        return np.asarray(self.known.quantile_gwei(quantile) / GWEI_PER_ETH)
