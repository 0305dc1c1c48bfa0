"""A strategy as a bidder: what it raises or says wrongly is reported, and it says nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import index
from typing import TypeVar

import numpy as np

from market.slot_auction.bidder import NO_BIDS, Bids, Post, SlotBidder
from market.slot_auction.result import SlotAuctionResult

T = TypeVar("T")


class Guarded:
    """Passes on what `bidder` says if it makes sense. After its first fault it is not asked again in this
    auction."""

    def __init__(self, bidder: SlotBidder, report: Callable[[BaseException], None]) -> None:
        self._bidder = bidder
        self._report = report
        self._failed = False
        self.responds = bool(bidder.responds)

    def schedule(self, post: Post) -> Bids:
        """Its schedule, in order of time and of whole numbers from 0 up; else none."""
        try:
            return checked(self._bidder.schedule(post))
        except (Exception, SystemExit) as error:
            return self._fail(error, NO_BIDS)

    def alarms(self, post: Post) -> Sequence[int]:
        """Its alarms."""
        if self._failed:
            return ()
        try:
            return [max(index(ms), 0) for ms in self._bidder.alarms(post)]
        except (Exception, SystemExit) as error:
            nothing: Sequence[int] = ()
            return self._fail(error, nothing)

    def respond(self, ms: int, value: int, best: int, leads: bool) -> int | None:
        """Its bid, if that is a whole number from 0 up."""
        if self._failed:
            return None
        try:
            price = self._bidder.respond(ms, value, best, leads)
            return None if price is None else amount(price)
        except (Exception, SystemExit) as error:
            return self._fail(error, None)

    def learn(self, result: SlotAuctionResult, won: bool, profit: int) -> None:
        """Tells it how the auction ended."""
        try:
            self._bidder.learn(result, won, profit)
        except (Exception, SystemExit) as error:
            self._fail(error, None)

    def _fail(self, error: BaseException, answer: T) -> T:
        self._failed = True
        self._report(error)
        return answer


def amount(price: int) -> int:
    """A whole number from 0 up. Raises `TypeError`, `ValueError`."""
    gwei = index(price)
    if gwei < 0:
        raise ValueError(f"a bid of {price!r} Gwei; it must be 0 or more")
    return gwei


def checked(bids: Bids) -> Bids:
    """The schedule as arrays of whole numbers. Raises `ValueError`."""
    ms, gwei = np.asarray(bids[0]), np.asarray(bids[1])
    if not len(ms) and not len(gwei):
        return NO_BIDS
    if ms.dtype.kind not in "iu" or gwei.dtype.kind not in "iu" or ms.shape != gwei.shape or ms.ndim != 1:
        raise ValueError("a schedule is two arrays of whole numbers of one length: ms and Gwei")
    if ms[0] < 0 or (np.diff(ms) < 0).any() or (gwei < 0).any():
        raise ValueError("a schedule's times are in order, from 0 up, and no bid is negative")
    return Bids(ms.astype(np.int64), gwei.astype(np.int64))
