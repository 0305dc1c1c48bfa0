"""The chain's rewards where each ticket has a reward path of its own: block b is worth what b's ticket ends at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from chain.rewards import Outlook
from experiments.lab.models.game.reward_paths import PathLaw

ROOM = 1 << 18
"""Rewards drawn at a time, about."""


@dataclass(frozen=True, slots=True, eq=False)
class TicketOutlook(Outlook):
    """What is public at a block: `seen[k]`, Gwei, is where the path of the ticket for the block k later stands."""

    law: PathLaw
    seen: list[float]

    def seen_gwei(self, block: int) -> float:
        """Where the path that ends at `block` stands now."""
        return self.seen[block - self.block]

    def _mean(self, block: int) -> float:
        steps = block - self.block
        return self.law.mean(self.seen[steps], steps)

    def _surplus(self, block: int, cost_gwei: float) -> float:
        steps = block - self.block
        return self.law.surplus(self.seen[steps], steps, cost_gwei)


class TicketRewards:
    """Rewards for the draw rule `maturity`: the path that ends at block b is number b + `lead`.

    Paths have `maturity` + 1 blocks, of which the last `maturity` − `lead` + 1 are those of a ticket.
    """

    def __init__(self, law: PathLaw, maturity: int, lead: int, rng: np.random.Generator) -> None:
        self.block = -1
        self._lead = lead
        self._law = law
        self._rng = rng
        self._width = maturity + 1
        self._first = 0
        self._flat = np.empty(0)
        self._now = TicketOutlook(-1, None, law, [])
        self._draw(0)

    def advance(self) -> int:
        """Reveal the next block of every live ticket's path; the reward of the block itself, Gwei."""
        self.block += 1
        width = self._width
        row = self.block + self._lead - self._first
        if (row + width) * width > self._flat.size:
            self._draw(row)
            row = 0
        start = row * width + width - 1
        live = width - self._lead
        levels = self._flat[start : start + (live - 1) * (width - 1) + 1 : max(width - 1, 1)].tolist()
        reward = int(levels[0])
        self._now = TicketOutlook(self.block, reward, self._law, levels)
        return reward

    def outlook(self) -> TicketOutlook:
        """What everyone knows after the last block revealed."""
        return self._now

    def _draw(self, row: int) -> None:
        """Forget the paths before `row` and draw further ones."""
        rows = max(ROOM // self._width, self._width)
        fresh = self._law.draw(self._rng, rows, self._width).ravel()
        self._flat = np.concatenate((self._flat[row * self._width :], fresh))
        self._first += row
