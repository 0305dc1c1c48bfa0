"""One sale to ranked buyers at each of many blocks and public states. Money in the unit of the values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from strategies.theory.buyer_types import Types
from strategies.theory.crowd import Crowd
from strategies.theory.entry import bidder_counts, bidder_profit, informed_entry, silent_above, uninformed_entry
from strategies.theory.laws import Array
from strategies.theory.ranked_auction import AuctionOutcome, second_price_auction


@dataclass(frozen=True)
class Sale:
    """What a sale brings and who takes part, each of shape (…).

    `revenue` and the winner's `welfare` are expected values, `unsold` the chance that no bid reaches the reserve.
    `last` is the lowest rank that bids, `threshold` its posterior mean cost, nan where nobody enters or entry is
    uninformed; `probability` the chance that a buyer on the threshold enters (uninformed: that any does), `entry`
    the chance that any one buyer does.
    """

    revenue: Array
    welfare: Array
    unsold: Array
    last: Array
    threshold: Array
    probability: Array
    entry: Array


Rule = Callable[[Types, npt.ArrayLike, Crowd, Array, Array], Sale]
"""(types, share of informed buyers (…, 1), crowd, entry cost (…), reserve (…)) → the sale."""


def informed_sale(types: Types, informed: npt.ArrayLike, crowd: Crowd, entry_cost: Array, reserve: Array) -> Sale:
    """Buyers decide on their posterior means whether to sink the entry cost.

    Source: MODEL section 4, after Samuelson (1985).
    """

    def value_at(rank: Array) -> Array:
        return types.value_at(rank, informed)

    last = informed_entry(value_at, crowd, entry_cost, reserve)
    auction = second_price_auction(value_at, types.edges(informed), crowd, last, reserve)
    costs = types.cost_at(last[..., None], informed)[..., 0]
    return Sale(
        auction.revenue,
        auction.welfare,
        auction.unsold,
        last,
        threshold=np.where(last > 0, costs, np.nan),
        probability=np.where(last > 0, types.share_of_atom(last, informed), 0.0),
        entry=last,
    )


def uninformed_sale(
    types: Types, informed: npt.ArrayLike, crowd: Crowd, entry_cost: Array, reserve: Array
) -> Sale:
    """Buyers learn their costs after sinking the entry cost. Source: MODEL section 4, Levin and Smith (1994).

    ValueError where some buyers do not know their costs at some block.
    """
    if np.min(informed) < 1:
        raise ValueError("uninformed entry needs costs that are known once entered: cost_information at_start")
    cost, floor = np.broadcast_arrays(entry_cost, reserve)
    last = silent_above(types.own_worth, floor)
    by_count = bidder_counts(types.own_worth, types.edges(1.0), crowd.most, last, floor)
    chance = uninformed_entry(bidder_profit(by_count), crowd, cost)
    auction = mixture(by_count, crowd.entrants(chance[..., None]))
    return Sale(
        auction.revenue,
        auction.welfare,
        auction.unsold,
        last,
        np.full_like(chance, np.nan),
        chance,
        chance,
    )


def mixture(by_count: AuctionOutcome, chances: Array) -> AuctionOutcome:
    """The mean of auctions over the number of bidders, both of shape (…, n + 1)."""
    parts = (by_count.revenue, by_count.welfare, by_count.unsold)
    revenue, welfare, unsold = ((part * chances).sum(axis=-1) for part in parts)
    return AuctionOutcome(revenue, welfare, unsold)


ENTRY: dict[str, Rule] = {"informed": informed_sale, "uninformed": uninformed_sale}
