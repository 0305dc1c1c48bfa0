"""Sales of a ticket along paths of rewards whose law only the paths show. Present values in ETH.

What buyers expect is regressed on what is public; what they pay follows from what they expect, and its mean is
that of the values that come about. So the mean over paths is right for any entry that is fixed without knowledge
of the rewards to come.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from strategies.theory.buyer_types import Types
from strategies.theory.crowd import Crowd, Thinned
from strategies.theory.curve import Curve
from strategies.theory.laws import Array
from strategies.theory.least_squares import Features, regress_positive
from strategies.theory.ranked_auction import second_price_auction
from strategies.theory.sale import uninformed_sale
from strategies.theory.ticket_sale import SaleTable, SaleTerms, sell
from strategies.theory.window import BlockRight, mean_over

Worth = Callable[[Array], Array]
"""Values on each path by cost, (…, k) → (…, n, k)."""

COSTS = 33
"""Costs at which buyers' expectations are regressed; between them they are interpolated."""


@dataclass(frozen=True)
class Sample:
    """Paths of rewards of blocks 0 … T, shape (n, T + 1), and what is public on each at each block."""

    rewards: Array
    features: Features

    @property
    def last(self) -> int:
        return int(self.rewards.shape[1]) - 1


@dataclass(frozen=True)
class Beliefs:
    """What each cost of `grid`, (M,), expects of a ticket: `coefficients` for blocks 0 … T − 1, (T, b, M)."""

    grid: Array
    coefficients: Array

    def worth(self, block: int, features: Array) -> Curve:
        """The expected value by cost on each path: not negative, never rising in θ."""
        values = np.exp(features @ self.coefficients[block])
        return Curve(self.grid[0], self.grid[-1], np.minimum.accumulate(values, axis=1))


def path_costs(terms: SaleTerms) -> Array:
    """Even steps over the costs of buyers and holder, shape (COSTS,)."""
    low, high = terms.cost.support()
    if terms.own_cost is not None:
        low = min(low, terms.own_cost)
        high = max(high, terms.own_cost)
    if high <= low:
        high = low + 1
    return np.linspace(low, high, COSTS)


def maturity_beliefs(terms: SaleTerms, sample: Sample) -> Beliefs:
    """E[(R_T − θ)^+] given what is public at each block before T."""
    grid = path_costs(terms)
    surplus = np.maximum(sample.rewards[:, -1:] - grid, 0.0)
    fits = [regress_positive(sample.features(block), surplus) for block in range(sample.last)]
    return Beliefs(grid, np.array(fits).reshape(sample.last, -1, grid.size))


def maturity_payoffs(terms: SaleTerms, sample: Sample, beliefs: Beliefs | None) -> Array:
    """What a sale at each block brings, shape (n, T + 1), for a ticket that matures at T.

    Without `beliefs` all buyers bid, so that nothing depends on what they expect (`all_bid`).
    """

    def spot(cost: Array) -> Array:
        return np.asarray(np.maximum(sample.rewards[:, -1:] - cost, 0.0))

    if beliefs is None and terms.buyers is not None:
        late = payoff(terms, sample.last, 0, spot, spot)
        patience = (1 + terms.seller_rate) / (1 + terms.buyer_rate)
        return np.asarray(np.multiply.outer(late, patience ** np.arange(sample.last, -1.0, -1.0)))
    columns = []
    for block in range(sample.last + 1):
        believed: Worth = spot
        if beliefs is not None and block < sample.last:
            believed = beliefs.worth(block, sample.features(block))
        columns.append(payoff(terms, block, sample.last - block, believed, spot))
    return np.stack(columns, axis=1)


def all_bid(terms: SaleTerms) -> bool:
    """Whether every buyer bids at every block, whatever it expects, in the order of costs."""
    return terms.entry_cost == 0 and terms.reserve == 0 and terms.own_cost is None and terms.informed.min() == 1


