"""A reward process: its law, one run of it in chunks, and the path that reveals it block by block."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chain.money import GWEI_PER_ETH
from chain.rewards.outlook import Outlook

CHUNK = 4096
"""Rewards drawn at a time, always this many, so that a run's length does not change its numbers."""

MAX_GWEI = 2**63 - 1024
"""The largest reward: the greatest float that an int64 column of Gwei holds. Higher draws become this."""

MAX_ETH = MAX_GWEI / GWEI_PER_ETH


class RewardRun(ABC):
    """One run of a process. It may hold rewards that are not yet public: it is never handed out."""

    @abstractmethod
    def next_chunk(self) -> list[int]:
        """The next rewards in Gwei, `CHUNK` of them, or what is left."""

    @abstractmethod
    def outlook(self, block: int, reward_gwei: int | None) -> Outlook:
        """What is public after `block`, which lies in the last chunk; `block` is -1 before the first."""


class RewardProcess(ABC):
    """A law of `R_t`. Its parameters are amounts of ETH; what it gives is Gwei."""

    @classmethod
    def usual_eth(cls, parameters: Mapping[str, Any]) -> float:
        """The highest reward, ETH, or the mean where there is no highest; 0 where parameters do not say."""
        mean = parameters.get("mean", 0.0)
        return float(mean) if isinstance(mean, (int, float)) else 0.0

    @abstractmethod
    def start(self, rng: np.random.Generator) -> RewardRun:
        """A run from block 0 that draws from `rng`."""


class RewardPath:
    """One run's rewards, revealed block after block. Pickles with all that it needs to go on."""

    def __init__(self, process: RewardProcess, rng: np.random.Generator) -> None:
        self.block = -1
        """The last block revealed, -1 before block 0."""
        self._draws = process.start(rng)
        self._chunk: list[int] = []
        self._at = -1
        self._reward: int | None = None
        self._outlook: Outlook | None = None

    def advance(self) -> int:
        """Reveal the next block's reward, in Gwei. Raises `EndOfRewards` where a replayed file ends."""
        at = self._at + 1
        if at == len(self._chunk):
            self._chunk = self._draws.next_chunk()
            at = 0
        self._at = at
        self._reward = reward = self._chunk[at]
        self._outlook = None
        self.block += 1
        return reward

    def outlook(self) -> Outlook:
        """What everyone knows after the last block revealed; the same object until the next block."""
        if self._outlook is None:
            self._outlook = self._draws.outlook(self.block, self._reward)
        return self._outlook


def whole_gwei(gwei: NDArray[np.float64]) -> list[int]:
    """Each amount of `gwei` as the nearest whole number, at most `MAX_GWEI`."""
    amounts: list[int] = np.minimum(np.rint(gwei), MAX_GWEI).astype(np.int64).tolist()
    return amounts
