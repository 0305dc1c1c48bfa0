"""What buyers may be worth: costs, what is known of them, and the value that follows, ranked from the best."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from strategies.theory.laws import Array, Law
from strategies.theory.quadrature import integral, last_true

TIE = 1e-12


@dataclass(frozen=True)
class Types:
    """Buyers with costs from `cost` and a value `worth`(θ) = E[(R_T − θ)^+], ETH at maturity, never rising in θ.

    A buyer is named by its rank u in [0, 1], 0 the best. A share `informed` of buyers knows θ; the others
    value the ticket at E[worth(θ)]. Arguments broadcast; `informed` has a last axis of 1 where ranks have one.
    Source: MODEL section 4, the law G_t, in values instead of costs.
    """

    cost: Law
    worth: Callable[[Array], Array]

    @cached_property
    def mean_worth(self) -> float:
        """E[worth(θ)], ETH."""
        return float(integral(self.own_worth, self.cost.breaks()))

    @cached_property
    def beside_mean(self) -> tuple[float, float]:
        """Shares of informed buyers worth more than, and at least as much as, one who knows nothing."""
        bars = np.array([self.mean_worth + TIE, self.mean_worth - TIE])
        ahead = last_true(lambda rank: self.own_worth(rank) >= bars, (2,))
        return float(ahead[0]), float(ahead[0] if not self.cost.atoms() else ahead[1])

    def own_worth(self, rank: Array) -> Array:
        """Value of the informed buyer at a rank among the informed, ETH."""
        return np.asarray(self.worth(self.cost.ppf(rank)), dtype=np.float64)

    def value_at(self, rank: Array, informed: npt.ArrayLike) -> Array:
        """Expected value at a rank among all, ETH at maturity."""
        own, uninformed = self.place(rank, informed)
        return np.where(uninformed, self.mean_worth, self.own_worth(own))

    def cost_at(self, rank: Array, informed: npt.ArrayLike) -> Array:
        """Posterior mean of the cost at a rank among all, ETH."""
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

    def edges(self, informed: npt.ArrayLike) -> Array:
        """Ranks between which value is smooth, shape (…, pieces + 1) for `informed` of shape (…, 1)."""
        share, start, end = self.noise_zone(informed)
        own, (above, level) = self.cost.breaks(), self.beside_mean
        better, worse = share * own[own <= above], share * own[own >= level] + 1 - share
        return np.concatenate((better, np.atleast_1d(start), np.atleast_1d(end), worse), axis=-1)

    def share_of_atom(self, rank: Array, informed: Array) -> Array:
        """The part of the equals of the buyer at `rank` that ranks up to it; 1 where it has no equals.

        `rank` has shape (…), `informed` (…, 1).
        """
        edges, column = self.edges(informed), rank[..., None]
        index = np.clip((edges < column).sum(axis=-1, keepdims=True), 1, edges.shape[-1] - 1)
        low, high = (np.take_along_axis(edges, at, axis=-1) for at in (index - 1, index))
        inside = self.cost_at(low + (high - low) * np.array([0.25, 0.75]), informed)
        part = (column - low) / np.maximum(high - low, np.finfo(float).tiny)
        return np.where(inside[..., 0] == inside[..., 1], part[..., 0], 1.0)
