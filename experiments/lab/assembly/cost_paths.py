"""The law of θ that a config names, and what one account's costs are."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

import numpy as np

from experiments.lab.assembly.own_laws import made, own_costs
from experiments.lab.config.cost import Cost
from market.cost_laws import COST_LAWS, CostLaw, UniformCosts
from market.costs import CostPath, FixedCost


def make_cost_law(cost: Cost, folder: Path) -> CostLaw:
    """The law of θ; of nothing, where a builder's capture says what it makes. Raises `InputError`."""
    if cost.is_captured:
        return UniformCosts(0.0, 0.0)
    if cost.distribution == "uniform":
        return UniformCosts(cost.low, cost.high)
    if cost.distribution in COST_LAWS:
        return made(COST_LAWS[cost.distribution], cost.distribution, cost.parameters, "cost", {})
    return own_costs(cost.distribution, cost.parameters, "cost", folder)


def cost_path(cost: Cost, law: CostLaw, rng: np.random.Generator) -> CostPath | FixedCost:
    """One account's θ, drawn once or for every block, from a copy of the law that is its own."""
    own = deepcopy(law)
    if cost.per == "run":
        return FixedCost(int(own.whole(rng, 1)[0]))
    return CostPath(own, rng)
