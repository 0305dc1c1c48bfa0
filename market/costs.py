"""What it costs a buyer to exploit a block: θ of the model, in Gwei.

Every account has its own stream, so nobody's costs depend on who else takes part.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

CHUNK = 1024

Gwei = npt.NDArray[np.int64]


class UniformCost(NamedTuple):
    """θ uniform on the whole Gwei `low … high`."""

    low: int
    high: int

    def sample(self, rng: np.random.Generator, count: int) -> Gwei:
        """So many draws, Gwei."""
        return rng.integers(self.low, self.high, count, endpoint=True)

    def quantile(self, share: float) -> float:
        """The cost, Gwei, that a share of all draws do not exceed."""
        return self.low + share * (self.high - self.low)

    def share_below(self, cost: float) -> float:
        """The share of draws at or below `cost`: F(θ)."""
        if self.high > self.low:
            return min(max((cost - self.low) / (self.high - self.low), 0.0), 1.0)
        return 1.0


class WholeReward:
    """A builder that makes all of a block's reward, at a cost."""

    def gross(self, slot: int, reward: int) -> int:  # noqa: ARG002
        """What it makes of the block before its cost, Gwei."""
        return reward


class CostPath(WholeReward):
    """One account's costs by block, drawn as they are needed; the last chunks are kept."""

    def __init__(self, law: UniformCost, rng: np.random.Generator) -> None:
        self._law = law
        self._rng = rng
        self._start = 0
        self._costs: list[int] = []

    def between(self, first: int, last: int) -> tuple[int, ...]:
        """The costs of blocks `first … last`. Raises `ValueError` where they are forgotten: those before an
        earlier call's `first` may be."""
        if first < self._start:
            raise ValueError(f"the cost of block {first} is forgotten; this path begins at block {self._start}")
        while last >= self._start + len(self._costs):
            self._costs += self._law.sample(self._rng, CHUNK).tolist()
        if first >= self._start + 2 * CHUNK:
            del self._costs[: first - self._start]
            self._start = first
        return tuple(self._costs[first - self._start : last + 1 - self._start])


class FixedCost(WholeReward):
    """An account whose cost is the same in every block."""

    def __init__(self, gwei: int) -> None:
        self._gwei = gwei

    def between(self, first: int, last: int) -> tuple[int, ...]:
        """The costs of blocks `first … last`."""
        return (self._gwei,) * (last + 1 - first)


class Path(Protocol):
    """What an account makes of blocks, and at what cost."""

    def gross(self, slot: int, reward: int) -> int:
        """What it makes of the block before its cost, Gwei."""

    def between(self, first: int, last: int) -> tuple[int, ...]:
        """The costs of blocks `first … last`, Gwei."""


Costs = Sequence[Path | None]
"""By account; None for an account that cannot exploit a block."""
