"""What it costs to ask a strategy, and a tournament of ten."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from experiments.lab.bench.measure import Line, beside, each, rounds
from experiments.lab.bench.yardsticks import heap_auctions
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


def bench_idle() -> Iterator[Line]:
    """What a hundred idle agents more cost, each asked once in a slot."""
    calls = (MANY - FEW) * BLOCKS
    few, many, bare = rounds(partial(idle, FEW), partial(idle, MANY), heap_auctions(calls), count=3)
    added = min(many) - min(few)
    yield Line(
        "a call of a strategy that holds: an auction on a heap", each(calls)(added), added / min(bare), 10.0
    )


def idle(count: int) -> None:
    """A run with `count` idle agents."""
    agents = [
        {"strategy": "at_maturity", "role": "seller"},
        {"strategy": "truthful", "role": ["buyer", "builder"]},
        {"strategy": f"{__name__}:{Idle.__name__}", "role": "buyer", "count": count, "can_build": False},
    ]
    run({"blocks": BLOCKS, "chain": {"maturity": 8}, "agents": agents}, signatures="off")


def bench_tournament() -> Iterator[Line]:
    """Ten in one market, in ten rotations of one seed, against as many runs of a market of truthful bidders."""
    entrants = list(map(read_entrant, ENTRANTS))
    yield beside(
        "a tournament of ten: as many runs of the truthful",
        lambda: tournament(MARKET, entrants, range(1), jobs=1),
        lambda: [run(MARKET, seed=seed, signatures="off") for seed in range(len(ENTRANTS))],
        2.0,
        each(len(ENTRANTS)),
        count=1,
    )
