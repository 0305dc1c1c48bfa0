"""Solving a model: what a sale is worth at each block, and when to sell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, overload

import numpy as np

from experiments.lab.config.told_calls import tells_arguments
from experiments.lab.models.model.model_file import read_model
from experiments.lab.models.model.model_laws import has_law, make_process
from experiments.lab.models.model.round_solution import RoundSolution
from experiments.lab.models.model.round_spec import RoundModel
from experiments.lab.models.model.sale_and_exercise import sale_and_exercise
from experiments.lab.models.model.solution import Solution, best_blocks, numbers
from experiments.lab.models.model.spec import Model
from experiments.lab.models.model.theory_terms import make_terms, public_state
from strategies.theory.laws import Array
from strategies.theory.lottery_sale import Lottery, endless_sales, lottery_sales, mixed_plans
from strategies.theory.lottery_ticket import urn
from strategies.theory.public_state import PublicState
from strategies.theory.stopping import EQUAL, TIE, DrawPrizes, Stopping, best_stopping
from strategies.theory.ticket_sale import SaleTable, maturity_sales, plan_values
from strategies.theory.window import window_sales
from strategies.theory.window_fates import offers_at, offers_of, window_fates


@overload
def solve(model: Model) -> Solution: ...


@overload
def solve(model: RoundModel) -> RoundSolution: ...


@overload
def solve(model: Path | str | Mapping[str, Any]) -> Any: ...


@tells_arguments
def solve(model: Model | RoundModel | Path | str | Mapping[str, Any]) -> Solution | RoundSolution:
    """The solution of a model, as `read_model` takes it. Raises `InputError`."""
    model = read_model(model)
    if isinstance(model, RoundModel):
        from experiments.lab.models.model.round_solve import solve_round

        return solve_round(model)
    if not has_law(make_process(model)):
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
    solution = report(model, state, sales.right, values, stopping, spot.value)
    offers = offers_of(stopping)
    if not state.is_random():
        offers = offers_at(state, solution.optimal_block or 0, terms.maturity)
    fates = window_fates(terms, state, sales.right, offers)
    return replace(solution, sale_and_exercise=sale_and_exercise(fates))


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
    value = max(at_mint, at_draw)
    gap = gap_between(value, at_draw)
    solution = Solution(value=value, spot_value=at_draw, equivalence_gap=gap, ticket_value=kept)
    if at_mint >= at_draw - EQUAL:
        return replace(solution, optimal_block=0, ties=[0], tie_within=EQUAL)
    return solution


def report(
    model: Model, state: PublicState, table: SaleTable, values: Array, stopping: Stopping, spot: float
) -> Solution:
    """A solution from a table of sales, what plans bring, and the best policy."""
    solution = Solution(blocks=list(range(values.size)), sale_value=values.tolist(), spot_value=spot)
    if state.is_random():
        return of_random_rewards(solution, values, stopping, spot)
    threshold = None
    if model.entry != "uninformed":
        threshold = numbers(table.threshold[:, 0])
    value = max(0.0, float(values.max()))
    return replace(
        solution,
        entry_threshold=threshold,
        entry_probability=numbers(table.probability[:, 0]),
        **best_blocks(values, EQUAL * max(1.0, abs(value))),
        value=value,
        equivalence_gap=gap_between(value, spot),
    )


def of_random_rewards(solution: Solution, values: Array, stopping: Stopping, spot: float) -> Solution:
    """`solution` with what the best policy says where the rewards to come are not known."""
    best_plan = float(values.max())
    value = max(stopping.value, best_plan)
    return replace(
        solution,
        **best_blocks(values, TIE * abs(best_plan)),
        value=value,
        equivalence_gap=gap_between(value, spot),
        sale_region=sale_region(stopping),
        sale_block_distribution=stopping.distribution.tolist(),
    )


def gap_between(value: float, spot: float) -> float:
    """What a ticket brings above the spot auction, ETH: none where they are equal but for the last digits of two
    sums that are made otherwise."""
    return value - spot if abs(value - spot) > EQUAL * max(1.0, abs(value)) else 0.0


def sale_region(stopping: Stopping) -> list[dict[str, Any]]:
    """For each block the rewards in ETH at which to sell; None stands for no upper end."""
    blocks = range(len(stopping.gains))
    return [{"block": block, "intervals": numbers_of(stopping.intervals(block))} for block in blocks]


def numbers_of(intervals: Sequence[tuple[float, float]]) -> list[list[float | None]]:
    """Intervals as JSON can say them."""
    return [numbers(np.array(ends)) for ends in intervals]


EXERCISE: dict[str, Callable[[Model], Solution]] = {
    "at_maturity": solve_maturity,
    "window": solve_window,
    "lottery": solve_lottery,
}
