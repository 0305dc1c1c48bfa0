"""When to stop: sell, or exercise, now or later, on a grid of public states."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from strategies.theory.cell_shares import halves
from strategies.theory.laws import Array
from strategies.theory.public_state import PublicState

EQUAL = 1e-12
TIE = 1e-5
"""Selling is as good as waiting where it brings less by at most this share of what it brings on average."""


@dataclass(frozen=True)
class Stopping:
    """The problem V_t(x) = max(S_t(x), δ E[V_{t+1} | x_t = x]), V_T = S_T, solved.

    `gains` is S_t less the value of waiting, shape (T + 1, S), infinite at T; `value` is V_0. `drawn` is the
    chance that a lottery takes the ticket at each block after 0, with which it is sold too.
    """

    state: PublicState
    gains: Array
    value: float
    drawn: float = 0.0

    @cached_property
    def shares(self) -> Array:
        """The part of each state's surroundings in which selling is at least as good, shape (T + 1, S)."""
        return np.array([halves(gain).share for gain in self.gains])

    @cached_property
    def arriving(self) -> Array:
        """The chance that an unsold ticket comes to each block and state, (T + 1, S), where none is drawn."""
        laws = np.zeros(self.gains.shape)
        laws[0] = self.state.weights(0)
        for block, share in enumerate(self.shares[:-1]):
            laws[block + 1] = self.state.spread(block, laws[block] * (1 - share))
        return laws

    @cached_property
    def distribution(self) -> Array:
        """The chance of selling at each block, shape (T + 1,)."""
        chances = np.zeros(len(self.gains))
        law = self.state.weights(0)
        for block, share in enumerate(self.shares):
            drawn = self.drawn * law.sum() * (block > 0)
            law = law * (1 - self.drawn * (block > 0))
            chances[block] = drawn + law @ share
            if block < len(self.gains) - 1:
                law = self.state.spread(block, law * (1 - share))
        return chances

    def intervals(self, block: int) -> list[tuple[float, float]]:
        """The rewards in ETH at which to sell at a block: closed intervals, rising, from 0 up to infinity."""
        return positive_intervals(self.state.rewards[block], self.gains[block])

    def sells(self, block: int, reward: npt.ArrayLike) -> npt.NDArray[np.bool_]:
        """Whether to sell at a block at which the reward is `reward` ETH, its shape."""
        seen = np.asarray(reward, dtype=np.float64)
        inside = [(low <= seen) & (seen <= high) for low, high in self.intervals(block)]
        if not inside:
            return np.zeros(seen.shape, dtype=np.bool_)
        return np.asarray(np.any(inside, axis=0))


@dataclass(frozen=True)
class DrawPrizes:
    """A lottery on the way: after block 0 the ticket is drawn with `chance` and brings `prize`, (T + 1, S)."""

    chance: float
    prize: Array


def best_stopping(
    state: PublicState, sales: Array, rate: float, horizons: Array, draws: DrawPrizes | None = None
) -> Stopping:
    """Solve for sales S_t(x) of shape (T + 1, S), in ETH of block t, by backward induction.

    What is earned at t may grow like E[R_horizon | x_t]; `horizons` has a block for each t. With `draws` the
    ticket may be drawn before it is sold: waiting is worth δ E[chance prize_{t+1} + (1 − chance) V_{t+1} | x_t].
    """
    last = len(sales) - 1
    gains = np.empty(sales.shape)
    value = sales[last]
    gains[last] = np.inf if draws is None else -np.inf
    for block in range(last - 1, -1, -1):
        later = value if draws is None else draws.chance * draws.prize[block + 1] + (1 - draws.chance) * value
        waiting = state.expected(block, later, int(horizons[block + 1])) / (1 + rate)
        gains[block] = sales[block] - waiting + tolerance(state, block, sales[block])
        value = state.best(sales[block], waiting)
    chance = 0.0 if draws is None else draws.chance
    return Stopping(state, gains, float(state.mean(0, value, int(horizons[0]))), chance)


def tolerance(state: PublicState, block: int, sales: Array) -> Array:
    """By how much a sale may fall short of waiting and still be as good, ETH, shape (S,)."""
    if not state.is_random():
        return np.full(sales.shape, EQUAL)
    return np.minimum(TIE * (state.weights(block) @ sales), sales / 100)


def positive_intervals(rewards: Array, gain: Array) -> list[tuple[float, float]]:
    """Where `gain`, linear between rising rewards, is not negative: from 0 up to infinity if at the ends."""
    holds = gain >= 0
    if holds.all():
        return [(0.0, float("inf"))]
    change = np.flatnonzero(holds[:-1] != holds[1:])
    here = gain[change]
    there = gain[change + 1]
    bounds = rewards[change] + (rewards[change + 1] - rewards[change]) * here / (here - there)
    ends = [0.0] * bool(holds[0]) + bounds.tolist() + [float("inf")] * bool(holds[-1])
    return list(zip(ends[::2], ends[1::2], strict=True))
