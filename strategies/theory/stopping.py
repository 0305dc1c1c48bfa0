"""When to stop: sell, or exercise, now or later, on a grid of public states."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from strategies.theory.laws import Array
from strategies.theory.public_state import PublicState

EQUAL = 1e-12
TIE = 1e-6
"""Selling is as good as waiting where it brings less by at most this share of the largest value of the block."""


@dataclass(frozen=True)
class Stopping:
    """The problem V_t(x) = max(S_t(x), δ E[V_{t+1} | x_t = x]), V_T = S_T, solved.

    `gains` is S_t less the value of waiting, shape (T + 1, S), infinite at T; `value` is V_0.
    """

    state: PublicState
    gains: Array
    value: float

    @cached_property
    def shares(self) -> Array:
        """The part of each state's surroundings in which selling is at least as good, shape (T + 1, S)."""
        return np.array([selling_share(gain) for gain in self.gains])

    @cached_property
    def distribution(self) -> Array:
        """The chance of selling at each block, shape (T + 1,)."""
        chances, law = np.zeros(len(self.gains)), self.state.weights(0)
        for block, share in enumerate(self.shares):
            chances[block] = law @ share
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
        return np.any(inside, axis=0) if inside else np.zeros(seen.shape, dtype=np.bool_)


def best_stopping(state: PublicState, sales: Array, rate: float) -> Stopping:
    """Solve for sales S_t(x) of shape (T + 1, S), in ETH of block t, by backward induction."""
    last = len(sales) - 1
    gains, value = np.full(sales.shape, np.inf), sales[last]
    for block in range(last - 1, -1, -1):
        waiting = state.expected(block, value, last) / (1 + rate)
        gains[block] = sales[block] - waiting + tolerance(state, block, sales[block])
        value = best_of(sales[block], waiting)
    return Stopping(state, gains, float(state.mean(0, value, last)))


def tolerance(state: PublicState, block: int, sales: Array) -> float:
    """By how much a sale may fall short of waiting and still be as good, ETH."""
    return float(TIE * (state.weights(block) @ sales)) if state.is_random() else EQUAL


def best_of(now: Array, later: Array) -> Array:
    """max(now, later) along the states, axis 0, corrected for the kink where they cross.

    With nodes a step h apart the trapezoidal rule lacks h² B(λ)/2 times the jump of the slope, B(λ) =
    λ² − λ + 1/6, λ the place of the kink between its nodes: these two are given it. Source: Euler and
    Maclaurin's formula with a break, e.g. Lyness (1971), Math. of Computation 25.
    """
    gain = now - later
    crossing, place = crossings(gain)
    lack = np.where(crossing, np.abs(np.diff(gain, axis=0)) * (place**2 - place + 1 / 6) / 2, 0.0)
    best = np.array(np.maximum(now, later))
    best[:-1] += lack * (1 - place)
    best[1:] += lack * place
    return best


def crossings(gain: Array) -> tuple[npt.NDArray[np.bool_], Array]:
    """Between which nodes along axis 0 `gain` changes sign, and where between them, from 0 to 1."""
    here, there = gain[:-1], gain[1:]
    crossing = (here >= 0) != (there >= 0)
    return crossing, np.where(crossing, here / np.where(crossing, here - there, 1.0), 0.0)


def selling_share(gain: Array) -> Array:
    """The part of the cell around each node in which `gain`, linear between nodes, is not negative; shape (S,)."""
    if np.isinf(gain).any():
        return np.ones_like(gain)
    crossing, place = crossings(gain)
    holds, near, far = gain >= 0, np.minimum(2 * place, 1.0), np.maximum(2 * place - 1, 0.0)
    right = np.where(crossing, np.where(holds[:-1], near, 1 - near), holds[:-1])
    left = np.where(crossing, np.where(holds[:-1], far, 1 - far), holds[:-1])
    return np.asarray((np.append(holds[0], left) + np.append(right, holds[-1])) / 2)


def positive_intervals(rewards: Array, gain: Array) -> list[tuple[float, float]]:
    """Where `gain`, linear between rising rewards, is not negative: from 0 up to infinity if at the ends."""
    holds = gain >= 0
    if holds.all():
        return [(0.0, float("inf"))]
    change = np.flatnonzero(holds[:-1] != holds[1:])
    here, there = gain[change], gain[change + 1]
    bounds = rewards[change] + (rewards[change + 1] - rewards[change]) * here / (here - there)
    ends = [0.0] * bool(holds[0]) + bounds.tolist() + [float("inf")] * bool(holds[-1])
    return list(zip(ends[::2], ends[1::2], strict=True))