def window_beliefs(terms: SaleTerms, sample: Sample) -> Beliefs:
    """What waiting is worth to each cost at each block, by least squares on what the rule found so far earns."""
    grid = path_costs(terms)
    cash = np.maximum(sample.rewards[:, -1:] - grid, 0.0)
    fits = []
    for block in range(sample.last - 1, -1, -1):
        known = sample.features(block)
        cash = cash / (1 + terms.buyer_rate)
        fits.append(regress_positive(known, cash))
        now = sample.rewards[:, block, None] - grid
        cash = np.where(now > np.exp(known @ fits[-1]), now, cash)
    return Beliefs(grid, np.array(fits[::-1]).reshape(sample.last, -1, grid.size))


def window_payoffs(terms: SaleTerms, sample: Sample, beliefs: Beliefs) -> Array:
    """What a sale of the right to the rest of the window brings at each block, shape (n, T + 1)."""
    grid = beliefs.grid
    columns = []
    cash = np.zeros((len(sample.rewards), grid.size))
    for block in range(sample.last, -1, -1):
        waiting = no_waiting(grid)
        if block < sample.last:
            waiting = beliefs.worth(block, sample.features(block))
        right = BlockRight(sample.rewards[:, block, None], waiting)
        now = sample.rewards[:, block, None] - grid
        cash = np.where(now > waiting(grid), now, cash / (1 + terms.buyer_rate))
        columns.append(payoff(terms, block, 0, right.worth, Curve(grid[0], grid[-1], cash)))
    return np.stack(columns[::-1], axis=1)


def spot_payoffs(terms: SaleTerms, sample: Sample) -> Array:
    """What an auction of each block alone brings, shape (n, T + 1)."""
    rights = [
        BlockRight(sample.rewards[:, block, None], no_waiting(path_costs(terms)))
        for block in range(sample.last + 1)
    ]
    return np.stack(
        [payoff(terms, block, 0, right.spot, right.spot) for block, right in enumerate(rights)], axis=1
    )


def no_waiting(grid: Array) -> Curve:
    """Nothing comes of waiting."""
    return Curve(grid[0], grid[-1], np.zeros((1, grid.size)))


def payoff(terms: SaleTerms, block: int, steps: int, believed: Worth, realised: Worth) -> Array:
    """A sale at a block, `steps` before the value is realised, in present value at block 0; shape (n,)."""
    growth = (1 + terms.buyer_rate) ** steps
    blocks = slice(block, block + 1)
    kept, earned = (own_value(terms, worth, steps) for worth in (believed, realised))
    expected = Types(terms.cost, believed)
    least = np.zeros(1)
    if steps == 0:
        least = kept
    sale = sell(terms, blocks, expected, kept, least, growth)
    revenue = realised_revenue(terms, blocks, expected, realised, sale, growth)
    return np.asarray((revenue / growth + earned * sale.unsold)[0] * (1 + terms.seller_rate) ** -float(block))


def own_value(terms: SaleTerms, worth: Worth, steps: int) -> Array:
    """The holder's own value at the block of the sale, shape (1, n) or (1, 1)."""
    if terms.own_cost is None:
        return np.zeros((1, 1))
    own: Array = worth(np.full(1, terms.own_cost))[:, 0]
    return np.asarray(own[None, :] * (1 + terms.seller_rate) ** -float(steps))


def realised_revenue(
    terms: SaleTerms, blocks: slice, expected: Types, realised: Worth, sale: SaleTable, growth: float
) -> Array:
    """The revenue where those who enter as they do by what they expect are worth what comes about, (1, n)."""
    informed = terms.known(blocks)
    mean = mean_over(terms.cost, realised)

    def value_at(rank: Array) -> Array:
        if np.min(informed) >= 1:
            return realised(terms.cost.ppf(rank))
        own, unaware = expected.place(rank, informed)
        return np.where(unaware, mean[:, None], realised(terms.cost.ppf(own)))

    crowd: Crowd = terms.crowd(blocks)
    if terms.rule is uninformed_sale:
        crowd = Thinned(crowd, sale.probability[..., None])
    last = np.broadcast_to(sale.last, (1, mean.size))
    auction = second_price_auction(value_at, expected.edges(informed), crowd, last, sale.reserve * growth)
    return auction.revenue
