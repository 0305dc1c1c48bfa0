"""From the keys of a model file to the theory's objects."""

from __future__ import annotations

import math

import numpy as np

from experiments.lab.model.spec import Cost, Model
from strategies.theory.expectation import RewardLaw, UniformReward, lognormal
from strategies.theory.laws import Continuous, Empirical, Law, Uniform
from strategies.theory.public_state import Autoregression, Independent, Known, PublicState
from strategies.theory.sale import ENTRY
from strategies.theory.sale_values import INFORMATION
from strategies.theory.ticket_sale import Terms


def cost_law(cost: Cost) -> Law:
    """The law of θ, ETH."""
    if cost.distribution == "empirical":
        return Empirical(cost.values)
    if cost.distribution == "uniform" or cost.low == cost.high:
        return Uniform(cost.low, cost.high)
    from scipy import stats  # slow to import, and of no use to uniform costs

    if cost.distribution == "beta":
        return Continuous(stats.beta(cost.a, cost.b, loc=cost.low, scale=cost.high - cost.low))
    ends = ((cost.low - cost.mean) / cost.sigma, (cost.high - cost.mean) / cost.sigma)
    return Continuous(stats.truncnorm(*ends, loc=cost.mean, scale=cost.sigma))


def make_terms(model: Model) -> Terms:
    """Who buys, what they know, and the rules of the sale; the maturity is a number."""
    assert model.maturity != "none"
    return Terms(
        cost=cost_law(model.cost),
        informed=INFORMATION[model.cost_information](model.maturity),
        rule=ENTRY[model.entry],
        seller_rate=model.seller_rate,
        buyer_rate=model.buyer_rate,
        buyers=model.buyers,
        arrival_rate=model.arrival_rate or 0.0,
        entry_cost=model.entry_cost,
        reserve=None if model.reserve == "optimal" else model.reserve,
        own_cost=model.seller_cost,
    )


def public_state(model: Model, maturity: int) -> PublicState | None:
    """What the public sees of the rewards of blocks 0 … T; None for a process that only paths can show."""
    reward = model.reward
    if reward.process == "constant":
        return Known(np.full(maturity + 1, reward.value))
    if reward.process == "ar1":
        return autoregression(reward.mean, reward.phi, reward.sigma, reward.start, maturity)
    law = independent_law(model)
    low, high = cost_law(model.cost).support()
    return None if law is None else Independent(law, maturity, (low, low + model.entry_cost, high))


def autoregression(mean: float, phi: float, sigma: float, start: float | None, maturity: int) -> PublicState:
    """The states of log R_t = m + φ (log R_{t−1} − m) + σ ε_t; with σ = 0 a known path."""
    m = math.log(mean) - sigma**2 / (2 * (1 - phi**2))
    first = m if start is None else math.log(start)
    if sigma > 0:
        return Autoregression(m, phi, sigma, first, maturity)
    return Known(np.exp(m + phi ** np.arange(maturity + 1.0) * (first - m)))


def independent_law(model: Model) -> RewardLaw | None:
    """The law of each reward, where rewards are independent draws of one."""
    if model.reward.process == "uniform":
        return UniformReward(model.reward.low, model.reward.high)
    if model.reward.process == "lognormal":
        return lognormal(model.reward.mean, model.reward.sigma)
    return None
