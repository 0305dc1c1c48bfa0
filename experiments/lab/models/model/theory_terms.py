"""From the keys of a model file to the theory's objects."""

from __future__ import annotations

import math

import numpy as np

from experiments.lab.models.model.spec import Cost, Model
from strategies.theory.expectation import ExponentialReward, RewardLaw, UniformReward, lognormal
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
    mean = cost.mean
    if mean is None:
        mean = (cost.low + cost.high) / 2
    sigma = cost.sigma
    if sigma is None:
        sigma = (cost.high - cost.low) / 4
    low = (cost.low - mean) / sigma
    high = (cost.high - mean) / sigma
    return Continuous(stats.truncnorm(low, high, loc=mean, scale=sigma))


def make_terms(model: Model) -> SaleTerms:
    """Who buys, what they know, and the rules of the sale; the maturity is a number."""
    assert model.maturity != "none"
    reserve = None
    if model.reserve != "optimal":
        reserve = model.reserve
    return SaleTerms(
        cost=cost_law(model.cost),
        informed=INFORMATION[model.cost_information](model.maturity),
        rule=ENTRY[model.entry],
        seller_rate=model.seller_rate,
        buyer_rate=model.buyer_rate,
        buyers=model.buyers,
        arrival_rate=model.arrival_rate or 0.0,
        entry_cost=model.entry_cost,
        reserve=reserve,
        own_cost=model.seller_cost,
    )


def public_state(model: Model, maturity: int) -> PublicState:
    """What the public sees of the rewards of blocks 0 … T. ValueError for a process that only paths can show."""
    reward = model.reward
    if reward.process == "constant":
        return Known(np.full(maturity + 1, reward.value))
    if reward.process != "ar1":
        return IndependentRewards(independent_law(model), maturity, count_states(model))
    m = math.log(reward.mean) - reward.sigma**2 / (2 * (1 - reward.phi**2))
    first = m
    if reward.start is not None:
        first = math.log(reward.start)
    if reward.sigma > 0:
        return Autoregression(m, reward.phi, reward.sigma, first, maturity, 200 * fineness(model) + 1)
    return Known(np.exp(m + reward.phi ** np.arange(maturity + 1.0) * (first - m)))


def count_states(model: Model) -> int:
    """How many states stand for the law of a reward: many where costs have atoms, which leave kinks."""
    if cost_law(model.cost).atoms():
        return MANY_STATES
    return FEW_STATES


def fineness(model: Model) -> int:
    """How many times as fine the states of a process are: kinks of atoms and of exercising need more."""
    if cost_law(model.cost).atoms():
        return 4
    if model.exercise == "window":
        return 2
    return 1


def independent_law(model: Model) -> RewardLaw:
    """The law of each reward, where rewards are independent draws of one. ValueError where they are not."""
    if model.reward.process == "uniform":
        return UniformReward(model.reward.low, model.reward.high)
    if model.reward.process == "lognormal":
        return lognormal(model.reward.mean, model.reward.sigma)
    if model.reward.process == "exponential":
        return ExponentialReward(model.reward.mean)
    raise ValueError(f"process {model.reward.process} has no law in closed form")
