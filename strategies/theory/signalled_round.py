"""A round of blocks with a signal of each, s_ik = log R_k + σ z_ik: what to bid for all of them.

No closed equilibrium is known. The bid is b(x) = E[V | X_i = x, highest other X = x], by regression on draws; X is
a bidder's own expectation of the round by all its signals, which is exact. Source: MODEL section 9, signals on a
round.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, partial

import numpy as np

from strategies.theory.laws import Array, refuse_few

DRAWS = 40_000
NEAR = 0.25
"""How near a tie draws count, in standard deviations of log X_i less the log of the highest other."""

NODES = 12
"""Rewards that stand for their law given signals."""

CLIP = 3.0
"""Standard deviations of log X beyond which the rule is that at the end."""


@dataclass(frozen=True, eq=False)
class SignalledRound:
    """`buyers` of a round whose log rewards are normal with `means` and `covariance` by what is public, signals of
    each with standard deviation `noise`. `worth` is what a reward brings; `sold`: which of the blocks are for
    sale, for signals of others tell of them, too. ValueError for fewer than two buyers."""

    means: Array
    covariance: Array
    noise: float
    buyers: int
    worth: Callable[[Array], Array] = np.asarray
    sold: slice = field(default_factory=partial(slice, None))
    seed: int = 0

    def __post_init__(self) -> None:
        refuse_few(self.buyers, 2, "buyers")

    def posterior(self, signals: Array, noise: float) -> tuple[Array, Array]:
        """Means of the log rewards given signals, shape (…, blocks), and their standard deviations, (blocks,)."""
        noisy = self.covariance + noise**2 * np.eye(self.means.size)
        gain = np.linalg.solve(noisy, self.covariance).T
        return self.means + (signals - self.means) @ gain.T, noise * np.sqrt(np.diag(gain))

    def expected(self, signals: Array) -> Array:
        """X of each row of signals, shape (…, blocks): Σ_k E[R_k | its signals]."""
        means, sds = self.posterior(signals, self.noise)
        return np.asarray(np.exp(means + sds**2 / 2)[..., self.sold].sum(axis=-1))

    def brought(self, signals: Array) -> Array:
        """Σ_k E[worth of R_k | the signals of all bidders], shape (rounds, bidders, blocks)."""
        means, sds = self.posterior(signals.mean(axis=1), self.noise / np.sqrt(self.buyers))
        places, weights = np.polynomial.hermite_e.hermegauss(NODES)
        levels = [self.worth(np.exp(means + sds * place))[:, self.sold].sum(axis=1) for place in places]
        return np.asarray(np.average(levels, axis=0, weights=weights))

    def drawn(self) -> tuple[Array, Array]:
        """Rounds: X of each bidder, shape (rounds, buyers), and V as all their signals have it expected, which has
        the same mean given any of them, and less noise."""
        rng = np.random.default_rng(self.seed)
        root = np.linalg.cholesky(self.covariance + 1e-14 * np.eye(self.means.size))
        logs = self.means + rng.standard_normal((DRAWS, self.means.size)) @ root.T
        noise = rng.standard_normal((DRAWS, self.buyers, self.means.size))
        signals = logs[:, None] + self.noise * noise
        return self.expected(signals), self.brought(signals)

    @cached_property
    def rule(self) -> tuple[float, float, Array]:
        """The mean and standard deviation of log X, and the coefficients of log V̂ at a tie, cubic in log X.

        V/X is regressed on log X and on how far the highest other is from it, by weights that fall with that.
        """
        own, value = self.drawn()
        logs = np.log(own)
        best = np.sort(logs, axis=1)
        rivals = np.where(logs == best[:, -1:], best[:, -2:-1], best[:, -1:])
        center, spread = float(logs.mean()), float(logs.std())
        place, apart = ((logs - center) / spread).ravel(), (rivals - logs).ravel() / spread
        scale = float(apart.std())
        weight = np.sqrt(np.exp(-((apart / scale / NEAR) ** 2) / 2))
        powers = np.vander(place, 4, increasing=True)
        features = np.column_stack([powers, apart[:, None] * powers[:, :2], apart**2])
        target = (np.repeat(value, self.buyers) / own.ravel())[:, None]
        found, *_ = np.linalg.lstsq(weight[:, None] * features, weight[:, None] * target, rcond=None)
        return center, spread, found[:4, 0]

    def bid(self, expected: Array) -> Array:
        """b(x) at each own expectation, its shape."""
        center, spread, ratio = self.rule
        place = np.clip((np.log(expected) - center) / spread, -CLIP, CLIP)
        powers = np.vander(np.ravel(place), ratio.size, increasing=True)
        return np.maximum(expected * np.reshape(powers @ ratio, np.shape(place)), 0.0)
