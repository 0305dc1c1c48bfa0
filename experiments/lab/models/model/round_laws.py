"""From the keys of a round's model to the theory's objects."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from chain.rewards import AR1, Constant
from experiments.lab.models.model.model_laws import make_process
from experiments.lab.models.model.round_spec import (
    BetaValue,
    ExponentialValue,
    GammaValue,
    LognormalValue,
    RoundModel,
    UniformValue,
    Value,
)
from experiments.lab.models.model.theory_terms import cost_law, independent_law
from strategies.theory.block_values import AlikeValues, RoundValues, SharedRewards
from strategies.theory.expectation import LognormalReward, RewardLaw, UniformReward
from strategies.theory.laws import Array, Continuous, Law, UniformLaw


@dataclass(frozen=True)
class BetaBetween:
    """Beta(a, b) stretched over [low, high]; its quantiles are found where scipy.stats warns that it gives up."""

    low: float
    high: float
    a: float
    b: float

    def share(self, value: npt.ArrayLike) -> Array:
        """Where a value lies between the ends, 0 to 1."""
        return np.clip((np.asarray(value, dtype=np.float64) - self.low) / (self.high - self.low), 0.0, 1.0)

    def cdf(self, value: npt.ArrayLike) -> Array:
        return np.asarray(special.betainc(self.a, self.b, self.share(value)))

    def pdf(self, value: npt.ArrayLike) -> Array:
        share = self.share(value)
        log = special.xlogy(self.a - 1, share) + special.xlog1py(self.b - 1, -share)
        return np.asarray(np.exp(log - special.betaln(self.a, self.b)) / (self.high - self.low))

    def ppf(self, quantile: npt.ArrayLike) -> Array:
        share = special.betaincinv(self.a, self.b, np.asarray(quantile, dtype=np.float64))
        return np.asarray(self.low + (self.high - self.low) * share)

    def mean(self) -> float:
        return self.low + (self.high - self.low) * self.a / (self.a + self.b)

    def support(self) -> tuple[float, float]:
        return self.low, self.high

    def atoms(self) -> tuple[float, ...]:
        return ()

    def breaks(self) -> Array:
        return np.array([0.0, 1.0])


def value_law(value: Value) -> Law:
    """The law of v, ETH."""
    from scipy import stats

    match value:
        case UniformValue() | BetaValue() if value.low == value.high:
            return UniformLaw(value.low, value.low)
        case UniformValue():
            return UniformLaw(value.low, value.high)
        case BetaValue():
            return BetaBetween(value.low, value.high, value.a, value.b)
        case ExponentialValue():
            return Continuous(stats.expon(scale=value.mean))
        case LognormalValue() if value.sigma == 0:
            return UniformLaw(value.mean, value.mean)
        case LognormalValue():
            scale = value.mean * math.exp(-(value.sigma**2) / 2)
            return Continuous(stats.lognorm(value.sigma, scale=scale))
        case GammaValue():
            return Continuous(stats.gamma(value.shape, scale=value.mean / value.shape))
    scale = value.mean / math.gamma(1 + 1 / value.shape)
    return Continuous(stats.weibull_min(value.shape, scale=scale))


def round_values(model: RoundModel) -> RoundValues:
    """What the blocks of a round are worth to buyers; with ar1 rewards these are the blocks 0 … B − 1."""
    if model.value is not None:
        return AlikeValues(value_law(model.value), model.blocks)
    assert model.cost is not None
    return SharedRewards(cost_law(model.cost), reward_laws(model))


def reward_laws(model: RoundModel) -> list[tuple[RewardLaw, int]]:
    """The law of R_k as it is known before block 0, and how many blocks have it."""
    process = make_process(model)
    if isinstance(process, Constant):
        return [(UniformReward(process.value, process.value), model.blocks)]
    if not isinstance(process, AR1):
        return [(independent_law(process), model.blocks)]
    means, sds = moving_logs(model)
    return [(LognormalReward(mean, sd), 1) for mean, sd in zip(means, sds, strict=True)]


def moving_logs(model: RoundModel) -> tuple[Array, Array]:
    """Means and standard deviations of log R_k of an ar1 process. Source: MODEL section 1."""
    reward = model.reward
    assert reward is not None
    middle = math.log(reward.mean) - reward.sigma**2 / (2 * (1 - reward.phi**2))
    first = middle if reward.start is None else math.log(reward.start)
    fade = reward.phi ** np.arange(model.blocks)
    sd = reward.sigma * np.sqrt((1 - fade**2) / (1 - reward.phi**2))
    return np.asarray(middle + fade * (first - middle)), np.asarray(sd)


def reward_paths(model: RoundModel, shocks: Array) -> Array:
    """Rewards from uniform shocks, both (paths, blocks)."""
    reward = model.reward
    assert reward is not None
    if not isinstance(make_process(model), AR1):
        return np.asarray(reward_laws(model)[0][0].ppf(shocks))
    from scipy import signal

    means, _ = moving_logs(model)
    steps = reward.sigma * special.ndtri(shocks)
    steps[:, 0] = 0.0
    return np.asarray(np.exp(means + signal.lfilter([1.0], [1.0, -reward.phi], steps, axis=1)))
