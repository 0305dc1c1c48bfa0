"""What buyers may be worth: costs, what is known of them, and the value that follows, ranked from the best."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from strategies.theory.laws import Array, Law
from strategies.theory.quadrature import integral, last_gain

TIE = 1e-12


@dataclass(frozen=True)
class Types:
    """Buyers with costs from `cost` and a value `worth`(θ), e.g. E[(R_T − θ)^+], ETH, never rising in θ.

    A buyer is named by its rank u in [0, 1], 0 the best. A share `informed` of buyers knows θ; the others
    value the ticket at `unknown`, by default E[worth(θ)]. `bend` is the cost at which worth has a kink,
    (…, 1), None where it has none. Arrays have shape (…, k): ranks or costs on the last axis, before it the axes
    of the blocks and public states for which `worth` has its own values; `informed` is (…, 1). Source: MODEL
    section 4, the law G_t, in values instead of costs.
    """

    cost: Law
    worth: Callable[[Array], Array]
    unknown: Array | None = None
    bend: Array | None = None

    @cached_property
    def mean_worth(self) -> Array:
        """What a buyer that knows nothing expects, ETH, shape (…)."""
        if self.unknown is None:
            return integral(self.own_worth, self.own_edges)
        return self.unknown

    @cached_property
    def beside_mean(self) -> tuple[Array, Array]:
        """Shares of informed buyers worth more than, and at least as much as, one who knows nothing; (…, 1)."""
        bars = self.mean_worth[..., None] + np.array([TIE, -TIE][: 1 + bool(self.cost.atoms())])
        ahead = last_gain(lambda rank: self.own_worth(rank) - bars, bars.shape)
        return ahead[..., :1], ahead[..., -1:]

    def own_worth(self, rank: Array) -> Array:
        """Value of the informed buyer at a rank among the informed, ETH."""
        return np.asarray(self.worth(self.cost.ppf(rank)), dtype=np.float64)

    def value_at(self, rank: Array, informed: npt.ArrayLike) -> Array:
        """Expected value at a rank among all, ETH."""
        if np.min(informed) >= 1:
            return self.own_worth(rank)
        own, uninformed = self.place(rank, informed)
        shape = np.broadcast_shapes(uninformed.shape, (*self.mean_worth.shape, 1))
        values = np.array(np.broadcast_to(self.mean_worth[..., None], shape))
        known = ~uninformed.all(axis=tuple(range(uninformed.ndim - 1)))
        seen = self.own_worth(own[..., known])
        values[..., known] = np.where(uninformed[..., known], values[..., known], seen)
        return values

    def cost_at(self, rank: Array, informed: npt.ArrayLike) -> Array:
        """Posterior mean of the cost at a rank among all, ETH."""
        if np.min(informed) >= 1:
            return self.cost.ppf(rank)
        own, uninformed = self.place(rank, informed)
        return np.where(uninformed, self.cost.mean(), self.cost.ppf(own))

    def place(self, rank: Array, informed: npt.ArrayLike) -> tuple[Array, npt.NDArray[np.bool_]]:
        """The rank among the informed, and whether it is an uninformed buyer that stands there."""
        share, start, end = self.noise_zone(informed)
        own = np.where(rank <= start, rank, rank - 1 + share) / np.maximum(share, np.finfo(float).tiny)
        return np.clip(own, 0, 1), (start < end) & (rank >= start) & (rank <= end)

    def noise_zone(self, informed: npt.ArrayLike) -> tuple[Array, Array, Array]:
        """The share of informed buyers, and the ranks between which a buyer is worth the mean."""
        share = np.asarray(informed, dtype=np.float64)
        above, level = self.beside_mean
        return share, share * above, share * level + 1 - share

    @cached_property
    def own_edges(self) -> Array:
        """The same among the informed."""
        breaks = self.cost.breaks()
        if self.bend is None or self.cost.atoms():
            return breaks
        bend = self.cost.cdf(self.bend)
        return np.sort(np.concatenate((np.broadcast_to(breaks, (*bend.shape[:-1], breaks.size)), bend), axis=-1))

    def edges(self, informed: npt.ArrayLike) -> Array:
        """Ranks between which value is smooth, rising, shape (…, pieces + 1)."""
        own = self.own_edges
        if np.min(informed) >= 1:
            return own
        share = np.asarray(informed, dtype=np.float64)
        above, level = self.beside_mean
        better = share * np.minimum(own, above)
        worse = share * np.maximum(own, level) + 1 - share
        return np.concatenate(np.broadcast_arrays(better, worse), axis=-1)

    def share_of_atom(self, rank: Array, informed: npt.ArrayLike) -> Array:
        """The part of the equals of the buyer at `rank`, (…), that ranks up to it; 1 where it has no equals."""
        edges = self.edges(informed)
        column = rank[..., None]
        index = np.clip((edges < column).sum(axis=-1, keepdims=True), 1, edges.shape[-1] - 1)
        edges = np.broadcast_to(edges, (*rank.shape, edges.shape[-1]))
        low, high = (np.take_along_axis(edges, at, axis=-1) for at in (index - 1, index))
        inside = self.cost_at(low + (high - low) * np.array([0.25, 0.75]), informed)
        part = (column - low) / np.maximum(high - low, np.finfo(float).tiny)
        return np.where(inside[..., 0] == inside[..., 1], part[..., 0], 1.0)
