"""What a sale format is: the one place that says so. Each stands in its own file, and by its name in `FORMATS`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from market.auctions.terms import Lot, Payment, Terms

Clear = Callable[[Lot], Sequence[Payment]]
"""Who pays what for a lot that is sold by itself, and who gets it: lot 0 of the payments."""

Fault = Callable[[Terms], str | None]
"""What is wrong with the terms of a sale, in words; None where they are good."""

Bids = Literal["value", "shaded", "special"]


def no_fault(terms: Terms) -> None:
    """All terms are good."""


class AuctionFormat(NamedTuple):
    """A format. `code` is its number in signed listings, for ever; `is_clock`: bids are prices at which a clock is
    left or stopped, no sealed offers; `on_chain`: the ticket contract knows it.

    `bids` says what it calls for: the own value, or (where a winner pays what it bid, and nobody else pays) less.
    In a special one only those bid who have a bid for this very format (`Strategy.bids_in`).
    """

    code: int
    clear: Clear
    fault: Fault = no_fault
    bids: Bids = "value"
    is_clock: bool = False
    on_chain: bool = True
