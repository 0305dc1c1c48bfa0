"""The pricing rule of the primary market that a config names; engine and auditor each make their own."""

from __future__ import annotations

from typing import Any

from chain.beacon import Beacon
from chain.money import eth_to_gwei
from chain.randomness import Streams
from experiments.lab.config.config import Amm, Config, Eip1559, Elowsson
from market.primary import PRICING, ByLot, Pricing, Rule


def pricing_rule(config: Config, streams: Streams) -> Rule:
    """A rule of the testbed, at the start of a run."""
    name = config.market.primary
    return PRICING[name](**bounds(config), **parameters(config, name, streams))


def own_rule(config: Config, pricing: Pricing) -> Rule:
    """A user's function, which sells lot by lot."""
    return ByLot(pricing, **bounds(config))


def bounds(config: Config) -> dict[str, Any]:
    """What all rules take: the lowest price, Gwei, and the most tickets a slot."""
    market = config.market
    return {"reserve": eth_to_gwei(market.primary_reserve), "cap": market.primary_cap}


def parameters(config: Config, name: str, streams: Streams) -> dict[str, Any]:
    """What one rule takes beside that."""
    market = config.market
    match name:
        case "dutch":
            return {"start": eth_to_gwei(market.dutch.start_eth), "tick": market.dutch.tick_gwei}
        case "eip1559":
            more = {"adjustment": market.eip1559.adjustment, "updates": market.eip1559.updates}
            return around_target(market.eip1559, config) | more
        case "amm":
            return around_target(market.amm, config) | {"steepness": market.amm.steepness}
        case "elowsson":
            return around_target(market.elowsson, config) | {"target_orders": market.elowsson.target_orders}
        case "tullock":
            return {"chance": Beacon(streams.secret("contest")).below}
    return {}


def around_target(section: Eip1559 | Amm | Elowsson, config: Config) -> dict[str, Any]:
    """The price to start from, Gwei, and the target stock; left out: an elastic supply, or half a fixed one."""
    aim = config.chain.supply if config.chain.supply_rule == "elastic" else config.chain.supply / 2
    target = aim if section.target is None else section.target
    return {"start": section.start_eth * 10**9, "target": target}
