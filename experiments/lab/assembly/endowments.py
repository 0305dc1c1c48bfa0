"""What the agents of a config start with: money, and what they can make of blocks. Drawn anew for every seed."""

from __future__ import annotations

from collections.abc import Sequence

from chain.ledger import Ledger
from chain.randomness import Streams
from experiments.lab.assembly.cost_paths import cost_path
from experiments.lab.assembly.seats import Seat
from experiments.lab.config.agents import Agents
from experiments.lab.config.config import Config
from market.capture import CapturePath, Volatility
from market.cost_laws import CostLaw
from market.costs import Costs, Path
from market.hand_out import recipients
from market.slot_auction.order_flow import FlowPath, OrderFlow

LEAST_SPECIALISATION = 0.1
"""Draws at or below 0 become this (Stichler 2025)."""


def endow(seats: list[Seat], ledger: Ledger, streams: Streams) -> None:
    """Give every agent its money."""
    for seat in seats:
        ledger.endow(seat.number, seat.group.funds(seat.number, streams))


def make_costs(
    config: Config,
    seats: list[Seat],
    streams: Streams,
    volatility: Volatility | None,
    flow: OrderFlow | None,
    law: CostLaw,
) -> Costs:
    """What every account that can exploit a block makes of it, and at what cost."""
    made = (
        make_path(config, seat.group, seat.number, streams, volatility, flow, law) if seat.can_build else None
        for seat in seats
    )
    return [None, *made]


def make_path(
    config: Config,
    group: Agents,
    number: int,
    streams: Streams,
    volatility: Volatility | None,
    flow: OrderFlow | None,
    law: CostLaw,
) -> Path:
    """What an agent makes of blocks, and at what cost; `law` is that of θ."""
    if volatility is not None:
        return capture_path(group, number, streams, volatility)
    costs = cost_path(config.cost, law, streams.generator("cost", number))
    if flow is None or config.market.slot_auction.access == (1.0, 1.0):
        return costs
    return FlowPath(costs, flow, number)


def capture_path(group: Agents, number: int, streams: Streams, volatility: Volatility) -> CapturePath:
    """The share of blocks that an agent captures."""
    rng = streams.generator("capture", number)
    share = float(rng.uniform(*group.capture))
    specialisation = float(rng.normal(*group.specialisation))
    if specialisation <= 0:
        specialisation = LEAST_SPECIALISATION
    return CapturePath(share, specialisation, volatility)


def handed_out(config: Config, money: Sequence[int], streams: Streams) -> list[int]:
    """Who gets the first, second, … ticket of genesis before the first sale: places in `money`, Gwei."""
    genesis = config.market.genesis
    tickets = genesis.tickets(config.chain.supply)
    return list(recipients(money, tickets, genesis.price_gwei, streams.generator("genesis")))
