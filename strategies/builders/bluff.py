"""Frightens the others with a bid that it takes back."""

from __future__ import annotations

import numpy as np

from chain.money import eth_to_gwei
from market.slot_auction import Bids, Post
from strategies.builders.last_minute import LastMinute
from strategies.margin import WU_MARGIN_SD_ETH
from strategies.parameters import between
from strategies.slot_bidding import from_then, joined, last_moment


class Bluff(LastMinute):
    """Bids `bluff_eth` as the auction opens, whatever the block is worth; at the last moment it puts its value
    less the margin in place of that (Wu et al. 2023). Without cancellations the bluff stands and may have to be
    paid."""

    def __init__(
        self,
        bluff_eth: float = 0.2,
        epsilon_ms: int = 0,
        margin_eth: float | None = None,
        margin_sd_eth: float = WU_MARGIN_SD_ETH,
        margin: float | None = None,
    ) -> None:
        super().__init__(epsilon_ms, margin_eth, margin_sd_eth, margin)
        self._bluff = eth_to_gwei(between("bluff_eth", bluff_eth, 0, 9e8))

    def schedule(self, post: Post) -> Bids:
        margin = self.margin(post.rng)
        moment = last_moment(post, self._epsilon)
        honest = max(margin.off(post.values.at(moment)), 0)
        bluff = Bids(np.array([0, moment]), np.array([self._bluff, honest]))
        return joined(bluff, from_then(post, margin, moment))
