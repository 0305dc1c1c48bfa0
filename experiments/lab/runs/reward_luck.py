"""Who held the right to a block as what was expected of it changed.

Expected is `E[R_b]` given what is public. It changes with every reward that becomes public, at last to R_b itself:
a martingale. Its changes have mean 0 whatever those know and do who hold the right meanwhile (Doob 1953): they are
luck, and what is left of a profit without them is not. A ticket counts for the block for which it was drawn in the
end.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from chain.rewards import RewardPath

PROTOCOL = "protocol"
NONE = -1
Rewards = Sequence[int] | npt.NDArray[np.int64]


class Handover(NamedTuple):
    """In `slot` the right to `block` comes to `taker`."""

    slot: int
    block: int
    taker: str


class RewardLuck:
    """Goes through a run once, with its rewards drawn again.

    `path`: the rewards, none revealed yet; `rewards`: what they were, Gwei, by block. `in_time`: whether the
    protocol sells tickets just in time, when the reward of the next block is public. `unsold`: the blocks whose
    right nobody but the protocol ever had.
    """

    def __init__(self, path: RewardPath, rewards: Rewards, in_time: bool) -> None:
        self.by_agent: defaultdict[str, float] = defaultdict(float)
        self.unsold: list[int] = []
        self._path = path
        self._rewards = rewards
        self._held: dict[int, tuple[str, float]] = {}
        self._first: dict[int, float] = {}
        if in_time:
            path.advance()

    def by_block(self, moves: Iterable[Handover]) -> Iterator[float]:
        """What was expected of block 0, 1, …, Gwei, when its right was first sold, or could last have been sold.

        `moves` come in the order of their slots.
        """
        by_slot = groupby(moves, key=itemgetter(0))
        slot, some = next(by_slot, (len(self._rewards), iter(())))
        for now in range(-1, len(self._rewards)):
            last = self._expected(now) if now >= 0 and now not in self._first else 0.0
            if now >= 0:
                self._path.advance()
            if slot == now:
                for move in some:
                    self._take(move)
                slot, some = next(by_slot, (len(self._rewards), iter(())))
            if now >= 0:
                yield self._end(now, last)

    def _take(self, move: Handover) -> None:
        value = self._expected(move.block)
        self._leave(move.block, value)
        if move.taker != PROTOCOL:
            self._held[move.block] = (move.taker, value)
            self._first.setdefault(move.block, value)

    def _leave(self, block: int, value: float) -> None:
        holder, before = self._held.pop(block, (PROTOCOL, value))
        if holder != PROTOCOL:
            self.by_agent[holder] += value - before

    def _end(self, block: int, last: float) -> float:
        self._leave(block, float(self._rewards[block]))
        if block not in self._first:
            self.unsold.append(block)
        return self._first.pop(block, last)

    def _expected(self, block: int) -> float:
        return expected_of(self._path, self._rewards, block)


def expected_at(path: RewardPath, rewards: Rewards, times: Iterable[tuple[int, range]]) -> Iterator[float]:
    """What was expected in a slot of some blocks together, Gwei, for pairs of both in the order of slots; NaN of
    none."""
    for slot, blocks in times:
        while path.block < slot:
            path.advance()
        yield sum(expected_of(path, rewards, block) for block in blocks) if blocks else math.nan


def expected_of(path: RewardPath, rewards: Rewards, block: int) -> float:
    """What is expected of a block at this point of a path, Gwei: its reward, once that is public."""
    return float(rewards[block]) if block <= path.block else path.outlook().expected_reward(block)
