"""The offers of a sale from the highest on."""

from __future__ import annotations

from operator import attrgetter

from market.auctions.clearing import sold
from market.auctions.terms import Lot, Offer, Payment

BY_PRICE = attrgetter("price")


def ranked(lot: Lot) -> list[Offer]:
    """The offers at or above the reserve, the highest first; of equal ones the earlier."""
    reserve = lot.terms.reserve
    standing = [offer for offer in lot.offers if offer.price >= reserve]
    standing.sort(key=BY_PRICE, reverse=True)  # equal ones stay in their order
    return standing


def at_rank(lot: Lot, rank: int) -> list[Payment]:
    """The highest offer wins and pays the one at `rank`, 1 its own; where fewer bid, the reserve."""
    offers = ranked(lot)
    if not offers:
        return []
    price = offers[rank - 1].price if len(offers) >= rank else lot.terms.reserve
    return sold(offers[0].bidder, price)
