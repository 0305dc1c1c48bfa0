"""What the theory says that the game will show."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from experiments.lab.model.solution import Solution
from experiments.lab.model.solve import solve
from experiments.lab.model.spec import Model
from experiments.lab.model.terms import make_terms, public_state
from strategies.theory.buyer_types import Types
from strategies.theory.laws import Array
from strategies.theory.public_state import PublicState
from strategies.theory.sale import Sale, informed_sale
from strategies.theory.stopping import Stopping, best_stopping
from strategies.theory.ticket_sale import Terms, maturity_sales, own_surplus


@dataclass(frozen=True)
class Expected:
    """Of one way to sell: what it brings, present value in ETH, entrants in the sale, and efficiency."""

    mean: float | None
    entrants: float | None
    efficiency: float | None


class Forecast:
    """The solution of a model, and what follows from it for a sale at each block or by the best policy."""

    def __init__(self, model: Model) -> None:
        self.solution: Solution = solve(model)
        self._terms: Terms = make_terms(model)
        self._state: PublicState = public_state(model, self._terms.maturity)

    @property
    def spot(self) -> float:
        """What the spot auction brings."""
        assert self.solution.spot_value is not None
        return self.solution.spot_value

    def at_block(self, block: int) -> Expected:
        """Of a sale at a block that is fixed at the start."""
        assert self.solution.sale_value is not None
        chances = np.zeros((self._terms.maturity + 1, self._state.rewards.shape[1]))
        chances[block] = self._state.weights(block)
        return Expected(self.solution.sale_value[block], *self._turnout(chances))

    def by_policy(self) -> Expected:
        """Of the best policy."""
        if self.solution.sale_region is None:
            assert self.solution.optimal_block is not None
            return self.at_block(self.solution.optimal_block)
        return Expected(self.solution.value, *self._turnout(selling_chances(self._stopping)))

    @cached_property
    def _stopping(self) -> Stopping:
        terms = self._terms
        values = maturity_sales(terms, self._state).values
        horizons = np.full(terms.maturity + 1, float(terms.maturity))
        return best_stopping(self._state, values, terms.seller_rate, horizons)

    def _turnout(self, chances: Array) -> tuple[float, float | None]:
        """Entrants and efficiency where a sale happens at each block and state with `chances`, (T + 1, S)."""
        terms, crowd, made = self._terms, 0.0, 0.0
        for block in np.flatnonzero(chances.any(axis=1)).tolist():
            sale = sale_at(terms, self._state, block)
            present = terms.buyers if terms.buyers is not None else terms.arrival_rate * block
            crowd += float(np.sum(chances[block] * present * sale.entry))
            made += float(np.sum(chances[block] * sale.welfare))
        return crowd, None if terms.own_cost is not None or not self._best else made / self._best

    @cached_property
    def _best(self) -> float:
        """E[(R_T − lowest cost)^+], ETH."""
        open_to_all = replace(self._terms, entry_cost=0.0, reserve=0.0, own_cost=None, rule=informed_sale)
        last = self._terms.maturity
        return float(np.sum(self._state.weights(last) * sale_at(open_to_all, self._state, last).welfare))


def sale_at(terms: Terms, state: PublicState, block: int) -> Sale:
    """The sale at one block in each state, in ETH at block T."""
    blocks, steps = slice(block, block + 1), terms.maturity - block
    law, growth = state.ahead(blocks, terms.maturity), (1 + terms.buyer_rate) ** steps
    bend = law.ppf(np.full((1, 1, 1), 0.5)) if law.is_known() else None
    kept = own_surplus(terms, law) * (1 + terms.seller_rate) ** -float(steps)
    reserve = maturity_reserve(terms, state, block, growth, kept)
    types = Types(terms.cost, law.surplus, bend=bend)
    return terms.rule(
        types, terms.known(blocks), terms.crowd(blocks), np.full((1, 1), terms.entry_cost * growth), reserve
    )


def maturity_reserve(terms: Terms, state: PublicState, block: int, growth: float, kept: Array) -> Array:
    """The reserve at one block in each state, in ETH at block T."""
    del kept
    return maturity_sales(terms, state).reserve[block : block + 1] * growth


def selling_chances(stopping: Stopping) -> Array:
    """The chance of selling at each block and state, shape (T + 1, S)."""
    chances, law = np.zeros(stopping.gains.shape), stopping.state.weights(0)
    for block, share in enumerate(stopping.shares):
        chances[block] = law * share
        if block < len(chances) - 1:
            law = stopping.state.spread(block, law * (1 - share))
    return chances
