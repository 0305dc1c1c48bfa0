"""What a second-price auction among ranked buyers brings and is worth. Money in the unit of the values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from strategies.theory.crowd import Crowd
from strategies.theory.laws import Array
from strategies.theory.quadrature import nodes_between


@dataclass(frozen=True)
class AuctionOutcome:
    """Expected outcome: `revenue` to the seller, `welfare` the winner's value, `unsold` a chance; equal shapes."""

    revenue: Array
    welfare: Array
    unsold: Array


def second_price_auction(
    value_at: Callable[[Array], Array], edges: Array, crowd: Crowd, last: Array, reserve: Array | float
) -> AuctionOutcome:
    """Those of the `crowd` who rank up to `last` bid their values, all of them at least the reserve.

    `last` and `reserve` have shape (…), `edges` (…, pieces + 1) the ranks between which `value_at`, (…, k) →
    (…, k), is smooth. A lone bidder pays the reserve. Source: MODEL sections 3 and 4; Krishna (2010), section 2.5.
    """
    bar = last[..., None]
    nodes, weights = nodes_between(np.minimum(edges, bar))
    return expected_outcome(nodes, value_at(nodes) * weights, crowd, bar, reserve)


def expected_outcome(
    nodes: Array, value: Array, crowd: Crowd, bar: Array, reserve: Array | float
) -> AuctionOutcome:
    """The same from weighted values at nodes, both (…, k); `bar` (…, 1) is the last rank that bids."""
    return AuctionOutcome(
        np.asarray((value * crowd.second(nodes)).sum(axis=-1) + reserve * crowd.lone(bar)[..., 0]),
        np.asarray((value * crowd.best(nodes)).sum(axis=-1)),
        crowd.nobody(bar)[..., 0],
    )
