"""What the theory says that the game will show."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from experiments.lab.models.model.game import SolvedModel, make_game
from experiments.lab.models.model.solution import Solution
from experiments.lab.models.model.solving import solve
from experiments.lab.models.model.spec import Model
from strategies.theory.buyer_types import Types
from strategies.theory.laws import Array
from strategies.theory.sale import Sale, informed_sale
from strategies.theory.stopping import Stopping
from strategies.theory.ticket_sale import SaleTerms
from strategies.theory.window_fates import Fates

Turnout = tuple[float | None, float | None]
"""Entrants in a sale and efficiency, None for what theory does not give."""


@dataclass(frozen=True)
class Expected:
    """Of one way to sell: what it brings, present value in ETH, entrants in the sale, and efficiency; of a window
    when it is sold and exercised."""

    mean: float | None
    entrants: float | None
    efficiency: float | None
    fates: Fates | None = None


class Forecast(ABC):
    """The solution of a model, and what follows from it for a sale at each block or by the best policy."""

    def __init__(self, model: Model) -> None:
        self.solution: Solution = solve(model)

    @property
    def spot(self) -> float:
        """What the spot auction brings."""
        assert self.solution.spot_value is not None
        return self.solution.spot_value

    def at_block(self, block: int) -> Expected:
        """Of a sale at a block that is fixed at the start."""
        assert self.solution.sale_value is not None
        return Expected(self.solution.sale_value[block], *self.turnout_at(block), self.fates_at(block))

    def by_policy(self) -> Expected:
        """Of the best policy."""
        if self.solution.sale_region is None:
            assert self.solution.optimal_block is not None
            return self.at_block(self.solution.optimal_block)
        return Expected(self.solution.value, *self.turnout_of_policy(), self.fates_of_policy())

    def fates_at(self, block: int) -> Fates | None:  # noqa: ARG002
        """When tickets offered at a block are sold and exercised; None but for windows."""
        return None

    def fates_of_policy(self) -> Fates | None:
        """The same of tickets that are offered by the policy."""
        return None

    @abstractmethod
    def turnout_at(self, block: int) -> Turnout:
        """Entrants and efficiency of a sale at a block."""

    @abstractmethod
    def turnout_of_policy(self) -> Turnout:
        """Entrants and efficiency of sales by the policy."""


class MaturityForecast(Forecast):
    """Of a ticket for the block of its maturity."""

    def __init__(self, model: Model) -> None:
        super().__init__(model)
        self._game: SolvedModel = make_game(model)

    def turnout_at(self, block: int) -> Turnout:
        chances = np.zeros(self._game.table.values.shape)
        chances[block] = self._game.state.weights(block)
        return self._turnout(chances)

    def turnout_of_policy(self) -> Turnout:
        return self._turnout(selling_chances(self._game.stopping))

    def _turnout(self, chances: Array) -> Turnout:
        """Entrants and efficiency where a sale happens at each block and state with `chances`, (T + 1, S)."""
        terms = self._game.terms
        crowd = 0.0
        made = 0.0
        for block in np.flatnonzero(chances.any(axis=1)).tolist():
            sale = sale_at(self._game, terms, block, self._game.table.reserve[block])
            present = present_at(terms, block)
            crowd += float(np.sum(chances[block] * present * sale.entry))
            made += float(np.sum(chances[block] * sale.welfare))
        if terms.own_cost is not None or not self._best:
            return crowd, None
        return crowd, made / self._best

    @cached_property
    def _best(self) -> float:
        """E[(R_T − lowest cost)^+], ETH."""
        terms = self._game.terms
        open_to_all = replace(terms, entry_cost=0.0, rule=informed_sale)
        sale = sale_at(self._game, open_to_all, terms.maturity, np.zeros(1))
        return float(np.sum(self._game.state.weights(terms.maturity) * sale.welfare))


def sale_at(game: SolvedModel, terms: SaleTerms, block: int, reserve: Array) -> Sale:
    """The sale at one block in each state on some terms, in ETH at block T; `reserve` in ETH of the block."""
    blocks = slice(block, block + 1)
    growth = (1 + terms.buyer_rate) ** (terms.maturity - block)
    law = game.state.ahead(blocks, terms.maturity)
    bend = None
    if law.is_known():
        bend = law.ppf(np.full((1, 1, 1), 0.5))
    types = Types(terms.cost, law.surplus, bend=bend)
    cost = np.full((1, 1), terms.entry_cost * growth)
    return terms.rule(types, terms.known(blocks), terms.crowd(blocks), cost, reserve[None, :] * growth)


def present_at(terms: SaleTerms, block: int) -> float:
    """How many buyers there are at a block, on average."""
    if terms.buyers is not None:
        return terms.buyers
    return terms.arrival_rate * block


def selling_chances(stopping: Stopping) -> Array:
    """The chance of selling at each block and state, shape (T + 1, S)."""
    return stopping.arriving * stopping.shares
