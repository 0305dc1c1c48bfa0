"""Solving a model: what a sale is worth at each block, and when to sell."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from experiments.lab.model.solution import Solution, numbers
from experiments.lab.model.spec import Model
from experiments.lab.model.terms import make_terms, public_state
from strategies.theory.laws import Array
from strategies.theory.public_state import PublicState
from strategies.theory.stopping import EQUAL, TIE, Stopping, best_stopping
from strategies.theory.ticket_sale import SaleTable, maturity_sales, plan_values


def solve(model: Model) -> Solution:
    """The solution of a checked model."""
    terms = make_terms(model)
    state = public_state(model, terms.maturity)
    assert state is not None
    table = maturity_sales(terms, state)
    values = plan_values(state, table.values, terms.seller_rate)
    stopping = best_stopping(state, table.values, terms.seller_rate)
    return report(state, table, values, stopping, float(values[-1]))


def report(state: PublicState, table: SaleTable, values: Array, stopping: Stopping, spot: float) -> Solution:
    """A solution from a table of sales, what plans bring, and the best policy."""
    random = state.is_random()
    value = max(stopping.value if random else 0.0, float(values.max()))
    return Solution(
        blocks=list(range(values.size)),
        sale_value=values.tolist(),
        entry_threshold=None if random else numbers(table.threshold[:, 0]),
        entry_probability=None if random else numbers(table.probability[:, 0]),
        optimal_block=earliest_best(values, TIE * abs(float(values.max())) if random else EQUAL),
        value=value,
        spot_value=spot,
        equivalence_gap=value - spot,
        sale_region=sale_region(stopping) if random else None,
        sale_block_distribution=stopping.distribution.tolist() if random else None,
    )


def earliest_best(values: Array, slack: float) -> int:
    """The first block whose value is within `slack` of the best."""
    return int(np.argmax(values >= values.max() - slack))


def sale_region(stopping: Stopping) -> list[dict[str, Any]]:
    """For each block the rewards in ETH at which to sell; None stands for no upper end."""
    return [
        {
            "block": block,
            "intervals": [[low, high if math.isfinite(high) else None] for low, high in stopping.intervals(block)],
        }
        for block in range(len(stopping.gains))
    ]
