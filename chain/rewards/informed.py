"""What one knows who has private signals of the rewards of blocks to come, beside what is public."""

from __future__ import annotations

import math
from abc import abstractmethod
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from chain.money import GWEI_PER_ETH
from chain.rewards.autoregression import Floats
from chain.rewards.exponential import Exponential
from chain.rewards.lognormal import lognormal_mean, lognormal_surplus
from chain.rewards.mevboost import gwei_at
from chain.rewards.outlook import Outlook
from chain.rewards.uniform import Uniform

_REACH = 8.0
_PLACES = np.linspace(-_REACH, _REACH, 257)
_CHANCES = np.exp(-(_PLACES**2) / 2) / np.exp(-(_PLACES**2) / 2).sum()


@dataclass(frozen=True, slots=True)
class InformedOutlook(Outlook):
    """One's own outlook: `signals` of the blocks after the revealed one, with noise of standard deviation `noise`.

    Of blocks beyond those one knows what is `public`.
    """

    public: Outlook
    noise: float
    signals: tuple[float, ...]

    def signal(self, block: int) -> float | None:
        """log R + σ z of a block to come, R in Gwei (of MEV-Boost laws: its normal score + σ z); None where one
        has none."""
        ahead = block - self.block - 1
        return self.signals[ahead] if 0 <= ahead < len(self.signals) else None

    def _mean(self, block: int) -> float:
        if block - self.block > len(self.signals):
            return self.public.expected_reward(block)
        return self._own_mean(block - self.block - 1)

    def _surplus(self, block: int, cost_gwei: float) -> float:
        if block - self.block > len(self.signals):
            return self.public.expected_surplus(block, cost_gwei)
        return self._own_surplus(block - self.block - 1, cost_gwei)

    def _own_mean(self, ahead: int) -> float:
        return self._own_surplus(ahead, 0.0)

    def _own_surplus(self, ahead: int, cost_gwei: float) -> float:
        """Of the block so many after the next one."""
        return self.public.expected_surplus(self.block + 1 + ahead, cost_gwei)


@dataclass(frozen=True, slots=True)
class InformedByNormal(InformedOutlook):
    """Scores of which each is normal: given all signals with `means` and standard deviations `sds`, by what is
    public alone with the other two."""

    means: tuple[float, ...]
    sds: tuple[float, ...]
    public_means: tuple[float, ...]
    public_sds: tuple[float, ...]

    @abstractmethod
    def rewards(self, scores: Floats) -> Floats:
        """The reward at each score, Gwei."""


@dataclass(frozen=True, slots=True)
class InformedByLog(InformedByNormal):
    """The score is log R, R in Gwei."""

    def rewards(self, scores: Floats) -> Floats:
        return np.exp(scores)

    def _own_mean(self, ahead: int) -> float:
        return lognormal_mean(self.means[ahead], self.sds[ahead])

    def _own_surplus(self, ahead: int, cost_gwei: float) -> float:
        return lognormal_surplus(self.means[ahead], self.sds[ahead], cost_gwei)


@dataclass(frozen=True, slots=True)
class InformedByScore(InformedByNormal):
    """The score is the normal score of a payment, which is the reward."""

    period: str
    scale: float

    def rewards(self, scores: Floats) -> Floats:
        return gwei_at(self.period, self.scale, scores)

    def _own_surplus(self, ahead: int, cost_gwei: float) -> float:
        rewards = rewards_at(self.period, self.scale, self.means[ahead], self.sds[ahead])
        return float(np.maximum(rewards - cost_gwei, 0.0) @ _CHANCES)


@lru_cache(maxsize=1024)
def rewards_at(period: str, scale: float, mean: float, sd: float) -> Floats:
    """Gwei at points of a normal score, whose chances are `_CHANCES`: trapezoids, 16 to a standard deviation."""
    return gwei_at(period, scale, mean + sd * _PLACES)


@dataclass(frozen=True, slots=True)
class InformedByDraws(InformedOutlook):
    """Independent rewards with a density, each known by its own signal."""

    law: Uniform | Exponential

    def _own_surplus(self, ahead: int, cost_gwei: float) -> float:
        rewards, chances = given(self.law, self.signals[ahead], self.noise)
        return float(np.maximum(rewards - cost_gwei, 0.0) @ chances)


@lru_cache(maxsize=1024)
def given(law: Uniform | Exponential, signal: float, noise: float) -> tuple[Floats, Floats]:
    """Rewards in Gwei, given a signal, and their chances: trapezoids over log R within 8 noises of the signal, and
    within the law."""
    low, high = ends(law)
    start = max(low, min(signal, high) - _REACH * noise)
    end = min(high, max(signal, low) + _REACH * noise)
    logs, weight = weighed(law, start, end)
    return np.exp(logs), shares_of(weight - ((signal - logs) / noise) ** 2 / 2)


@lru_cache(maxsize=16)
def drawn(law: Uniform | Exponential) -> tuple[Floats, Floats]:
    """Rewards in Gwei, and their chances, before any signal."""
    logs, weight = weighed(law, *ends(law))
    return np.exp(logs), shares_of(weight)


def weighed(law: Uniform | Exponential, start: float, end: float) -> tuple[Floats, Floats]:
    """log R at even steps, and the logarithm of its density but for a constant."""
    logs = np.linspace(start, end, 2049)
    if isinstance(law, Exponential):
        return logs, logs - np.exp(logs) / law.mean_gwei
    return logs, logs


def shares_of(weight: Floats) -> Floats:
    """Chances by trapezoids, from the logarithm of a density."""
    chances = np.exp(weight - weight.max())
    chances[[0, -1]] /= 2
    return np.asarray(chances / chances.sum())


def ends(law: Uniform | Exponential) -> tuple[float, float]:
    """The least and the greatest log R that are looked at, R in Gwei: from 1e-12 of the greatest on."""
    if isinstance(law, Exponential):
        return math.log(law.mean_gwei) - 28.0, math.log(law.mean_gwei) + 4.0
    high = law.high * GWEI_PER_ETH
    return math.log(max(law.low * GWEI_PER_ETH, high * 1e-12)), math.log(high)
