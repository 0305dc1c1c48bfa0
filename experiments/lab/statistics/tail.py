"""How heavy the upper tail of blocks' values is: Hill's index of the largest 1 %.

Below an index of 2 a power law has no variance, and means over blocks have no interval. A run keeps its largest
values for that, so that many runs are judged together without their tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import stats

Values = npt.NDArray[np.float64]

ONE_IN = 100  # values, of which the largest is in the tail
HEAVY = 2.0
FEW = 10
LEVEL = 0.95
KEPT_ONE_IN = 20
FEWEST_KEPT = 10
DIGITS = 9  # of a logarithm


class UpperTail(NamedTuple):
    """How many values there are, how many of them are in the tail, and the sum of the logarithms by which these
    exceed the largest value that is not."""

    values: int = 0
    kept: int = 0
    excess: float = 0.0

    @property
    def hill(self) -> float | None:
        """Hill's index (1975), `kept / excess`; None where there is no tail, or all of it is alike."""
        if not self.excess:
            return None
        return self.kept / self.excess

    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval of the index: 2 × index × excess has the χ² law of 2 × kept degrees of freedom."""
        if not self.excess:
            return None
        low, high = quantiles(2 * self.kept)
        return low / (2 * self.excess), high / (2 * self.excess)

    @property
    def is_heavy(self) -> bool:
        """Whether means have no interval."""
        return self.hill is not None and self.hill < HEAVY

    @property
    def is_thin(self) -> bool:
        """Whether it is of so few values that its index says little."""
        return self.kept < FEW

    @property
    def may_be_heavy(self) -> bool:
        """Whether an index below 2 lies in the interval."""
        ends = self.interval()
        return ends is not None and ends[0] < HEAVY

    def __str__(self) -> str:
        low, high = self.interval() or (np.inf, np.inf)
        share = f"the largest 1 % of values ({self.kept:,} of {self.values:,})"
        return f"Hill's index of {share} is {self.hill or np.inf:z.2f} [{low:z.2f}, {high:z.2f}]"


@cache
def quantiles(freedom: int) -> tuple[float, float]:
    """Between which the middle 95 % of a χ² law lie."""
    low, high = stats.chi2.ppf([(1 - LEVEL) / 2, (1 + LEVEL) / 2], freedom)
    return float(low), float(high)


class Largest(NamedTuple):
    """What one run keeps of a figure's values: how many there are, and the logarithms of the largest twentieth,
    ten at the least, of those above 0, falling."""

    values: int = 0
    logs: Sequence[float] = ()

    @property
    def bar(self) -> float:
        """No value that was left out has a logarithm above it."""
        if len(self.logs) < wanted(self.values):
            return -np.inf
        return float(self.logs[-1])


def wanted(values: int) -> int:
    """How many of the largest are kept: enough for the largest 1 % of several runs, where one is above others."""
    return max(-(-values // KEPT_ONE_IN), FEWEST_KEPT)


def largest_of(sample: Values) -> Largest:
    """Of one run's values; a missing one is NaN and does not count."""
    present = sample[~np.isnan(sample)]
    above = np.sort(present[present > 0])[::-1]
    return Largest(len(present), np.log(above[: wanted(len(present))]).round(DIGITS).tolist())


def pooled(runs: Iterable[Largest]) -> UpperTail:
    """The tail of all values of several runs. Fewer than 1 % are in it where more were not kept by every run."""
    all_runs = list(runs)
    count = sum(run.values for run in all_runs)
    logs = np.sort(np.concatenate([[], *(run.logs for run in all_runs)]))[::-1]
    bar = max((run.bar for run in all_runs), default=-np.inf)
    kept = min(count // ONE_IN, int((logs >= bar).sum()) - 1)
    if kept < 1:
        return UpperTail(count)
    return UpperTail(count, kept, float((logs[:kept] - logs[kept]).sum()))


def tail_of(sample: Values) -> UpperTail:
    """The tail of one sample."""
    return pooled([largest_of(sample)])
