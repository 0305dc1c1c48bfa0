"""Gauss–Legendre integrals over adjoining pieces, each mapped so that singular ends do little harm."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from strategies.theory.laws import Array

FEW_PIECES = 8
MANY_NODES = 64
FEW_NODES = 16
HALVINGS = 60


def nodes_between(edges: Array) -> tuple[Array, Array]:
    """Nodes and weights on the pieces between rising `edges`, shapes (…, pieces + 1) → 2 × (…, nodes).

    Pieces of no length are allowed and weigh nothing.
    """
    pieces = edges.shape[-1] - 1
    nodes = FEW_NODES
    if pieces <= FEW_PIECES:
        nodes = MANY_NODES
    place, weight = unit_nodes(nodes)
    start = edges[..., :-1, None]
    width = np.diff(edges)[..., None]
    shape = (*edges.shape[:-1], pieces * place.size)
    return (start + width * place).reshape(shape), (width * weight).reshape(shape)


@lru_cache(maxsize=4)
def unit_nodes(count: int) -> tuple[Array, Array]:
    """Nodes and weights on [0, 1] after u = s³(10 − 15 s + 6 s²), flat to second order at both ends.

    Source of the map: Korobov (1963); a polynomial stays a polynomial, a root or a logarithm becomes smooth.
    """
    node, weight = np.polynomial.legendre.leggauss(count)
    step = (node + 1) / 2
    return step**3 * (10 - 15 * step + 6 * step**2), 15 * weight * step**2 * (1 - step) ** 2


def integral(function: Callable[[Array], Array], edges: Array) -> Array:
    """∫ function over the pieces between `edges`, shapes (…, pieces + 1) → (…)."""
    nodes, weights = nodes_between(edges)
    return np.asarray((function(nodes) * weights).sum(axis=-1))


def last_true(holds: Callable[[Array], npt.NDArray[np.bool_]], shape: tuple[int, ...]) -> Array:
    """The highest u in [0, 1] at which `holds` is true, which it stops being once; 0 where it never is."""
    low = np.zeros(shape)
    high = np.ones(shape)
    everywhere = holds(high)
    if everywhere.all():
        return np.ones(np.broadcast_shapes(shape, everywhere.shape))
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        inside = holds(middle)
        low = np.where(inside, middle, low)
        high = np.where(inside, high, middle)
    return np.where(everywhere, 1.0, low)
