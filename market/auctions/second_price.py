"""Sealed second price: the highest bid wins and pays the second-highest (Vickrey 1961)."""

from __future__ import annotations

from market.auctions.format import AuctionFormat
from market.auctions.ranking import at_rank
from market.auctions.terms import Lot, Payment


def second_price(lot: Lot) -> list[Payment]:
    """The highest offer pays the highest of the others, at least the reserve; a lone bidder pays the reserve."""
    return at_rank(lot, 2)


SECOND_PRICE = AuctionFormat(code=1, clear=second_price)
