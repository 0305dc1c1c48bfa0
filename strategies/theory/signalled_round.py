"""A round of blocks with a signal of each, s_ik = log R_k + σ z_ik: what to bid for all of them.

No closed equilibrium is known. The bid is b(x) = E[V | X_i = x, highest other X = x], by regression on draws; X is
a bidder's own expectation of the round by all its signals, which is exact. Source: MODEL section 9, signals on a
round.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial

import numpy as np

from strategies.theory.laws import Array, refuse_few
from strategies.theory.signalled_value import GRID, LognormalPrior, SignalledValue

DRAWS = 40_000
NEAR = 0.25
"""How near a tie draws count, in standard deviations of log X_i less the log of the highest other."""

PLACES, WEIGHTS = np.polynomial.hermite_e.hermegauss(12)
"""Scores that stand for their law given signals, and their weights."""

SIGNALS = 801
"""Signals at which an expectation is tabulated."""

CLIP = 3.0
"""Standard deviations of log X beyond which the rule is that at the end."""


Worth = Callable[[Array], Array]
"""What a reward brings, at each of an array of rewards."""


@dataclass(frozen=True, eq=False)
class SignalledRound(ABC):
    """`buyers` of a round with signals of each reward whose standard deviation is `noise`. `worths`: what the
    reward of each of the blocks for sale brings. ValueError for fewer than two buyers."""

    noise: float
    buyers: int
    worths: Sequence[Worth]

    def __post_init__(self) -> None:
        refuse_few(self.buyers, 2, "buyers")

    @abstractmethod
    def drawn(self) -> tuple[Array, Array]:
        """Rounds: X of each bidder, shape (rounds, buyers), and V as all their signals have it expected, which has
        the same mean given any of them, and less noise."""

    @cached_property
    def rounds(self) -> tuple[Array, Array]:
        """Of `drawn`: log X, shape (rounds, buyers), and V̂."""
        own, value = self.drawn()
        return np.log(own), value

    @cached_property
    def rule(self) -> tuple[float, float, Array]:
        """The mean and standard deviation of log X, and the coefficients of V̂/X at a tie, cubic in log X.

        V/X is regressed on log X and on how far the highest other is from it, by weights that fall with that.
        """
        logs, value = self.rounds
        best = np.sort(logs, axis=1)
        rivals = np.where(logs == best[:, -1:], best[:, -2:-1], best[:, -1:])
        center, spread = float(logs.mean()), float(logs.std())
        place, apart = ((logs - center) / spread).ravel(), (rivals - logs).ravel() / spread
        scale = float(apart.std())
        weight = np.sqrt(np.exp(-((apart / scale / NEAR) ** 2) / 2))
        powers = np.vander(place, 4, increasing=True)
        features = np.column_stack([powers, apart[:, None] * powers[:, :2], apart**2])
        target = (np.repeat(value, self.buyers) / np.exp(logs).ravel())[:, None]
        found, *_ = np.linalg.lstsq(weight[:, None] * features, weight[:, None] * target, rcond=None)
        return center, spread, found[:4, 0]

    def bid(self, expected: Array) -> Array:
        """b(x) at each own expectation, its shape."""
        center, spread, ratio = self.rule
        place = np.clip((np.log(expected) - center) / spread, -CLIP, CLIP)
        powers = np.vander(np.ravel(place), ratio.size, increasing=True)
        return np.maximum(expected * np.reshape(powers @ ratio, np.shape(place)), 0.0)

    def bid_once(self, expected: float, pays_as_bid: bool) -> float:
        """The same at one expectation; shaded where one pays as bid."""
        if not pays_as_bid:
            return float(self.bid(np.array([expected]))[0])
        signals = self.as_signals.signals
        return float(np.interp(np.log(expected) - self.rule[0], signals, self.as_signals.paid_as_bid))

    @cached_property
    def as_signals(self) -> ExpectedSale:
        """The sale as if all that a bidder knew were log X, the bidders' log X jointly normal."""
        logs, _ = self.rounds
        between = float(logs.mean(axis=1).var())
        within = float(logs.var(axis=1, ddof=1).mean())
        common = max(between - within / self.buyers, 1e-6 * within)
        return ExpectedSale(LognormalPrior(common**0.5), within**0.5, self.buyers, of=self)


