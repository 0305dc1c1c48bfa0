"""What the agents of a config start with: money, and what they can make of blocks. Drawn anew for every seed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from chain.money import eth_to_gwei
from chain.randomness import Streams
from experiments.lab.config.config import Agents, Config
from market.capture import CapturePath, Volatility
from market.costs import CostPath, FixedCost, Path, UniformCost
from market.genesis import recipients
from market.slot_auction.order_flow import FlowPath, OrderFlow

LEAST_SPECIALISATION = 0.1
"""Draws at or below 0 become this (Stichler 2025)."""


def funds(group: Agents, number: int, streams: Streams) -> int:
    """An agent's money, Gwei."""
    given = group.endowment_eth
    if isinstance(given, tuple):
        given = float(streams.generator("endowment", number).uniform(*given))
    return eth_to_gwei(given)


def cost_law(config: Config) -> UniformCost:
    """The law of θ, in Gwei; nothing, where a builder's capture says what it makes."""
    if config.cost.distribution == "capture":
        return UniformCost(0, 0)
    return UniformCost(eth_to_gwei(config.cost.low), eth_to_gwei(config.cost.high))


def make_volatility(config: Config, streams: Streams) -> Volatility | None:
    """The volatility index of slots, where builders' captures depend on it."""
    if config.cost.distribution != "capture":
        return None
    return Volatility(config.cost.volatility, streams.generator("volatility"))


def make_path(
    config: Config,
    group: Agents,
    number: int,
    streams: Streams,
    volatility: Volatility | None,
    flow: OrderFlow | None,
) -> Path:
    """What an agent makes of blocks, and at what cost."""
    if volatility is not None:
        rng = streams.generator("capture", number)
        share, special = float(rng.uniform(*group.capture)), float(rng.normal(*group.specialisation))
        return CapturePath(share, special if special > 0 else LEAST_SPECIALISATION, volatility)
    costs = cost_path(config, streams.generator("cost", number))
    if flow is None or config.market.slot_auction.access == (1.0, 1.0):
        return costs
    return FlowPath(costs, flow, number)


def cost_path(config: Config, rng: np.random.Generator) -> CostPath | FixedCost:
    """One account's θ, drawn once or for every block."""
    law = cost_law(config)
    return FixedCost(int(law.sample(rng, 1)[0])) if config.cost.per == "run" else CostPath(law, rng)


def handed_out(config: Config, money: Sequence[int], streams: Streams) -> list[int]:
    """Who gets the first, second, … ticket of genesis before the first sale: places in `money`, Gwei."""
    genesis = config.market.genesis
    tickets = int(genesis.handed_out * (config.chain.supply - 1))
    price = eth_to_gwei(genesis.price_eth)
    return list(recipients(money, tickets, price, streams.generator("genesis")))
