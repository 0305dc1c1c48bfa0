"""What it costs to ask a strategy, and a tournament of ten."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import partial
from typing import Any

from experiments.lab.bench.measure import in_turns, line
from experiments.lab.played.runs import run
from experiments.lab.tournament import read_entrant, tournament
from market.intents import Intent
from market.view import View
from strategies.base import Buyer

FEW = 20
MANY = 120
BLOCKS = 1_500
ENTRANTS = (
    "truthful",
    "shade:0.8",
    "first_price_equilibrium",
    "entry_threshold",
    "sniper",
    "budget_pacer",
    "kelly",
    "ucb",
    "exp3",
    "zero_intelligence",
)
SEEDS = 4
SLOTS = 500
MARKET: dict[str, Any] = {
    "blocks": SLOTS,
    "market": {"structure": "et"},
    "agents": [
        {"strategy": "at_maturity", "role": "seller", "endowment_eth": 10_000.0},
        {"strategy": "truthful", "role": "buyer", "count": 10, "endowment_eth": 10_000.0},
    ],
}


class Idle(Buyer):
    """Looks at nothing and holds."""

    def bid(self, view: View) -> Sequence[Intent]:  # noqa: ARG002
        return []


def bench_idle() -> None:
    """What a hundred idle agents more cost, each asked once in a slot."""
    few, many = in_turns(partial(idle, FEW), partial(idle, MANY))
    line(
        "a call of a strategy that does nothing, CPU µs",
        f"{1e6 * (many - few) / (MANY - FEW) / BLOCKS:.1f}",
        "10 or less",
    )


def idle(count: int) -> None:
    """A run with `count` idle agents."""
    agents = [
        {"strategy": "at_maturity", "role": "seller"},
        {"strategy": "truthful", "role": ["buyer", "builder"]},
        {"strategy": f"{__name__}:{Idle.__name__}", "role": "buyer", "count": count, "can_build": False},
    ]
    run({"blocks": BLOCKS, "chain": {"maturity": 8}, "agents": agents}, signatures="off")


def bench_tournament() -> None:
    """Ten in one market, in ten rotations, by the clock with two jobs: a fifth of the seeds that are wanted."""
    start = time.perf_counter()
    tournament(MARKET, list(map(read_entrant, ENTRANTS)), range(SEEDS), jobs=2)
    seconds = time.perf_counter() - start
    line(
        f"a tournament of ten, 10 rotations x {SEEDS} seeds x {SLOTS} blocks, s",
        f"{seconds:.0f}",
        "60 or less: 300 for 20 seeds",
    )
