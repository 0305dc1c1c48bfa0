"""What it costs a buyer to exploit a block: θ of the model, in Gwei.

Every account has its own stream, so nobody's costs depend on who else takes part.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from market.cost_span import PIECE, Piece, cost_span, same_cost

CHUNK = 1024


class WholeLaw(Protocol):
    """A law of θ."""

    def whole(self, rng: np.random.Generator, count: int) -> npt.NDArray[np.int64]:
        """So many draws in whole Gwei."""


class WholeReward(ABC):
    """A builder that makes all of a block's reward, at a cost."""

    @abstractmethod
    def between(self, first: int, last: int) -> Sequence[int]:
        """The costs of blocks `first … last`, Gwei."""

    def cost(self, block: int) -> int:
        """The cost of one block, Gwei."""
        return self.between(block, block)[0]

    def gross(self, slot: int, reward: int) -> int:  # noqa: ARG002
        """What it makes of the block before its cost, Gwei."""
        return reward


class CostPath(WholeReward):
    """One account's costs by block, drawn as they are needed; the last chunks are kept."""

    def __init__(self, law: WholeLaw, rng: np.random.Generator) -> None:
        self._law = law
        self._rng = rng
        self._drawn = np.zeros(0, np.int64)  # what is not yet in pieces
        self._start = 0  # the first piece that is kept
        self._pieces: list[Piece] = []
        self._near: tuple[int, Piece] = 0, ()  # the first block of a piece or two in a row, and their costs

    def cost(self, block: int) -> int:
        """The cost of one block; raises as `between` does."""
        place = block // PIECE - self._start
        if 0 <= place < len(self._pieces):
            return self._pieces[place][block % PIECE]
        return self.between(block, block)[0]

    def between(self, first: int, last: int) -> Sequence[int]:
        """The costs of blocks `first … last`. Raises `ValueError` where they are forgotten: those before an
        earlier call's `first` may be."""
        start, near = self._near
        if first >= start and last < start + len(near):  # as is most often asked
            return near[first - start : last + 1 - start]
        begin = PIECE * self._start
        if first < begin:
            raise ValueError(f"the cost of block {first} is forgotten; this path begins at block {begin}")
        return cost_span(self._between(first // PIECE, last // PIECE), first, last)

    def _between(self, first: int, last: int) -> list[Piece]:
        """The pieces of these numbers."""
        begin, end = first - self._start, last - self._start + 1
        while end > len(self._pieces):
            self._pieces.append(self._next_piece())
        found = self._pieces[begin:end]
        if len(found) <= 2:
            self._near = PIECE * first, sum(found, ())
        if PIECE * begin >= 2 * CHUNK:
            del self._pieces[:begin]
            self._start += begin
        return found

    def _next_piece(self) -> Piece:
        if not self._drawn.size:
            self._drawn = self._law.whole(self._rng, CHUNK)
        piece, self._drawn = self._drawn[:PIECE], self._drawn[PIECE:]
        return tuple(piece.tolist())


class FixedCost(WholeReward):
    """An account whose cost is the same in every block."""

    def __init__(self, gwei: int) -> None:
        self._gwei = gwei

    def between(self, first: int, last: int) -> Sequence[int]:
        """The costs of blocks `first … last`."""
        return same_cost(self._gwei, first, last)


class Path(Protocol):
    """What an account makes of blocks, and at what cost."""

    def gross(self, slot: int, reward: int) -> int:
        """What it makes of the block before its cost, Gwei."""

    def cost(self, block: int) -> int:
        """The cost of one block, Gwei."""

    def between(self, first: int, last: int) -> Sequence[int]:
        """The costs of blocks `first … last`, Gwei."""


Costs = Sequence[Path | None]
"""By account; None for an account that cannot exploit a block."""
