"""Several tickets sold at once to buyers who want one each, every winner paying its own bid."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import special

from strategies.theory.laws import Array, Law, refuse_atoms, refuse_few
from strategies.theory.order_statistics import kth_highest
from strategies.theory.quadrature import integral


def pay_as_bid_bid(value: npt.ArrayLike, law: Law, buyers: int, tickets: int) -> Array:
    """b(v) = E[Y | Y < v] = v − ∫_lo^v H ds / H(v), in the unit of the values; the shape of `value`.

    Y is the k-th highest of the n − 1 rivals' values, H its distribution, k `tickets`. Source: Vickrey (1962),
    Auctions and bidding games; Krishna (2010), section 13.5. 0 where everyone gets a ticket (k ≥ n). ValueError
    for a law with atoms (no pure equilibrium), without a lower bound, fewer than one buyer or ticket.
    """
    check_sale(law, buyers, tickets)
    worth = np.asarray(value, dtype=np.float64)
    if tickets >= buyers:
        return np.zeros_like(worth)
    low, high = law.support()
    inside = np.clip(worth, low, high)
    edges = np.stack(np.broadcast_arrays(np.float64(low), inside), axis=-1)
    rent = integral(lambda level: few_above(law, buyers - 1, tickets, level), edges)
    chance = few_above(law, buyers - 1, tickets, inside)
    shaded = inside - rent / np.where(chance > 0, chance, 1.0)
    return np.where(chance > 0, shaded, low)


def pay_as_bid_revenue(law: Law, buyers: int, tickets: int) -> float:
    """k E[v_(k+1)], v_(k+1) the highest value that gets no ticket: what a uniform price at the first losing bid
    brings too.

    Source: revenue equivalence, Krishna (2010), section 14.1. 0 where k ≥ n. ValueError as `pay_as_bid_bid`.
    """
    check_sale(law, buyers, tickets)
    if tickets >= buyers:
        return 0.0
    return tickets * kth_highest(law, buyers, tickets + 1)


def few_above(law: Law, rivals: int, tickets: int, level: Array) -> Array:
    """The chance that fewer than `tickets` of the rivals' values are above `level`."""
    return np.asarray(special.bdtr(tickets - 1, rivals, 1 - law.cdf(level)))


def check_sale(law: Law, buyers: int, tickets: int) -> None:
    """ValueError for a sale that has no pure equilibrium of this kind."""
    refuse_atoms(law, "a sale in which winners pay their bids")
    refuse_few(buyers, 1, "buyers")
    refuse_few(tickets, 1, "tickets")
    if not np.isfinite(law.support()[0]):
        raise ValueError(f"the law must be bounded below; its support is {law.support()}")
