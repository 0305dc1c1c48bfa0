"""Chance that belongs to a ticket, so that it is the same whenever the ticket is sold."""

from __future__ import annotations

import numpy as np

CHUNK, KEPT = 1024, 64
"""Numbers drawn at a time, and such chunks that are remembered."""


class Coins:
    """One number in [0, 1) for each ticket, in the order of serials; the last chunks are kept."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._first = 0
        self._coins: list[float] = []

    def __getitem__(self, serial: int) -> float:
        """The ticket's number. Raises `IndexError` for a ticket that is long gone."""
        while serial >= self._first + len(self._coins):
            self._coins += self._rng.random(CHUNK).tolist()
            if len(self._coins) > KEPT * CHUNK:
                del self._coins[:CHUNK]
                self._first += CHUNK
        if serial < self._first:
            raise IndexError(f"ticket {serial} is long gone; tickets from {self._first} on are remembered")
        return self._coins[serial - self._first]
