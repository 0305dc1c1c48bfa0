"""The sale of a ticket that matures at block T: what it brings at each block and state, and when to sell.

Source: MODEL section 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from strategies.theory.buyer_types import Types
from strategies.theory.crowd import Arrived, Crowd, Fixed
from strategies.theory.expectation import RewardLaw
from strategies.theory.laws import Array, Law, refuse_few
from strategies.theory.public_state import PublicState
from strategies.theory.reserve import best_reserve
from strategies.theory.sale import Rule

BATCH = 500_000
"""Values held at a time: blocks are taken together up to about that many."""


@dataclass(frozen=True)
class SaleTerms:
    """Who may buy a ticket, what they know, and the rules of the sale.

    `informed` is the share of buyers that know their costs at blocks 0 … T, shape (T + 1,). There are `buyers` of
    them, or those who have arrived at `arrival_rate` a block. `entry_cost` and `reserve` are ETH at the block of
    the sale; the `reserve` None is the one that earns most. `own_cost` is θ_S, None where the holder cannot
    exploit a block. ValueError names what is out of range.
    """

    cost: Law
    informed: Array
    rule: Rule
    seller_rate: float
    buyer_rate: float
    buyers: int | None = None
    arrival_rate: float = 0.0
    entry_cost: float = 0.0
    reserve: float | None = 0.0
    own_cost: float | None = None

    def __post_init__(self) -> None:
        if self.buyers is not None:
            refuse_few(self.buyers, 1, "buyers")
        if min(self.seller_rate, self.buyer_rate) <= -1:
            raise ValueError(f"a discount rate must be above -1, not {min(self.seller_rate, self.buyer_rate)}")
        if min(self.entry_cost, self.reserve or 0.0, self.own_cost or 0.0, self.arrival_rate) < 0:
            raise ValueError("entry cost, reserve, own cost and arrival rate must not be negative")

    @property
    def maturity(self) -> int:
        return self.informed.size - 1

    def crowd(self, blocks: slice) -> Crowd:
        """Who is there at each of `blocks`, for ranks of shape (blocks, S, k)."""
        if self.buyers is not None:
            return Fixed(self.buyers)
        return Arrived(self.arrival_rate * np.arange(self.maturity + 1.0)[blocks, None, None])

    def known(self, blocks: slice) -> Array:
        """The share of informed buyers at each of `blocks`, shape (blocks, 1, 1)."""
        return self.informed[blocks, None, None]


@dataclass(frozen=True)
class SaleTable:
    """A sale at each block and state, shapes (T + 1, S): `values` S_t(x) and `reserve` in ETH of the block.

    `values` counts what the holder earns at T where no one buys. The rest as in `Sale`.
    """

    values: Array
    reserve: Array
    unsold: Array
    last: Array
    threshold: Array
    probability: Array
    entry: Array


def maturity_sales(terms: SaleTerms, state: PublicState) -> SaleTable:
    """S_t(x) = δ_B^(T−t) E[second-highest value among those who bid] + δ_S^(T−t) E[(R_T − θ_S)^+] where unsold."""
    return stack(sell_blocks(terms, state, blocks) for blocks in batches(terms, state))


def batches(terms: SaleTerms, state: PublicState) -> Iterator[slice]:
    """Blocks 0 … T − 1 in batches that fit in memory, and block T."""
    size = max(1, BATCH // (64 * terms.cost.breaks().size * state.rewards.shape[1]))
    for start in range(0, terms.maturity, size):
        yield slice(start, min(start + size, terms.maturity))
    yield slice(terms.maturity, terms.maturity + 1)


def sell_blocks(terms: SaleTerms, state: PublicState, blocks: slice) -> SaleTable:
    """The part of the table for `blocks`, all before T or T alone."""
    law = state.ahead(blocks, terms.maturity)
    steps = terms.maturity - np.arange(terms.maturity + 1.0)[blocks, None]
    kept = own_surplus(terms, law) * (1 + terms.seller_rate) ** -steps
    least = np.zeros(1)
    if blocks.stop > terms.maturity:
        least = kept
    growth = (1 + terms.buyer_rate) ** steps
    bend = None
    if law.is_known():
        bend = law.ppf(np.full((1, 1, 1), 0.5))
    table = sell(terms, blocks, Types(terms.cost, law.surplus, bend=bend), kept, least, growth)
    return spread_out(table, state.rewards.shape[1])


def own_surplus(terms: SaleTerms, law: RewardLaw) -> Array:
    """E[(R − θ_S)^+] for a law of shape (…, 1), 0 where the holder cannot exploit a block; shape (…)."""
    if terms.own_cost is None:
        return np.zeros((1, 1))
    return law.surplus(np.full((1, 1, 1), terms.own_cost))[..., 0]


def sell(
    terms: SaleTerms, blocks: slice, types: Types, kept: Array, least: Array, growth: npt.ArrayLike = 1.0
) -> SaleTable:
    """Sales at `blocks` to `types` whose values weigh 1/growth at the block; other money is ETH of the block.

    `kept` is what the holder earns where no one buys, and `least` what the reserve is at least, both (blocks, S).
    """
    scale = np.broadcast_to(growth, (blocks.stop - blocks.start, 1))
    floor = best_reserve(types, kept * scale) if terms.reserve is None else terms.reserve * scale
    reserve = np.maximum(floor, least * scale)
    sale = terms.rule(types, terms.known(blocks), terms.crowd(blocks), terms.entry_cost * scale, reserve)
    parts = (sale.revenue / scale + kept * sale.unsold, reserve / scale)
    return SaleTable(*parts, sale.unsold, sale.last, sale.threshold, sale.probability, sale.entry)


def spread_out(table: SaleTable, states: int) -> SaleTable:
    """The same with a column for each of `states` states."""
    parts = (getattr(table, part.name) for part in fields(SaleTable))
    return SaleTable(*(np.broadcast_to(part, (len(part), states)) for part in parts))


def stack(tables: Iterable[SaleTable]) -> SaleTable:
    """Tables of adjoining blocks as one."""
    rows = list(tables)
    return SaleTable(*(np.concatenate([getattr(row, part.name) for row in rows]) for part in fields(SaleTable)))


def plan_values(state: PublicState, sales: Array, rate: float, horizons: Array) -> Array:
    """S(t) = δ_S^t E[S_t(x_t)], what a sale at a block fixed at the start is worth then, shape (T + 1,).

    S_t may grow like E[R_horizon | x_t]; `horizons` has a block for each t.
    """
    means = [float(state.mean(block, row, int(horizons[block]))) for block, row in enumerate(sales)]
    return np.asarray(means * (1 + rate) ** -np.arange(float(len(sales))))
