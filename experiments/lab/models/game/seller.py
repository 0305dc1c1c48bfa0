"""The holder of the tickets in the game."""

from __future__ import annotations

from typing import Any

from chain.money import GWEI_PER_ETH
from experiments.lab.models.game.path_rewards import TicketOutlook
from experiments.lab.models.model.solution import Solution
from experiments.lab.models.model.spec import Model
from experiments.lab.models.model.theory_terms import cost_law
from market.view import TicketView, View
from strategies.sellers.optimal_timing import OptimalTiming

OFFER = 1.0
"""What the holder offers for every new ticket, ETH: as the only bidder it pays nothing."""


START = 1e6
"""Where a Dutch clock starts, ETH: above all values."""


class Holder(OptimalTiming):
    """Looks at each ticket's own reward path."""

    def seen(self, view: View, ticket: TicketView) -> float:
        assert isinstance(view.outlook, TicketOutlook)
        return view.outlook.seen_gwei(ticket.last_block) / GWEI_PER_ETH


def block_seller(model: Model, block: int) -> Holder:
    """Sells each ticket at one block of its life."""
    return Holder(block=block, **terms(model))


def policy_seller(model: Model, solution: Solution) -> Holder:
    """Sells each ticket by the solver's policy."""
    return Holder(**policy(solution), **terms(model))


def policy(solution: Solution) -> dict[str, Any]:
    """When the solver's policy sells."""
    if solution.sale_region is None:
        return {"block": solution.optimal_block}
    return {"sale_region": solution.sale_region}


def dutch_start(model: Model) -> float:
    """Where a Dutch clock starts, ETH: at the reserve, should that be above `START`."""
    if model.reserve == "optimal":
        return START
    return max(START, model.reserve)


def terms(model: Model) -> dict[str, Any]:
    """The terms of the auctions."""
    return {
        "value_eth": OFFER,
        "format": model.format,
        "reserve_eth": model.reserve,
        "start_eth": dutch_start(model),
        "discount_rate": model.seller_rate,
        "buyer_discount_rate": model.buyer_rate,
        "costs": cost_law(model.cost),
    }
