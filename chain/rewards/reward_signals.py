"""What private signals of rewards are about, and what they tell.

Of each block to come a signal is y = x + σ z, z standard normal. The score x is log R, R in Gwei; of the MEV-Boost
laws it is the normal score of R. Given all signals at once x is normal with mean a + G (y − a) and covariance
σ² G, G = C (C + σ²)⁻¹, a and C what is public. Source: MODEL section 9, signals on a round, (ii).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from functools import lru_cache
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np

from chain.rewards.ar1 import AR1, AR1Law, AR1Outlook
from chain.rewards.autoregression import Floats
from chain.rewards.constant import Constant
from chain.rewards.exponential import Exponential
from chain.rewards.informed import InformedByDraws, InformedByLog, InformedByScore, InformedOutlook
from chain.rewards.lognormal import Lognormal
from chain.rewards.mevboost import Known, MevBoost, MevBoostOutlook, covariance_ahead, known_by, scores_ahead
from chain.rewards.outlook import Outlook
from chain.rewards.process import RewardProcess
from chain.rewards.uniform import Uniform

MOST_AHEAD = 1024
"""So many blocks ahead one has signals, where the reward of one tells of others."""

Seen = TypeVar("Seen", bound=Outlook)


class RewardSignals(ABC, Generic[Seen]):
    """What signals of one process are about. `most`: how many blocks ahead there are any; None: as many as one
    likes."""

    most: int | None = None

    def score(self, outlook: Outlook) -> float:
        """That of the block that an outlook has revealed: log R, of 1 Gwei where R is less."""
        return float(np.log(max(outlook.reward_gwei or 0, 1)))

    @abstractmethod
    def informed(self, public: Seen, noise: float, signals: Floats) -> InformedOutlook:
        """What one knows who has `signals` of the blocks after the public's last one."""


class NoNews(RewardSignals[Outlook]):
    """Of rewards that everyone knows."""

    def informed(self, public: Outlook, noise: float, signals: Floats) -> InformedOutlook:
        return InformedOutlook(public.block, public.reward_gwei, public, noise, tuple(signals.tolist()))


class LognormalSignals(RewardSignals[Outlook]):
    """Of independent lognormal rewards: each by its own signal."""

    def __init__(self, law: Lognormal) -> None:
        self._law = law

    def informed(self, public: Outlook, noise: float, signals: Floats) -> InformedOutlook:
        share = self._law.sigma**2 / (self._law.sigma**2 + noise**2)
        means = self._law.log_mean + share * (signals - self._law.log_mean)
        sds = (noise * share**0.5,) * signals.size
        known = (self._law.log_mean,) * signals.size, (self._law.sigma,) * signals.size
        own = tuple(signals.tolist()), tuple(means.tolist()), sds
        return InformedByLog(public.block, public.reward_gwei, public, noise, *own, *known)


class DrawSignals(RewardSignals[Outlook]):
    """Of independent rewards with a density."""

    def __init__(self, law: Uniform | Exponential) -> None:
        self._law = law

    def informed(self, public: Outlook, noise: float, signals: Floats) -> InformedOutlook:
        own = tuple(signals.tolist()), self._law
        return InformedByDraws(public.block, public.reward_gwei, public, noise, *own)


class AR1Signals(RewardSignals[AR1Outlook]):
    """Of an autoregression of the logarithm: all signals tell of every block."""

    most = MOST_AHEAD

    def score(self, outlook: Outlook) -> float:
        assert isinstance(outlook, AR1Outlook)
        return outlook.x

    def informed(self, public: AR1Outlook, noise: float, signals: Floats) -> InformedOutlook:
        lag = public.block + 1 - public.since
        gain = autoregressive_gain(public.law, lag, signals.size, noise)
        steps = range(lag, lag + signals.size)
        given = gain.of(signals, np.array([public.law.ahead(public.x, step)[0] for step in steps]))
        return InformedByLog(public.block, public.reward_gwei, public, noise, *given)


class ScoreSignals(RewardSignals[MevBoostOutlook]):
    """Of the MEV-Boost laws, on the normal score."""

    most = MOST_AHEAD

    def score(self, outlook: Outlook) -> float:
        assert isinstance(outlook, MevBoostOutlook)
        assert outlook.score is not None
        return outlook.score

    def informed(self, public: MevBoostOutlook, noise: float, signals: Floats) -> InformedOutlook:
        gain = score_gain(known_by(public), signals.size, noise)
        known = gain.of(signals, scores_ahead(public, signals.size))
        law = public.period, public.scale
        return InformedByScore(public.block, public.reward_gwei, public, noise, *known, *law)


Row = tuple[float, ...]


class Gain(NamedTuple):
    """G, the standard deviations of what is left, and those of what is public."""

    matrix: Floats
    sds: Row
    public_sds: Row

    def of(self, signals: Floats, mean: Floats) -> tuple[Row, Row, Row, Row, Row]:
        """The signals, means and standard deviations of scores given them, and both by what is public."""
        means = mean + self.matrix @ (signals - mean)
        return tuple(signals.tolist()), tuple(means.tolist()), self.sds, tuple(mean.tolist()), self.public_sds


def gain_of(covariance: Floats, noise: float) -> Gain:
    """G of a covariance."""
    noisy = covariance + noise**2 * np.eye(len(covariance))
    matrix = np.asarray(np.linalg.solve(noisy, covariance).T, dtype=np.float64)
    return Gain(matrix, spread(noise**2 * matrix), spread(covariance))


def spread(covariance: Floats) -> Row:
    """The standard deviations in a covariance."""
    return tuple(np.sqrt(np.maximum(covariance.diagonal(), 0.0)).tolist())


@lru_cache(maxsize=64)
def autoregressive_gain(law: AR1Law, lag: int, count: int, noise: float) -> Gain:
    """G of log R `lag`, `lag` + 1, … blocks after a block that is known."""
    return gain_of(autoregressive_covariance(law, lag, count), noise)


def autoregressive_covariance(law: AR1Law, lag: int, count: int) -> Floats:
    """Of log R, given a block that is known: C_kl = s² (φ^|k−l| − φ^(k+l)), k and l from `lag` on."""
    steps = np.arange(lag, lag + count)
    apart = np.abs(steps[:, None] - steps)
    variance = law.sigma**2 / (1 - law.phi**2)
    together = steps[:, None] + steps
    return np.asarray(variance * (np.power(law.phi, apart) - np.power(law.phi, together)))


@lru_cache(maxsize=64)
def score_gain(known: Known, count: int, noise: float) -> Gain:
    """G of the normal scores of `count` blocks."""
    return gain_of(covariance_ahead(known, count), noise)


def signals_of(process: RewardProcess) -> RewardSignals[Any] | None:
    """What signals of a process are about; None where there are none."""
    if isinstance(process, Lognormal):
        return LognormalSignals(process)
    if isinstance(process, AR1):
        return AR1Signals()
    if isinstance(process, MevBoost):
        return ScoreSignals()
    if isinstance(process, (Uniform, Exponential)):
        return DrawSignals(process)
    return NoNews() if isinstance(process, Constant) else None


def ahead_of(process: RewardProcess) -> RewardProcess:
    """The process with the same rewards whose scores are read ahead: nobody filters them there."""
    return replace(process, knows="last") if isinstance(process, MevBoost) else process
