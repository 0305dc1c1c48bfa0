"""Sealed second price: the highest bid wins and pays the second-highest (Vickrey 1961)."""

from __future__ import annotations

from collections.abc import Sequence

from market.auctions.first_price import first_price
from market.auctions.format import AuctionFormat
from market.auctions.terms import Award, Offer, Terms


def second_price(terms: Terms, offers: Sequence[Offer]) -> Award | None:
    """The highest offer pays the highest of the others, at least the reserve; a lone bidder pays the reserve."""
    best = first_price(terms, offers)
    if best is None:
        return None
    others = (offer.price for offer in offers if offer.bidder != best.bidder)
    return Award(best.bidder, max(terms.reserve, max(others, default=0)))


SECOND_PRICE = AuctionFormat(code=1, clear=second_price)
