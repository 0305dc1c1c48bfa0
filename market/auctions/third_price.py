"""Sealed third price: the highest bid wins and pays the third-highest (Kagel and Levin 1993)."""

from __future__ import annotations

from market.auctions.format import AuctionFormat
from market.auctions.ranking import at_rank
from market.auctions.terms import Lot, Payment


def third_price(lot: Lot) -> list[Payment]:
    """The highest offer pays the third-highest, at least the reserve; where fewer than three bid, the reserve."""
    return at_rank(lot, 3)


THIRD_PRICE = AuctionFormat(code=5, clear=third_price, bids="special", on_chain=False)
