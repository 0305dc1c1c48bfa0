"""The proposer: when it takes the best bid, and what it does without one."""

from __future__ import annotations

from math import exp
from typing import NamedTuple

import numpy as np

from market.slot_auction.signals import Signals

SLOT_MS = 12_000


class Proposer(NamedTuple):
    """When and on what terms a proposer takes a header.

    It is due `late_ms` after the start of its slot, as everyone knows, and comes N(0, `end_sd_ms`) beside that. A
    header that it takes `x` ms into the slot makes it miss the slot with a chance that follows a logistic curve,
    1/(1 + exp((miss_at_ms − x)/miss_scale_ms)); without `miss_at_ms` never. Below `min_bid_gwei`, or below what it
    makes of the public signals itself (`own_build` of their value), it takes no bid and builds the block. With
    `stop_gwei` it takes the first bid that reaches so much, at once.
    """

    late_ms: int = 0
    end_sd_ms: float = 0.0
    miss_at_ms: float | None = None
    miss_scale_ms: float = 250.0
    min_bid_gwei: int = 0
    own_build: float = 0.0
    stop_gwei: int | None = None

    @property
    def due_ms(self) -> int:
        """When it is expected, ms since the auction opened."""
        return SLOT_MS + self.late_ms

    def draw_end(self, rng: np.random.Generator) -> int:
        """When it comes, ms since the auction opened."""
        if not self.end_sd_ms:
            return self.due_ms
        return max(round(rng.normal(self.due_ms, self.end_sd_ms)), 0)

    def miss_chance(self, end_ms: int) -> float:
        """How likely it is to miss its slot with a header taken at `end_ms`."""
        if self.miss_at_ms is None:
            return 0.0
        return 1 / (1 + exp(min((self.miss_at_ms - (end_ms - SLOT_MS)) / self.miss_scale_ms, 700)))

    def own_value(self, signals: Signals, end_ms: int) -> int:
        """What the block is worth that it builds itself, Gwei."""
        if self.own_build:
            return int(self.own_build * signals.public_until(end_ms))
        return 0
