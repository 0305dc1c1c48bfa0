"""How much of a block's reward a builder makes: another model than the cost θ.

With capture rate c and specialisation s in volatile slots, a builder makes R c (1 + (V − E V) s) of a block whose
slot has the volatility index V, log-normal. Source: Stichler (2025), Agent-based simulation of execution tickets.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp
from typing import NamedTuple

import numpy as np

from chain.near_names import tells_near
from market.cost_span import same_cost

CHUNK = 1024


@tells_near()
class Capture(NamedTuple):
    """The share of a block's reward that one makes: `usual` is what to expect of a later block, `now` that of the
    last one whose reward is public."""

    usual: float
    now: float


class Volatility:
    """The volatility index of slots, V ~ LogNormal(0, sigma). Slots are asked for in order, but the one before the
    last can be asked for again."""

    def __init__(self, sigma: float, rng: np.random.Generator) -> None:
        self.mean = exp(sigma**2 / 2)
        self._sigma = sigma
        self._rng = rng
        self._chunk = -1
        self._values: list[float] = []
        self._before: list[float] = []

    def at(self, slot: int) -> float:
        """V of `slot`."""
        while self._chunk < slot // CHUNK:
            self._chunk += 1
            self._before = self._values
            self._values = self._rng.lognormal(0.0, self._sigma, CHUNK).tolist()
        return (self._values if slot // CHUNK == self._chunk else self._before)[slot % CHUNK]


class CapturePath:
    """One account's captures by slot. It has no cost beside."""

    def __init__(self, usual: float, specialisation: float, volatility: Volatility) -> None:
        self.usual = usual
        self.specialisation = specialisation
        self._volatility = volatility

    def at(self, slot: int) -> Capture:
        """What it makes of blocks, as known once `slot` is (−1: before block 0)."""
        if slot < 0:
            return Capture(self.usual, self.usual)
        surprise = self._volatility.at(slot) - self._volatility.mean
        return Capture(self.usual, max(self.usual * (1 + surprise * self.specialisation), 0.0))

    def gross(self, slot: int, reward: int) -> int:
        """What it makes of the block, Gwei."""
        return round(reward * self.at(slot).now)

    def cost(self, block: int) -> int:  # noqa: ARG002
        """The cost of a block: none."""
        return 0

    def between(self, first: int, last: int) -> Sequence[int]:
        """The costs of blocks `first … last`: none."""
        return same_cost(0, first, last)
