"""The price of a ticket that rises with demand and with the stock of tickets."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from strategies.theory.laws import Array


def price_factor(
    orders: npt.ArrayLike, target_orders: float, excess_stock: npt.ArrayLike, target_stock: float
) -> Array:
    """w = (1 + T_s/(8 T̂))(1 + T_δ/(64 W))²: by what the price of a ticket is multiplied after a slot.

    T̂ is the target stock, T_s the stock above it, W the target number of orders a slot, T_δ = orders − W.
    Source: Elowsson (2024), MEV resistant dynamic pricing auction of execution proposal rights. ValueError unless
    both targets are positive.
    """
    if min(target_orders, target_stock) <= 0:
        raise ValueError(f"targets must be positive, not {target_orders} orders and {target_stock} tickets")
    demand = np.asarray(orders, dtype=np.float64) - target_orders
    stock = np.asarray(excess_stock, dtype=np.float64)
    return (1 + stock / (8 * target_stock)) * (1 + demand / (64 * target_orders)) ** 2
