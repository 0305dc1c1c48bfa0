"""What a strategy is told once, before block 0: the rules of the game that everyone knows."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from chain.near_names import PARTS, tells_near
from chain.rules import DRAW_RULES, draw_rule
from chain.state import DrawFacts
from market.cost_laws import PublicCost
from market.resale_times import Resale
from market.view import View


@tells_near(
    *("rng", "supply", "maturity", "lookahead", "draw", "resale", "buyers", "cost", "entry_gwei"),
    resale=Resale,
)
class Setup(NamedTuple):
    """Common knowledge, and the strategy's own random generator.

    `supply` tickets, `maturity` and `lookahead` rounds (maturity None: tickets never expire), `round` how many
    blocks a round has, all of which its ticket proposes (1: a round is a block), `draw` the name of
    the draw rule, `resale` the sales that are allowed, `buyers` how many accounts can exploit a block, `cost` the
    law of their costs (Gwei), `entry_gwei` what it costs to take part in a sale, `can_sell_block` whether there
    is a just-in-time market for blocks, `window` the blocks to which the tickets of a window are dealt (draw
    `randea`), `collateral_gwei` what each ticket locks while one holds it,
    `is_elastic` whether the live tickets are as many as were bought, and `supply` only aimed at, `haircut` the
    share that the protocol keeps of what it pays for a ticket given back (None: it takes none back),
    `epoch` how many blocks are drawn at once, `own_facts` what the draw rule says of itself: strategies
    ask `facts`; `in_turn` whether holders sell one after the other; `has_fixed_costs` whether each account's θ is
    the same in all blocks of the run.
    """

    name: str
    account: int
    rng: np.random.Generator
    supply: int
    maturity: int | None
    lookahead: int
    draw: str
    resale: Resale
    buyers: int
    cost: PublicCost
    entry_gwei: int
    can_sell_block: bool
    window: int = 1
    collateral_gwei: int = 0
    is_elastic: bool = False
    haircut: float | None = None
    epoch: int = 1
    own_facts: DrawFacts | None = None
    in_turn: bool = False
    round: int = 1
    has_fixed_costs: bool = False

    def round_of(self, block: int) -> int:
        """The number of the round in which a block lies; −1 before block 0."""
        return block // self.round

    def blocks_of_round(self, number: int) -> range:
        """The blocks of a round."""
        return range(number * self.round, (number + 1) * self.round)

    def rest_of_round(self, block: int) -> range:
        """A block and those after it in its round."""
        return rest_of_round(block, self.round)

    @property
    def life(self) -> int:
        """Blocks from a ticket's first session to its last one; where tickets do not expire, about as many as it
        waits for its draw."""
        return ((self.maturity or self.supply) + 1) * self.round - 1

    @property
    def ahead(self) -> int:
        """The look-ahead, blocks."""
        return self.lookahead * self.round

    @property
    def facts(self) -> DrawFacts:
        """What is known of the draw rule: what it states, or where that is not told, what its name says."""
        return self.own_facts or built_in_facts(self.draw, self.window, self.epoch)


PARTS[View]["self.setup"] = Setup


def rest_of_round(block: int, size: int) -> range:
    """A block and those after it in its round, of so many blocks."""
    return range(block, (block // size + 1) * size)


@lru_cache(maxsize=64)
def built_in_facts(draw: str, window: int, epoch: int) -> DrawFacts:
    """What a built-in rule says of itself; where there is none of this name, that its tickets are one good."""
    return draw_rule(draw, window=window, epoch=epoch).facts if draw in DRAW_RULES else DrawFacts()
