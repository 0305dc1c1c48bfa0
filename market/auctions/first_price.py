"""Sealed first price: the highest bid wins and is paid."""

from __future__ import annotations

from collections.abc import Sequence

from market.auctions.format import AuctionFormat
from market.auctions.terms import Award, Offer, Terms


def first_price(terms: Terms, offers: Sequence[Offer]) -> Award | None:
    """The highest offer at or above the reserve; the earlier of two equal ones."""
    best = max(offers, key=lambda offer: offer.price, default=None)
    if best is None or best.price < terms.reserve:
        return None
    return Award(best.bidder, best.price)


FIRST_PRICE = AuctionFormat(code=0, clear=first_price, pays_bid=True)
