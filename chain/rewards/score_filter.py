"""What all past scores tell of those to come, where a score is a sum of hidden autoregressions and noise."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from chain.rewards.autoregression import Floats


class Learnt(NamedTuple):
    """What is known of the hidden parts at a block, given the scores up to it: their means, and their covariances
    row by row. Values only."""

    means: tuple[float, ...]
    covariances: tuple[tuple[float, ...], ...]

    def forecast(self, reach: Floats) -> tuple[float, float]:
        """Mean and variance of a sum of the parts and noise to come, of variance 1 as long as nothing is known.

        `reach`: how much of each part of today is in the sum.
        """
        covariances = np.array(self.covariances)
        known = reach @ reach - reach @ covariances @ reach
        return float(reach @ self.means), 1.0 - float(known)


class ScoreFilter:
    """The filter of Kalman (1960) for `y_t = Σ loadings_i x_{i,t} + e_t`, x stationary AR(1)s of variance 1 with
    coefficients `pull`, e white noise of variance `noise`; exact from the first score on."""

    def __init__(self, loadings: Floats, pull: Floats, noise: float) -> None:
        self._loadings = loadings
        self._pull = pull
        self._noise = noise
        self._means = np.zeros(len(pull))
        self._covariances = np.eye(len(pull))

    def learn(self, score: float) -> None:
        """One score more."""
        means = self._pull * self._means
        covariances = np.outer(self._pull, self._pull) * self._covariances
        np.fill_diagonal(covariances, covariances.diagonal() + 1 - self._pull**2)
        together = covariances @ self._loadings
        gain = together / (self._loadings @ together + self._noise)
        self._means = means + gain * (score - self._loadings @ means)
        self._covariances = covariances - np.outer(gain, together)

    @property
    def learnt(self) -> Learnt:
        """What is known now."""
        return Learnt(tuple(self._means.tolist()), tuple(map(tuple, self._covariances.tolist())))
