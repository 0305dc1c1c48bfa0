"""How much memory a config will take, for runs that are larger than most."""

from __future__ import annotations

from experiments.lab.config.config import Config

MANY_TICKETS = 1_000_000
MANY_AGENTS = 1_000
KB_A_TICKET = 2.5
KB_AN_AGENT = 170.0
"""As measured: genesis of 100,000 and 200,000 tickets, 3 blocks with 1,000 and 3,000 agents."""


def size_of(config: Config) -> str | None:
    """A line on the memory expected, where there are very many tickets or agents."""
    tickets = config.chain.supply if config.market.has_tickets else 0
    agents = sum(group.count for group in config.agents)
    if tickets <= MANY_TICKETS and agents <= MANY_AGENTS:
        return None
    gigabytes = (tickets * KB_A_TICKET + agents * KB_AN_AGENT) / 1e6
    return f"{tickets:,} tickets and {agents:,} agents: expect about {gigabytes:z.1f} GB of memory"
