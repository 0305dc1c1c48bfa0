"""Rewards that were seen, by their size."""

from __future__ import annotations

from bisect import bisect_right

import numpy as np
from numpy.typing import NDArray


class RankedRewards:
    """Rewards in Gwei, put in order once for all that is asked of them."""

    def __init__(self, gwei: NDArray[np.int64]) -> None:
        rising = gwei.copy()
        rising.sort()
        self.count = gwei.size
        self._gwei = rising.astype(np.float64)
        self._sums = np.zeros(gwei.size + 1, kind_of_sums(rising))  # of the largest 0, 1, …
        np.add.accumulate(rising[::-1], out=self._sums[1:])
        self._each, self._each_sum = self._gwei.data, self._sums.data  # to look at one of them, in half the time

    @property
    def mean(self) -> float:
        """Gwei."""
        return float(self._each_sum[-1]) / self.count

    def surplus(self, cost_gwei: float) -> float:
        """The mean of `max(R - cost_gwei, 0)`, Gwei."""
        above = self.count - bisect_right(self._each, cost_gwei)
        left = float(self._each_sum[above]) - above * cost_gwei
        return left / self.count if left > 0 else 0.0

    def surpluses(self, costs_gwei: NDArray[np.float64]) -> NDArray[np.float64]:
        """That over each of some costs, Gwei."""
        above = self.count - self._gwei.searchsorted(costs_gwei, "right")
        left: NDArray[np.float64] = self._sums.take(above) - above * costs_gwei
        return np.maximum(left, 0.0) / self.count


def kind_of_sums(rising: NDArray[np.int64]) -> type[np.int64 | np.float64]:
    """Whole numbers add up in a third of the time, where the sum of all is one that an int64 holds."""
    if int(rising[-1]) * rising.size < 2**63:
        return np.int64
    return np.float64
