"""What the public sees of the rewards, block by block, on a grid of states. ETH and blocks.

A `PublicState` has S states for each block 0 … T; a function of the state is an array of shape (S, …).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy import special

from strategies.theory.expectation import LognormalReward, RewardLaw, known
from strategies.theory.kinks import best_of
from strategies.theory.laws import Array

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

    def steady(self) -> RewardLaw | None:
        """The law of every reward to come where it is always the same, else None."""
        ...

    def ahead(self, blocks: slice, horizon: int) -> RewardLaw:
        """The law of R_horizon given the state at each of `blocks`, of shape (blocks, S, 1) or (blocks, 1, 1)."""
        ...

    def given(self, block: int, reward: Array, horizon: int) -> RewardLaw:
        """The law of R_horizon given R_block = `reward`, of the shape of `reward`."""
        ...

    def expected(self, block: int, values: Array, horizon: int) -> Array:
        """E[values(x_{t+1}) | x_t] at t = `block`, shapes (S, …) → (S, …).

        `values` may grow like E[R_horizon | x_{t+1}] for large rewards.
        """
        ...

    def best(self, now: Array, later: Array) -> Array:
        """max(now, later) of values that are to go into an expectation, shape (S, …)."""
        ...

    def option(self, block: int, cost: Array, waiting: Array) -> Array:
        """E[max(R_{t+1} − θ, `waiting`) | x_t] at t = `block` for costs θ of shape (M,), not negative.

        `waiting` is what passing is worth at t + 1, shape (S, M) or (1, M), as the result.
        """
        ...

    def mean(self, block: int, values: Array, horizon: int) -> Array:
        """E[values(x_t)] as seen before block 0, shapes (S, …) → (…)."""
        ...

    def weights(self, block: int) -> Array:
        """The law of x_t as seen before block 0, shape (S,)."""
        ...

    def spread(self, block: int, weights: Array) -> Array:
        """The law of x_{t+1} where x_t has the law `weights`, shapes (…, S) → (…, S)."""
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

    def steady(self) -> RewardLaw | None:
        if np.all(self.path == self.path[0]):
            return known(self.path[:1])
        return None

    def ahead(self, blocks: slice, horizon: int) -> RewardLaw:
        shape = (self.path[blocks].size, 1, 1)
        return known(np.full(shape, self.path[horizon]))

    def given(self, block: int, reward: Array, horizon: int) -> RewardLaw:  # noqa: ARG002
        return known(np.broadcast_to(self.path[horizon], reward.shape))

    def expected(self, block: int, values: Array, horizon: int) -> Array:  # noqa: ARG002
        return values

    def best(self, now: Array, later: Array) -> Array:
        return np.asarray(np.maximum(now, later))

    def option(self, block: int, cost: Array, waiting: Array) -> Array:
        return np.asarray(np.maximum(self.path[block + 1] - cost, waiting))

    def mean(self, block: int, values: Array, horizon: int) -> Array:  # noqa: ARG002
        return np.asarray(values[0])

    def weights(self, block: int) -> Array:  # noqa: ARG002
        return np.ones(1)

    def spread(self, block: int, weights: Array) -> Array:  # noqa: ARG002
        return weights


@dataclass(frozen=True)
class IndependentRewards:
    """Independent rewards with one `law`; R_0 is not seen before block 0.

    The states are evenly spaced in the normal score of the reward, for the same reason as in `Autoregression`.
    """

    law: RewardLaw
    maturity: int
    states: int = 401

    @cached_property
    def scores(self) -> Array:
        """Normal scores of the states, shape (S,)."""
        return np.linspace(-REACH, REACH, self.states)

    @cached_property
    def rewards(self) -> Array:
        return np.tile(self.law.ppf(special.ndtr(self.scores)), (self.maturity + 1, 1))

    def is_random(self) -> bool:
        return not self.law.is_known()

    def steady(self) -> RewardLaw | None:
        return self.law

    def ahead(self, blocks: slice, horizon: int) -> RewardLaw:
        if blocks.stop - 1 < horizon:
            return self.law
        return known(self.rewards[blocks, :, None])

    def given(self, block: int, reward: Array, horizon: int) -> RewardLaw:
        if block < horizon:
            return self.law
        return known(reward)

    def expected(self, block: int, values: Array, horizon: int) -> Array:
        return np.array(np.broadcast_to(self.mean(block + 1, values, horizon), values.shape))

    def best(self, now: Array, later: Array) -> Array:
        return best_of(now, later)

    def option(self, block: int, cost: Array, waiting: Array) -> Array:  # noqa: ARG002
        """waiting + E[(R − θ − waiting)^+]. Source: Moser (1956)."""
        return np.asarray(waiting + self.law.surplus(cost + waiting))

    def mean(self, block: int, values: Array, horizon: int) -> Array:  # noqa: ARG002
        chances = self.weights(block)[None, :]
        control = self.rewards[0]
        return np.asarray(split_growth(chances, values, control, np.reshape(self.law.mean, 1))[0])

    def weights(self, block: int) -> Array:  # noqa: ARG002
        return normalised(np.exp(-0.5 * self.scores**2))

    def spread(self, block: int, weights: Array) -> Array:
        return np.asarray(self.weights(block) * weights.sum(axis=-1, keepdims=True))


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

    def steady(self) -> RewardLaw | None:
        return None

    def ahead(self, blocks: slice, horizon: int) -> LognormalReward:
        steps = horizon - np.arange(self.maturity + 1)[blocks]
        pull = (self.phi**steps)[:, None]
        centre = self.m + pull * (self.logs[blocks] - self.m)
        return LognormalReward(centre[..., None], self.sd(steps)[:, None, None])

    def given(self, block: int, reward: Array, horizon: int) -> RewardLaw:
        pull = self.phi ** (horizon - block)
        return LognormalReward(self.m + pull * (np.log(reward) - self.m), self.sd(horizon - block))

    def expected(self, block: int, values: Array, horizon: int) -> Array:
        ahead = self.ahead(slice(block, block + 2), horizon).mean[..., 0]
        return split_growth(self.transition(block), values, ahead[1], ahead[0])

    def best(self, now: Array, later: Array) -> Array:
        return best_of(now, later)

    def option(self, block: int, cost: Array, waiting: Array) -> Array:
        best = best_of(self.rewards[block + 1][:, None] - cost, waiting)
        return self.expected(block, best, block + 1)

    def mean(self, block: int, values: Array, horizon: int) -> Array:
        later = self.ahead(slice(block, block + 1), horizon).mean[0, :, 0]
        now = self.ahead(slice(0, 1), horizon).mean[0, :1, 0]
        return np.asarray(split_growth(self.weights(block)[None, :], values, later, now)[0])

    def weights(self, block: int) -> Array:  # noqa: ARG002
        return normalised(np.exp(-0.5 * self.scores**2))

    def spread(self, block: int, weights: Array) -> Array:
        rows = weights.reshape(-1, weights.shape[-1])  # one product of matrices, which is faster than many
        return np.asarray((rows @ self.transition(block)).reshape(weights.shape))

    def transition(self, block: int) -> Array:
        """Chances to go from each state of a block to each of the next, shape (S, S)."""
        return transition_from(self, block)


@lru_cache(maxsize=4)
def transition_from(state: Autoregression, block: int) -> Array:
    """See `Autoregression.transition`: blocks are gone through one by one, each is asked about several times."""
    now, later = (float(state.sd(steps)) for steps in (block, block + 1))
    centre = state.phi * now / later * state.scores[:, None]
    return normalised(np.exp(-0.5 * ((state.scores - centre) * (later / state.sigma)) ** 2))


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
