"""Views and rules made by hand, for tests of what strategies compute from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from chain.clock import Phase
from chain.rewards import Outlook
from market.cost_laws import UniformCost
from market.resale_times import RESALE
from market.view import AuctionView, Market, TicketView, View
from strategies.setup import Setup

SLOT = 10
COSTS = (100, 200, 300, 400)
"""The own costs of blocks 10 … 13, Gwei."""


@dataclass(frozen=True, slots=True)
class Certain(Outlook):
    """Block b is worth 1,000 b Gwei to everyone's knowledge, so that a value says of which block it is."""

    def _mean(self, block: int) -> float:
        return 1000.0 * block

    def _surplus(self, block: int, cost_gwei: float) -> float:
        return max(1000 * block - cost_gwei, 0.0)


def view(auctions: tuple[AuctionView, ...] = (), urn: int = 0, **own: Any) -> View:
    """What account 1 sees at slot 10; `own` changes what is its own."""
    market = Market(SLOT, Phase.BID, Certain(SLOT, 1000 * SLOT), auctions, (), None, urn=urn)
    plain = View(market, 1, 1000, 0, (), (), SLOT, COSTS)
    return plain._replace(**own)


def setup(**rules: Any) -> Setup:
    """A lottery among 6 tickets that live for 8 blocks, two of which are drawn ahead."""
    cost = UniformCost(0, 800)
    plain = Setup("me", 1, np.random.default_rng(5), 6, 8, 2, "lottery", RESALE["both"], 3, cost, 0, True)
    return plain._replace(**rules)


def auction(id: int, market: str = "secondary", seller: int = 2, reserve: int = 0, collateral: int = 0) -> Any:
    """A sealed sale of a ticket that proposes block 13, or in market `block` of the present block."""
    ticket = None if market == "block" else TicketView(id, 13, 13, None, True)
    return AuctionView(
        id, market, "second_price", seller, ticket, SLOT if ticket is None else 13, reserve, 0, 1, SLOT, collateral
    )
