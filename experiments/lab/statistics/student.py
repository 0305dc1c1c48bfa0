"""Student's t: the interval of a mean."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
from scipy import stats

Values = npt.NDArray[np.float64]

LEVEL = 0.95
ROUNDING = 1e-12  # of the mean: a smaller spread is that of floating point


def spread_of(values: Values) -> float | None:
    """The standard deviation, n − 1 in the denominator; None of a single value, 0 where all are alike."""
    if len(values) < 2:
        return None
    spread = float(np.std(values, ddof=1))
    if spread <= ROUNDING * abs(float(np.mean(values))):
        return 0.0
    return spread


def half_width(count: int, error: float) -> float:
    """Half of the 95 % interval of a mean of `count` ≥ 2 values with the standard error `error`."""
    return quantile(count - 1) * error


@cache
def quantile(freedom: int) -> float:
    """The upper end of the middle 95 % of Student's law."""
    return float(stats.t.ppf((1 + LEVEL) / 2, freedom))


def mean_interval(values: Values) -> tuple[float, float] | None:
    """Both ends of the 95 % interval of the mean (Student 1908); None of a single value."""
    spread = spread_of(values)
    if spread is None:
        return None
    mean = float(np.mean(values))
    half = half_width(len(values), spread / len(values) ** 0.5)
    return mean - half, mean + half
