"""`[cost]`."""

from __future__ import annotations

from typing import Literal

import numpy as np
from pydantic import Field

from chain.money import eth_to_gwei
from chain.randomness import Streams
from experiments.lab.config.refusals import refuses
from experiments.lab.config.section import Eth, Section
from market.capture import Volatility
from market.costs import CostPath, FixedCost, UniformCost


class Cost(Section):
    """θ, what it costs a buyer to exploit a block; or the share of the reward that it makes of it."""

    distribution: Literal["uniform", "capture"] = Field(
        "uniform", description='law of θ; "capture": no θ, a builder makes R c (1 + (V − E V) s) of a block'
    )
    low: Eth = Field(0.0, description="lowest θ, ETH")
    high: Eth = Field(0.0046, description="highest θ, ETH")
    per: Literal["block", "run"] = Field("block", description="θ is drawn for every block, or once for a run")
    volatility: float = Field(
        0.2,
        ge=0,
        le=5,
        allow_inf_nan=False,
        description="(capture) standard deviation of log V, V the slot's index",
    )
    entry: Eth = Field(0.0, description="K, sunk by a buyer for each secondary auction that it enters, ETH")

    @property
    def is_captured(self) -> bool:
        """Whether builders make a share of the reward, instead of all of it at a cost."""
        return self.distribution == "capture"

    def law(self) -> UniformCost:
        """The law of θ, in Gwei; nothing, where a builder's capture says what it makes."""
        if self.is_captured:
            return UniformCost(0, 0)
        return UniformCost(eth_to_gwei(self.low), eth_to_gwei(self.high))

    def path(self, rng: np.random.Generator) -> CostPath | FixedCost:
        """One account's θ, drawn once or for every block."""
        law = self.law()
        if self.per == "run":
            return FixedCost(int(law.sample(rng, 1)[0]))
        return CostPath(law, rng)

    def index(self, streams: Streams) -> Volatility | None:
        """The volatility index of slots, where builders' captures depend on it."""
        if not self.is_captured:
            return None
        return Volatility(self.volatility, streams.generator("volatility"))


@refuses(Cost, "low")
def low_above_high(cost: Cost) -> str | None:
    """The lowest θ is above the highest."""
    if cost.low <= cost.high:
        return None
    return f"low is {cost.low}, above high, {cost.high}"
