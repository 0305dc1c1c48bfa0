"""Gauss–Legendre integrals over adjoining pieces, each mapped so that singular ends do little harm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from strategies.theory.laws import Array

FEW_PIECES = 8
MANY_NODES = 64
FEW_NODES = 16
HALVINGS = 60
CLOSE = 1e-14


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


def last_gain(gain: Callable[[Array], Array], shape: tuple[int, ...]) -> Array:
    """The highest u in [0, 1] at which `gain`(u) is not negative, which it stops being once; 0 where it never is.

    As `last_true`, to within `CLOSE`, in a few steps where the gain is smooth. Source: Chandrupatla (1997), A new
    hybrid quadratic/bisection algorithm, Advances in Engineering Software 28.
    """
    none, every = np.zeros(shape), np.ones(shape)
    sides = Bracket(none, gain(none), every, gain(every), every, np.zeros(shape))
    crossed = (sides.at_new >= 0) & ~(sides.at_other >= 0)
    everywhere = (sides.at_other >= 0).astype(np.float64)
    place = none + 0.5
    for _ in range(2 * HALVINGS):
        point = sides.new + place * (sides.other - sides.new)
        sides = sides.narrowed(point, gain(point))
        width = np.abs(sides.other - sides.new)
        if (width <= CLOSE)[crossed].all():
            break
        edge = CLOSE / 2 / np.maximum(width, CLOSE)
        place = np.clip(sides.guess(), edge, 1 - edge)
    return np.where(crossed, np.minimum(sides.new, sides.other), everywhere)


@dataclass(frozen=True)
class Bracket:
    """The point looked at last, the one across the root, and the one looked at before, with their gains."""

    new: Array
    at_new: Array
    other: Array
    at_other: Array
    old: Array
    at_old: Array

    def narrowed(self, point: Array, here: Array) -> Bracket:
        """With a point between, whose gain is `here`."""
        same = (here >= 0) == (self.at_new >= 0)
        return Bracket(
            point,
            here,
            np.where(same, self.other, self.new),
            np.where(same, self.at_other, self.at_new),
            np.where(same, self.new, self.other),
            np.where(same, self.at_new, self.at_other),
        )

    def guess(self) -> Array:
        """The part of the way from `new` to `other` at which to look: inverse quadratic, or the middle."""
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            span = (self.new - self.other) / (self.old - self.other)
            rise = (self.at_new - self.at_other) / (self.at_old - self.at_other)
            smooth = (rise**2 < span) & ((1 - rise) ** 2 < 1 - span)
            across = self.at_new / (self.at_other - self.at_new) * self.at_old / (self.at_other - self.at_old)
            before = self.at_new / (self.at_old - self.at_new) * self.at_other / (self.at_old - self.at_other)
            part = across + (self.old - self.new) / (self.other - self.new) * before
        return np.where(smooth, part, 0.5)
