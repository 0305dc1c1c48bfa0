"""What the public sees of the rewards, block by block, on a grid of states. ETH and blocks.

A `PublicState` has S states for each block 0 … T; a function of the state is an array of shape (S, …).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import numpy.typing as npt

from strategies.theory.expectation import LognormalReward, RewardLaw
from strategies.theory.laws import Array
from strategies.theory.quadrature import nodes_between

REACH = 7.0
"""Standard deviations of the log reward on either side of its mean that a grid covers."""

FINEST = 0.6
"""The widest step of a grid, in standard deviations of the reward of the next block."""


class PublicState(Protocol):
    """The reward R_t, public at the start of block t, and what it tells of later ones."""

    @property
    def rewards(self) -> Array:
        """R_t in each state, rising along states, shape (T + 1, S)."""
        ...

    def is_random(self) -> bool:
        """Whether there is anything to see."""
        ...

    def ahead(self, blocks: slice, horizon: int) -> RewardLaw:
        """The law of R_horizon given the state at each of `blocks`, of shape (blocks, S, 1) or (blocks, 1, 1)."""
        ...

    def expected(self, block: int, values: Array, horizon: int) -> Array:
        """E[values(x_{t+1}) | x_t] at t = `block`, shapes (S, …) → (S, …).

        `values` may grow like E[R_horizon | x_{t+1}] for large rewards.
        """
        ...

    def mean(self, block: int, values: Array, horizon: int) -> Array:
        """E[values(x_t)] as seen before block 0, shapes (S, …) → (…)."""
        ...

    def weights(self, block: int) -> Array:
        """The law of x_t as seen before block 0, shape (S,)."""
        ...

    def spread(self, block: int, weights: Array) -> Array:
        """The law of x_{t+1} where x_t has the law `weights`, shapes (S,) → (S,)."""
        ...


@dataclass(frozen=True)
class Known:
    """Rewards that everyone knows from the start, `path` of shape (T + 1,): one state."""

    path: Array

    @property
    def rewards(self) -> Array:
        return self.path[:, None]

    def is_random(self) -> bool:
        return False

    def ahead(self, blocks: slice, horizon: int) -> RewardLaw:
        shape = (self.path[blocks].size, 1, 1)
        with np.errstate(divide="ignore"):
            return LognormalReward(np.full(shape, np.log(self.path[horizon])), np.zeros(1))

    def expected(self, block: int, values: Array, horizon: int) -> Array:  # noqa: ARG002
        return values

    def mean(self, block: int, values: Array, horizon: int) -> Array:  # noqa: ARG002
        return np.asarray(values[0])

    def weights(self, block: int) -> Array:  # noqa: ARG002
        return np.ones(1)

    def spread(self, block: int, weights: Array) -> Array:  # noqa: ARG002
        return weights


@dataclass(frozen=True)
class Independent:
    """Independent rewards with one `law`; R_0 is not seen before block 0. `kinks` are rewards to put edges at."""

    law: RewardLaw
    maturity: int
    kinks: tuple[float, ...] = ()

    @cached_property
    def nodes(self) -> tuple[Array, Array]:
        """Quantiles of the reward and their weights, fine towards 0 and 1, each of shape (S,)."""
        tail = 4.0 ** -np.arange(4, 13)
        edges = np.concatenate((np.linspace(0, 1, 65), tail, 1 - tail, self.law.cdf(np.array(self.kinks))))
        return nodes_between(np.unique(edges))

    @cached_property
    def rewards(self) -> Array:
        return np.tile(self.law.ppf(self.nodes[0]), (self.maturity + 1, 1))

    def is_random(self) -> bool:
        return True

    def ahead(self, blocks: slice, horizon: int) -> RewardLaw:
        if blocks.start < horizon:
            return self.law
        with np.errstate(divide="ignore"):
            return LognormalReward(np.log(self.rewards[blocks, :, None]), np.zeros(1))

    def expected(self, block: int, values: Array, horizon: int) -> Array:
        return np.broadcast_to(self.mean(block + 1, values, horizon), values.shape)

    def mean(self, block: int, values: Array, horizon: int) -> Array:  # noqa: ARG002
        return np.asarray(np.tensordot(self.nodes[1], values, axes=1))

    def weights(self, block: int) -> Array:  # noqa: ARG002
        return self.nodes[1]

    def spread(self, block: int, weights: Array) -> Array:  # noqa: ARG002
        return self.nodes[1] * weights.sum()


@dataclass(frozen=True)
class Autoregression:
    """log R_t = m + φ (log R_{t−1} − m) + σ ε_t from log R_0 = `first`, on grids that follow the law of x_t.

    The states of block t are evenly spaced over `REACH` standard deviations of x_t = log R_t on either side of
    its mean. On such a grid the trapezoidal rule is exact to rounding for smooth functions of a normal variable
    (Trefethen and Weideman 2014, SIAM Review 56), so nothing is interpolated and no value drifts. What grows with
    the reward is split off: its expectation has a closed form. ValueError unless |φ| < 1 and σ > 0.
    """

    m: float
    phi: float
    sigma: float
    first: float
    maturity: int
    least_states: int = 201

    def __post_init__(self) -> None:
        if not -1 < self.phi < 1 or self.sigma <= 0:
            raise ValueError(f"needs |phi| < 1 and sigma > 0, not {self.phi} and {self.sigma}")

    def sd(self, steps: npt.ArrayLike) -> Array:
        """Standard deviation of log R that many blocks ahead."""
        spread = (1 - self.phi ** (2 * np.asarray(steps))) / (1 - self.phi**2)
        return np.asarray(self.sigma * np.sqrt(spread))

    @cached_property
    def scores(self) -> Array:
        """The states in standard deviations of x_t, the same for all blocks, shape (S,)."""
        step = FINEST * self.sigma / float(self.sd(max(self.maturity, 1)))
        half = max(self.least_states // 2, int(np.ceil(REACH / step)))
        return np.linspace(-REACH, REACH, 2 * half + 1)

    @cached_property
    def logs(self) -> Array:
        """log R_t, shape (T + 1, S)."""
        block = np.arange(self.maturity + 1)
        centre = self.m + self.phi**block * (self.first - self.m)
        return centre[:, None] + self.sd(block)[:, None] * self.scores

    @cached_property
    def rewards(self) -> Array:
        return np.exp(self.logs)

    def is_random(self) -> bool:
        return True

    def ahead(self, blocks: slice, horizon: int) -> LognormalReward:
        steps = horizon - np.arange(self.maturity + 1)[blocks]
        pull = (self.phi**steps)[:, None]
        centre = self.m + pull * (self.logs[blocks] - self.m)
        return LognormalReward(centre[..., None], self.sd(steps)[:, None, None])

    def expected(self, block: int, values: Array, horizon: int) -> Array:
        ahead = self.ahead(slice(block, block + 2), horizon).mean[..., 0]
        return split_growth(self.transition(block), values, ahead[1], ahead[0])

    def mean(self, block: int, values: Array, horizon: int) -> Array:
        later = self.ahead(slice(block, block + 1), horizon).mean[0, :, 0]
        now = self.ahead(slice(0, 1), horizon).mean[0, :1, 0]
        return np.asarray(split_growth(self.weights(block)[None, :], values, later, now)[0])

    def weights(self, block: int) -> Array:  # noqa: ARG002
        return normalised(np.exp(-0.5 * self.scores**2))

    def spread(self, block: int, weights: Array) -> Array:
        return np.asarray(weights @ self.transition(block))

    def transition(self, block: int) -> Array:
        """Chances to go from each state of a block to each of the next, shape (S, S)."""
        now, later = (float(self.sd(steps)) for steps in (block, block + 1))
        centre = self.phi * now / later * self.scores[:, None]
        return normalised(np.exp(-0.5 * ((self.scores - centre) * (later / self.sigma)) ** 2))


def normalised(weights: Array) -> Array:
    """Weights that sum to one along the last axis."""
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True))


def split_growth(chances: Array, values: Array, control: Array, expected_control: Array) -> Array:
    """`chances` @ values, exact for the part of `values` that is linear in `control` where that is largest.

    Shapes (A, S), (S, …), (S,), (A,) → (A, …).
    """
    end, inner = (-1, -2) if control[-1] > control[0] else (0, 1)
    rise = control[end] - control[inner]
    slope = (values[end] - values[inner]) / (rise if rise > 0 else np.inf)
    rest = values - np.multiply.outer(control, slope)
    return np.asarray(np.tensordot(chances, rest, axes=1) + np.multiply.outer(expected_control, slope))
