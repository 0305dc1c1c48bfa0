"""A sealed bid in the open auction: the most that one would pay, bid up step by step only as far as needed."""

from __future__ import annotations

from collections.abc import Sequence

from market.slot_auction.auction_result import SlotAuctionResult
from market.slot_auction.slot_bidder import NO_BIDS, Bids, Post

STEPS = 100


class Proxy:
    """Outbids the best bid by a hundredth of its limit, up to the limit: an English auction's bidder."""

    responds = True

    def __init__(self, limit_gwei: int) -> None:
        self._limit = limit_gwei
        self._tick = max(limit_gwei // STEPS, 1)

    def schedule(self, post: Post) -> Bids:  # noqa: ARG002
        """Nothing without a look at the others."""
        return NO_BIDS

    def alarms(self, post: Post) -> Sequence[int]:  # noqa: ARG002
        """Begins at once."""
        return (0,)

    def respond(self, ms: int, value: int, best: int, leads: bool) -> int | None:  # noqa: ARG002
        """One tick above the best bid of others."""
        if leads:
            return None
        return min(best + self._tick, self._limit)

    def learn(self, result: SlotAuctionResult, won: bool, profit: int) -> None:
        """A sealed bid is made once."""
