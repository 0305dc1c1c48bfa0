"""From the keys of a model file to the theory's objects."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from chain.rewards import AR1, Constant, Exponential, Lognormal, RewardProcess, Uniform
from chain.rewards.independent import Independent
from experiments.lab.models.model.model_laws import make_process, own_costs_of
from experiments.lab.models.model.spec import Model, OwnCostKeys
from market.cost_laws import CostLaw, UniformCosts
from market.cost_laws.empirical import EmpiricalCosts
from strategies.law_in_eth import LawInEth, RewardInEth
from strategies.theory.expectation import ExponentialReward, RewardLaw, UniformReward, lognormal
from strategies.theory.laws import Continuous, Empirical, Law, UniformLaw
from strategies.theory.public_state import Autoregression, IndependentRewards, Known, PublicState
from strategies.theory.sale import ENTRY
from strategies.theory.sale_values import INFORMATION
from strategies.theory.ticket_sale import SaleTerms

FEW_STATES, MANY_STATES = 401, 6401
"""Rewards at which independent ones are looked at: more where costs have atoms, whose kinks do not average out."""


def cost_law(cost: Any) -> Law:
    """The law of θ, ETH. Raises `InputError` for one of the user's own that is no good."""
    if isinstance(cost, OwnCostKeys):
        return LawInEth(own_costs_of(cost).known)
    law: CostLaw = cost.law()
    if isinstance(law, EmpiricalCosts):
        return Empirical(law.values)
    if isinstance(law, UniformCosts) or len(law.known.atoms_gwei) == 1:
        return UniformLaw(cost.low, cost.high)
    return LawInEth(law.known) if law.in_eth is None else Continuous(law.in_eth)


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
    process = make_process(model)
    if isinstance(process, Constant):
        return Known(np.full(maturity + 1, process.value))
    if not isinstance(process, AR1):
        return IndependentRewards(independent_law(process), maturity, count_states(model))
    reward = model.reward
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


def independent_law(process: RewardProcess) -> RewardLaw:
    """The law of each reward, where rewards are independent draws of one. ValueError where they are not."""
    match process:
        case Uniform():
            return UniformReward(process.low, process.high)
        case Lognormal():
            return lognormal(process.mean, process.sigma)
        case Exponential():
            return ExponentialReward(process.mean)
        case Independent():
            return RewardInEth(process.known)
    raise ValueError(f"{type(process).__name__} has no law in closed form")
