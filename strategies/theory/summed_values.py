"""Sums over the blocks of a round, by convolution: what buyers bid who know their own values. ETH a round.

A law is spread on a lattice so that each part of it keeps its mean, and the sum's law is taken from the lattice by
Fourier transform. Source: MODEL section 9; Krishna (2010), appendix C for the ranks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from strategies.theory.laws import Array, Law

CELLS, FEWEST_CELLS = 2**18, 1024
MOST_POINTS = 2**20
SPREAD = 14.0
"""Standard deviations of the sum on each side of its mean that are kept apart."""

TAIL = 1e-13
"""The part of an unbounded law that is put at the end of its lattice."""

INNER = (0.5 - 0.5 / np.sqrt(3), 0.5 + 0.5 / np.sqrt(3))
"""Two Gauss nodes of a cell."""


@dataclass(frozen=True)
class Lattice:
    """A law on the points low, low + step, …: chances in `mass`."""

    low: float
    step: float
    mass: Array

    @property
    def points(self) -> Array:
        return np.asarray(self.low + self.step * np.arange(self.mass.size))

    @cached_property
    def mean(self) -> float:
        return float(self.points @ self.mass)

    @cached_property
    def variance(self) -> float:
        """In the square of its unit."""
        return float((self.points - self.mean) ** 2 @ self.mass)


def on_lattice(law: Law, cells: int = CELLS) -> Lattice:
    """`law` on its support, each part spread on the two points beside it so that it keeps its mean."""
    low, high = ends(law)
    step = (high - low) / (cells - 1)
    if step <= 0:
        return Lattice(low, 1.0, np.ones(1))
    if law.atoms():
        return spread(np.array(law.atoms()), np.diff(law.breaks()), low, step, cells)
    starts = low + step * np.arange(cells - 1)
    below = (law.cdf(starts + step * INNER[0]) + law.cdf(starts + step * INNER[1])) / 2
    return Lattice(low, step, np.diff(below, prepend=0.0, append=1.0))


def ends(law: Law) -> tuple[float, float]:
    """Of its support, where that is bounded, and else of all but a `TAIL`."""
    inner = law.ppf(np.array([TAIL, 1 - TAIL]))
    outer = np.array(law.support())
    low, high = np.where(np.isfinite(outer), outer, inner).tolist()
    return low, high


def spread(values: Array, chances: Array, low: float, step: float, cells: int) -> Lattice:
    """Single values, each on the two points beside it."""
    place = (values - low) / step
    left = np.minimum(place.astype(int), cells - 2)
    mass = np.zeros(cells)
    np.add.at(mass, left, chances * (1 - (place - left)))
    np.add.at(mass, left + 1, chances * (place - left))
    return Lattice(low, step, mass)


def exercised(cost: Lattice, reward: float) -> Lattice:
    """(R − θ)^+ with θ on a lattice: what is left unused is put beside 0, so that it keeps its mean."""
    top = reward - cost.low
    if top <= 0:
        return Lattice(0.0, cost.step, np.ones(1))
    last = int(top / cost.step)
    if last >= cost.mass.size - 1:
        return Lattice(top - cost.step * (cost.mass.size - 1), cost.step, cost.mass[::-1])
    rest = cost.mass[last + 1 :].sum()
    part = top / cost.step - last
    mass = np.append(cost.mass[: last + 1], rest * part)
    mass[last] += rest * (1 - part)
    return Lattice(top - cost.step * (last + 1), cost.step, mass[::-1])


def sum_of(make: Callable[[int], Lattice], count: int) -> Lattice:
    """The law of the sum of `count` draws from `make(cells)`, with as many cells as their sum leaves room for."""
    one = make(CELLS)
    if count == 1 or one.mass.size == 1:
        return Lattice(one.low * count, one.step, one.mass)
    wide = window([one], [count])
    if wide > MOST_POINTS:
        one = make(max(CELLS * MOST_POINTS // wide, FEWEST_CELLS))
    return together([one], [count])


def window(parts: Sequence[Lattice], counts: Sequence[int]) -> int:
    """The points that the law of a sum takes."""
    first, last = reach(parts, counts)
    return last - first + 1


def reach(parts: Sequence[Lattice], counts: Sequence[int]) -> tuple[int, int]:
    """The first and the last of them, in steps above the lowest sum."""
    both = list(zip(parts, counts, strict=True))
    step = parts[0].step
    middle = sum(count * (part.mean - part.low) for part, count in both) / step
    sd = np.sqrt(sum(count * part.variance for part, count in both)) / step
    widest = max(part.mass.size for part in parts)
    span = sum(count * (part.mass.size - 1) for part, count in both)
    return max(int(middle - SPREAD * sd), 0), min(int(middle + SPREAD * sd) + widest, span)


def together(parts: Sequence[Lattice], counts: Sequence[int]) -> Lattice:
    """The law of a sum of independent draws from lattices of one step, `counts` of each."""
    first, last = reach(parts, counts)
    size = max(1 << int(last - first).bit_length(), 2)
    transform = np.ones(size // 2 + 1, dtype=complex)
    for part, count in zip(parts, counts, strict=True):
        transform = transform * np.fft.rfft(wrapped(part.mass, size)) ** count
    mass = np.maximum(np.roll(np.fft.irfft(transform, size), -(first % size)), 0.0)
    low = sum(count * part.low for part, count in zip(parts, counts, strict=True))
    return Lattice(low + first * parts[0].step, parts[0].step, mass)


def wrapped(mass: Array, size: int) -> Array:
    """The chances by the remainder of their place."""
    rounds = -(-mass.size // size)
    return np.asarray(np.pad(mass, (0, rounds * size - mass.size)).reshape(rounds, size).sum(axis=0))


@dataclass(frozen=True)
class SummedSale:
    """What is expected of a sale: its `price`, what is `made` of the round, whether it is `sold`, who enters.

    `mean` is that of one bidder's sum.
    """

    price: float
    made: float
    sold: float
    entrants: float
    mean: float


def sale_of_sums(sums: Lattice, buyers: int, least: float, reserve: float) -> SummedSale:
    """The price S_(2), or r from a lone bidder; made is S_(1).

    All whose sum is `least` or more bid, r ≤ `least`; no sum is below 0, though a lattice may begin there.
    Source: Krishna (2010), appendix C.
    """
    below = np.clip(np.cumsum(sums.mass), 0.0, 1.0)
    ends = sums.points + sums.step / 2
    least = least if least > 0 else -np.inf
    at = cdf_at(sums, least)
    one_above = 1 - below**buyers
    second = one_above - buyers * (1 - below) * below ** (buyers - 1)
    alone = buyers * (1 - at) * at ** (buyers - 1)
    two = 1 - at**buyers - alone
    return SummedSale(
        price=reserve * alone + mean_above(ends, sums.step, second, least, two),
        made=mean_above(ends, sums.step, one_above, least, 1 - at**buyers),
        sold=1 - at**buyers,
        entrants=buyers * (1 - at),
        mean=sums.mean,
    )


def mean_above(ends: Array, step: float, exceeds: Array, least: float, chance: float) -> float:
    """E[X 1{X ≥ least}], `chance` that of X ≥ least, `exceeds` that X is above each of `ends`."""
    start = max(least, float(ends[0]) - step / 2)
    held = np.clip(ends + step / 2 - start, 0.0, step)
    return float(start * chance + exceeds @ held)


def cdf_at(sums: Lattice, value: float) -> float:
    """The chance of less than `value`, between points in a straight line."""
    if value <= sums.low:
        return 0.0
    if value > sums.low + sums.step * (sums.mass.size - 1):
        return 1.0
    below = np.clip(np.cumsum(sums.mass), 0.0, 1.0)
    return float(np.interp(value, sums.points + sums.step / 2, below))
