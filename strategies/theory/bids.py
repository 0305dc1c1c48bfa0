"""Equilibrium bids of n buyers with independent private values, in ETH at the block of the sale."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from strategies.theory.crowd import Crowd
from strategies.theory.laws import Array, Law, refuse_atoms, refuse_few
from strategies.theory.quadrature import integral, last_true, nodes_between


def second_price_bid(value: npt.ArrayLike, reserve: float = 0.0) -> Array:
    """The own value, nan below the reserve; also where an English clock is left. Source: Vickrey (1961)."""
    worth = np.asarray(value, dtype=np.float64)
    return np.where(worth >= reserve, worth, np.nan)


def first_price_bid(
    value: npt.ArrayLike, law: Law, buyers: int, reserve: float = 0.0, entry_cost: float = 0.0
) -> Array:
    """b(v) = v − [K + ∫_{v*}^v G^(n−1) ds] / G(v)^(n−1), nan for who stays out; also the Dutch bid.

    `law` is G, the law of values; v* = `lowest_bidder`; rivals who entered are not seen. With K = 0 this is the
    bid with a reserve. Source: Krishna (2010), sections 2.3 and 2.5; with entry Samuelson (1985).
    ValueError for a law with atoms (no pure equilibrium), n < 1, a negative reserve or cost.
    """
    refuse_atoms(law, "a first-price or Dutch sale")
    lowest = lowest_bidder(law, buyers, reserve, entry_cost)
    worth = np.asarray(value, dtype=np.float64)
    bidders = np.maximum(worth, lowest)
    low = np.clip(lowest, *law.support())
    high = np.clip(bidders, *law.support())
    edges = np.stack(np.broadcast_arrays(low, high), axis=-1)
    rent = entry_cost + integral(lambda level: law.cdf(level) ** (buyers - 1), edges) + (bidders - high)
    chance = law.cdf(bidders) ** (buyers - 1)
    shaded = bidders - rent / np.where(chance > 0, chance, 1.0)
    return np.where(worth >= lowest, lone_bid(shaded, buyers, reserve), np.nan)


def ranked_bid(
    rank: Array, value_at: Callable[[Array], Array], crowd: Crowd, last: Array, reserve: Array
) -> Array:
    """The first-price bid of the buyer at each rank, (…, k), nan above rank `last`, (…, 1), that still bids.

    It is what the buyer expects to pay in a second-price sale if it wins: the best rival's value, or the reserve
    (…, 1) where no rival bids. `crowd` are those who bid if their rank lets them. Source: revenue equivalence,
    Krishna (2010), chapter 3.
    """
    place = np.minimum(rank, last)
    edges = np.stack(np.broadcast_arrays(place, last), axis=-1)
    nodes, weights = nodes_between(edges)
    flat = (*nodes.shape[:-2], -1)
    values = value_at(nodes.reshape(flat)).reshape(nodes.shape)
    rivals = (values * crowd.rival(nodes) * weights).sum(axis=-1)
    return np.where(rank <= last, (rivals + reserve * crowd.unrivalled(last)) / crowd.unrivalled(place), np.nan)


def lone_bid(bid: Array, buyers: int, reserve: float) -> Array:
    """The bid, and the reserve where there is no rival."""
    if buyers == 1:
        return np.full_like(bid, reserve)
    return bid


def lowest_bidder(law: Law, buyers: int, reserve: float = 0.0, entry_cost: float = 0.0) -> float:
    """v*, the lowest value that bids: (v* − r) G(v*)^(n−1) = K; inf where none does.

    Source: Samuelson (1985), with a reserve. ValueError for n < 1, a negative reserve or cost.
    """
    refuse_few(buyers, 1, "buyers")
    if min(reserve, entry_cost) < 0:
        raise ValueError(f"reserve and entry cost must not be negative, not {reserve:g} and {entry_cost:g}")
    if entry_cost == 0:
        low, high = law.support()
        return max(reserve, low) if reserve <= high else float("inf")

    def stays_out(quantile: Array) -> npt.NDArray[np.bool_]:
        margin = law.ppf(quantile) - reserve
        return np.asarray((margin < 0) | (margin * quantile ** (buyers - 1) < entry_cost))

    quantile = float(last_true(stays_out, ()))
    if stays_out(np.array(1.0)):
        return float("inf")
    return float(law.ppf(quantile))
