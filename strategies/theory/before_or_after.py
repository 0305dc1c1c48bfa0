"""Selling before values are known, at the second-highest mean, or after, at the second-highest value."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from strategies.theory.laws import Array, Law, refuse_few
from strategies.theory.order_statistics import value_edges
from strategies.theory.quadrature import integral, nodes_between


def early_price(laws: Sequence[Law]) -> float:
    """The second-highest mean. Source: Ma (2024), Trusted advantage in slot auction ePBS. ValueError for n < 2."""
    refuse_few(len(laws), 2, "buyers")
    return float(np.sort([law.mean() for law in laws])[-2])


def late_price(laws: Sequence[Law]) -> float:
    """E[v_(2)] of independent values: hi − ∫ [Π G_i + Σ_i (1 − G_i) Π_{j≠i} G_j] ds.

    Source: Ma (2024); Krishna (2010), appendix C. ValueError for n < 2 or an unbounded law.
    """
    refuse_few(len(laws), 2, "buyers")
    edges = np.unique(np.concatenate([value_edges(law) for law in laws]))
    return float(edges[-1] - integral(lambda value: second_highest_cdf(laws, value), edges))


def second_highest_cdf(laws: Sequence[Law], value: Array) -> Array:
    """The chance that at most one value is above `value`, its shape."""
    none = np.ones_like(value)
    one = np.zeros_like(value)
    for law in laws:
        below = law.cdf(value)
        none, one = none * below, one * below + none * (1 - below)
    return none + one


def late_price_with_reserve(law: Law, buyers: int, reserve: float) -> float:
    """E[max(v_(2), r) 1{v_(1) ≥ r}] of n values from one law: ∫ over [r, hi] after r (1 − G(r)^n).

    Source: Krishna (2010), section 2.5; Ma (2024). ValueError for n < 1 or an unbounded law.
    """
    refuse_few(buyers, 1, "buyers")
    edges = np.unique(np.maximum(value_edges(law), reserve))
    if edges.size == 1:
        edges = np.repeat(edges, 2)
    value, weight = nodes_between(edges)
    below = law.cdf(value)
    two_above = 1 - below**buyers - buyers * (1 - below) * below ** (buyers - 1)
    return float(reserve * (1 - law.cdf(reserve) ** buyers) + two_above @ weight)


def late_wins(laws: Sequence[Law]) -> bool:
    """Whether E[v_(2)] is above the second-highest mean. Source: Ma (2024)."""
    return late_price(laws) > early_price(laws)
