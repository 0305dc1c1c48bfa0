"""How a builder bids in the open auction, and what it sees of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np

from market.slot_auction.auction_result import SlotAuctionResult
from market.slot_auction.signals import BlockValues, Ints


class Post(NamedTuple):
    """A builder's post in one auction. `values` net of its costs; `delay_ms` from its sending a bid to the first
    relay's taking it in; `end_ms` when the proposer is due; `rng` its own randomness."""

    values: BlockValues
    delay_ms: int
    end_ms: int
    rng: np.random.Generator


class Bids(NamedTuple):
    """Bids that do not depend on others': when each is sent (ms, not falling) and how much (Gwei; 0 takes the last
    one back)."""

    ms: Ints
    gwei: Ints


NO_BIDS = Bids(np.empty(0, np.int64), np.empty(0, np.int64))


class OwnBidder(NamedTuple):
    """A participant's own builder, and the randomness that it has for all of its auctions."""

    bidder: SlotBidder
    rng: np.random.Generator


class SlotBidder(Protocol):
    """A builder in the open auction. A bid replaces its earlier one.

    What a builder sends on its own signals alone it says at once, in `schedule`; a bid sent at some ms may use the
    values known by then and no later ones. One that looks at the others `responds` as well.
    """

    responds: bool

    def schedule(self, post: Post) -> Bids:
        """The bids that depend on the own signals alone. Called once, as the auction opens."""

    def alarms(self, post: Post) -> Sequence[int]:
        """Times at which to be asked, beside those at which the own value or the best bid changes. ms."""

    def respond(self, ms: int, value: int, best: int, leads: bool) -> int | None:
        """The bid to send now, Gwei, or None. `best` is the highest bid that stands with any relay, 0 where there
        is none; `leads`: it is one's own. Called only where `responds`."""

    def learn(self, result: SlotAuctionResult, won: bool, profit: int) -> None:
        """How the auction ended: whether one won it, and what one gained by that, Gwei."""
