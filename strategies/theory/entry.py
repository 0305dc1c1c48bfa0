"""Who enters a sale that costs something to enter. Values and costs in ETH at the block of the sale."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy import special

from strategies.theory.auction import Auction, second_price_auction
from strategies.theory.laws import Array
from strategies.theory.quadrature import last_true


def informed_entry(
    value_at: Callable[[Array], Array], buyers: int, entry_cost: npt.ArrayLike, reserve: npt.ArrayLike = 0.0
) -> Array:
    """The highest rank that enters, which is each buyer's chance to enter: (v − r)(1 − u)^(n−1) = K.

    `value_at`(u) is the value at rank u, never rising; it and the costs broadcast. Where u falls on equals
    only part of them enter, which is the mixing of MODEL section 4. 0 where the best buyer gains at most K.
    Source: Samuelson (1985). ValueError where K is negative.
    """
    cost, floor = np.asarray(entry_cost, dtype=np.float64), np.asarray(reserve, dtype=np.float64)
    if (cost < 0).any():
        raise ValueError(f"entry cost must not be negative, not {cost.min():g}")

    def enters(rank: Array) -> npt.NDArray[np.bool_]:
        margin = value_at(rank) - floor
        alone = np.where(cost > 0, (1 - rank) ** (buyers - 1), 1.0)
        return np.asarray(margin * alone >= cost)

    return last_true(enters, np.broadcast_shapes(cost.shape, floor.shape))


def bidder_counts(value_at: Callable[[Array], Array], edges: Array, buyers: int, reserve: Array) -> Auction:
    """The auction for each number of bidders: `edges` (…, 1, pieces + 1), `reserve` (…, 1), result (…, n + 1).

    Of the bidders, those worth less than the reserve stay silent.
    """
    last = informed_entry(value_at, buyers, 0.0, reserve)
    return second_price_auction(value_at, edges, np.arange(buyers + 1), last, reserve)


def binomial(trials: int, chance: Array) -> Array:
    """Chances of 0 … n successes, shapes (…) → (…, n + 1)."""
    wins = np.arange(trials + 1)
    likelihood = special.xlogy(wins, chance[..., None]) + special.xlog1py(trials - wins, -chance[..., None])
    return np.asarray(special.comb(trials, wins) * np.exp(likelihood))


def bidder_profit(by_count: Auction) -> Array:
    """π(k), k = 1 … n: (E[winner's value] − revenue)/k, before the cost of entry. Shapes (…, n + 1) → (…, n)."""
    surplus = by_count.welfare - by_count.revenue
    return surplus[..., 1:] / np.arange(1, surplus.shape[-1])


def uninformed_entry(profit: Array, entry_cost: npt.ArrayLike) -> Array:
    """The chance p at which Σ_k C(n−1,k) p^k (1−p)^(n−1−k) π(k+1) = K; 1 or 0 where no such p exists.

    `profit` is π(1) … π(n), shape (…, n) or (n,), the result (…). 1 where π(n) ≥ K, 0 where π(1) ≤ K otherwise.
    Source: Levin and Smith (1994), no expected profit. ValueError where K is negative.
    """
    cost = np.asarray(entry_cost, dtype=np.float64)
    if (cost < 0).any():
        raise ValueError(f"entry cost must not be negative, not {cost.min():g}")
    rivals = profit.shape[-1] - 1

    def gains(chance: Array) -> npt.NDArray[np.bool_]:
        return np.asarray((binomial(rivals, chance) * profit).sum(axis=-1) >= cost)

    return last_true(gains, np.broadcast_shapes(cost.shape, profit.shape[:-1]))
