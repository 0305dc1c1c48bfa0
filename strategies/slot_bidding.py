"""The base of builders that bid in the open auction of a block, over the seconds of its slot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from market.intents import Intent
from market.slot_auction import NO_BIDS, Bids, Post, SlotAuctionResult
from market.slot_auction.signals import Ints
from market.view import View
from strategies.base import Builder
from strategies.bidding import bids
from strategies.margin import WU_MARGIN_SD_ETH, Margin, MarginLaw

TICK_GWEI = 100_000
"""What an adaptive builder adds to the best bid, 0.0001 ETH (Wu et al. 2023)."""


class SlotBuilder(Builder):
    """Bids its value less a margin: 2 % of it, or what `MarginLaw` says, drawn anew for every auction. Override
    `schedule`, or set `responds` and override `respond`. In a sealed sale it bids its value less the margin too.

    A bid in a schedule may use what is known when it is sent, and nothing that comes later.
    """

    responds = False

    bids_in: ClassVar[frozenset[str] | None] = frozenset()

    def __init__(
        self,
        margin_eth: float | None = None,
        margin_sd_eth: float = WU_MARGIN_SD_ETH,
        margin: float | None = None,
    ) -> None:
        self._margins = MarginLaw(margin_eth, margin_sd_eth, margin)

    def margin(self, rng: np.random.Generator) -> Margin:
        """That of one auction."""
        return self._margins.draw(rng)

    def schedule(self, post: Post) -> Bids:  # noqa: ARG002
        """Bids on the own signals alone; none here."""
        return NO_BIDS

    def alarms(self, post: Post) -> Sequence[int]:  # noqa: ARG002
        """When to be asked beside changes of the value or the best bid; never here."""
        return ()

    def respond(self, ms: int, value: int, best: int, leads: bool) -> int | None:  # noqa: ARG002
        """The bid to send now; none here."""
        return None

    def learn(self, result: SlotAuctionResult, won: bool, profit: int) -> None:
        """How the auction ended; of no use here."""

    def build(self, view: View) -> Sequence[Intent]:
        """The sealed sale."""
        cost = view.cost(view.slot)
        reward = view.outlook.reward_gwei
        if cost is None or reward is None:
            return ()
        margin = self.margin(self.setup.rng)
        return bids(view, view.auctions, lambda _: margin.off(reward - cost))


def rising(ms: Ints, values: Ints, margin: Margin) -> Bids:
    """Each value less the margin, as it becomes known; nothing while that is below 1 Gwei."""
    prices = margin.off_each(values)
    first = int(prices.searchsorted(0, "right"))
    return Bids(ms[first:], prices[first:])


def from_then(post: Post, margin: Margin, ms: int) -> Bids:
    """The value less the margin, as it stands at `ms`, and each one that becomes known later."""
    known = int(post.values.ms.searchsorted(ms, "right"))
    values = post.values.total[max(known - 1, 0) :]
    times = np.maximum(post.values.ms[max(known - 1, 0) :], ms)
    return rising(times, values, margin)


def last_moment(post: Post, epsilon_ms: int) -> int:
    """When to send a bid that is to arrive `epsilon_ms` before the proposer is due."""
    return max(post.end_ms - epsilon_ms - post.delay_ms, 0)


def joined(first: Bids, then: Bids) -> Bids:
    """One schedule after the other."""
    return Bids(np.concatenate([first.ms, then.ms]), np.concatenate([first.gwei, then.gwei]))


def until(bids: Bids, ms: int) -> Bids:
    """Those that are sent before a time."""
    count = int(bids.ms.searchsorted(ms, "left"))
    return Bids(bids.ms[:count], bids.gwei[:count])
