"""A law of costs of one's own: independent draws of a beta law."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from market import CostLaw


class Beta(CostLaw):
    """θ is `high` times a draw of Beta(a, b), ETH."""

    def __init__(self, a: float = 2.0, b: float = 5.0, high: float = 0.02) -> None:
        self.a = a
        self.b = b
        self.high = 1e9 * high

    def sample(self, rng: np.random.Generator, size: int) -> npt.NDArray[np.float64]:
        """So many draws, Gwei. It is all that a law needs."""
        return self.high * rng.beta(self.a, self.b, size)

    def quantile_gwei(self, share: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """What a share of all draws do not exceed: with it the theory has a density, too."""
        from scipy.special import betaincinv

        return self.high * np.asarray(betaincinv(self.a, self.b, share))
