"""What an auction is held on, and what comes out of it. Prices in Gwei."""

from __future__ import annotations

from typing import NamedTuple


class Terms(NamedTuple):
    """A lowest price; for the clock formats also a step and, for the Dutch clock, a price to start from."""

    reserve: int = 0
    start: int = 0
    tick: int = 1


class Offer(NamedTuple):
    """One bidder's bid. Offers come in order of arrival, which settles ties."""

    bidder: int
    price: int


class Award(NamedTuple):
    """Who wins and what it pays, never more than its own offer."""

    bidder: int
    price: int
