"""The right to one block of a window, as an American option on the reward. ETH, in chain amounts Gwei.

Source: MODEL section 5.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from chain.money import GWEI_PER_ETH
from strategies.prospect import Worth
from strategies.theory.buyer_types import Types
from strategies.theory.curve import Curve
from strategies.theory.laws import Array, Law
from strategies.theory.public_state import PublicState
from strategies.theory.stopping import EQUAL
from strategies.theory.window import BlockRight, mean_over, rights, unaware_waiting


class Option(Worth):
    """The right at one block, at one reward, by cost: W_t(x; θ).

    `unaware` is what waiting is worth to one who does not know θ, None where all do.
    """

    __slots__ = ("_right", "_spot", "_unaware")

    def __init__(self, law: Law, reward: float, waiting: Curve, unaware: float | None) -> None:
        super().__init__(law)
        self._right = BlockRight(np.array([[reward]]), waiting)
        self._unaware = unaware
        self._spot = 0.0
        if unaware is not None:
            self._spot = float(mean_over(law, self._right.spot)[0])

    def __call__(self, cost: npt.ArrayLike) -> Array:
        """The values at costs in ETH, their shape."""
        costs = np.asarray(cost, dtype=np.float64)
        return np.reshape(self._right.worth(costs.reshape(1, -1)), costs.shape)

    def worth(self, cost_gwei: int) -> float:
        return float(self(cost_gwei / GWEI_PER_ETH))

    def takes(self, cost_gwei: int | None) -> bool:
        """Whether a holder takes this block's reward rather than wait: R − θ ≥ δ E[W], also where equal but for
        rounding."""
        if cost_gwei is None:
            assert self._unaware is not None
            return self._spot >= self._unaware - EQUAL
        cost = np.array([[cost_gwei / GWEI_PER_ETH]])
        return bool(self._right.reward[0, 0] - cost[0, 0] >= self._right.waiting(cost)[0, 0] - EQUAL)

    def types(self) -> Types:
        """The buyers. Their value bends where they stop exercising."""
        unknown = None
        if self._unaware is not None:
            unknown = np.array(max(self._spot, self._unaware))
        return Types(self.law, self, unknown, self._right.last_exerciser[0])

    def find_key(self) -> tuple[object, ...]:
        return (id(self),)


class Options:
    """The rights to the rest of a window at blocks 0 … T, for holders with costs from `law`.

    A reward between two states of the grid has a value of waiting between theirs.
    """

    def __init__(self, state: PublicState, law: Law, rate: float, informed: Array) -> None:
        self._law = law
        self._rewards = state.rewards
        table = [*rights(state, law, rate, informed)][::-1]
        self._waiting = [right.waiting for right in table]
        self._unaware: list[Array] | None = None
        if table[0].unaware is not None:
            later = enumerate(table[1:], start=1)
            waits = [unaware_waiting(state, law, rate, informed, block, right) for block, right in later]
            self._unaware = [*waits, np.zeros(1)]
        self.at = lru_cache(maxsize=64)(self._at)
        """`_at`, remembered: all buyers look at the same right."""

    def _at(self, block: int, reward_gwei: int) -> Option:
        """The right at a block of the window where the reward is `reward_gwei`."""
        reward = reward_gwei / GWEI_PER_ETH
        curve = self._waiting[block]
        row = between(self._rewards[block], curve.values, reward)
        unaware = None
        if self._unaware is not None:
            unaware = float(between(self._rewards[block], self._unaware[block], reward))
        return Option(self._law, reward, Curve(curve.low, curve.high, row[None, :]), unaware)


def between(rewards: Array, values: Array, reward: float) -> Array:
    """The row of `values` at a reward, linear between those of `rewards`; or the only row."""
    if len(values) == 1 or rewards[0] == rewards[-1]:
        return np.asarray(values[0])
    right = int(np.clip(np.searchsorted(rewards, reward), 1, len(rewards) - 1))
    step = rewards[right] - rewards[right - 1]
    part = 0.0
    if step > 0:
        part = min(max((reward - rewards[right - 1]) / step, 0.0), 1.0)
    return np.asarray(values[right - 1] + part * (values[right] - values[right - 1]))
