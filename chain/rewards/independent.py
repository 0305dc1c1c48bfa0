"""Rewards that are independent draws of one law: what was seen says nothing about what comes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from chain.drawn_law import DrawnLaw, amounts
from chain.rewards.outlook import Outlook
from chain.rewards.process import CHUNK, RewardProcess, RewardRun, whole_gwei


class Expectations(Protocol):
    """What is expected of a draw, Gwei."""

    @property
    def mean_gwei(self) -> float: ...

    def surplus_gwei(self, cost_gwei: float) -> float: ...


class Independent(RewardProcess, DrawnLaw):
    """A process of independent rewards with one law. It holds parameters only."""

    @property
    def public(self) -> Expectations:
        """What an outlook carries: the law itself, where nothing in it can be peeked at."""
        return self

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
        return whole_gwei(amounts(self._law.sample(self._rng, CHUNK), CHUNK))

    def outlook(self, block: int, reward_gwei: int | None) -> Outlook:
        """What is public after `block`: its reward and the law."""
        return IndependentOutlook(block, reward_gwei, self._law.public)


@dataclass(frozen=True, slots=True)
class IndependentOutlook(Outlook):
    """The same law for every block to come."""

    law: Expectations

    def alike(self, block: int) -> tuple[Outlook, int]:
        if block > self.block:
            return IndependentOutlook(-1, None, self.law), 0
        return self, block

    def total_surplus(self, first: int, costs_gwei: Iterable[float]) -> float:
        if first <= self.block:
            return super(IndependentOutlook, self).total_surplus(first, costs_gwei)
        surplus, total = self.law.surplus_gwei, 0.0
        for cost in costs_gwei:  # the same law for each
            total += surplus(cost)
        return total

    def _mean(self, block: int) -> float:  # noqa: ARG002
        return self.law.mean_gwei

    def _surplus(self, block: int, cost_gwei: float) -> float:  # noqa: ARG002
        return self.law.surplus_gwei(cost_gwei)
