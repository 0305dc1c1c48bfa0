"""`[cost]`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from chain.near_names import near
from chain.randomness import Streams
from chain.wording import shown
from experiments.lab.config.law_keys import OWN_FORM
from experiments.lab.config.refusals import refuses
from experiments.lab.config.section import Eth, Name, Parameters, Section
from market.capture import Volatility
from market.cost_laws import COST_LAWS

CAPTURE = "capture"


class Cost(Section):
    """θ, what it costs a buyer to exploit a block; or the share of the reward that it makes of it."""

    distribution: Name = Field(
        "uniform",
        description=f"law of θ: one of {', '.join(COST_LAWS)}, or `path.py:Class`; "
        '"capture": no θ, a builder makes R c (1 + (V − E V) s) of a block',
    )
    low: Eth = Field(0.0, description="(uniform) lowest θ, ETH")
    high: Eth = Field(0.0046, description="(uniform) highest θ, ETH")
    parameters: Parameters = Field(
        default_factory=dict, description="what any other law takes, one of one's own too"
    )
    per: Literal["block", "run"] = Field("block", description="θ is drawn for every block, or once for a run")
    volatility: float = Field(
        0.2,
        ge=0,
        le=5,
        allow_inf_nan=False,
        description="(capture) standard deviation of log V, V the slot's index",
    )
    entry: Eth = Field(0.0, description="K, sunk by a buyer for each secondary auction that it enters, ETH")
    primary_entry: Eth = Field(
        0.0, description="K of the primary market, sunk by whoever bids for each ticket that it bids for, ETH"
    )

    @property
    def is_own(self) -> bool:
        """Whether the law is one of the user's own."""
        return ":" in self.distribution

    @property
    def is_captured(self) -> bool:
        """Whether builders make a share of the reward, instead of all of it at a cost."""
        return self.distribution == CAPTURE

    def index(self, streams: Streams) -> Volatility | None:
        """The volatility index of slots, where builders' captures depend on it."""
        if not self.is_captured:
            return None
        return Volatility(self.volatility, streams.generator("volatility"))


@refuses(Cost, "distribution")
def no_such_law(cost: Cost) -> str | None:
    """There is no law of θ of that name."""
    there = [*COST_LAWS, CAPTURE]
    if cost.is_own or cost.distribution in there:
        return None
    return (
        f"distribution is {shown(cost.distribution)}, and not one of {', '.join(there)}"
        f"{near(cost.distribution, there)}; {OWN_FORM}"
    )


@refuses(Cost, "parameters")
def parameters_of_no_law(cost: Cost) -> str | None:
    """There are parameters, and the law of θ takes none of them."""
    if not cost.parameters or cost.distribution not in ("uniform", CAPTURE):
        return None
    return f'parameters are those of another law; with distribution = "{cost.distribution}" leave them out'


@refuses(Cost, "low")
def low_above_high(cost: Cost) -> str | None:
    """The lowest θ is above the highest."""
    if cost.low <= cost.high:
        return None
    return f"low is {cost.low}, above high, {cost.high}"
