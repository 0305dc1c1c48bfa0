"""`[[agents]]`: groups of agents, and who takes part where a config names none."""

from __future__ import annotations

from typing import Annotated, Any, Literal, cast

from pydantic import Field, field_validator

from chain.money import eth_to_gwei
from chain.randomness import Streams
from experiments.lab.config.refusals import refuses
from experiments.lab.config.section import Eth, Name, Parameters, Section, Share, Text
from strategies.finding import OURS

Role = Literal["seller", "buyer", "builder"]

MOST_AGENTS = 20_000
"""In all groups together."""

Special = Annotated[float, Field(ge=-1000, le=1000, allow_inf_nan=False)]


class Agents(Section):
    """A group of agents that play the same strategy."""

    strategy: Name | dict[Role, Name] = Field(
        description="a name, `path.py:Class` or `package.module:Class`; or a table of one for each role"
    )
    role: Role | tuple[Role, ...] | None = Field(None, description="seller, buyer, builder, or a list of them")
    count: int = Field(1, ge=1, le=MOST_AGENTS, description="how many agents")
    endowment_eth: Eth | tuple[Eth, Eth] = Field(
        100.0, description="money at the start, ETH; [low, high]: uniform, drawn for each agent"
    )
    capture: tuple[Share, Share] = Field(
        (1.0, 1.0), description="c of each agent, uniform on [low, high] (cost.distribution = capture)"
    )
    specialisation: tuple[Special, Annotated[Special, Field(ge=0)]] = Field(
        (0.0, 0.0),
        description="s of each agent, normal with [mean, standard deviation]; 0.1 where that is not above 0",
    )
    latency_ms: int = Field(
        50, ge=0, le=86_400_000, description="from a decision to the arrival of its intents, ms"
    )
    signal_sigma: float | None = Field(
        None,
        ge=1e-6,
        le=1000,
        allow_inf_nan=False,
        description="noise of its private signals log R + sigma z of what is ahead; left out: it has none",
    )
    signal_per: Literal["round", "block"] = Field(
        "round", description="one signal a round, of what its blocks bring, or one a block (chain.round above 1)"
    )
    primary_entry_eth: Eth | None = Field(
        None, description="cost.primary_entry of its own, ETH; left out: as all others"
    )
    missed_proposal: Share = Field(0.0, description="probability of failing to propose a block")
    can_build: bool | None = Field(
        None, description="whether it has a θ and can exploit blocks; left out: buyers and builders can"
    )
    keystore: Text | None = Field(None, description="eth-account key file for a single agent")
    password_env: Text = Field("ET_TESTBED_PASSWORD", description="environment variable with its password")
    parameters: Parameters = Field(default_factory=dict, description="parameters of the strategy")

    @field_validator("role")
    @classmethod
    def some_role(cls, role: Role | tuple[Role, ...] | None) -> Role | tuple[Role, ...] | None:
        if role == ():
            raise ValueError("role is an empty list; name at least one of seller, buyer, builder")
        return role

    @property
    def names(self) -> frozenset[str]:
        """The strategies that it names."""
        return frozenset([self.strategy] if isinstance(self.strategy, str) else self.strategy.values())

    def named(self, role: str) -> str:
        """The strategy that plays one of its roles."""
        return self.strategy if isinstance(self.strategy, str) else self.strategy[cast(Role, role)]

    @property
    def is_own(self) -> bool:
        """Whether a strategy of it is of the user's own files or modules."""
        return any(map(is_own_strategy, self.names))

    @property
    def most_eth(self) -> float:
        """What all of its agents may have at the start, ETH."""
        given = self.endowment_eth
        return self.count * (max(given) if isinstance(given, tuple) else given)

    def funds(self, number: int, streams: Streams) -> int:
        """The money of one of its agents, Gwei; `number` is the agent's seat."""
        given = self.endowment_eth
        if isinstance(given, tuple):
            given = float(streams.generator("endowment", number).uniform(*given))
        return eth_to_gwei(given)


def is_own_strategy(name: str) -> bool:
    """Whether a strategy's name stands for one of the user's own files or modules."""
    return ":" in name and not name.startswith(OURS)


@refuses(Agents, "keystore")
def key_for_many(group: Agents) -> str | None:
    """A group of several has a key file."""
    if group.keystore is None or group.count == 1:
        return None
    return f"keystore is the key of one agent; count is {group.count}"


POPULATION: tuple[dict[str, Any], ...] = (
    {"strategy": "at_once", "role": "seller", "parameters": {"capacity": 8}},
    {"strategy": "at_block", "role": "seller", "parameters": {"capacity": 8, "before": 16}},
    {"strategy": "threshold", "role": "seller", "parameters": {"capacity": 8, "threshold_eth": 0.046}},
    {"strategy": "undercut", "role": "seller", "parameters": {"capacity": 8}},
    {"strategy": "at_maturity", "role": "seller", "parameters": {"capacity": 8}},
    {"strategy": "truthful", "role": ["buyer", "builder"], "count": 5},
    {"strategy": "market_maker", "role": "buyer", "can_build": False},
    {"strategy": "speculator", "role": ["seller", "buyer"], "can_build": False},
)


def population() -> tuple[Agents, ...]:
    """Who takes part where a config names no agents: sellers of every kind, five buyers who build, two traders."""
    return tuple(Agents.model_validate(group) for group in POPULATION)
