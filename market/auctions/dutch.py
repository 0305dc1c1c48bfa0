"""Dutch clock: the price falls from a start in ticks; the first to stop it wins and pays where it stands.

Bidders leave the price at which they would stop it. With a tick of 1 Gwei and a high start this is a sealed
first-price sale.
"""

from __future__ import annotations

from market.auctions.clearing import sold
from market.auctions.format import AuctionFormat
from market.auctions.terms import Lot, Payment, Terms


def dutch(lot: Lot) -> list[Payment]:
    """The earliest arrival among those who stop the clock at the highest tick, which is not below the reserve."""
    terms = lot.terms
    stops = [max(0, -(-(terms.start - offer.price) // terms.tick)) for offer in lot.offers]
    first = min(stops, default=None)
    if first is None:
        return []
    price = terms.start - first * terms.tick
    if price >= terms.reserve:
        return sold(lot.offers[stops.index(first)].bidder, price)
    return []


def starts_too_low(terms: Terms) -> str | None:
    """The clock must not start below the reserve, nor at 0, where it would only give away what is sold."""
    if terms.start == 0:
        return "the Dutch clock starts at 0, and would sell at 0; name start_gwei, e.g. twice the own value"
    if terms.start >= terms.reserve:
        return None
    return f"the Dutch clock starts at {terms.start}, below its reserve {terms.reserve}"


DUTCH = AuctionFormat(code=3, clear=dutch, fault=starts_too_low, bids="shaded", is_clock=True)
