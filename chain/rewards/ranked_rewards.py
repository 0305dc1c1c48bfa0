"""Rewards that were seen, by their size."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray


class RankedRewards:
    """Rewards in Gwei, put in order once for all that is asked of them."""

    def __init__(self, gwei: NDArray[np.int64]) -> None:
        rising = gwei.copy()
        rising.sort()
        self._gwei = rising.astype(np.float64)
        self._sums = np.zeros(gwei.size + 1, kind_of_sums(rising))  # of the largest 0, 1, …
        np.add.accumulate(rising[::-1], out=self._sums[1:])

    @property
    def mean(self) -> float:
        """Gwei."""
        return float(self._sums[-1]) / self._gwei.size

    def surplus(self, cost_gwei: float) -> float:
        """The mean of `max(R - cost_gwei, 0)`, Gwei."""
        above = self._gwei.size - int(self._gwei.searchsorted(cost_gwei, "right"))
        return max(float(self._sums[above]) - above * cost_gwei, 0.0) / self._gwei.size

    def surpluses(self, costs_gwei: NDArray[np.float64]) -> NDArray[np.float64]:
        """That over each of some costs, Gwei."""
        above = self._gwei.size - self._gwei.searchsorted(costs_gwei, "right")
        left: NDArray[np.float64] = self._sums[above] - above * costs_gwei
        return np.maximum(left, 0.0) / self._gwei.size


def kind_of_sums(rising: NDArray[np.int64]) -> type[np.int64 | np.float64]:
    """Whole numbers add up in a third of the time, where the sum of all is one that an int64 holds."""
    if int(rising[-1]) * rising.size < 2**63:
        return np.int64
    return np.float64


@lru_cache(maxsize=64)
def ranked(window: bytes) -> RankedRewards:
    """The int64 rewards of a window, which every participant asks for in the same slot."""
    return RankedRewards(np.frombuffer(window, np.int64))
