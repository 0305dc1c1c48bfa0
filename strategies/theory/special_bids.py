"""Equilibrium bids of n buyers with independent private values where the winner pays the third price, or all pay.

Values, bids and reserves in ETH at the block of the sale. A value has no atom; a rank is as in `crowd`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from strategies.theory.crowd import Crowd
from strategies.theory.laws import Array, Law, refuse_atoms, refuse_few
from strategies.theory.quadrature import integral, last_true, nodes_between

THIRD = "a third-price sale"
ALL = "an all-pay sale"


def third_price_bid(value: npt.ArrayLike, law: Law, buyers: int, reserve: float = 0.0) -> Array:
    """b(v) = v + G(v)/((n − 2) g(v)), nan below the reserve: above the value, without bound where g dies out.

    An equilibrium where it rises with v, as for every log-concave G; the reserve does not change it. Source: Kagel
    and Levin (1993), Krishna (2010), section 3.2.1. ValueError for a law with atoms, n < 3, and a bid that falls.
    """
    refuse_atoms(law, THIRD)
    refuse_few(buyers, 3, f"buyers of {THIRD}")
    worth = np.asarray(value, dtype=np.float64)
    density = law.pdf(worth)
    with np.errstate(divide="ignore", invalid="ignore"):
        bid = worth + law.cdf(worth) / ((buyers - 2) * density)
    refuse_falling(worth, bid)
    return np.where((worth >= reserve) & (density > 0), bid, np.nan)


def all_pay_bid(value: npt.ArrayLike, law: Law, buyers: int, reserve: float = 0.0) -> Array:
    """b(v) = v G(v)^(n−1) − ∫_{v*}^v G^(n−1) ds, nan below v*, the lowest value that bids: v* G(v*)^(n−1) = r.

    Source: Krishna (2010), section 3.2.2; with a reserve by the same indifference. ValueError for a law with
    atoms, n < 1, a negative reserve.
    """
    refuse_atoms(law, ALL)
    refuse_few(buyers, 1, "buyers")
    worth = np.asarray(value, dtype=np.float64)
    lowest = lowest_payer(law, buyers, reserve)
    edges = np.stack((np.minimum(worth, lowest), worth), axis=-1)
    won = law.cdf(worth) ** (buyers - 1)
    bid = worth * won - integral(lambda level: law.cdf(level) ** (buyers - 1), edges)
    return np.where(worth >= lowest, bid, np.nan)


def lowest_payer(law: Law, buyers: int, reserve: float) -> float:
    """v*, the lowest value that pays the reserve whether it wins or not; inf where none does."""
    if reserve < 0:
        raise ValueError(f"reserve must not be negative, not {reserve:g}")
    if reserve == 0:
        return law.support()[0]

    def stays_out(quantile: Array) -> npt.NDArray[np.bool_]:
        return np.asarray(law.ppf(quantile) * quantile ** (buyers - 1) < reserve)

    if stays_out(np.array(1.0)):
        return float("inf")
    return float(law.ppf(float(last_true(stays_out, ()))))


def ranked_third_price_bid(rank: Array, value_at: Callable[[Array], Array], buyers: int) -> Array:
    """The third-price bid of the buyer at each rank of a row that rises, (k,): v(u) − (1 − u) v'(u)/(n − 2).

    ValueError for n < 3, and where a lower rank would bid less.
    """
    refuse_few(buyers, 3, f"buyers of {THIRD}")
    values = value_at(rank)
    bid = values - (1 - rank) * np.gradient(values, rank, edge_order=2) / (buyers - 2)
    refuse_falling(values, bid)
    return np.asarray(bid)


def ranked_all_pay_bid(
    rank: Array, value_at: Callable[[Array], Array], crowd: Crowd, last: float, reserve: float
) -> Array:
    """The all-pay bid of the buyer at each rank (k,), up to the `last` that bids, who pays the reserve."""
    edges = np.stack(np.broadcast_arrays(np.minimum(rank, last), last), axis=-1)
    nodes, weights = nodes_between(edges)
    values = value_at(nodes.reshape(-1)).reshape(nodes.shape)
    return np.asarray((values * crowd.rival(nodes) * weights).sum(axis=-1) + reserve)


def last_payer(value_at: Callable[[Array], Array], crowd: Crowd, reserve: float) -> float:
    """The last rank that pays the reserve whether it wins or not: v(u) P(no rival up to u) = r."""

    def pays(rank: Array) -> npt.NDArray[np.bool_]:
        alone = crowd.unrivalled(rank[..., None])[..., 0]
        return np.asarray(value_at(rank[..., None])[..., 0] * alone >= reserve)

    return float(last_true(pays, ()))


def refuse_falling(values: Array, bids: Array) -> None:
    """ValueError where a higher value would bid less: then this is no equilibrium."""
    order = np.argsort(values, axis=None)
    steps = np.diff(np.ravel(bids)[order])
    if (steps < -1e-9 * (1 + np.abs(np.ravel(bids)[order][1:]))).any():
        raise ValueError(f"{THIRD} has no equilibrium in pure bids for this law: the bid falls as the value rises")
