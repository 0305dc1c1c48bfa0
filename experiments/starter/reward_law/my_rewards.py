"""A law of rewards of one's own: independent draws of a gamma law."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from chain import Independent, eth_to_gwei


class Gamma(Independent):
    """Rewards with mean `mean`, ETH; the larger the `shape`, the closer they come to it."""

    def __init__(self, shape: float = 2.0, mean: float = 0.05) -> None:
        if not (shape > 0 and mean > 0):
            raise ValueError(f"shape is {shape} and mean {mean}; both must be above 0")
        self.shape = shape
        self.scale = eth_to_gwei(mean) / shape

    def sample(self, rng: np.random.Generator, size: int) -> npt.NDArray[np.float64]:
        """So many draws, Gwei. It is all that a law needs."""
        return rng.gamma(self.shape, self.scale, size)

    @property
    def mean_gwei(self) -> float:
        """What it knows of itself it may say; the rest is asked of draws."""
        return self.shape * self.scale
