"""The buyers' own side of the game: what a ticket costs each to exploit, when it knows, when it has come."""

from __future__ import annotations

from functools import partial

import numpy as np

from chain.money import GWEI_PER_ETH
from chain.randomness import Streams
from experiments.lab.models.game.ticket_draws import CHUNK, ByTicket
from strategies.theory.laws import Array, Law

FAR = 2**62
"""A cost that no reward covers, Gwei: that of a buyer who does not come in time."""


class BuyerDraws:
    """One buyer's draws by ticket: `costs` θ in Gwei, and `learns`, the block of the ticket's life at which it
    learns that."""

    def __init__(self, costs: ByTicket[int], learns: ByTicket[int]) -> None:
        self.costs = costs
        self.learns = learns

    def cost(self, ticket: int, age: int) -> int | None:
        """θ, Gwei, None while the buyer does not know it."""
        if self.learns[ticket] <= age:
            return self.costs[ticket]
        return None


def make_buyer(law: Law, informed: Array, streams: Streams, number: int, kept: int) -> BuyerDraws:
    """Buyer `number` with streams of its own; `informed` is the share of buyers who know at blocks 0 … T."""
    costs = partial(draw_costs, law, streams.generator("game", "cost", number))
    learns = partial(draw_learning, informed, streams.generator("game", "learning", number))
    return BuyerDraws(ByTicket(costs, kept), ByTicket(learns, kept))


def draw_costs(law: Law, rng: np.random.Generator) -> list[int]:
    """Costs in whole Gwei."""
    costs: list[int] = np.rint(law.ppf(rng.random(CHUNK)) * GWEI_PER_ETH).astype(np.int64).tolist()
    return costs


def draw_learning(informed: Array, rng: np.random.Generator) -> list[int]:
    """The first blocks whose share of informed buyers is above a number drawn for each ticket."""
    blocks: list[int] = np.searchsorted(informed, rng.random(CHUNK), side="right").tolist()
    return blocks


def draw_arrivals(rate: float, most: int, rng: np.random.Generator) -> list[list[float]]:
    """When the first `most` buyers come to each ticket, blocks: a Poisson stream of `rate` a block."""
    waits = rng.exponential(1 / rate, (CHUNK, most)) if rate > 0 else np.full((CHUNK, most), np.inf)
    times: list[list[float]] = waits.cumsum(axis=1).tolist()
    return times
