"""The median of a sample, with an interval that needs no law: two of the values themselves."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import stats

Values = npt.NDArray[np.float64]

WANTED = 0.95


class MedianInterval(NamedTuple):
    """Both ends, and the chance at least with which they hold the median, which the number of values decides."""

    low: float | None
    high: float | None
    level: float | None


NOWHERE = MedianInterval(None, None, None)
"""That of a single value."""


def median_interval(values: Values) -> MedianInterval | None:
    """The narrowest interval between two values, as far from either end, that holds the median with 95 % or more.

    Fewer than six values give no more than 1 − 2^(1 − n), which is then the level: 93.75 % of five. The number of
    values below the median is binomial with one half, whatever their law (Thompson 1936). None of a single value.
    """
    count = len(values)
    if count < 2:
        return None
    rank, level = rank_and_level(count)
    ordered = np.sort(values)
    return MedianInterval(float(ordered[rank - 1]), float(ordered[count - rank]), level)


@cache
def rank_and_level(count: int) -> tuple[int, float]:
    """The ends are the rank-th lowest and the rank-th highest of `count` values; with their level."""
    rank = max(int(stats.binom.ppf((1 - WANTED) / 2, count, 0.5)), 1)
    return rank, level_between(count, rank)


def level_between(count: int, rank: int) -> float:
    """The chance that the median lies between the rank-th lowest and the rank-th highest of `count` values."""
    return 1 - 2 * float(stats.binom.cdf(rank - 1, count, 0.5))
