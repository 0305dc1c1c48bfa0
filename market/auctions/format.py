"""What a sale format is: the one place that says so. Each stands in its own file, and by its name in `FORMATS`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from market.auctions.terms import Award, Offer, Terms

Clear = Callable[[Terms, Sequence[Offer]], Award | None]
"""Turns the bids, in order of arrival, into at most one award."""

Fault = Callable[[Terms], str | None]
"""What is wrong with the terms of a sale, in words; None where they are good."""


def no_fault(terms: Terms) -> None:
    """All terms are good."""


class AuctionFormat(NamedTuple):
    """A format. `code` is its number in signed listings, for ever; `pays_bid` whether a winner pays what it bid,
    so that one shades; `is_clock` whether bids are prices at which a clock is left or stopped, no sealed
    offers.
    """

    code: int
    clear: Clear
    fault: Fault = no_fault
    pays_bid: bool = False
    is_clock: bool = False
