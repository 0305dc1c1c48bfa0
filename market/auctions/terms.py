"""What a sale is held on, and what comes out of it. Prices in Gwei."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from chain.near_names import tells_near


@tells_near()
class Terms(NamedTuple):
    """A lowest price; for the clock formats also a step and, for the Dutch clock, a price to start from."""

    reserve: int = 0
    start: int = 0
    tick: int = 1


@tells_near()
class Offer(NamedTuple):
    """One bidder's bid. Offers come in order of arrival, which settles ties."""

    bidder: int
    price: int


class Award(NamedTuple):
    """Who wins and what it pays, never more than its own offer."""

    bidder: int
    price: int


@tells_near(terms=Terms)
class Lot(NamedTuple):
    """One thing for sale, and the sealed bids for it in order of arrival; `ticket` 0 for an endowed block.

    `numbers` are those of the bids, which rise with arrival over all lots of a sale.
    """

    ticket: int
    terms: Terms
    offers: Sequence[Offer]
    numbers: Sequence[int] = ()


class Payment(NamedTuple):
    """What the bid of `bidder` on `lot` pays, Gwei, at most what it offered, and the lot that it wins, if any.

    Lots by their place in the sale, 0 where there is one. Where tickets are sold as units of one good a bid may
    win another lot than the one on which it was made; where all pay, it may pay and win nothing.
    """

    lot: int
    bidder: int
    price: int
    wins: int | None
