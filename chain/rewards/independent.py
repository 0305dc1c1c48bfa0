"""Rewards that are independent draws of one law: what was seen says nothing about what comes."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chain.rewards.outlook import Outlook
from chain.rewards.process import CHUNK, RewardProcess, RewardRun, whole_gwei


class Independent(RewardProcess):
    """A process of independent rewards with one law. It holds parameters only, so an outlook may carry it."""

    @property
    @abstractmethod
    def mean_gwei(self) -> float:
        """`E[R]` in Gwei."""

    @abstractmethod
    def surplus_gwei(self, cost_gwei: float) -> float:
        """`E[max(R - cost_gwei, 0)]` in Gwei."""

    @abstractmethod
    def sample(self, rng: np.random.Generator, size: int) -> NDArray[np.float64]:
        """`size` rewards in Gwei, not yet rounded."""

    def start(self, rng: np.random.Generator) -> RewardRun:
        """A run from block 0 that draws from `rng`."""
        return IndependentDraws(self, rng)


class IndependentDraws(RewardRun):
    """One run of independent rewards."""

    def __init__(self, law: Independent, rng: np.random.Generator) -> None:
        self._law = law
        self._rng = rng

    def next_chunk(self) -> list[int]:
        """The next rewards in Gwei."""
        return whole_gwei(self._law.sample(self._rng, CHUNK))

    def outlook(self, block: int, reward_gwei: int | None) -> Outlook:
        """What is public after `block`: its reward and the law."""
        return IndependentOutlook(block, reward_gwei, self._law)


@dataclass(frozen=True, slots=True)
class IndependentOutlook(Outlook):
    """The same law for every block to come."""

    law: Independent

    def _mean(self, block: int) -> float:  # noqa: ARG002
        return self.law.mean_gwei

    def _surplus(self, block: int, cost_gwei: float) -> float:  # noqa: ARG002
        return self.law.surplus_gwei(cost_gwei)
