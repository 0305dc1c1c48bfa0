"""Who enters a sale that costs something to enter. Values and costs in ETH at the block of the sale."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from strategies.theory.crowd import Crowd, Fixed
from strategies.theory.laws import Array
from strategies.theory.quadrature import last_gain, last_true, nodes_between
from strategies.theory.ranked_auction import AuctionOutcome, expected_outcome


def informed_entry(
    value_at: Callable[[Array], Array], crowd: Crowd, entry_cost: npt.ArrayLike, reserve: npt.ArrayLike = 0.0
) -> Array:
    """The highest rank that enters, which is each buyer's chance to enter: (v − r)(1 − u)^(n−1) = K.

    `value_at`, (…, k) → (…, k), is the value at a rank, never rising; costs have shape (…), as the result. Where u
    falls on equals only part of them enter, which is the mixing of MODEL section 4. 0 where the best buyer
    gains at most K. Source: Samuelson (1985). ValueError where K is negative.
    """
    cost, floor = np.broadcast_arrays(*(np.asarray(price, dtype=np.float64) for price in (entry_cost, reserve)))
    refuse_negative(cost)

    def profit(rank: Array) -> Array:
        margin = value_at(rank[..., None])[..., 0] - floor
        alone = np.where(cost > 0, crowd.unrivalled(rank[..., None])[..., 0], 1.0)
        return np.asarray(margin * alone - cost)

    return last_gain(profit, cost.shape)


def refuse_negative(cost: Array) -> None:
    """ValueError where an entry cost is negative."""
    if (cost < 0).any():
        raise ValueError(f"entry cost must not be negative, not {cost.min():g}")


def silent_above(value_at: Callable[[Array], Array], reserve: Array) -> Array:
    """The last rank that is worth the reserve, shape (…)."""
    return informed_entry(value_at, Fixed(1), np.zeros_like(reserve), reserve)


def bidder_counts(
    value_at: Callable[[Array], Array], edges: Array, most: int, last: Array, reserve: Array
) -> AuctionOutcome:
    """The auction for 0 … `most` entrants of whom those up to rank `last` bid.

    `edges` has shape (…, pieces + 1), `last` and `reserve` (…), the result (…, most + 1).
    """
    bar = last[..., None]
    nodes, weights = nodes_between(np.minimum(edges, bar))
    value = value_at(nodes) * weights
    by_count = [expected_outcome(nodes, value, Fixed(count), bar, reserve) for count in range(most + 1)]
    parts = zip(*((auction.revenue, auction.welfare, auction.unsold) for auction in by_count), strict=True)
    return AuctionOutcome(*(np.stack(part, axis=-1) for part in parts))


def bidder_profit(by_count: AuctionOutcome) -> Array:
    """π(k), k = 1 … n: (E[winner's value] − revenue)/k, before the cost of entry. Shapes (…, n + 1) → (…, n)."""
    surplus = by_count.welfare - by_count.revenue
    return surplus[..., 1:] / np.arange(1, surplus.shape[-1])


def uninformed_entry(profit: Array, crowd: Crowd, entry_cost: npt.ArrayLike) -> Array:
    """The chance p at which Σ_k P(k rivals enter; p) π(k + 1) = K; 1 or 0 where no such p exists.

    `profit` is π(1) … π(n), shape (…, n) or (n,), the result (…). 1 where all gain at least K at p = 1, 0 where
    π(1) ≤ K otherwise. Source: Levin and Smith (1994), no expected profit. ValueError where K is negative.
    """
    cost = np.asarray(entry_cost, dtype=np.float64)
    refuse_negative(cost)

    def gains(chance: Array) -> npt.NDArray[np.bool_]:
        return np.asarray((crowd.rivals(chance[..., None]) * profit).sum(axis=-1) >= cost)

    return last_true(gains, np.broadcast_shapes(cost.shape, profit.shape[:-1]))
