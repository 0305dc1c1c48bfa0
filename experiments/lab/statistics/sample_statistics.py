"""All that a sample says of a figure's mean and median."""

from __future__ import annotations

from typing import TypedDict

import numpy as np
import numpy.typing as npt

from experiments.lab.statistics.median import NOWHERE, median_interval
from experiments.lab.statistics.sampling import ONE_DRAW, Sampling
from experiments.lab.statistics.skewness import draws_are_rough, means_are_rough, skewness
from experiments.lab.statistics.student import LEVEL, mean_interval, spread_of

Values = npt.NDArray[np.float64]

SURE = 0.93  # level from which the interval of a median tells on which side of 0 it lies: that of five values

FIGURES = ("mean", "low", "high", "rough", "median", "median_low", "median_high", "median_level")
"""What an answer names of a figure; `rough` is 1 or 0."""


class Statistics(TypedDict):
    """Mean, standard deviation `sd` and standard error `se` of a sample, the interval [`low`, `high`] of its mean
    and the `level` of that; whether it is `rough`, and the `reason`, or the reason why there is none. The median,
    its interval and the level of that. Hill's index of the tail, where one is known, and the interval of it."""

    mean: float
    sd: float | None
    se: float | None
    low: float | None
    high: float | None
    level: float | None
    rough: bool
    reason: str | None
    median: float
    median_low: float | None
    median_high: float | None
    median_level: float | None
    tail_index: float | None
    tail_low: float | None
    tail_high: float | None


def describe(values: Values, sampling: Sampling = ONE_DRAW) -> Statistics:
    """The statistics of a sample of one value or more. `sampling` says what each value is made of."""
    spread = spread_of(values)
    ends = mean_interval(values)
    none = why_none(spread, sampling)
    if none is not None:
        ends = None
    rough = None
    if ends is not None and spread:
        rough = why_rough(values, sampling)
    low, high = ends or (None, None)
    middle = median_interval(values) or NOWHERE
    tail_low, tail_high = sampling.tail.interval() or (None, None)
    return Statistics(
        mean=float(np.mean(values)),
        sd=spread,
        se=None if spread is None or none is not None else spread / len(values) ** 0.5,
        low=low,
        high=high,
        level=None if ends is None else LEVEL,
        rough=rough is not None,
        reason=none or rough,
        median=float(np.median(values)),
        median_low=middle.low,
        median_high=middle.high,
        median_level=middle.level,
        tail_index=sampling.tail.hill,
        tail_low=tail_low,
        tail_high=tail_high,
    )


def figures(found: Statistics) -> dict[str, float]:
    """The numbers of it that an answer names; those that are missing are left out."""
    return {
        name: float(value) for name, value in found.items() if name in FIGURES and isinstance(value, int | float)
    }


def why_none(spread: float | None, sampling: Sampling) -> str | None:
    """Why the mean has no interval; None where it has one."""
    if spread is None:
        return "a single value has no spread"
    if spread and sampling.tail.is_heavy:
        if sampling.tail.is_thin:
            return f"{sampling.tail}: too few of the largest to tell whether an interval would hold"
        return f"{sampling.tail}, below 2: the mean is made by the few largest, and no interval would hold it"
    return None


def why_rough(values: Values, sampling: Sampling) -> str | None:
    """Why the interval of the mean is rough; None where it is not."""
    if sampling.tail.may_be_heavy:
        return f"{sampling.tail}: it may be below 2"
    if sampling.averages:
        if means_are_rough(values):
            return f"skewness {skewness(values):z.1f} of {len(values)} means over {sampling.terms:,} each"
        return None
    if not draws_are_rough(values):
        return None
    if len(values) < 3:
        return "two values do not show how skewed they are"
    return f"each value is {sampling.words}; {len(values)} do not show that they are not skewed"


def is_above(found: Statistics) -> bool:
    """Whether a figure lies above 0 for sure: the interval of the mean does, or, where it has none, that of the
    median at a level of 93 % or more."""
    if found["low"] is not None:
        return found["low"] > 0
    return has_median_above(found)


def is_below(found: Statistics) -> bool:
    """The same for below 0."""
    if found["high"] is not None:
        return found["high"] < 0
    return has_median_below(found)


def has_median_above(found: Statistics) -> bool:
    """Whether the median lies above 0 for sure."""
    return is_told(found) and (found["median_low"] or 0.0) > 0


def has_median_below(found: Statistics) -> bool:
    """Whether the median lies below 0 for sure."""
    return is_told(found) and (found["median_high"] or 0.0) < 0


def is_told(found: Statistics) -> bool:
    """Whether the median's interval is sure enough."""
    return (found["median_level"] or 0.0) >= SURE
