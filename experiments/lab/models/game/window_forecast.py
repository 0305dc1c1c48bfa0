"""What the theory says of tickets for any one block of a window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from experiments.lab.models.game.forecast import Forecast, Turnout, present_at, selling_chances
from experiments.lab.models.model.solving import sale_region
from experiments.lab.models.model.spec import Model
from experiments.lab.models.model.theory_terms import make_terms, public_state
from strategies.theory.laws import Array
from strategies.theory.sale import Sale, informed_sale
from strategies.theory.stopping import EQUAL, Stopping, best_stopping
from strategies.theory.ticket_sale import SaleTable, SaleTerms, plan_values
from strategies.theory.window import BlockRight, WindowSales, right_types, rights, window_sales
from strategies.theory.window_fates import Fates, offers_at, offers_of, window_fates


class WindowForecast(Forecast):
    """Efficiency is what is made of the blocks over the value of the window to the best buyer, present values."""

    def __init__(self, model: Model) -> None:
        super().__init__(model)
        self._terms = make_terms(model)
        self._state = public_state(model, self._terms.maturity)

    @cached_property
    def spot_policy(self) -> dict[str, Any]:
        """When the seller auctions the block alone."""
        spot = self._sales.spot.values
        rate = self._terms.seller_rate
        if self._state.is_random():
            return {"sale_region": sale_region(self._best(self._sales.spot))}
        values = plan_values(self._state, spot, rate, self._horizons)
        return {"block": int(np.argmax(values >= values.max() - EQUAL))}

    def turnout_at(self, block: int) -> Turnout:
        chances = np.zeros(self._sales.right.values.shape)
        chances[block] = self._state.weights(block)
        return self._turnout(chances)

    def turnout_of_policy(self) -> Turnout:
        return self._turnout(selling_chances(self._best(self._sales.right)))

    def fates_at(self, block: int) -> Fates:
        offers = offers_at(self._state, block, self._terms.maturity)
        return window_fates(self._terms, self._state, self._sales.right, offers)

    def fates_of_policy(self) -> Fates:
        offers = offers_of(self._best(self._sales.right))
        return window_fates(self._terms, self._state, self._sales.right, offers)

    @cached_property
    def _sales(self) -> WindowSales:
        return window_sales(self._terms, self._state)

    @property
    def _horizons(self) -> Array:
        return np.arange(self._terms.maturity + 1.0)

    def _best(self, sales: SaleTable) -> Stopping:
        return best_stopping(self._state, sales.values, self._terms.seller_rate, self._horizons)

    def _turnout(self, chances: Array) -> Turnout:
        """Entrants and efficiency where a sale happens at each block and state with `chances`, (T + 1, S)."""
        terms = self._terms
        crowd = 0.0
        made = 0.0
        table = self._rights(terms.informed)
        for block in np.flatnonzero(chances.any(axis=1)).tolist():
            sale = right_sale(terms, table[block], block, self._sales.right.reserve[block])
            present = present_at(terms, block)
            crowd += float(np.sum(chances[block] * present * sale.entry))
            made += float(np.sum(chances[block] * sale.welfare)) * (1 + terms.buyer_rate) ** -block
        if terms.own_cost is not None or terms.buyers is None or not self._value:
            return crowd, None
        return crowd, made / self._value

    @cached_property
    def _value(self) -> float:
        """E[W_0(x; lowest cost)] where all know their costs, ETH."""
        everyone = np.ones_like(self._terms.informed)
        open_to_all = replace(self._terms, entry_cost=0.0, rule=informed_sale, informed=everyone)
        sale = right_sale(open_to_all, self._rights(everyone)[0], 0, np.zeros(1))
        return float(np.sum(self._state.weights(0) * sale.welfare))

    def _rights(self, informed: Array) -> Sequence[BlockRight]:
        """The rights to the rest of the window at blocks 0 … T."""
        return [*rights(self._state, self._terms.cost, self._terms.buyer_rate, informed)][::-1]


def right_sale(terms: SaleTerms, right: BlockRight, block: int, reserve: Array) -> Sale:
    """The sale of the rest of the window at one block in each state, ETH of the block."""
    blocks = slice(block, block + 1)
    types = right_types(terms, right)
    cost = np.full((1, 1), terms.entry_cost)
    return terms.rule(types, terms.known(blocks), terms.crowd(blocks), cost, reserve[None, :])
