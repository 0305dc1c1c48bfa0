"""The laws of θ, what it costs a buyer to exploit a block. A law is a file here and a line of `COST_LAWS`."""

from market.cost_laws.beta import BetaCosts
from market.cost_laws.cost_law import CostLaw, PublicCost
from market.cost_laws.empirical import EmpiricalCosts
from market.cost_laws.known_cost import KnownCost
from market.cost_laws.truncnorm import TruncnormCosts
from market.cost_laws.uniform_cost import UniformCost, UniformCosts

COST_LAWS: dict[str, type[CostLaw]] = {
    "uniform": UniformCosts,
    "beta": BetaCosts,
    "truncnorm": TruncnormCosts,
    "empirical": EmpiricalCosts,
}
"""Each law under the name by which a configuration or a model asks for it."""

__all__ = ["COST_LAWS", "CostLaw", "KnownCost", "PublicCost", "UniformCost", "UniformCosts"]
