"""Sealed first price: the highest bid wins and is paid."""

from __future__ import annotations

from market.auctions.format import AuctionFormat
from market.auctions.ranking import at_rank
from market.auctions.terms import Lot, Payment


def first_price(lot: Lot) -> list[Payment]:
    """The highest offer at or above the reserve; the earlier of two equal ones."""
    return at_rank(lot, 1)


FIRST_PRICE = AuctionFormat(code=0, clear=first_price, bids="shaded")
