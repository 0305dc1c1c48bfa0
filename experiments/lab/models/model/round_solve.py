"""Solving a round: what it is sold for in each regime. Source: MODEL section 9."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np

from experiments.lab.config.errors import InputError
from experiments.lab.models.model.round_laws import reward_paths, round_values, value_law
from experiments.lab.models.model.round_solution import RoundSolution
from experiments.lab.models.model.round_spec import RoundModel
from experiments.lab.models.model.theory_terms import cost_law
from strategies.theory.block_values import kth_best, mean_worth
from strategies.theory.informed_rounds import informed_sale, informed_sale_on_paths, sums_at, sums_of
from strategies.theory.laws import Array
from strategies.theory.resold_blocks import kept_unsold, worths
from strategies.theory.round_entry import Tenderers, entry, outcome, price_range
from strategies.theory.signalled_value import LognormalPrior, Prior, SampledPrior, SignalledValue
from strategies.theory.summed_values import Lattice, SummedSale

PATHS = 2**14
"""Blocks of all the paths that stand for rewards that buyers share, at the most."""

FEWEST_PATHS, MOST_PATHS = 64, 1024
CLASSES, RARE = 1201, 1e-4
"""Values that stand for a sum, and the share at either end whose distance does not matter."""


def solve_round(model: RoundModel) -> RoundSolution:
    """The solution of a checked model. Raises `InputError` for signals that are too good to be told apart."""
    match model.regime:
        case "just_in_time":
            return just_in_time(model)
        case "ahead_informed":
            return ahead_informed(model)
        case "common_value":
            return common_value(model)
    return contested(model)


def just_in_time(model: RoundModel) -> RoundSolution:
    """The protocol sells each block."""
    values = round_values(model)
    best = kth_best(values, model.buyers, 1)
    price = kth_best(values, model.buyers, 2)
    return RoundSolution(price, 1.0, (best - price) / model.buyers, 0.0, float(model.buyers), 0.0)


def contested(model: RoundModel) -> RoundSolution:
    """Bidders who know no more than the law."""
    contest = make_contest(model)
    found = entry(contest)
    ends = price_range(contest)
    return RoundSolution(
        **asdict(outcome(contest, found)),
        price_range=ends,
        buyer_entry=found.buyer,
        hub_entry=found.hub if contest.hubs else None,
    )


def make_contest(model: RoundModel) -> Tenderers:
    """Who bids for what."""
    values = round_values(model)
    if model.regime == "ahead":
        worth = kept_unsold(values, model.buyers)
    else:
        worth = worths(values, model.buyers, model.resale_reserve, model.left_unsold)
    return Tenderers(
        worth, model.buyers, model.count_hubs, model.reserve, model.primary_entry_cost, model.hub_entry_cost
    )


def ahead_informed(model: RoundModel) -> RoundSolution:
    """Bidders who know their own values."""
    best = kth_best(round_values(model), model.buyers, 1)
    if model.shares_rewards():
        sales = on_paths(model)
        mean = mean_worth(round_values(model))
        return of_sums(model, *mean_sale(sales, model.buyers, mean), best)
    sale = informed_sale(own_sums(model), model.buyers, model.reserve, model.primary_entry_cost)
    return of_sums(model, sale, None, best)


def own_sums(model: RoundModel) -> Lattice:
    """The law of a buyer's sum, independent of the others'."""
    if model.value is not None:
        return sums_of(value_law(model.value), model.blocks)
    assert model.cost is not None
    assert model.reward is not None
    assert model.reward.process == "constant"
    return sums_at(cost_law(model.cost), model.reward.value, model.blocks)


def on_paths(model: RoundModel) -> list[SummedSale]:
    """The sale given each of some paths of rewards, even ones (Sobol 1967, scrambled by a fixed seed)."""
    from scipy.stats import qmc

    assert model.cost is not None
    count = int(np.clip(PATHS // model.blocks, FEWEST_PATHS, MOST_PATHS))
    shocks = qmc.Sobol(model.blocks, seed=0).random(1 << (count.bit_length() - 1))
    paths = reward_paths(model, np.clip(shocks, 1e-12, 1 - 1e-12))
    least = model.reserve + model.primary_entry_cost
    return informed_sale_on_paths(cost_law(model.cost), paths, model.buyers, model.reserve, least)


def mean_sale(sales: list[SummedSale], buyers: int, mean: float) -> tuple[SummedSale, float]:
    """The mean over paths and the standard error of its price, both less what paths are richer than the law."""
    columns = np.array([(sale.price, sale.made, sale.sold, sale.entrants, sale.mean) for sale in sales])
    rich = columns[:, 4] - mean
    slopes = [slope(columns[:, place], rich) for place in range(4)]
    left = columns[:, :4] - np.outer(rich, slopes)
    price, made, sold, entrants = left.mean(axis=0).tolist()
    error = float(left[:, 0].std(ddof=1) / np.sqrt(len(sales)))
    sold = min(max(sold, 0.0), 1.0)
    return SummedSale(price, made, sold, min(max(entrants, 0.0), float(buyers)), mean), error


def slope(figure: Array, rich: Array) -> float:
    """By least squares."""
    spread = float(rich @ rich)
    return float((figure - figure.mean()) @ rich) / spread if spread else 0.0


def of_sums(model: RoundModel, sale: SummedSale, error: float | None, best: float) -> RoundSolution:
    """A sale to bidders who know their sums."""
    spent = model.primary_entry_cost * sale.entrants
    return RoundSolution(
        price=sale.price,
        efficiency=min(sale.made / best, 1.0) if best else 1.0,
        buyer_surplus=(sale.made - sale.price - spent) / model.buyers,
        hub_surplus=0.0,
        entrants=sale.entrants,
        void_share=1 - sale.sold,
        standard_error=error,
    )


def common_value(model: RoundModel) -> RoundSolution:
    """Bidders with signals of a value that all share."""
    assert model.signal_sigma is not None
    prior = make_prior(model)
    sale = SignalledValue(prior, model.signal_sigma, model.buyers)
    if model.format == "first_price":
        price, ratios = sale.first_price, {"median": 1.0, "mean": 1.0, "ratio_of_sums": 1.0}
    else:
        price, ratios = sale.second_price, asdict(sale.paid_over_top)
    surplus = (prior.mean - price) / model.buyers
    return RoundSolution(price, 1.0, surplus, 0.0, float(model.buyers), 0.0, paid_over_top=ratios)


def make_prior(model: RoundModel) -> Prior:
    """The law of V: lognormal with mean 1, or the sum of the round's values. Raises `InputError`."""
    if model.value_sd is not None:
        return LognormalPrior(model.value_sd)
    assert model.value is not None
    assert model.signal_sigma is not None
    prior = in_classes(sums_of(value_law(model.value), model.blocks))
    step = widest_step(prior)
    if model.signal_sigma < step:
        raise InputError(
            f"model.signal_sigma: is {model.signal_sigma:g}; signals of this value are told apart from "
            f"{step:z.2g} on; or give value_sd, of a lognormal V"
        )
    return prior


def widest_step(prior: SampledPrior) -> float:
    """Between the logs of neighbouring values, but for the rare ones at the ends."""
    below = np.cumsum(prior.chance)
    held = (below > RARE) & (below < 1 - RARE)
    return float(np.diff(prior.log_value[held]).max())


def in_classes(sums: Lattice) -> SampledPrior:
    """Values on an even grid of their logs, each the mean of its class."""
    chance = sums.mass * (sums.points > 0)
    held = chance > 1e-15
    points = sums.points[held]
    edges = np.geomspace(points[0] * (1 - 1e-9), points[-1] * (1 + 1e-9), CLASSES)
    weight = np.histogram(points, edges, weights=chance[held])[0]
    total = np.histogram(points, edges, weights=(chance * sums.points)[held])[0]
    there = weight > 0
    return SampledPrior(total[there] / weight[there], weight[there] / weight.sum())
