"""A law of θ of which everyone knows the table."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from chain.quantiles import Quantiles


class KnownCost(NamedTuple):
    """Amounts in Gwei."""

    known: Quantiles

    @property
    def low(self) -> int:
        """The lowest cost."""
        return round(self.known.support_gwei()[0])

    @property
    def high(self) -> int:
        """The highest cost; of a law without end one that is hardly ever exceeded."""
        return round(self.known.support_gwei()[1])

    @property
    def mean(self) -> float:
        """E[θ]."""
        return self.known.mean_gwei

    def is_lumpy(self) -> bool:
        """Whether some cost has a probability of its own, and there are others."""
        return bool(self.known.atoms_gwei) and self.low < self.high

    def whole(self, rng: np.random.Generator, count: int) -> npt.NDArray[np.int64]:
        """So many draws in whole Gwei."""
        return np.rint(self.known.quantile_gwei(rng.random(count))).astype(np.int64)

    def quantile(self, share: float) -> float:
        """The cost that a share of all draws do not exceed."""
        return float(self.known.quantile_gwei(share))

    def share_below(self, cost: float) -> float:
        """The share of draws at or below `cost`: F(θ)."""
        return float(self.known.cdf_gwei(cost))
