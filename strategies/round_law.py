"""What a round is worth to a buyer, as all others see it: the law of a sum over its blocks, Gwei.

Each block is worth E[(R − θ)^+] to a buyer with cost θ; costs of different blocks are independent.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from chain.rewards import Outlook
from market.cost_laws import PublicCost
from market.view import View
from strategies.theory.laws import Array
from strategies.theory.summed_values import Lattice, cdf_at, spread, together
from strategies.valuation import discount

COSTS, LEVELS, CELLS = 257, 8192, 2048
"""Costs at which blocks are valued; quantiles of a block's value, in a straight line between them; points on which
these are put."""

_SHARES = (np.arange(LEVELS) + 0.5) / LEVELS
_KNOTS = np.linspace(0.0, 1.0, COSTS)


def law_of_round(view: View, blocks: Sequence[int], law: PublicCost, discount_rate: float) -> Lattice:
    """The law of Σ_b δ^(b−t) E[(R_b − θ_b)^+] over these blocks."""
    dates = tuple(discount(discount_rate, block - view.slot) for block in blocks)
    return law_of_sum(view.outlook, tuple(blocks), dates, law)  # type: ignore[arg-type]  # laws are hashable


@lru_cache(maxsize=256)
def law_of_sum(outlook: Outlook, blocks: tuple[int, ...], dates: tuple[float, ...], law: PublicCost) -> Lattice:
    """The same, each block with its δ^(b−t)."""
    values = [date * values_of(outlook, block, law) for block, date in zip(blocks, dates, strict=True)]
    low, high = min(map(np.min, values)), max(map(np.max, values))
    step = (high - low) / (CELLS - 1)
    if high - low < 1:  # less than a Gwei: all agree
        return Lattice(float(low) * len(values), 1.0, np.ones(1))
    chances = np.full(LEVELS, 1 / LEVELS)
    return together([spread(one, chances, low, step, CELLS) for one in values], [1] * len(values))


def values_of(outlook: Outlook, block: int, law: PublicCost) -> Array:
    """What a block is worth at evenly spaced quantiles of costs, shape (`LEVELS`,)."""
    known = outlook.expected_surpluses(block, costs_of(law))  # type: ignore[arg-type]
    return np.asarray(np.interp(_SHARES, _KNOTS, known))


@lru_cache(maxsize=64)
def costs_of(law: PublicCost) -> tuple[float, ...]:
    """The costs at which blocks are valued, Gwei."""
    return tuple(law.quantile(share) for share in _KNOTS.tolist())


def best_price(worth: Lattice) -> float:
    """The r with the most r (1 − G(r)). Source: Myerson (1981); Riley and Zeckhauser (1983)."""
    asked = worth.points * (1 - np.cumsum(worth.mass) + worth.mass)
    return float(worth.points[int(np.argmax(asked))])


def best_rival(worth: Lattice, value: float, rivals: int) -> float:
    """E[v_(1:n−1) | v_(1:n−1) < v] = v − ∫^v (G(x)/G(v))^(n−1) dx. Source: Krishna (2010), proposition 2.2."""
    at = cdf_at(worth, value)
    if at <= 0:
        return value
    ends = worth.points + worth.step / 2
    chances = (np.clip(np.cumsum(worth.mass), 0.0, 1.0) / at) ** rivals
    areas = np.append(0.0, np.cumsum((chances[1:] + chances[:-1]) / 2 * worth.step))
    return max(value - float(np.interp(value, ends, areas)), float(worth.low))
