"""A law of amounts as a table of its quantiles: what is asked of a law that does not say it of itself. Gwei.

The table is common knowledge, and data alone: it can be sent to any process, and nothing in it can be peeked at.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from chain.errors import RuleBroken
from chain.randomness import Streams

Amounts = npt.NDArray[np.float64]
Sample = Callable[[np.random.Generator, int], Amounts]
"""So many draws of a law, Gwei."""

REACH = 7.0
NODES = 2049
DRAWS = 2**17
"""How many draws a law is asked by: the error of a mean is .003 of the standard deviation."""
STREAM = "simulated law"
HALVINGS = 100
LEAST_SHARE = 1e-3
"""What has a share of this or more in a simulation has it of its own, and not by chance."""


@dataclass(frozen=True)
class Quantiles:
    """The quantiles at `shares()`, and what is left over each of them in the mean, as float64 in bytes.

    `atoms_gwei` are the values with a probability of their own, rising. `is_simulated`: asked of draws, so that
    the slope of the quantiles is noise.
    """

    levels: bytes
    left: bytes
    mean_gwei: float
    atoms_gwei: tuple[float, ...]
    is_simulated: bool

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        return type(self), (self.levels, self.left, self.mean_gwei, self.atoms_gwei, self.is_simulated)

    @cached_property
    def _levels(self) -> Amounts:
        return np.frombuffer(self.levels)

    @cached_property
    def _left(self) -> Amounts:
        return np.frombuffer(self.left)

    @cached_property
    def _density(self) -> Amounts:
        steps = np.maximum(np.diff(self._levels), np.finfo(float).tiny)
        slopes = np.diff(shares()) / steps
        return np.concatenate((slopes[:1], (slopes[1:] + slopes[:-1]) / 2, slopes[-1:]))

    def quantile_gwei(self, share: npt.ArrayLike) -> Amounts:
        """The amount that a share of all draws do not exceed, of the shape of `share`."""
        if self.atoms_gwei:
            places = np.searchsorted(shares(), share, side="left")
            return np.asarray(self._levels[np.minimum(places, NODES - 1)])
        return np.asarray(np.interp(np.asarray(share, dtype=np.float64), shares(), self._levels))

    def cdf_gwei(self, gwei: npt.ArrayLike) -> Amounts:
        """The share of draws at or below an amount, of its shape."""
        amount = np.asarray(gwei, dtype=np.float64)
        if self.atoms_gwei:
            places = np.searchsorted(self._levels, amount, side="right")
            return np.concatenate(([0.0], shares()))[places]
        below = np.interp(amount, self._levels, shares())
        return np.where(amount < self._levels[0], 0.0, np.where(amount >= self._levels[-1], 1.0, below))

    def pdf_gwei(self, gwei: npt.ArrayLike) -> Amounts:
        """The density, per Gwei. ValueError for a law with atoms, and for one that draws alone tell of."""
        if self.atoms_gwei:
            raise ValueError(
                f"a density needs a law without atoms; this one has one at {self.atoms_gwei[0]:g} Gwei"
            )
        if self.is_simulated:
            raise ValueError("a density needs a law that says its quantiles; give it quantile_gwei or cdf_gwei")
        return np.asarray(
            np.interp(np.asarray(gwei, dtype=np.float64), self._levels, self._density, left=0.0, right=0.0)
        )

    def surplus_gwei(self, cost_gwei: float) -> float:
        """`E[max(R - cost_gwei, 0)]`."""
        return float(self.surpluses_gwei(cost_gwei))

    def surpluses_gwei(self, cost_gwei: npt.ArrayLike) -> Amounts:
        """The same of many costs, of their shape."""
        cost = np.asarray(cost_gwei, dtype=np.float64)
        inside = np.interp(cost, self._levels, self._left, right=0.0)
        return np.where(cost <= self._levels[0], self.mean_gwei - cost, inside)

    def support_gwei(self) -> tuple[float, float]:
        """The least and the greatest amount of the table."""
        return float(self._levels[0]), float(self._levels[-1])

    def breaks(self) -> Amounts:
        """Shares from 0 to 1 between which quantiles are smooth, shape (pieces + 1,)."""
        if not self.atoms_gwei:
            return np.array([0.0, 1.0])
        jumps = shares()[np.flatnonzero(np.diff(self._levels) > 0)]
        return np.unique(np.concatenate(([0.0], jumps, [1.0])))


@cache
def shares() -> Amounts:
    """The shares of the table: evenly spaced in normal scores, so that both ends are fine; from 0 to 1."""
    normal = NormalDist()
    found = np.array([normal.cdf(score) for score in np.linspace(-REACH, REACH, NODES).tolist()])
    found[0], found[-1] = 0.0, 1.0
    found.setflags(write=False)
    return found


@cache
def inner_shares() -> Amounts:
    """The same, but for the ends, at which a law may have no quantile."""
    ends = NormalDist().cdf(-REACH)
    return np.clip(shares(), ends, 1 - ends)


def inverse(cdf: Callable[[Amounts], Amounts]) -> Amounts:
    """The quantiles at `inner_shares()` of a law that says its distribution function, by halving."""
    wanted = inner_shares()
    low, high = np.zeros(NODES), np.full(NODES, 1.0)
    for _ in range(HALVINGS):
        short = cdf(high) < wanted
        if not short.any():
            break
        high = np.where(short, 2 * high, high)
    else:
        raise RuleBroken(f"its cdf_gwei of {high.max():g} Gwei is still below {wanted.max():z.6g}; it rises to 1")
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        short = cdf(middle) < wanted
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return np.maximum.accumulate(high)


class Parts(NamedTuple):
    """What a table is made of: `levels` at `inner_shares()`, the mean, and what is left over each level in it."""

    levels: Amounts
    mean: float
    left: Amounts
    atoms: tuple[float, ...]


def by_quantiles(quantile: Callable[[Amounts], Amounts]) -> Parts:
    """Of a law that says its quantiles. Raises `RuleBroken` unless they are amounts that do not fall."""
    levels = np.array(quantile(inner_shares()), dtype=np.float64)
    check_levels(levels)
    atoms = atoms_of(levels)
    if atoms:
        spread = np.asarray(quantile((np.arange(DRAWS) + 0.5) / DRAWS), dtype=np.float64)
        return Parts(levels, float(spread.mean()), left_over(levels, spread), atoms)
    return Parts(levels, *integrals(levels), ())


def by_draws(sample: Sample) -> Parts:
    """Of a law that can only be drawn from: always the same draws, from a stream of their own, so that what is
    known of a law depends on no run's seed."""
    draws = np.sort(sample(Streams(0).generator(STREAM), DRAWS))
    values, counts = np.unique(draws, return_counts=True)
    atoms = values[counts >= LEAST_SHARE * DRAWS]
    levels = np.quantile(draws, inner_shares(), method="inverted_cdf" if atoms.size else "linear")
    return Parts(levels, float(draws.mean()), left_over(levels, draws), tuple(atoms.tolist()))


