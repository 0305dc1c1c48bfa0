"""The cost of the best, or the second best, of several buyers, and what a block brings on average over it."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from math import comb, exp
from typing import NamedTuple

import numpy as np

from chain.last_answer import last_answer
from chain.rewards import Outlook
from market.cost_laws import PublicCost

MOST_NODES = 32  # as on each side of the mean reward, near which a narrow law makes the surplus bend
NEGLIGIBLE = 45.0  # e^−45: a chance that no double can tell from 0 beside 1
HALVINGS = 50

Surplus = Callable[[float], float]
"""What is left over a cost, Gwei, by the share of costs below it."""

Nodes = tuple[tuple[float, float], ...]
"""Places on [0, 1] with their weights."""


class RankedCost(NamedTuple):
    """The `rank`-th lowest of `draws` costs with one law; rank 1 is the lowest."""

    law: PublicCost
    draws: int
    rank: int

    def density(self, share: float) -> float:
        """Of the share of all costs that lie below it, Beta(k, n − k + 1). Source: Krishna (2010), appendix C."""
        below, above = self.rank - 1, self.draws - self.rank
        ways = self.rank * comb(self.draws, self.rank)
        return float(ways * share**below * (1 - share) ** above)


def typical(law: PublicCost) -> RankedCost:
    """One cost."""
    return RankedCost(law, 1, 1)


def second_best(law: PublicCost, buyers: int) -> RankedCost:
    """The second-lowest of so many buyers' costs; of one buyer, its own."""
    return RankedCost(law, buyers, min(buyers, 2))


@last_answer
def average_surplus(outlook: Outlook, block: int, cost: RankedCost) -> float:
    """E[(R_block − θ)^+], θ the ranked cost, Gwei: by Gauss–Legendre over the costs at which anything is left.

    Exact where every block is worth exploiting; where rewards may fall below costs, within 1e-4 of the mean cost.
    """
    return kept_average(*outlook.alike(block), cost)


@lru_cache(maxsize=1024)
def kept_average(outlook: Outlook, block: int, cost: RankedCost) -> float:
    """The same, worked out once."""
    end, mean = likely_end(cost), outlook.expected_reward(block)
    bend = cost.law.share_below(mean)
    if mean <= cost.law.quantile(end):  # else something is left over every likely cost
        end = last_with_surplus(outlook, block, cost, end)
    if bend >= end:
        return surplus_between(outlook, block, cost, 0.0, end, node_count(cost.draws))
    pieces = ((0.0, bend), (bend, end))
    return sum(surplus_between(outlook, block, cost, *piece, MOST_NODES) for piece in pieces)


def last_with_surplus(outlook: Outlook, block: int, cost: RankedCost, end: float) -> float:
    """The share of costs, up to `end`, over which anything is left. Of a reward that is known the surplus has a
    kink there, up to which it is smooth."""

    def surplus(share: float) -> float:
        return outlook.expected_surplus(block, cost.law.quantile(share))

    return end if surplus(end) > 0 else last_with(surplus, end)


def surplus_between(outlook: Outlook, block: int, cost: RankedCost, start: float, end: float, count: int) -> float:
    """The part of the average over the shares of costs from `start` to `end`, by so many nodes."""
    costs, weights = costs_between(cost, start, end, count)
    total = 0.0
    for weight, surplus in zip(weights, outlook.expected_surpluses(block, costs), strict=True):
        total += weight * surplus
    return (end - start) * total


@lru_cache(maxsize=64)
def costs_between(
    cost: RankedCost, start: float, end: float, count: int
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The costs at the nodes, Gwei, and what the surplus over each weighs: the same for most blocks of a run."""
    shares = [(start + (end - start) * place, weight) for place, weight in legendre(count)]
    costs = tuple(cost.law.quantile(share) for share, _ in shares)
    return costs, tuple(weight * cost.density(share) for share, weight in shares)


def likely_end(cost: RankedCost) -> float:
    """The share of costs below which the ranked one lies but for a chance of e^−45."""
    others = cost.draws - cost.rank
    return 1.0 if others == 0 else 1 - exp(-NEGLIGIBLE / others)


def last_with(surplus: Surplus, end: float) -> float:
    """The share of costs at which a falling surplus becomes 0."""
    low, high = 0.0, end
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if surplus(middle) > 0:
            low = middle
        else:
            high = middle
    return low


def node_count(draws: int) -> int:
    """As many nodes as make the average of a straight line exact, and that of a smooth curve nearly so."""
    return min(8 + draws // 2, MOST_NODES)


@lru_cache(maxsize=MOST_NODES)
def legendre(count: int) -> Nodes:
    """Gauss–Legendre on [0, 1]."""
    place, weight = np.polynomial.legendre.leggauss(count)
    return tuple(zip(((place + 1) / 2).tolist(), (weight / 2).tolist(), strict=True))
