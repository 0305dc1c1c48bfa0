"""A ticket that a lottery draws, and its sale before or at the draw. ETH of the block.

Block 0 is the end of the slot of mint, the draws are at blocks 1 … T. Source: MODEL section 6.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt

from strategies.theory.buyer_types import Types
from strategies.theory.curve import Curve
from strategies.theory.expectation import RewardLaw
from strategies.theory.laws import Array, Law, UniformLaw
from strategies.theory.lottery_ticket import discounted_draw
from strategies.theory.public_state import PublicState
from strategies.theory.ticket_sale import SaleTable, SaleTerms, own_surplus, plan_values, sell, spread_out, stack
from strategies.theory.window import cost_grid, mean_over

Worth = Callable[[Array], Array]
"""What a ticket is worth to a buyer with cost θ."""


@dataclass(frozen=True)
class Lottery:
    """`tickets` u in the urn, the block `lookahead` L after the draw."""

    tickets: int
    lookahead: int

    @property
    def chance(self) -> float:
        """1/u, of being drawn."""
        return 1 / self.tickets


@dataclass(frozen=True)
class LotterySales:
    """Tables of selling an undrawn ticket at blocks 0 … T, and one that is drawn there (at block 0 none is).

    `kept` is what an undrawn ticket is worth at block 0 to a buyer of unknown cost who keeps it, ETH.
    """

    undrawn: SaleTable
    drawn: SaleTable
    kept: float


def lottery_sales(terms: SaleTerms, state: PublicState, lottery: Lottery) -> LotterySales:
    """Ex ante and ex post sales of a ticket with T draws; `state` reaches L blocks beyond the last."""
    bought = [*holdings(terms, state, terms.cost, terms.buyer_rate, lottery)]
    own: Sequence[npt.ArrayLike] = [0.0] * len(bought)
    if terms.own_cost is not None:
        own = owner_values(terms, state, lottery)
    undrawn = [
        sell_undrawn(terms, state, block, worth, kept)
        for block, (worth, kept) in enumerate(zip(reversed(bought), reversed(own), strict=True))
    ]
    drawn = [sell_drawn(terms, state, lottery, block) for block in range(len(bought))]
    kept = mean_over(terms.cost, bought[-1])
    return LotterySales(stack(undrawn), stack(drawn), float(np.ravel(kept)[0]))


def owner_values(terms: SaleTerms, state: PublicState, lottery: Lottery) -> list[Array]:
    """What the ticket is worth to the holder itself at blocks T, … 0, each of shape (S,)."""
    assert terms.own_cost is not None
    cost = np.full(1, terms.own_cost)
    law = UniformLaw(terms.own_cost, terms.own_cost)
    return [np.atleast_2d(worth(cost))[:, 0] for worth in holdings(terms, state, law, terms.seller_rate, lottery)]


def sell_undrawn(terms: SaleTerms, state: PublicState, block: int, worth: Worth, kept: npt.ArrayLike) -> SaleTable:
    """A row of the table: a ticket that takes part in the draws after `block`."""
    own = np.atleast_2d(kept)
    table = sell(terms, slice(block, block + 1), Types(terms.cost, worth), own, np.zeros(1))
    return spread_out(table, state.rewards.shape[1])


def sell_drawn(terms: SaleTerms, state: PublicState, lottery: Lottery, block: int) -> SaleTable:
    """A row of the table: a ticket drawn at `block` for L blocks later; every buyer knows its cost."""
    law = proposal_law(state, lottery, block)
    bend = None
    if law.is_known():
        bend = law.ppf(np.full((1, 1, 1), 0.5))
    kept = own_surplus(terms, law) * (1 + terms.seller_rate) ** -lottery.lookahead
    knowing = replace(terms, informed=np.ones_like(terms.informed))
    growth = (1 + terms.buyer_rate) ** lottery.lookahead
    types = Types(terms.cost, law.surplus, bend=bend)
    return spread_out(sell(knowing, slice(block, block + 1), types, kept, kept, growth), state.rewards.shape[1])


def holdings(terms: SaleTerms, state: PublicState, cost: Law, rate: float, lottery: Lottery) -> Iterator[Worth]:
    """B_t(x; θ) of an undrawn ticket at blocks T, … 0: a function of θ, (k,) → (S, k) or (k,).

    Where rewards are alike it is E[(R − θ)^+] times what a draw is discounted by.
    """
    law = state.steady()
    if law is None:
        yield from moving_holdings(state, cost, rate, terms.maturity, lottery)
        return
    for left in range(terms.maturity + 1):
        factor = 0.0
        if left:
            factor = discounted_draw(lottery.tickets, rate, left)
        yield partial(scaled, law, factor * (1 + rate) ** -lottery.lookahead)


def scaled(law: RewardLaw, factor: float, cost: Array) -> Array:
    """`factor` E[(R − θ)^+]."""
    return factor * law.surplus(cost)


def moving_holdings(state: PublicState, cost: Law, rate: float, draws: int, lottery: Lottery) -> Iterator[Worth]:
    """B_t(x; θ) of an undrawn ticket at blocks T, … 0: δ E[(1/u) δ^L w_{t+1+L} + (1 − 1/u) B_{t+1} | x_t].

    w_s = (R_s − θ)^+; a ticket that is not drawn by T is worth nothing.
    """
    grid = cost_grid(cost, state)
    held = np.zeros((1, grid.size))
    for block in range(draws, -1, -1):
        yield Curve(grid[0], grid[-1], held)
        if block > 0:
            prize = proposal_law(state, lottery, block).surplus(grid)[0] * (1 + rate) ** -lottery.lookahead
            later = lottery.chance * prize + (1 - lottery.chance) * held
            states = np.broadcast_to(later, (state.rewards.shape[1], grid.size))
            held = state.expected(block - 1, states, block + lottery.lookahead) / (1 + rate)


def proposal_law(state: PublicState, lottery: Lottery, block: int) -> RewardLaw:
    """The law of the reward that a ticket drawn at a block will bring, in the states of that block."""
    return state.ahead(slice(block, block + 1), block + lottery.lookahead)


def mixed_plans(state: PublicState, sales: LotterySales, chance: float, rate: float, horizons: Array) -> Array:
    """S(t): sell at block t a ticket that is undrawn until then, else when it is drawn; shape (T + 1,).

    S(0) is the sale at mint, S(T) the ex-post sale alone.
    """
    drawn = plan_values(state, sales.drawn.values, rate, horizons)
    undrawn = plan_values(state, sales.undrawn.values, rate, horizons)
    left = (1 - chance) ** np.arange(drawn.size)
    before = np.append(0.0, np.cumsum(chance * left[:-1] * drawn[1:]))
    return np.asarray(before + left * undrawn)


def endless_sales(terms: SaleTerms, state: PublicState, lottery: Lottery) -> tuple[float, float, float]:
    """A ticket without expiry: the sale at mint, the sale at the draw, and what it is worth kept; present values.

    `terms` and `state` are those of one draw; rewards must be alike, for which waiting changes nothing.
    """
    law = state.steady()
    assert law is not None
    late = (1 + terms.buyer_rate) ** -lottery.lookahead
    held = partial(scaled, law, late * discounted_draw(lottery.tickets, terms.buyer_rate))
    own_late = (1 + terms.seller_rate) ** -lottery.lookahead
    own_wait = discounted_draw(lottery.tickets, terms.seller_rate)
    own = own_surplus(terms, law)[0] * own_late * own_wait
    horizon = 1 + lottery.lookahead
    at_mint = state.mean(0, sell_undrawn(terms, state, 0, held, own).values[0], horizon)
    at_draw = state.mean(1, sell_drawn(terms, state, lottery, 1).values[0], horizon) * own_wait
    return float(at_mint), float(at_draw), float(np.ravel(mean_over(terms.cost, held))[0])
