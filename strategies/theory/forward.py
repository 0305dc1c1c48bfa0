"""What a reward that reverts to its mean is worth ahead of time."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from strategies.theory.laws import Array


def reverting_forward(
    reward: npt.ArrayLike, mean: float, persistence: float, blocks: npt.ArrayLike, discount_rate: float = 0.0
) -> Array:
    """(1 + d)^−m [μ + φ^m (R_t − μ)], the value now of the reward m `blocks` ahead, unit of the reward.

    R_{t+1} − μ = φ (R_t − μ) + ε, φ `persistence`. Source: Burian and Crapis (2024), Economic analysis of
    execution tickets; Lucía and Schwartz (2002) for forwards on a reverting price. ValueError for negative blocks,
    |φ| > 1 or d ≤ −1.
    """
    ahead = np.asarray(blocks, dtype=np.float64)
    if (ahead < 0).any():
        raise ValueError(f"blocks must not be negative, not {blocks!r}")
    if abs(persistence) > 1 or discount_rate <= -1:
        raise ValueError(f"needs |persistence| <= 1 and a rate above -1, not {persistence} and {discount_rate}")
    expected = mean + persistence**ahead * (np.asarray(reward, dtype=np.float64) - mean)
    return np.asarray((1 + discount_rate) ** -ahead * expected)