@dataclass(frozen=True)
class ExpectedSale(SignalledValue):
    """Signals are log X less its mean. The bid at a tie is that of `of`, not what the prior would make it; the
    first-price bid follows from it."""

    of: SignalledRound | None = None

    @cached_property
    def signals(self) -> Array:
        reach = 5 * float(np.hypot(self.prior.log_value.std(), self.noise))
        return np.linspace(-reach, reach, GRID)

    @cached_property
    def tied(self) -> Array:
        assert self.of is not None
        return self.of.bid(np.exp(self.of.rule[0] + self.signals))


@dataclass(frozen=True, eq=False)
class NormalRound(SignalledRound):
    """Rewards are a function of scores that are normal with `means` and `covariance` by what is public, signals
    are of these: of the logarithm, by default. `sold`: which of the blocks are for sale, for signals of others
    tell of them, too."""

    means: Array
    covariance: Array
    sold: slice = field(default_factory=partial(slice, None))
    reward: Worth = np.exp
    draws: int = DRAWS
    seed: int = 0

    def posterior(self, signals: Array, noise: float) -> tuple[Array, Array]:
        """Means of the scores given signals, shape (…, blocks), and their standard deviations, (blocks,)."""
        noisy = self.covariance + noise**2 * np.eye(self.means.size)
        gain = np.linalg.solve(noisy, self.covariance).T
        return self.means + (signals - self.means) @ gain.T, noise * np.sqrt(np.diag(gain))

    def expected(self, signals: Array) -> Array:
        """X of each row of signals, shape (…, blocks): Σ_k E[R_k | its signals]."""
        means, sds = self.posterior(signals, self.noise)
        if self.reward is np.exp:
            return np.asarray(np.exp(means + sds**2 / 2)[..., self.sold].sum(axis=-1))
        means, sds = means[..., self.sold], sds[self.sold]
        levels = [self.reward(means + sds * place).sum(axis=-1) for place in PLACES]
        return np.asarray(np.average(levels, axis=0, weights=WEIGHTS))

    def brought(self, signals: Array) -> Array:
        """Σ_k E[worth of R_k | the signals of all bidders], shape (rounds, bidders, blocks)."""
        means, sds = self.posterior(signals.mean(axis=1), self.noise / np.sqrt(self.buyers))
        means, sds = means[:, self.sold], sds[self.sold]
        levels = [brought_by(self.worths, self.reward(means + sds * place)) for place in PLACES]
        return np.asarray(np.average(levels, axis=0, weights=WEIGHTS))

    def drawn(self) -> tuple[Array, Array]:
        rng = np.random.default_rng(self.seed)
        root = np.linalg.cholesky(self.covariance + 1e-14 * np.eye(self.means.size))
        scores = self.means + rng.standard_normal((self.draws, self.means.size)) @ root.T
        noise = rng.standard_normal((self.draws, self.buyers, self.means.size))
        signals = scores[:, None] + self.noise * noise
        return self.expected(signals), self.brought(signals)


@dataclass(frozen=True, eq=False)
class IndependentRound(SignalledRound):
    """Rewards are `values` with `chances`, each block's drawn for itself; signals are of their logarithms."""

    values: Array
    chances: Array
    seed: int = 0

    def drawn(self) -> tuple[Array, Array]:
        rng = np.random.default_rng(self.seed)
        place = rng.choice(self.values.size, (DRAWS, len(self.worths)), p=self.chances)
        logs = np.log(self.values)[place]
        signals = logs[:, None] + self.noise * rng.standard_normal((DRAWS, self.buyers, len(self.worths)))
        own = self.given(signals, self.noise, np.asarray).sum(axis=-1)
        pooled, noise = signals.mean(axis=1), self.noise / self.buyers**0.5
        brought = [self.given(pooled[:, k], noise, worth) for k, worth in enumerate(self.worths)]
        return own, np.sum(brought, axis=0)

    def given(self, signals: Array, noise: float, worth: Worth) -> Array:
        """E[worth of R | a signal of it] at each signal, between points of a grid in a straight line."""
        grid = np.linspace(signals.min(), signals.max(), SIGNALS)
        exponents = -(((grid[:, None] - np.log(self.values)) / noise) ** 2) / 2
        weight = np.exp(exponents - exponents.max(axis=1, keepdims=True)) * self.chances
        return np.asarray(np.interp(signals, grid, weight @ worth(self.values) / weight.sum(axis=1)))


def brought_by(worths: Sequence[Worth], rewards: Array) -> Array:
    """Σ_k of what each brings at its reward, shape (rounds, blocks)."""
    return np.asarray(sum(worth(rewards[:, k]) for k, worth in enumerate(worths)))
