"""What many runs say about a mean: its spread, and how sure it is."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats

Values = npt.NDArray[np.float64]

LEVEL = 0.95
HEAVY = 1.0  # excess kurtosis from which the mean is bootstrapped
RESAMPLES = 5_000


def describe(values: Values) -> dict[str, float | None]:
    """Mean, standard deviation, standard error, median of a sample, and the 95 % interval [low, high] of the mean.

    The interval is Student's. Where the sample has a heavy tail (excess kurtosis above 1, after Fisher) it is the
    percentile bootstrap's (Efron 1979), 5,000 resamples, always the same ones. With one value there is no spread.
    """
    spread, error = spread_of(values)
    low, high = interval(values)
    return {
        "mean": float(np.mean(values)),
        "sd": spread,
        "se": error,
        "median": float(np.median(values)),
        "low": low,
        "high": high,
    }


def spread_of(values: Values) -> tuple[float | None, float | None]:
    """Standard deviation and standard error; None of a single value."""
    if len(values) < 2:
        return None, None
    spread = float(np.std(values, ddof=1))
    return spread, spread / len(values) ** 0.5


def interval(values: Values) -> tuple[float | None, float | None]:
    """The 95 % interval of the mean; None where there is no spread to judge by."""
    n = len(values)
    if n < 2:
        return None, None
    mean = float(np.mean(values))
    spread = float(np.std(values, ddof=1))
    if spread <= 1e-12 * abs(mean):
        return mean, mean
    if n > 3 and stats.kurtosis(values) > HEAVY:
        return bootstrap(values)
    half = float(stats.t.ppf((1 + LEVEL) / 2, n - 1)) * spread / n**0.5
    return mean - half, mean + half


def bootstrap(values: Values) -> tuple[float, float]:
    """The percentile bootstrap's interval of the mean."""
    found: Any = stats.bootstrap(
        (values,), np.mean, confidence_level=LEVEL, n_resamples=RESAMPLES, method="percentile", rng=0
    )
    return float(found.confidence_interval.low), float(found.confidence_interval.high)
