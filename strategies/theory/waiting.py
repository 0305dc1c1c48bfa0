"""A seller who waits for m entrants, or for maturity, and buyers who choose the block at which to sink K.

All n buyers know their costs and enter, but for one who finds the right sold; the sale is a second-price auction
among those who have entered, at the first block at which `quorum` m of them have. One discount rate. Present
values at block 0, ETH.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from strategies.theory.laws import Array


@dataclass(frozen=True)
class WaitingGame:
    """`surplus` is π(n) = E[w_(1:n) − w_(2:n)]/n, what a bidder expects of the auction, ETH of block T.

    ValueError unless 2 ≤ m ≤ n and T ≥ 0, K ≥ 0.
    """

    surplus: float
    buyers: int
    quorum: int
    entry_cost: float
    discount_rate: float
    maturity: int

    def __post_init__(self) -> None:
        if not 2 <= self.quorum <= self.buyers:
            raise ValueError(f"quorum is {self.quorum}; it lies between 2 and the {self.buyers} buyers")
        if self.maturity < 0 or self.entry_cost < 0:
            raise ValueError(f"maturity {self.maturity} and entry cost {self.entry_cost} must not be negative")

    def gain(self, own: npt.ArrayLike, others: npt.ArrayLike) -> Array:
        """What one buyer gains who enters at block `own` while all others enter at `others`; shapes broadcast.

        Before the others come there is no quorum, so an early bird only sinks K earlier. A latecomer finds the
        right sold and stays out, unless its place in the quorum is missing: then all wait for it.
        """
        mine = np.asarray(own)
        theirs = np.asarray(others)
        misses = (mine > theirs) & (self.buyers - 1 >= self.quorum)
        entered = self.surplus * self._discount(self.maturity) - self.entry_cost * self._discount(mine)
        return np.where(misses, 0.0, entered)

    def equilibria(self) -> list[int]:
        """The blocks at which all enter together such that nobody gains by another block, or by staying out.

        With m < n these are all blocks at which K is not too dear, K(1 + d)^(T−t) ≤ π(n): who is late is left
        out. With m = n everyone can make the others wait, and only T remains.
        """
        blocks = np.arange(self.maturity + 1)
        gains = self.gain(blocks[:, None], blocks)
        together = np.diag(gains)
        stable: list[int] = blocks[(together >= gains.max(axis=0)) & (together >= 0)].tolist()
        return stable

    def _discount(self, blocks: npt.ArrayLike) -> Array:
        return np.asarray((1 + self.discount_rate) ** -np.asarray(blocks, dtype=np.float64))
