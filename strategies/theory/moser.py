"""The right to take one of several independent rewards: a window whose holder may pass. ETH."""

from __future__ import annotations

import numpy as np

from strategies.theory.laws import Array, Law
from strategies.theory.quadrature import integral, last_true


def window_values(reward: Law, maturity: int, discount_rate: float = 0.0, cost: float = 0.0) -> Array:
    """W_0 before R_0 is seen, for maturities 0 … T, shape (T + 1,): w ← E[max((R − θ)^+, δ w)].

    Rewards are independent draws from `reward`, `cost` is θ. Source: Moser (1956); MODEL section 5.
    """
    values = np.empty(maturity + 1)
    waiting = 0.0
    for block in range(maturity + 1):
        values[block] = expected_best(reward, cost, waiting)
        waiting = values[block] / (1 + discount_rate)
    return values


def expected_best(reward: Law, cost: float, waiting: float) -> float:
    """E[max(R − θ, `waiting`)] for a nonnegative value of waiting, by quadrature over quantiles."""
    bar = cost + waiting
    passed = last_true(lambda quantile: reward.ppf(quantile) <= bar, ())
    edges = np.maximum(reward.breaks(), passed)
    return waiting + float(integral(lambda quantile: reward.ppf(quantile) - bar, edges))
