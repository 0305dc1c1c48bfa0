"""Tickets as a contest: who spends more on tickets proposes more often."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from strategies.theory.laws import Array


@dataclass(frozen=True)
class ContestEquilibrium:
    """Equilibrium: `spend` of all in ETH; each buyer's `shares` of the slots and `outlays` in ETH, shape (n,)."""

    spend: float
    shares: Array
    outlays: Array

    @property
    def active(self) -> npt.NDArray[np.bool_]:
        """Who spends at all, shape (n,)."""
        return self.shares > 0


def tullock_contest(values: Sequence[float] | Array) -> ContestEquilibrium:
    """Spend B = (m − 1)/Σ 1/v_i over the m active, shares 1 − B/v_i; those worth at most B stay out.

    Source: Neuder, Garimidi and Roughgarden (2024), On block-space distribution mechanisms; Hillman and Riley
    (1989). ValueError for fewer than two buyers or a value that is not positive.
    """
    worth = np.asarray(values, dtype=np.float64)
    if worth.size < 2 or (worth <= 0).any():
        raise ValueError("a contest needs at least two buyers, each with a positive value")
    falling = np.sort(worth)[::-1]
    spends = np.arange(worth.size) / np.cumsum(1 / falling)
    spend = float(spends[np.flatnonzero(falling > spends)[-1]])
    shares = np.maximum(1 - spend / worth, 0.0)
    return ContestEquilibrium(spend, shares, shares * spend)
