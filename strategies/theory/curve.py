"""A smooth function on an interval, tabulated at even steps, one for each row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from strategies.theory.laws import Array


@dataclass(frozen=True)
class Curve:
    """Values at even steps from `low` to `high`, shape (S, M) or (1, M), M ≥ 4; between them a local cubic.

    Source: Lagrange's formula on the four nearest nodes.
    """

    low: float
    high: float
    values: Array

    def __call__(self, place: Array) -> Array:
        """Row s at `place`[…, s, :], shapes (…, S, k) or (k,) → (…, S, k)."""
        steps = self.values.shape[1] - 1
        along = (np.asarray(place) - self.low) / (self.high - self.low) * steps
        first = np.clip(along.astype(np.intp) - 1, 0, steps - 3)
        x = along - first
        stored = self.values.ravel()  # a plain array is read twice as fast as by rows and columns
        start = first + (steps + 1) * np.arange(len(self.values))[:, None]
        a, b, c, d = (stored.take(start + node) for node in range(4))
        left = (x - 1) * (x - 2)
        right = x * (x - 3)
        return np.asarray((d * x - a * (x - 3)) * left / 6 + (b * (x - 2) - c * (x - 1)) * right / 2)
