"""Solving and simulating models of tickets."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from experiments.lab.bench.measure import Line, a_second, beside, seconds
from experiments.lab.bench.yardsticks import heap_auctions, signing
from experiments.lab.models.game.engine import Game
from experiments.lab.models.game.maturity_stage import MaturityStage
from experiments.lab.models.game.play import play
from experiments.lab.models.game.seller import block_seller
from experiments.lab.models.game.take import Take
from experiments.lab.models.model.model_file import read_model, read_ticket_model
from experiments.lab.models.model.solving import solve
from experiments.lab.study.seed_model import seed_model

SIGNATURES = 40_000
ROUNDS = 3


def bench_solve() -> Iterator[Line]:
    """Rewards that follow each other, 256 blocks, a cost of entry, costs that are learned late."""
    for information in ("gradual", "at_maturity"):
        model = read_model({"model": late_model(information)})
        yield beside(
            f"solve, 256 blocks, costs known {information}: 40,000 signatures",
            partial(solve, model),
            signing(SIGNATURES),
            1.0,
            seconds,
            count=ROUNDS,
        )


def late_model(information: str) -> dict[str, object]:
    """The model file's table."""
    return {
        "maturity": 256,
        "discount_rate": 1e-4,
        "buyers": 10,
        "entry_cost": 0.001,
        "cost_information": information,
        "cost": {"distribution": "uniform", "low": 0.0, "high": 0.05},
        "reward": {"process": "ar1"},
    }


def bench_game() -> Iterator[Line]:
    """Tickets of the seed's model with a cost of entry, sold half-way through their lives."""
    for kind, count in (("off", 1_000), ("ecdsa", 250)):
        game = Game(read_ticket_model(seed_model(discount_rate=0.01, entry_cost=0.05)), 7, kind)
        name = "signed" if kind == "ecdsa" else "unsigned"
        yield beside(
            f"simulate, a ticket, {name}: an auction on a heap",
            partial(sell_half_way, game, count),
            heap_auctions(count),
            None,
            a_second(count),
        )


def sell_half_way(game: Game, tickets: int) -> Take:
    """One play, its assembly and its measures."""
    return play(MaturityStage(game), block_seller(game.model, game.maturity // 2), tickets)
