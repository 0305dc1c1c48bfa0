"""What a run will take in time and memory, from what blocks of other configs took.

Measured: CPU time of blocks under each structure, with 3 to 305 agents and 9 to 8,193 tickets, in 2026;
shipped strategies.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from experiments.lab.config.config import Config
from experiments.lab.config.size import KB_A_TICKET, KB_AN_AGENT

START_SECONDS = 1.5
"""Of the command, with all that it imports."""
A_RUN_SECONDS = 0.1
"""Of every structure: its folder, its tables and its summary."""
MS_A_BLOCK = {"pbs": 0.3, "et": 0.45, "et_expost": 0.45}
MS_AN_AGENT = {"pbs": 0.03, "et": 0.055, "et_expost": 0.055}
"""Of every block: for itself, and for each agent, signatures included."""
MS_A_BIDDER = 0.035
"""Of every block of tickets for each agent, where the block is sold just in time besides."""
MS_A_BUILDER = 0.9
"""Of every block for each that bids in its open auction."""
MS_A_TICKET = 0.001
"""Of every block for each live ticket."""
MS_A_MINT = 0.33
"""Of the first slot for each ticket."""
MS_ISOLATED = 1.2
"""Of every block for each agent in a process of its own, about three decisions."""
UNSIGNED = 0.45
"""The part of the time that is left without signatures."""
MB_A_RUN = 185.0
KB_A_DEED = 1.5
"""Of each block for each agent: the tables, as the summary reads them."""
FACTOR = 2.5
"""By which an estimate is off at the most, of the 20 configs that ship with the testbed; 2 for 18 of them."""


class Effort(NamedTuple):
    """CPU time of a run by structure, s, and of all of it, with the command's start; the same without signatures;
    memory at its most, MB."""

    by_structure: dict[str, float]
    seconds: float
    unsigned_seconds: float
    memory_mb: float
    blocks: int
    agents: int
    tickets: int

    def lines(self) -> Iterator[str]:
        """What it will take, and how good that is."""
        yield f"{self.blocks:,} blocks, {self.agents:,} agents, {self.tickets:,} tickets"
        bounds = f"{told(self.seconds / FACTOR)} to {told(self.seconds * FACTOR)}"
        unsigned = told(self.unsigned_seconds)
        yield f"expect about {told(self.seconds)} of CPU ({bounds}); with --signatures off {unsigned}"
        if len(self.by_structure) > 1:
            parts = (f"{name} {told(seconds)}" for name, seconds in self.by_structure.items())
            yield f"by structure: {', '.join(parts)}"
        yield f"and about {self.memory_mb:z,.0f} MB of memory"
        yield "an estimate, within these bounds for configs that ship; another machine and your own code differ"


def effort_of(config: Config) -> Effort:
    """What a config will take."""
    tickets = config.chain.supply if config.market.has_tickets else 0
    agents = sum(group.count for group in config.agents)
    parts: dict[str, float] = {name: seconds_of(config, name, agents) for name in config.market.structures}
    playing = sum(parts.values())
    kilobytes = tickets * KB_A_TICKET + agents * (KB_AN_AGENT + KB_A_DEED * config.blocks)
    memory = MB_A_RUN + kilobytes * len(parts) / 1000
    seconds = START_SECONDS + playing
    return Effort(parts, seconds, START_SECONDS + UNSIGNED * playing, memory, config.blocks, agents, tickets)


def seconds_of(config: Config, structure: str, agents: int) -> float:
    """CPU time under one structure."""
    tickets = 0 if structure == "pbs" else config.chain.supply
    isolated = sum(group.count for group in config.agents if config.isolation.covers(group))
    ms = MS_A_BLOCK[structure] + agents * MS_AN_AGENT[structure] + tickets * MS_A_TICKET + isolated * MS_ISOLATED
    if structure != "pbs" and config.market.pbs != "off":
        ms += agents * MS_A_BIDDER
    if config.market.pbs == "slot_auction":
        ms += MS_A_BUILDER * builders(config)
    return A_RUN_SECONDS + (config.blocks * ms + tickets * MS_A_MINT) / 1000


def builders(config: Config) -> int:
    """How many agents bid for blocks."""
    named = sum(group.count for group in config.agents if "builder" in roles(group.role))
    return named or sum(group.count for group in config.agents if "buyer" in roles(group.role))


def roles(role: str | tuple[str, ...] | None) -> tuple[str, ...]:
    """The roles of a group, as far as it names them."""
    return (role,) if isinstance(role, str) else role or ()


def told(seconds: float) -> str:
    """A time as people say it."""
    if seconds < 90:
        return f"{seconds:z.2g} s"
    if seconds < 5400:
        return f"{seconds / 60:z.2g} min"
    return f"{seconds / 3600:z.2g} h"
