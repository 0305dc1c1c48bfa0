"""A ticket that may propose any one block of a window, and its sale. ETH of the block.

Source: MODEL section 5.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from strategies.theory.buyer_types import Types
from strategies.theory.curve import Curve
from strategies.theory.laws import Array, Law, UniformLaw
from strategies.theory.public_state import PublicState
from strategies.theory.quadrature import integral, last_gain
from strategies.theory.ticket_sale import SaleTable, SaleTerms, sell, spread_out, stack

COSTS, KNOWN_COSTS = 129, 20_001
"""Costs θ for which windows are valued, between which the value of waiting is interpolated.

A known reward leaves kinks in it that no chance smooths, and one state, so that more costs cost little.
"""


@dataclass(frozen=True)
class BlockRight:
    """The right at one block: `reward` R_t, shape (S, 1), and what `waiting` is worth, δ E[W_{t+1}(x'; θ) | x].

    `unaware` is the value to a holder that does not know θ before it proposes, shape (S,), None if all know.
    """

    reward: Array
    waiting: Curve
    unaware: Array | None = None

    def worth(self, cost: Array) -> Array:
        """W_t(x; θ) = max((R_t − θ)^+, δ E[W_{t+1}(x'; θ) | x]) for costs (…, k) that broadcast with (S, k)."""
        return np.asarray(np.maximum(self.reward - cost, self.waiting(cost)))

    @property
    def last_exerciser(self) -> Array:
        """The highest cost at which the right is exercised now, a kink of `worth`, shape (S, 1).

        Between costs of the table only: R_t − θ falls faster in θ than the value of waiting.
        """
        low = self.waiting.low
        high = self.waiting.high

        def gain(part: Array) -> Array:
            cost = low + part * (high - low)
            return np.asarray(self.reward - cost - self.waiting(cost))

        return low + last_gain(gain, self.reward.shape) * (high - low)

    def spot(self, cost: Array) -> Array:
        """(R_t − θ)^+, what the block itself is worth."""
        return np.asarray(np.maximum(self.reward - cost, 0.0))


def rights(state: PublicState, cost: Law, rate: float, informed: Array) -> Iterator[BlockRight]:
    """The right at blocks T, T − 1, … 0 for all costs of the law.

    A holder who does not know θ learns it at t + 1 with chance (i_{t+1} − i_t)/(1 − i_t), i_t the share of
    `informed` buyers, shape (T + 1,), or by proposing.
    """
    grid = cost_grid(cost, state)
    waiting = np.zeros((1, grid.size))
    unaware = np.zeros(1)
    for block in range(informed.size - 1, -1, -1):
        curve = Curve(grid[0], grid[-1], waiting)
        right = BlockRight(state.rewards[block][:, None], curve)
        if informed[0] < 1:
            right = BlockRight(right.reward, curve, state.best(mean_over(cost, right.spot), unaware))
        yield right
        if block > 0:
            waiting = state.option(block - 1, grid, waiting) / (1 + rate)
            if right.unaware is not None:
                unaware = unaware_waiting(state, cost, rate, informed, block, right)


def unaware_waiting(
    state: PublicState, cost: Law, rate: float, informed: Array, block: int, right: BlockRight
) -> Array:
    """What waiting at `block` − 1 is worth to one who does not know θ then, shape (S,)."""
    assert right.unaware is not None
    learns = (informed[block] - informed[block - 1]) / (1 - informed[block - 1])
    knowing = mean_over(cost, right.worth)
    return state.expected(block - 1, learns * knowing + (1 - learns) * right.unaware, block) / (1 + rate)


def mean_over(cost: Law, worth: Callable[[Array], Array]) -> Array:
    """E[worth(θ)], shapes (k,) → (S, k) for `worth`, (S,) for the mean."""
    return integral(lambda quantile: worth(cost.ppf(quantile)), cost.breaks())


def cost_grid(cost: Law, state: PublicState) -> Array:
    """Even steps over the support, or from its only value upwards, shape (M,)."""
    low, high = cost.support()
    if high <= low:
        high = low + 1
    count = KNOWN_COSTS
    if state.is_random():
        count = COSTS
    return np.linspace(low, high, count)


@dataclass(frozen=True)
class WindowSales:
    """Tables of selling the right to the rest of the window, and of selling the block itself."""

    right: SaleTable
    spot: SaleTable


def window_sales(terms: SaleTerms, state: PublicState) -> WindowSales:
    """S_t(x) = E[second-highest W_t(x; θ) among those who bid] + W_t(x; θ_S) where unsold; and the spot auctions.

    The holder who can exploit a block itself asks for at least what the right is worth to it.
    """
    buyers = rights(state, terms.cost, terms.buyer_rate, terms.informed)
    owner = owners(terms, state)
    parts = [
        (
            sell_right(terms, state, terms.maturity - age, *pair),
            sell_spot(terms, state, terms.maturity - age, *pair),
        )
        for age, pair in enumerate(zip(buyers, owner, strict=True))
    ]
    right, spot = (stack(reversed(column)) for column in zip(*parts, strict=True))
    return WindowSales(right, spot)


def owners(terms: SaleTerms, state: PublicState) -> Iterator[BlockRight | None]:
    """The right to the holder itself at blocks T, … 0, None where it cannot exploit a block."""
    if terms.own_cost is None:
        return iter([None] * (terms.maturity + 1))
    return rights(
        state, UniformLaw(terms.own_cost, terms.own_cost), terms.seller_rate, np.ones(terms.maturity + 1)
    )


def sell_right(
    terms: SaleTerms, state: PublicState, block: int, right: BlockRight, own: BlockRight | None
) -> SaleTable:
    """A row of the table: the right to the rest of the window."""
    types = right_types(terms, right)
    kept = np.zeros((1, 1))
    if own is not None:
        kept = own.worth(np.full(1, terms.own_cost))[:, 0][None, :]
    return spread_out(sell(terms, slice(block, block + 1), types, kept, kept), state.rewards.shape[1])


def right_types(terms: SaleTerms, right: BlockRight) -> Types:
    """The buyers of the right to the rest of the window. Their value bends where they stop exercising."""
    unaware = None
    if right.unaware is not None:
        unaware = right.unaware[None, :]
    return Types(terms.cost, right.worth, unaware, right.last_exerciser[None, :])


def sell_spot(
    terms: SaleTerms, state: PublicState, block: int, right: BlockRight, own: BlockRight | None
) -> SaleTable:
    """A row of the table: the block alone, whose buyer proposes it or nothing."""
    types = Types(terms.cost, right.spot, bend=right.reward[None, :])
    kept = np.zeros((1, 1))
    if own is not None:
        kept = own.spot(np.full(1, terms.own_cost))[:, 0][None, :]
    return spread_out(sell(terms, slice(block, block + 1), types, kept, kept), state.rewards.shape[1])
