"""Rewards like MEV-Boost payments of a period: their law, their memory and the hour of the day.

`z_t = h(hour) + sqrt(1 - var h) [sqrt(NOISE_SHARE) e_t + Σ_i sqrt(a_i) x_{i,t}]` with e white noise and
four stationary AR(1)s x of variance 1 and coefficients `exp(-1/time constant)`; the reward is the payment
at the normal score `z_t` (`payment_law`), times `scale`. Memory and hours are fitted to the autocorrelations and
the hourly means of the normal scores of the payments of October 2023 to April 2024, and are taken for 2026 too, of
which only the law is known. The log payment itself has autocorrelations up to .015 above the data's.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Annotated, Any, ClassVar, Literal, get_args

import numpy as np

from chain.money import GWEI_PER_ETH
from chain.rewards.autoregression import Floats, autoregress
from chain.rewards.outlook import Outlook
from chain.rewards.parameter import Scale, require
from chain.rewards.payment_law import PaymentLaw
from chain.rewards.payments_2023 import MEAN as MEAN_2023
from chain.rewards.payments_2023 import PAYMENTS_2023
from chain.rewards.payments_2026 import MEAN as MEAN_2026
from chain.rewards.payments_2026 import PAYMENTS_2026
from chain.rewards.process import CHUNK, RewardProcess, RewardRun, whole_gwei
from chain.rewards.score_filter import Learnt, ScoreFilter

Knowledge = Literal["last", "past"]
KNOWS = "what bidders know of past rewards: the last one alone, or what a filter learns from all"

LAWS: dict[str, PaymentLaw] = {"2023": PAYMENTS_2023, "2026": PAYMENTS_2026}
"""The law of each period: October 2023 – April 2024, February – July 2026."""

NOISE_SHARE = 0.5503
"""The share of white noise in the variance of z at a given hour."""

MEMORY = ((0.2161, 0.859), (0.0784, 25.05), (0.0861, 770.5), (0.0691, 60_000.0))
"""Share of that variance and time constant in blocks of each AR(1)."""

HOUR_EFFECT = (
    0.0844, 0.00135, -0.0521, -0.12, -0.214, -0.232, -0.28, -0.261, -0.213, -0.195, -0.231, -0.222,
    -0.096, 0.038, 0.178, 0.231, 0.303, 0.251, 0.213, 0.223, 0.194, 0.186, 0.127, 0.0499,
)  # fmt: skip
"""The mean of z in each hour of the day, UTC."""

SPREAD = math.sqrt(1 - float(np.var(HOUR_EFFECT)))
"""The standard deviation of z at a given hour."""

_NOISE = math.sqrt(NOISE_SHARE)
_LOADINGS = np.sqrt([share for share, _ in MEMORY])
_BLOCKS = np.array([[blocks] for _, blocks in MEMORY])
_PULL = np.exp(-1 / _BLOCKS)
_SHOCK = np.sqrt(-np.expm1(-2 / _BLOCKS))

_SCORE_STEP = 0.05
_SCORES = np.arange(-10, 14, _SCORE_STEP)


@dataclass(frozen=True)
class MevBoost(RewardProcess):
    """The generator for October 2023 – April 2024; block 0 opens at 00:00 UTC and a block takes `slot_seconds` s.

    Every reward is multiplied by `scale`. The public `knows` the last reward alone, or all of the past. Raises
    `ValueError` unless the numbers are finite and above 0 and `knows` is one of the two.
    """

    slot_seconds: float = 12.0
    scale: Annotated[Scale, "every payment is multiplied by it; 1: as from Oct 2023 to Apr 2024"] = 1.0
    knows: Annotated[Knowledge, KNOWS] = "last"
    period: ClassVar[str] = "2023"
    mean_eth: ClassVar[float] = MEAN_2023

    @classmethod
    def usual_eth(cls, parameters: Mapping[str, Any]) -> float:
        return cls.mean_eth * float(parameters["scale"])

    def __post_init__(self) -> None:
        holds = 0 < self.slot_seconds < math.inf
        require(holds, "slot_seconds", self.slot_seconds, "give a finite number of seconds above 0, such as 12")
        holds = 0 < self.scale < math.inf
        require(holds, "scale", self.scale, "give a finite number above 0; 1 leaves payments as they were")
        require(self.knows in get_args(Knowledge), "knows", self.knows, 'give "last" or "past"')

    def start(self, rng: np.random.Generator) -> RewardRun:
        """A run from block 0 that draws from `rng`."""
        return MevBoostDraws(self, rng)


@dataclass(frozen=True)
class MevBoost2026(MevBoost):
    """The same for February – July 2026."""

    scale: Annotated[Scale, "every payment is multiplied by it; 1: as from Feb to Jul 2026"] = 1.0
    period: ClassVar[str] = "2026"
    mean_eth: ClassVar[float] = MEAN_2026


class MevBoostDraws(RewardRun):
    """One run of the generator; it keeps the normal scores z of its present chunk."""

    def __init__(self, process: MevBoost, rng: np.random.Generator) -> None:
        self._process = process
        self._rng = rng
        self._next = 0
        self._memory = rng.standard_normal((len(MEMORY), 1))
        self._scores = np.empty(0)
        self._filter = ScoreFilter(_LOADINGS, _PULL[:, 0], NOISE_SHARE)
        self._learnt_to = -1

    def next_chunk(self) -> list[int]:
        """The next rewards in Gwei."""
        if self._process.knows == "past":
            self._learn(self._next - 1)
        noise, *shocks = self._rng.standard_normal((1 + len(MEMORY), CHUNK))
        memory = autoregress(_SHOCK * np.array(shocks), _PULL, self._memory)
        self._memory = memory[:, -1:].copy()
        self._scores = self._hour_effects() + SPREAD * (_NOISE * noise + _LOADINGS @ memory)
        self._next += CHUNK
        return whole_gwei(gwei_at(self._process.period, self._process.scale, self._scores))

    def _hour_effects(self) -> Floats:
        seconds = np.arange(self._next, self._next + CHUNK) * self._process.slot_seconds
        return np.take(HOUR_EFFECT, (seconds // 3600 % 24).astype(np.intp))

    def outlook(self, block: int, reward_gwei: int | None) -> Outlook:
        """What is public after `block`: its reward, by which its normal score too."""
        process = self._process
        score = None
        if reward_gwei is not None:
            score = float(self._scores[block % CHUNK])
        known = block, reward_gwei, process.period, process.scale, process.slot_seconds, score
        if process.knows == "last":
            return MevBoostOutlook(*known)
        self._learn(block)
        return FilteredOutlook(*known, self._filter.learnt)

    def _learn(self, block: int) -> None:
        """The scores of this chunk up to `block`, for the filter."""
        for one in range(self._learnt_to + 1, block + 1):
            effect = hour_effect(one, self._process.slot_seconds)
            self._filter.learn((self._scores[one % CHUNK] - effect) / SPREAD)
        self._learnt_to = max(block, self._learnt_to)


@dataclass(frozen=True, slots=True)
class MevBoostOutlook(Outlook):
    """What the last reward tells of those to come; `score` is its normal score, None before block 0.

    Given `z_t`, `z_{t+k}` is normal with mean `h + ρ_k (z_t - h_t)`. Earlier rewards tell more: `FilteredOutlook`.
    Expectations are sums over a fixed grid of scores, within 0.2 % of the integral.
    """

    period: str
    scale: float
    slot_seconds: float
    score: float | None

    def _mean(self, block: int) -> float:
        return float(rewards_on_grid(self.period, self.scale) @ self._weights(block))

    def _surplus(self, block: int, cost_gwei: float) -> float:
        return float(surplus_on_grid(self.period, self.scale, cost_gwei) @ self._weights(block))

    def _weights(self, block: int) -> Floats:
        if self.score is None:
            return _weights_unseen(block, self.slot_seconds)
        return _weights_given(self.score, self.block, block, self.slot_seconds)


@dataclass(frozen=True, slots=True)
class FilteredOutlook(MevBoostOutlook):
    """What all rewards up to `block` tell of those to come: 19 % of the next score's variance at a given hour,
    where the last alone tells 9 %; of the score 32 blocks on 13 % instead of 3 %."""

    learnt: Learnt

    def _weights(self, block: int) -> Floats:
        return _weights_learnt(self.learnt, self.block, block, self.slot_seconds)


def hour_effect(block: int, slot_seconds: float) -> float:
    """`h` at the hour in which `block` opens."""
    return HOUR_EFFECT[int(block * slot_seconds // 3600 % 24)]


def score_autocorrelation(blocks: int) -> float:
    """The autocorrelation `ρ` of z about the hour effect, at a lag of 1 or more `blocks`."""
    return sum(share * math.exp(-blocks / constant) for share, constant in MEMORY)


@lru_cache(maxsize=256)
def _weights_unseen(block: int, slot_seconds: float) -> Floats:
    return _normal_weights(hour_effect(block, slot_seconds), SPREAD)


@lru_cache(maxsize=256)
def _weights_given(score: float, since: int, block: int, slot_seconds: float) -> Floats:
    rho = score_autocorrelation(block - since)
    surprise = score - hour_effect(since, slot_seconds)
    return _normal_weights(hour_effect(block, slot_seconds) + rho * surprise, SPREAD * math.sqrt(1 - rho**2))


@lru_cache(maxsize=256)
def _weights_learnt(learnt: Learnt, since: int, block: int, slot_seconds: float) -> Floats:
    mean, variance = learnt.forecast(_LOADINGS * _PULL[:, 0] ** (block - since))
    return _normal_weights(hour_effect(block, slot_seconds) + SPREAD * mean, SPREAD * math.sqrt(variance))


def _normal_weights(mean: float, sd: float) -> Floats:
    """Density times step: the trapezoidal rule, exact to rounding where what is weighted is smooth."""
    density = np.exp(-0.5 * ((_SCORES - mean) / sd) ** 2)
    return density * (_SCORE_STEP / (sd * math.sqrt(2 * math.pi)))


def gwei_at(period: str, scale: float, scores: Floats) -> Floats:
    """The reward at each normal score, Gwei."""
    return scale * GWEI_PER_ETH * LAWS[period].payments_at(scores)


@cache
def rewards_on_grid(period: str, scale: float) -> Floats:
    """Gwei at each score of the grid."""
    return gwei_at(period, scale, _SCORES)


@lru_cache(maxsize=1024)
def surplus_on_grid(period: str, scale: float, cost_gwei: float) -> Floats:
    """What is left of them over a cost, Gwei: the same costs are asked about slot after slot."""
    return np.maximum(rewards_on_grid(period, scale) - cost_gwei, 0.0)


Known = Learnt | bool
"""What an outlook knows of scores: by a filter, or by the last one, if any was seen."""


def known_by(outlook: MevBoostOutlook) -> Known:
    """What an outlook knows of scores to come, but for their means."""
    return outlook.learnt if isinstance(outlook, FilteredOutlook) else outlook.score is not None


def scores_ahead(outlook: MevBoostOutlook, count: int) -> Floats:
    """The means of the scores of the `count` blocks after an outlook's, given what it knows."""
    blocks = range(outlook.block + 1, outlook.block + 1 + count)
    hours = np.array([hour_effect(block, outlook.slot_seconds) for block in blocks])
    if isinstance(outlook, FilteredOutlook):
        return np.asarray(hours + SPREAD * (_reach(count) @ np.array(outlook.learnt.means)))
    if outlook.score is None:
        return hours
    return hours + _fading(count) * (outlook.score - hour_effect(outlook.block, outlook.slot_seconds))


def covariance_ahead(known: Known, count: int) -> Floats:
    """Their covariance."""
    unseen = _score_covariance(count)
    if isinstance(known, Learnt):
        reach = _reach(count)
        certain = np.eye(len(MEMORY)) - np.array(known.covariances)
        return np.asarray(SPREAD**2 * (unseen - reach @ certain @ reach.T))
    return SPREAD**2 * (unseen - known * np.outer(_fading(count), _fading(count)))


def _reach(count: int) -> Floats:
    """How much of each hidden part of today is in the scores of the blocks to come."""
    return np.asarray(_LOADINGS * _PULL[:, 0] ** np.arange(1, count + 1)[:, None])


@lru_cache(maxsize=16)
def _fading(count: int) -> Floats:
    """Autocorrelations at lags 1 … `count`."""
    return np.array([score_autocorrelation(step) for step in range(1, count + 1)])


@lru_cache(maxsize=16)
def _score_covariance(count: int) -> Floats:
    """Of scores about the hour effect, as long as nothing is known."""
    rho = np.concatenate([[1.0], _fading(count)])
    steps = np.arange(count)
    return np.asarray(rho[np.abs(steps[:, None] - steps)])
