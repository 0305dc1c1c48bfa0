"""What a second-price auction among ranked buyers brings and is worth. Money in the unit of the values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from strategies.theory.laws import Array
from strategies.theory.order_statistics import rank_density
from strategies.theory.quadrature import nodes_between


@dataclass(frozen=True)
class Auction:
    """Expected outcome: `revenue` to the seller, `welfare` the winner's value, `unsold` a chance; equal shapes."""

    revenue: Array
    welfare: Array
    unsold: Array


def second_price_auction(
    value_at: Callable[[Array], Array], edges: Array, buyers: npt.ArrayLike, last: Array, reserve: Array | float
) -> Auction:
    """Those of `buyers` who rank up to `last` bid their values, all of them at least the reserve.

    `last` has shape (…), `edges` (…, pieces + 1) the ranks between which `value_at` is smooth; `buyers` and
    `reserve` broadcast with `last`. A lone bidder pays the reserve. Source: MODEL sections 3 and 4; Krishna
    (2010), section 2.5.
    """
    count = np.asarray(buyers, dtype=np.float64)
    nodes, weights = nodes_between(np.minimum(edges, last[..., None]))
    value = value_at(nodes) * weights
    best, second = (rank_density(nodes, count[..., None], rank) for rank in (1, 2))
    lone = count * last * (1 - last) ** np.maximum(count - 1, 0)
    return Auction(
        np.asarray((value * second).sum(axis=-1) + reserve * lone),
        np.asarray((value * best).sum(axis=-1)),
        np.asarray((1 - last) ** count),
    )
