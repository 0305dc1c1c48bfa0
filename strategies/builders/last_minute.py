"""Shows nothing until it is too late to answer."""

from __future__ import annotations

from market.slot_auction import Bids, Post
from strategies.margin import WU_MARGIN_SD_ETH
from strategies.parameters import between
from strategies.slot_bidding import SlotBuilder, from_then, last_moment


class LastMinute(SlotBuilder):
    """No bid until one sent would arrive `epsilon_ms` before the proposer is due, then as the naive builder
    (Wu et al. 2023)."""

    def __init__(
        self,
        epsilon_ms: int = 0,
        margin_eth: float | None = None,
        margin_sd_eth: float = WU_MARGIN_SD_ETH,
        margin: float | None = None,
    ) -> None:
        super().__init__(margin_eth, margin_sd_eth, margin)
        self._epsilon = int(between("epsilon_ms", epsilon_ms, 0))

    def schedule(self, post: Post) -> Bids:
        return from_then(post, self.margin(post.rng), last_moment(post, self._epsilon))
