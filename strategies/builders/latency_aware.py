"""Outbids not the bid that it sees but the one that will stand when its own arrives."""

from __future__ import annotations

from collections import deque

from market.slot_auction import Bids, Post
from strategies.builders.adaptive import Adaptive
from strategies.margin import WU_MARGIN_SD_ETH
from strategies.parameters import between
from strategies.slot_bidding import TICK_GWEI


class LatencyAware(Adaptive):
    """An adaptive builder that adds what the best bid will have risen by when its own arrives: the rise over the
    last `memory_ms`, times delay over memory. Without a delay it is the adaptive builder."""

    def __init__(
        self,
        memory_ms: int = 1000,
        tick_gwei: int = TICK_GWEI,
        margin_eth: float | None = None,
        margin_sd_eth: float = WU_MARGIN_SD_ETH,
        margin: float | None = None,
    ) -> None:
        super().__init__(tick_gwei, margin_eth, margin_sd_eth, margin)
        self._memory = int(between("memory_ms", memory_ms, 1))
        self._delay = 0
        self._seen: deque[tuple[int, int]] = deque()

    def schedule(self, post: Post) -> Bids:
        self._delay = post.delay_ms
        self._seen = deque([(0, 0)])
        return super().schedule(post)

    def respond(self, ms: int, value: int, best: int, leads: bool) -> int | None:
        ahead = self._rise(ms, best) * self._delay // self._memory
        return super().respond(ms, value, best + ahead, leads)

    def _rise(self, ms: int, best: int) -> int:
        """How much higher the best bid is than it was a memory ago, Gwei, not below 0."""
        seen = self._seen
        if best != seen[-1][1]:
            seen.append((ms, best))
        while len(seen) > 1 and seen[1][0] <= ms - self._memory:
            seen.popleft()
        return max(best - seen[0][1], 0)
