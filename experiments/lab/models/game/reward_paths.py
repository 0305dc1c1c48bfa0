"""Reward paths, one for each ticket, all from the same start. Gwei."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from chain.drawn_law import amounts
from chain.money import GWEI_PER_ETH
from chain.rewards.ar1 import AR1, AR1Law
from chain.rewards.autoregression import autoregress
from chain.rewards.independent import Independent
from chain.rewards.lognormal import lognormal_mean, lognormal_surplus
from experiments.lab.config.errors import InputError
from experiments.lab.models.model.model_laws import make_process
from experiments.lab.models.model.spec import Model

Paths = npt.NDArray[np.float64]


class PathLaw(ABC):
    """The law of a ticket's path R_0 … R_T, and what R_t tells of the reward `steps` blocks later, steps ≥ 1."""

    @abstractmethod
    def draw(self, rng: np.random.Generator, tickets: int, blocks: int) -> Paths:
        """Paths of `tickets`, one a row, in whole Gwei. Drawing in parts gives the same paths."""

    @abstractmethod
    def mean(self, seen_gwei: float, steps: int) -> float:
        """E[R_{t+steps} | R_t], Gwei."""

    @abstractmethod
    def surplus(self, seen_gwei: float, steps: int, cost_gwei: float) -> float:
        """E[(R_{t+steps} − θ)^+ | R_t], Gwei."""


@dataclass(frozen=True)
class IndependentPaths(PathLaw):
    """Independent rewards: what was seen tells nothing."""

    law: Independent

    def draw(self, rng: np.random.Generator, tickets: int, blocks: int) -> Paths:
        size = tickets * blocks
        return np.rint(amounts(self.law.sample(rng, size), size)).reshape(tickets, blocks)

    def mean(self, seen_gwei: float, steps: int) -> float:  # noqa: ARG002
        return self.law.mean_gwei

    def surplus(self, seen_gwei: float, steps: int, cost_gwei: float) -> float:  # noqa: ARG002
        return self.law.surplus_gwei(cost_gwei)


@dataclass(frozen=True)
class AutoregressivePaths(PathLaw):
    """Autoregressions of the log reward, from the same R_0."""

    law: AR1Law

    def draw(self, rng: np.random.Generator, tickets: int, blocks: int) -> Paths:
        shocks = self.law.sigma * rng.standard_normal((tickets, blocks))
        shocks[:, 0] = self.law.first - self.law.m
        logs = autoregress(shocks, self.law.phi, np.zeros((tickets, 1)))
        return np.rint(np.exp(self.law.m + logs))

    def mean(self, seen_gwei: float, steps: int) -> float:
        return lognormal_mean(*self.law.ahead(math.log(max(seen_gwei, 1.0)), steps))

    def surplus(self, seen_gwei: float, steps: int, cost_gwei: float) -> float:
        return lognormal_surplus(*self.law.ahead(math.log(max(seen_gwei, 1.0)), steps), cost_gwei)


def path_law(model: Model) -> PathLaw:
    """The law of a model's paths. Raises `InputError` for rewards that cannot start anew with each ticket."""
    process = make_process(model)
    if isinstance(process, Independent):
        return IndependentPaths(process)
    if isinstance(process, AR1):
        return AutoregressivePaths(ar1_law(model.reward))
    raise InputError(
        f'model.reward.process: "{model.reward.process}" has no path of its own for each ticket; '
        'simulate "constant", "uniform", "lognormal", "exponential", "ar1" or a law derived from chain.Independent'
    )


def ar1_law(reward: Any) -> AR1Law:
    """The law of an autoregression in logs, in Gwei."""
    m = math.log(reward.mean * GWEI_PER_ETH) - reward.sigma**2 / (2 * (1 - reward.phi**2))
    start = m
    if reward.start is not None:
        start = math.log(reward.start * GWEI_PER_ETH)
    return AR1Law(m, reward.phi, reward.sigma, start)
