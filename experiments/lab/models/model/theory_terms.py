"""From the keys of a model file to the theory's objects."""

from __future__ import annotations

import math

import numpy as np

from experiments.lab.models.model.spec import Cost, Model
from strategies.theory.expectation import RewardLaw, UniformReward, lognormal
from strategies.theory.laws import Continuous, Empirical, Law, UniformLaw
from strategies.theory.public_state import Autoregression, IndependentRewards, Known, PublicState
from strategies.theory.sale import ENTRY
from strategies.theory.sale_values import INFORMATION
from strategies.theory.ticket_sale import SaleTerms

FEW_STATES, MANY_STATES = 401, 6401
"""Rewards at which independent ones are looked at: more where costs have atoms, whose kinks do not average out."""


def cost_law(cost: Cost) -> Law:
    """The law of θ, ETH."""
    if cost.distribution == "empirical":
        return Empirical(cost.values)
    if cost.distribution == "uniform" or cost.low == cost.high:
        return UniformLaw(cost.low, cost.high)
    from scipy import stats  # slow to import, and of no use to uniform costs

    if cost.distribution == "beta":
        return Continuous(stats.beta(cost.a, cost.b, loc=cost.low, scale=cost.high - cost.low))
    mean = (cost.low + cost.high) / 2 if cost.mean is None else cost.mean
    sigma = (cost.high - cost.low) / 4 if cost.sigma is None else cost.sigma
    return Continuous(
        stats.truncnorm((cost.low - mean) / sigma, (cost.high - mean) / sigma, loc=mean, scale=sigma)
    )


def make_terms(model: Model) -> SaleTerms:
    """Who buys, what they know, and the rules of the sale; the maturity is a number."""
    assert model.maturity != "none"
    return SaleTerms(
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


def public_state(model: Model, maturity: int) -> PublicState:
    """What the public sees of the rewards of blocks 0 … T. ValueError for a process that only paths can show."""
    reward = model.reward
    fineness = 4 if cost_law(model.cost).atoms() else 2 if model.exercise == "window" else 1
    if reward.process == "constant":
        return Known(np.full(maturity + 1, reward.value))
    if reward.process != "ar1":
        return IndependentRewards(independent_law(model), maturity, MANY_STATES if fineness == 4 else FEW_STATES)
    m = math.log(reward.mean) - reward.sigma**2 / (2 * (1 - reward.phi**2))
    first = m
    if reward.start is not None:
        first = math.log(reward.start)
    if reward.sigma > 0:
        return Autoregression(m, reward.phi, reward.sigma, first, maturity, 200 * fineness + 1)
    return Known(np.exp(m + reward.phi ** np.arange(maturity + 1.0) * (first - m)))


def independent_law(model: Model) -> RewardLaw:
    """The law of each reward, where rewards are independent draws of one. ValueError where they are not."""
    if model.reward.process == "uniform":
        return UniformReward(model.reward.low, model.reward.high)
    if model.reward.process == "lognormal":
        return lognormal(model.reward.mean, model.reward.sigma)
    raise ValueError(f"process {model.reward.process} has no law in closed form")
