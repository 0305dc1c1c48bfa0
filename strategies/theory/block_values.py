"""What one block of a round is worth to alike buyers, ranked; ETH. Source: MODEL section 9.

A buyer stands at a quantile u of values, 1 the best. Values of one block may share the reward of the block, which
all see just before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import numpy.typing as npt

from strategies.theory.buyer_types import Types
from strategies.theory.expectation import RewardLaw
from strategies.theory.laws import Array, Law
from strategies.theory.order_statistics import rank_density
from strategies.theory.quadrature import integral, unit_nodes
from strategies.theory.reserve import best_reserve, optimal_reserve

TOP = 4.0 ** np.arange(-2, 4)
"""Where the quantiles of the best of n buyers are cut into pieces, in units of 1/n from the top."""

LEVELS = 16
"""Rewards that stand for a part of their law."""

ASKED, FAR = 400, 1e4
"""Points of a table of reserves within the costs, and beyond them; how far it reaches, in widths of their law."""


class SeenBlock(Protocol):
    """The values of a block once its reward is seen: independent draws from one law."""

    @property
    def breaks(self) -> Array:
        """Quantiles between which `ppf` is smooth."""
        ...

    def cdf(self, value: npt.ArrayLike) -> Array: ...

    def ppf(self, quantile: npt.ArrayLike) -> Array: ...

    def reserve(self, own_value: npt.ArrayLike) -> Array:
        """The reserve that earns one worth `own_value` most, of its shape. ValueError where values have atoms."""
        ...


class RoundValues(Protocol):
    """The values of the blocks of one round."""

    @property
    def blocks(self) -> int: ...

    @property
    def breaks(self) -> Array: ...

    @property
    def are_one(self) -> bool:
        """Whether a block is worth the same to all buyers."""
        ...

    def worth(self, quantile: Array) -> Array:
        """What the round is worth, expected, to a buyer at this quantile in each of its blocks."""
        ...

    def seen(self) -> Iterator[tuple[float, SeenBlock]]:
        """What blocks may look like just before them, each with its weight; the weights add up to B."""
        ...


@dataclass(frozen=True)
class ByLaw:
    """A block whose values are draws from `law`."""

    law: Law

    @property
    def breaks(self) -> Array:
        return self.law.breaks()

    def cdf(self, value: npt.ArrayLike) -> Array:
        return self.law.cdf(value)

    def ppf(self, quantile: npt.ArrayLike) -> Array:
        return self.law.ppf(quantile)

    def reserve(self, own_value: npt.ArrayLike) -> Array:
        return optimal_reserve(self.law, own_value)


class AskedCost:
    """The highest cost that buys at Myerson's reserve, by R − v_0, which decides it: θ + F(θ)/f(θ) = R − v_0.

    ValueError where costs have atoms.
    """

    def __init__(self, cost: Law) -> None:
        low, high = cost.support()
        beyond = (high - low) * np.geomspace(1e-3, FAR, ASKED)
        self.levels = np.concatenate((cost.ppf(np.linspace(0.0, 1.0, ASKED)), high + beyond))
        top = float(self.levels[-1])
        self.costs = top - best_reserve(Types(cost, lambda theta: top - theta), top - self.levels)

    def at(self, level: Array) -> Array:
        """Costs of the shape of `level`, ETH."""
        return np.interp(level, self.levels, self.costs)


@dataclass(frozen=True)
class Exercised:
    """A block with a known reward: values (R − θ)^+."""

    cost: Law
    reward: float
    asked: AskedCost

    @cached_property
    def breaks(self) -> Array:
        own = 1 - self.cost.breaks()[::-1]
        return np.unique(np.append(own, 1 - self.cost.cdf(self.reward)))

    def cdf(self, value: npt.ArrayLike) -> Array:
        level = np.asarray(value, dtype=np.float64)
        return np.where(level < 0, 0.0, 1 - self.cost.cdf(self.reward - level))

    def ppf(self, quantile: npt.ArrayLike) -> Array:
        return np.maximum(self.reward - self.cost.ppf(1 - np.asarray(quantile)), 0.0)

    def reserve(self, own_value: npt.ArrayLike) -> Array:
        return self.reward - self.asked.at(self.reward - np.asarray(own_value, dtype=np.float64))


@dataclass(frozen=True)
class AlikeValues:
    """Independent draws from `law` for every buyer and block."""

    law: Law
    blocks: int

    @property
    def breaks(self) -> Array:
        return self.law.breaks()

    @property
    def are_one(self) -> bool:
        return is_one(self.law)

    def worth(self, quantile: Array) -> Array:
        return self.blocks * self.law.ppf(quantile)

    def seen(self) -> Iterator[tuple[float, SeenBlock]]:
        yield float(self.blocks), ByLaw(self.law)


@dataclass(frozen=True)
class SharedRewards:
    """(R_k − θ_ik)^+: costs are independent draws from `cost`, rewards shared by all buyers of a block.

    `rewards` has the law of R_k as it is known when bids for the round are due, and the number of blocks with it.
    """

    cost: Law
    rewards: Sequence[tuple[RewardLaw, int]]

    @property
    def blocks(self) -> int:
        return sum(count for _, count in self.rewards)

    @cached_property
    def breaks(self) -> Array:
        bends = [reward.ppf(0.5) for reward, _ in self.rewards if reward.is_known()]
        cuts = [1 - self.cost.cdf(bend) for bend in bends]
        return np.unique(np.concatenate((1 - self.cost.breaks()[::-1], np.ravel(np.array(cuts)))))

    @property
    def are_one(self) -> bool:
        return is_one(self.cost)

    def worth(self, quantile: Array) -> Array:
        cost = self.cost.ppf(1 - quantile)
        return np.asarray(sum(count * reward.surplus(cost) for reward, count in self.rewards))

    def seen(self) -> Iterator[tuple[float, SeenBlock]]:
        asked = AskedCost(self.cost)
        for reward, count in self.rewards:
            for chance, seen in self.levels(reward):
                yield count * chance, Exercised(self.cost, seen, asked)

    def levels(self, reward: RewardLaw) -> Iterator[tuple[float, float]]:
        """Rewards that stand for their law, each with its chance."""
        if reward.is_known():
            yield 1.0, float(reward.ppf(0.5))
            return
        ends = np.array(self.cost.support())
        edges = np.array([0.0, *reward.cdf(ends), 1.0])
        place, share = unit_nodes(LEVELS)
        quantile = (edges[:-1, None] + np.diff(edges)[:, None] * place).ravel()
        weight = (np.diff(edges)[:, None] * share).ravel()
        held = weight > 0
        yield from zip(weight[held].tolist(), reward.ppf(quantile[held]).tolist(), strict=True)


def is_one(law: Law) -> bool:
    """Whether a law is of one value."""
    low, high = law.support()
    return low == high


def pieces(breaks: Array, buyers: int) -> Array:
    """`breaks`, and cuts near the top that the best of many buyers need."""
    cuts = 1 - TOP / buyers
    return np.unique(np.concatenate((breaks, cuts[cuts > 0])))


def kth_best(values: RoundValues, buyers: int, rank: int) -> float:
    """E of the sum over the blocks of v_(rank), the rank-th highest of `buyers`; 0 where there are fewer."""
    if rank > buyers:
        return 0.0
    if values.are_one:  # every rank has the same, to the last digit
        return float(values.worth(np.full(1, 0.5))[0])
    place = buyers + 1 - rank
    edges = pieces(values.breaks, buyers)
    return float(integral(lambda u: values.worth(u) * rank_density(u, buyers, place), edges))


def mean_worth(values: RoundValues) -> float:
    """B m: what the round is worth to a buyer that knows no more than the law."""
    return kth_best(values, 1, 1)
