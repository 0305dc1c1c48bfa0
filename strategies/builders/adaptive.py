"""Outbids the best bid by a little, as long as that pays."""

from __future__ import annotations

from market.slot_auction import Bids, Post
from strategies.margin import WU_MARGIN_SD_ETH, Margin
from strategies.parameters import between
from strategies.slot_bidding import TICK_GWEI, SlotBuilder


class Adaptive(SlotBuilder):
    """Bids `tick_gwei` more than the best bid of the others, and at most its value less the margin (Wu et al.
    2023)."""

    responds = True

    def __init__(
        self,
        tick_gwei: int = TICK_GWEI,
        margin_eth: float | None = None,
        margin_sd_eth: float = WU_MARGIN_SD_ETH,
        margin: float | None = None,
    ) -> None:
        super().__init__(margin_eth, margin_sd_eth, margin)
        self._tick = int(between("tick_gwei", tick_gwei, 1, 1e18))
        self._margin = Margin()

    def schedule(self, post: Post) -> Bids:
        self._margin = self.margin(post.rng)
        return super().schedule(post)

    def respond(self, ms: int, value: int, best: int, leads: bool) -> int | None:  # noqa: ARG002
        if leads:
            return None
        most, wanted = self._margin.off(value), best + self._tick
        price = wanted if wanted < most else most
        return price if price > 0 else None
