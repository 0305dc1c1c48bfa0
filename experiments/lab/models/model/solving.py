"""Solving a model: what a sale is worth at each block, and when to sell."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from experiments.lab.models.model.solution import Solution, numbers
from experiments.lab.models.model.spec import Model
from experiments.lab.models.model.theory_terms import make_terms, public_state
from strategies.theory.laws import Array
from strategies.theory.lottery_sale import Lottery, endless_sales, lottery_sales, mixed_plans
from strategies.theory.lottery_ticket import urn
from strategies.theory.public_state import PublicState
from strategies.theory.stopping import EQUAL, TIE, DrawPrizes, Stopping, best_stopping
from strategies.theory.ticket_sale import SaleTable, maturity_sales, plan_values
from strategies.theory.window import window_sales


def solve(model: Model) -> Solution:
    """The solution of a checked model."""
    if model.reward.process in ("mevboost", "replay"):
        from experiments.lab.models.model.path_solve import solve_on_paths

        return solve_on_paths(model)
    return EXERCISE[model.exercise](model)


def solve_maturity(model: Model) -> Solution:
    """A ticket for block T. Source: MODEL section 4."""
    terms = make_terms(model)
    state = public_state(model, terms.maturity)
    table = maturity_sales(terms, state)
    horizons = np.full(terms.maturity + 1, float(terms.maturity))
    values = plan_values(state, table.values, terms.seller_rate, horizons)
    stopping = best_stopping(state, table.values, terms.seller_rate, horizons)
    return report(model, state, table, values, stopping, float(values[-1]))


def solve_window(model: Model) -> Solution:
    """A ticket for any one block of 0 … T. Source: MODEL section 5."""
    terms = make_terms(model)
    state = public_state(model, terms.maturity)
    horizons = np.arange(terms.maturity + 1.0)
    sales = window_sales(terms, state)
    values = plan_values(state, sales.right.values, terms.seller_rate, horizons)
    stopping = best_stopping(state, sales.right.values, terms.seller_rate, horizons)
    spot = best_stopping(state, sales.spot.values, terms.seller_rate, horizons)
    return report(model, state, sales.right, values, stopping, spot.value)


def solve_lottery(model: Model) -> Solution:
    """A ticket that a lottery draws. Source: MODEL section 6."""
    lottery = Lottery(urn(model.supply or 0, model.lookahead), model.lookahead)
    if model.maturity == "none":
        return solve_endless(model, lottery)
    terms = make_terms(model)
    state = public_state(model, terms.maturity + lottery.lookahead)
    sales = lottery_sales(terms, state, lottery)
    horizons = np.arange(terms.maturity + 1.0) + lottery.lookahead
    values = mixed_plans(state, sales, lottery.chance, terms.seller_rate, horizons)
    draws = DrawPrizes(lottery.chance, sales.drawn.values)
    stopping = best_stopping(state, sales.undrawn.values, terms.seller_rate, horizons, draws)
    solution = report(model, state, sales.undrawn, values, stopping, float(values[-1]))
    return replace(solution, ticket_value=sales.kept)


def solve_endless(model: Model, lottery: Lottery) -> Solution:
    """A ticket that never expires, of rewards that are alike: the sale at mint, or the one at the draw."""
    terms = make_terms(model.model_copy(update={"maturity": 1}))
    state = public_state(model, 1 + lottery.lookahead)
    at_mint, at_draw, kept = endless_sales(terms, state, lottery)
    return Solution(
        optimal_block=0 if at_mint >= at_draw - EQUAL else None,
        value=max(at_mint, at_draw),
        spot_value=at_draw,
        equivalence_gap=max(at_mint, at_draw) - at_draw,
        ticket_value=kept,
    )


def report(
    model: Model, state: PublicState, table: SaleTable, values: Array, stopping: Stopping, spot: float
) -> Solution:
    """A solution from a table of sales, what plans bring, and the best policy."""
    random = state.is_random()
    uninformed = model.entry == "uninformed"
    value = max(stopping.value if random else 0.0, float(values.max()))
    return Solution(
        blocks=list(range(values.size)),
        sale_value=values.tolist(),
        entry_threshold=None if random or uninformed else numbers(table.threshold[:, 0]),
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


EXERCISE: dict[str, Callable[[Model], Solution]] = {
    "at_maturity": solve_maturity,
    "window": solve_window,
    "lottery": solve_lottery,
}
