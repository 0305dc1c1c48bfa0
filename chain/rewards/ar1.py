"""Mean-reverting rewards: an autoregression of the logarithm."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated

import numpy as np

from chain.money import GWEI_PER_ETH
from chain.rewards.autoregression import autoregress
from chain.rewards.lognormal import lognormal_mean, lognormal_surplus, require_log_sd
from chain.rewards.outlook import Outlook
from chain.rewards.parameter import Correlation, Deviation, Eth, require, require_positive_amount
from chain.rewards.payments_2023 import MEAN
from chain.rewards.process import CHUNK, RewardProcess, RewardRun, whole_gwei


@dataclass(frozen=True)
class AR1Law:
    """`x_t = m + phi (x_{t-1} - m) + sigma ε_t`, `x = log R`, R in Gwei; `first` is `x_0`."""

    m: float
    phi: float
    sigma: float
    first: float

    def ahead(self, x: float, steps: int) -> tuple[float, float]:
        """Mean and standard deviation of log R `steps` blocks after a block at which it is `x`."""
        pull = self.phi**steps
        spread = (1 - pull**2) / (1 - self.phi**2)
        return self.m + pull * (x - self.m), self.sigma * math.sqrt(spread)


class AR1(RewardProcess):
    """`log R_t = m + phi (log R_{t-1} - m) + sigma ε_t`, ε standard normal, with stationary mean `mean` ETH.

    `m = ln(mean) - sigma²/(2(1 - phi²))`. Block 0 starts at `start` ETH, at `log R_0 = m` where none is
    given; either way `R_0` is known before it opens. Raises `ValueError` unless `mean` and `start` are
    above 0, `|phi| < 1`, and the stationary standard deviation of log R is at most `MAX_LOG_SD`.
    """

    def __init__(
        self,
        mean: Annotated[Eth, "stationary mean reward, ETH"] = MEAN,
        phi: Annotated[Correlation, "autocorrelation of the log reward"] = 0.9,
        sigma: Annotated[Deviation, "standard deviation of its innovations"] = 0.5,
        start: Annotated[Eth | None, "reward of block 0, ETH; left out: at the mean of the log"] = None,
    ) -> None:
        require_positive_amount("mean", mean)
        require(-1 < phi < 1, "phi", phi, "give a number above -1 and below 1")
        log_sd = sigma / math.sqrt(1 - phi**2)
        require_log_sd("sigma", sigma, log_sd)
        m = math.log(mean * GWEI_PER_ETH) - log_sd**2 / 2
        first = m
        if start is not None:
            first = _log_gwei(start)
        self._law = AR1Law(m, phi, sigma, first)

    def start(self, rng: np.random.Generator) -> RewardRun:
        """A run from block 0 that draws from `rng`."""
        return AR1Draws(self._law, rng)


def _log_gwei(start: float) -> float:
    require_positive_amount("start", start)
    return math.log(start * GWEI_PER_ETH)


class AR1Draws(RewardRun):
    """One run of the autoregression; it keeps the logs of its present chunk, as deviations from `m`."""

    def __init__(self, law: AR1Law, rng: np.random.Generator) -> None:
        self._law = law
        self._rng = rng
        self._next = 0
        self._logs = np.zeros(1)

    def next_chunk(self) -> list[int]:
        """The next rewards in Gwei."""
        shocks = self._law.sigma * self._rng.standard_normal(CHUNK)
        if self._next == 0:
            shocks[0] = self._law.first - self._law.m  # block 0 is given; its shock is left unused
        self._logs = autoregress(shocks, self._law.phi, self._logs[-1:])
        self._next += CHUNK
        return whole_gwei(np.exp(self._law.m + self._logs))

    def outlook(self, block: int, reward_gwei: int | None) -> Outlook:
        """What is public after `block`: its reward; before block 0, the reward of block 0."""
        if block < 0:
            return AR1Outlook(block, None, self._law, 0, self._law.first)
        x = self._law.m + float(self._logs[block % CHUNK])
        return AR1Outlook(block, reward_gwei, self._law, block, x)


@dataclass(frozen=True, slots=True)
class AR1Outlook(Outlook):
    """log R of a block to come is normal, given `x`, the log R of block `since`."""

    law: AR1Law
    since: int
    x: float

    def _mean(self, block: int) -> float:
        return lognormal_mean(*self.law.ahead(self.x, block - self.since))

    def _surplus(self, block: int, cost_gwei: float) -> float:
        return lognormal_surplus(*self.law.ahead(self.x, block - self.since), cost_gwei)
