"""From the keys of a round's model to the theory's objects."""

from __future__ import annotations

import math

import numpy as np

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


def value_law(value: Value) -> Law:
    """The law of v, ETH."""
    from scipy import stats

    match value:
        case UniformValue() | BetaValue() if value.low == value.high:
            return UniformLaw(value.low, value.low)
        case UniformValue():
            return UniformLaw(value.low, value.high)
        case BetaValue():
            return Continuous(stats.beta(value.a, value.b, loc=value.low, scale=value.high - value.low))
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
    from scipy import signal, special

    means, _ = moving_logs(model)
    steps = reward.sigma * special.ndtri(shocks)
    steps[:, 0] = 0.0
    return np.asarray(np.exp(means + signal.lfilter([1.0], [1.0, -reward.phi], steps, axis=1)))
