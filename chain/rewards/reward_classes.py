"""Independent rewards, and sums of several of them, by classes: values in Gwei, each the mean of its class."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from chain.money import GWEI_PER_ETH
from chain.rewards.autoregression import Floats
from chain.rewards.constant import Constant
from chain.rewards.exponential import Exponential
from chain.rewards.informed import drawn
from chain.rewards.lognormal import Lognormal
from chain.rewards.uniform import Uniform

IndependentLaw = Constant | Lognormal | Uniform | Exponential

CLASSES = 512
POINTS = 4097
RARE = (1e-5, 1e-10)
"""The chance of what is put together at the low end, and at the high one, where there is more in it."""

_REACH = 9.0


class Classes(NamedTuple):
    """A law: values, rising, and their chances."""

    values: Floats
    chances: Floats


@lru_cache(maxsize=256)
def sum_in_classes(law: IndependentLaw, count: int) -> Classes:
    """Of `count` rewards, 0 where there are none."""
    if count == 0:
        return Classes(np.zeros(1), np.ones(1))
    if count == 1:
        return in_classes(*points_of(law), CLASSES)
    half = sum_in_classes(law, count // 2)
    rest = sum_in_classes(law, count - count // 2)
    return in_classes(*pairs_of(half, rest), CLASSES)


def points_of(law: IndependentLaw) -> Classes:
    """One reward, at even steps of its logarithm."""
    if isinstance(law, Constant):
        return Classes(np.array([law.mean_gwei]), np.ones(1))
    if isinstance(law, Exponential):
        return Classes(*drawn(law))
    if isinstance(law, Uniform):
        middles = law.low + (law.high - law.low) * (np.arange(POINTS) + 0.5) / POINTS
        return Classes(middles * GWEI_PER_ETH, np.full(POINTS, 1 / POINTS))
    if law.sigma == 0:
        return Classes(np.array([law.mean_gwei]), np.ones(1))
    places = np.linspace(-_REACH, _REACH + law.sigma, POINTS)
    chances = np.exp(-(places**2) / 2)
    return Classes(np.exp(law.log_mean + law.sigma * places), chances / chances.sum())


def pairs_of(one: Classes, other: Classes) -> Classes:
    """All sums of a value of one law and one of the other, flat."""
    totals = one.values[:, None] + other.values
    return Classes(totals.ravel(), np.outer(one.chances, other.chances).ravel())


def in_classes(values: Floats, chances: Floats, count: int) -> Classes:
    """The same law in fewer values, its classes even in the logarithm; what is rare joins those at the ends."""
    logs = np.log(np.maximum(values, 1e-12))
    place = places_between(logs, *middle_of(logs, chances), count)
    chance = np.bincount(place, chances, count)
    total = np.bincount(place, chances * values, count)
    there = chance > 0
    return Classes(total[there] / chance[there], chance[there] / chance.sum())


def places_between(logs: Floats, low: float, high: float, count: int) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """The number of each one's class."""
    if high <= low:
        return np.zeros(logs.size, dtype=np.intp)
    place = (logs - low) * (count / (high - low))
    return np.clip(place, 0, count - 1).astype(np.intp)


def middle_of(logs: Floats, chances: Floats) -> tuple[float, float]:
    """Between these lie all but the rare ones."""
    mass, edges = np.histogram(logs, 4096, weights=chances)
    below = np.cumsum(mass) / mass.sum()
    first, last = np.searchsorted(below, [RARE[0], 1 - RARE[1]])
    return float(edges[first]), float(edges[min(last + 1, edges.size - 1)])
