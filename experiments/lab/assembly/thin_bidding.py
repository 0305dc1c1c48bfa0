"""Whether two bidders have room for every ticket that the protocol sells: a price that the second bid makes needs
both."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from chain.clock import Phase
from experiments.lab.assembly.assembly import Engine
from strategies.agent import Agent
from strategies.buyers.speculator import Speculator

BY_OTHERS = ("second_price", "uniform_price")
"""Pricings under which a lone bidder pays the reserve."""


def thin_bidding(engine: Engine) -> str | None:
    """What to say where all bidders but the largest are full before the supply is sold: the largest is then alone,
    and pays the reserve. None where that cannot happen, but for the last ticket of all, or is not known.
    """
    market, supply = engine.config.market, engine.config.chain.supply
    if engine.structure == "pbs" or engine.config.chain.is_elastic or market.primary not in BY_OTHERS:
        return None
    rooms = [room for agent in engine.agents.values() if (room := room_of(agent)) is not None]
    if not is_thin(rooms, supply):
        return None
    others = sum(rooms) - max(rooms)
    return (
        f"those who bid for the protocol's tickets have room for {sum(rooms):z,.0f}, without the largest for "
        f"{others:z,.0f}, of a supply of {supply:,}: who bids when the others are full pays the reserve, "
        f"{market.primary_reserve:g} ETH; let all but the largest have room for {supply:,} (parameters.capacity)"
    )


def is_thin(rooms: Sequence[float], supply: int) -> bool:
    """Whether a bidder may be alone before the last ticket: the others have no room for the rest of the supply.

    A lone bidder without a limit is what somebody wanted.
    """
    if not rooms or inf in rooms or (len(rooms) == 1 and rooms[0] >= 2 * supply):
        return False
    return sum(rooms) - max(rooms) < supply - 1


def room_of(agent: Agent) -> float | None:
    """The most tickets that an agent holds; None where it does not bid in the primary sale."""
    strategy = agent.speaker(Phase.PRIMARY)
    if strategy is None or getattr(type(strategy), "primary", None) is Speculator.primary:
        return None
    capacity = getattr(strategy, "capacity", None)
    return float(capacity) if isinstance(capacity, int) and not isinstance(capacity, bool) else inf
