"""Sealed all-pay: the highest bid wins, and every bid is paid (Krishna 2010, section 3.2.2)."""

from __future__ import annotations

from market.auctions.format import AuctionFormat
from market.auctions.ranking import ranked
from market.auctions.terms import Lot, Payment


def all_pay(lot: Lot) -> list[Payment]:
    """Each bid is due when the sale clears; none is where it is withdrawn. Of equal ones the earlier wins."""
    return [Payment(0, offer.bidder, offer.price, None if place else 0) for place, offer in enumerate(ranked(lot))]


ALL_PAY = AuctionFormat(code=6, clear=all_pay, bids="special", on_chain=False)