def left_over(levels: Amounts, draws: Amounts) -> Amounts:
    """The mean of what draws, which rise, have over each level."""
    sums = np.concatenate((np.cumsum(draws[::-1])[::-1], [0.0]))
    first = np.searchsorted(draws, levels, side="right")
    return np.maximum((sums[first] - levels * (draws.size - first)) / draws.size, 0.0)


def integrals(levels: Amounts) -> tuple[float, Amounts]:
    """The mean, and what is left over each level in the mean: trapezoids over shares."""
    steps = np.diff(shares())
    parts = steps * (levels[1:] + levels[:-1]) / 2
    above = np.concatenate((np.cumsum(parts[::-1])[::-1], [0.0]))
    return float(above[0]), np.maximum(above - levels * (1 - shares()), 0.0)


def atoms_of(levels: Amounts) -> tuple[float, ...]:
    """The levels that cover several shares."""
    values, first, counts = np.unique(levels, return_index=True, return_counts=True)
    covered = shares()[first + counts - 1] - shares()[first]
    return tuple(values[(counts > 1) & (covered >= LEAST_SHARE)].tolist())


def check_levels(levels: Amounts) -> None:
    """Raises `RuleBroken` unless these can be quantiles."""
    if levels.shape != (NODES,):
        raise RuleBroken(f"its quantiles of {NODES} shares have the shape {levels.shape}; return one for each")
    if not np.isfinite(levels).all() or (levels < 0).any():
        raise RuleBroken("one of its quantiles is below 0, or not finite, at a share between 0 and 1")
    if (np.diff(levels) < 0).any():
        raise RuleBroken("its quantiles fall as the share rises")
