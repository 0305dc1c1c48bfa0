"""Bidders who know their own values of a round's blocks; ETH a round. Source: MODEL section 9, P7 and P8 (c)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import optimize

from strategies.theory.block_values import AlikeValues, kth_best, pieces
from strategies.theory.laws import Array, Law, refuse_few
from strategies.theory.order_statistics import rank_density
from strategies.theory.quadrature import integral
from strategies.theory.summed_values import (
    Lattice,
    SummedSale,
    cdf_at,
    exercised,
    on_lattice,
    sale_of_sums,
    sum_of,
    together,
)

PATH_CELLS, FEWEST_PATH_CELLS = 1600, 128
"""Costs on which a path of rewards is summed: fewer where more blocks smooth the sum."""

TABLE = 4001
"""Quantiles at which what a buyer expects is tabulated."""


def sums_of(law: Law, blocks: int) -> Lattice:
    """The law of S_i = Σ_k v_ik."""
    return sum_of(lambda cells: on_lattice(law, cells), blocks)


def sums_at(cost: Law, reward: float, blocks: int) -> Lattice:
    """The same of values (R − θ_ik)^+ with a known reward."""
    return sum_of(lambda cells: exercised(on_lattice(cost, cells), reward), blocks)


def least_sum(sums: Lattice, buyers: int, reserve: float, cost: float) -> float:
    """The sum at which a bid brings its cost: (s − r) G_S(s)^(n−1) = c. Source: Samuelson (1985)."""
    if cost == 0:
        return reserve
    high = sums.low + sums.step * (sums.mass.size - 1)

    def short(level: float) -> float:
        return (level - reserve) * cdf_at(sums, level) ** (buyers - 1) - cost

    if buyers == 1 or short(high) <= 0:
        return reserve + cost if buyers == 1 else max(high, reserve + cost)
    return float(optimize.brentq(short, reserve, high, xtol=1e-14))


def informed_sale(sums: Lattice, buyers: int, reserve: float = 0.0, cost: float = 0.0) -> SummedSale:
    """Ahead of time, no resale, each knows its own sum, independent of the others'."""
    return sale_of_sums(sums, buyers, least_sum(sums, buyers, reserve, cost), reserve)


def informed_sale_on_paths(cost: Law, paths: Array, buyers: int, reserve: float, least: float) -> list[SummedSale]:
    """The same for each path of rewards that all buyers share, (paths, blocks); all with `least` or more bid."""
    few = int(np.clip(PATH_CELLS / np.sqrt(paths.shape[1]), FEWEST_PATH_CELLS, PATH_CELLS))
    one = on_lattice(cost, few)
    return [path_sale(one, path, buyers, reserve, least) for path in paths]


def path_sale(cost: Lattice, path: Array, buyers: int, reserve: float, least: float) -> SummedSale:
    """Given the rewards of the round's blocks."""
    parts = [exercised(cost, float(reward)) for reward in path]
    return sale_of_sums(together(parts, [1] * len(parts)), buyers, least, reserve)


@dataclass(frozen=True)
class InformedResale:
    """Buyers that know their own values and can resell at their own value: each bids D_i = Σ_k E[v_(2),k | v_ik].

    ValueError for fewer than two buyers.
    """

    law: Law
    blocks: int
    buyers: int

    def __post_init__(self) -> None:
        refuse_few(self.buyers, 2, "buyers")

    @cached_property
    def bids(self) -> Lattice:
        """The law of D_i."""
        return sums_of(SecondExpected(self.law, self.buyers), self.blocks)

    @property
    def price(self) -> float:
        """E D_(2)."""
        return sale_of_sums(self.bids, self.buyers, -np.inf, 0.0).price

    @property
    def gain_against_hub(self) -> float:
        """E(D_i − H)^+, what bidding against a hub that bids H = B E v_(2) brings one buyer."""
        hub = kth_best(AlikeValues(self.law, self.blocks), self.buyers, 2)
        return float(np.maximum(self.bids.points - hub, 0.0) @ self.bids.mass)


class SecondExpected:
    """The law of E[v_(2) | v_i], v_i from `law`, with n − 1 others. Rising in v_i, so a table by its quantile."""

    def __init__(self, law: Law, buyers: int) -> None:
        self.quantiles = np.linspace(0.0, 1.0, TABLE)
        self.values = expected_second(law, buyers, np.clip(self.quantiles, 0.0, 1 - 1e-12))

    def cdf(self, value: npt.ArrayLike) -> Array:
        return np.asarray(np.interp(np.asarray(value), self.values, self.quantiles, left=0.0, right=1.0))

    def pdf(self, value: npt.ArrayLike) -> Array:
        return np.asarray(np.interp(np.asarray(value), self.values, np.gradient(self.quantiles, self.values)))

    def ppf(self, quantile: npt.ArrayLike) -> Array:
        return np.asarray(np.interp(np.asarray(quantile), self.quantiles, self.values))

    def mean(self) -> float:
        return float(integral(self.ppf, self.breaks()))

    def support(self) -> tuple[float, float]:
        return float(self.values[0]), float(self.values[-1])

    def atoms(self) -> tuple[float, ...]:
        return ()

    def breaks(self) -> Array:
        return self.quantiles


def expected_second(law: Law, buyers: int, quantile: Array) -> Array:
    """E[v_(2) | v_i at this quantile]: its own value where one other is above, else the second of the others' or
    the best of them, in whatever order."""
    rivals = buyers - 1
    own = quantile[..., None]
    breaks = pieces(law.breaks(), rivals)
    best_below = integral(lambda u: law.ppf(u) * rank_density(u, rivals, rivals), np.minimum(breaks, own))
    middle = rivals * (1 - quantile) * quantile ** (rivals - 1)
    held = np.where(middle > 0, law.ppf(np.clip(quantile, 0.0, 1 - 1e-15)) * middle, 0.0)
    if rivals == 1:
        return np.asarray(best_below + held)
    second_above = integral(lambda u: law.ppf(u) * rank_density(u, rivals, rivals - 1), np.maximum(breaks, own))
    return np.asarray(best_below + held + second_above)
