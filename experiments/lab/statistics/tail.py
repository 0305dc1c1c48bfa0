"""How heavy the upper tail of blocks' values is: Hill's index of the largest 1 %.

Below an index of 2 a power law has no variance, and means over blocks have no interval. What a run has to keep for
that are three numbers, so that many runs are judged together without their tables.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import stats

Values = npt.NDArray[np.float64]

ONE_IN = 100  # values, of which the largest is in the tail
HEAVY = 2.0
LEVEL = 0.95


class UpperTail(NamedTuple):
    """Of one run, or of several: how many values there are, how many of them are in the tail, and the sum of the
    logarithms by which these exceed the largest value that is not."""

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


def tail_of(sample: Values) -> UpperTail:
    """The tail of one run's values. Those that are not above 0 are never in it."""
    present = sample[~np.isnan(sample)]
    kept = min(len(present) // ONE_IN, int(np.count_nonzero(present > 0)) - 1)
    if kept < 1:
        return UpperTail(len(present))
    largest = np.log(np.partition(present, -kept - 1)[-kept - 1 :])
    return UpperTail(len(present), kept, float((largest - largest.min()).sum()))


def pooled(tails: Iterable[UpperTail]) -> UpperTail:
    """Several runs' tails as one, each above its own bar: where the law is a power law their excesses add up."""
    values, kept, excess = (sum(column) for column in zip(UpperTail(), *tails, strict=True))
    return UpperTail(int(values), int(kept), float(excess))
