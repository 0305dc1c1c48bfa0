"""A strategy as a bidder: what it raises or says wrongly is reported, and it says nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from operator import index
from typing import TypeVar

import numpy as np

from chain.interruption import is_interruption
from chain.ledger import MAX_GWEI
from chain.wording import shown
from market.price_remedy import price_remedy
from market.slot_auction.auction_result import SlotAuctionResult
from market.slot_auction.slot_bidder import NO_BIDS, Bids, Post, SlotBidder

T = TypeVar("T")

MOST_ALARMS = 10_000
MOST_BIDS = 1_000_000
"""How many alarms and how many bids of a schedule a builder may have in one auction."""


class Guarded:
    """Passes on what `bidder` says if it makes sense. After its first fault it is not asked again in this
    auction."""

    def __init__(self, bidder: SlotBidder, report: Callable[[BaseException], None]) -> None:
        self._bidder = bidder
        self._report = report
        self._failed = False
        self.responds = self._guard(lambda: bool(bidder.responds), False)

    def schedule(self, post: Post) -> Bids:
        """Its schedule, in order of time and of whole numbers from 0 up; else none."""
        return self._guard(lambda: checked(self._bidder.schedule(post)), NO_BIDS)

    def alarms(self, post: Post) -> Sequence[int]:
        """Its alarms."""
        nothing: Sequence[int] = ()
        if self._failed:
            return nothing
        return self._guard(lambda: times(self._bidder.alarms(post)), nothing)

    def respond(self, ms: int, value: int, best: int, leads: bool) -> int | None:
        """Its bid, if that is a whole number from 0 up."""
        if self._failed:
            return None
        try:
            price = self._bidder.respond(ms, value, best, leads)
            if price is None:
                return None
            return amount(price)
        except BaseException as error:  # a strategy may raise anything
            return self._fail(error, None)

    def learn(self, result: SlotAuctionResult, won: bool, profit: int) -> None:
        """Tells it how the auction ended."""
        self._guard(lambda: self._bidder.learn(result, won, profit), None)

    def _guard(self, ask: Callable[[], T], answer: T) -> T:
        """What it says; `answer`, where it fails."""
        try:
            return ask()
        except BaseException as error:  # a strategy may raise anything
            return self._fail(error, answer)

    def _fail(self, error: BaseException, answer: T) -> T:
        if is_interruption(error):
            raise error
        self._failed = True
        self._report(error)
        return answer


def amount(price: int) -> int:
    """A whole number of Gwei that an account can hold. Raises `ValueError`."""
    try:
        gwei = index(price)
    except TypeError:
        gwei = -1
    if not 0 <= gwei <= MAX_GWEI:
        raise ValueError(
            f"a bid of {shown(price)} Gwei; it must be a whole number in 0 … 2^63 − 1{price_remedy(price)}"
        )
    return gwei


def times(alarms: Iterable[int]) -> list[int]:
    """Whole ms from 0 up. Raises `TypeError`, `ValueError`."""
    found = [min(max(index(ms), 0), MAX_GWEI) for ms in islice(alarms, MOST_ALARMS + 1)]
    if len(found) > MOST_ALARMS:
        raise ValueError(f"more than {MOST_ALARMS:,} alarms in one auction")
    return found


def checked(bids: Bids) -> Bids:
    """The schedule as arrays of whole numbers. Raises `TypeError`, `ValueError`."""
    ms, gwei = (np.asarray(column) for column in (bids[0], bids[1]))
    if not ms.size and not gwei.size:
        return NO_BIDS
    if ms.dtype.kind not in "iu" or gwei.dtype.kind not in "iu" or ms.shape != gwei.shape or ms.ndim != 1:
        raise ValueError("a schedule is two arrays of whole numbers of one length: ms and Gwei")
    if len(ms) > MOST_BIDS:
        raise ValueError(f"a schedule of {len(ms):,} bids; it may have {MOST_BIDS:,}")
    if max(ms.max(), gwei.max()) > MAX_GWEI or min(ms.min(), gwei.min()) < 0:
        raise ValueError("a schedule's times and bids are whole numbers in 0 … 2^63 − 1")
    sent = ms.astype(np.int64)
    if (np.diff(sent) < 0).any():
        raise ValueError("a schedule's times are in order")
    return Bids(sent, gwei.astype(np.int64))
