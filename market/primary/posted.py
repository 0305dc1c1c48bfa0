"""Posted price: first come, first served at the lowest price that the protocol takes."""

from __future__ import annotations

from collections.abc import Sequence

from market.auctions.terms import Award
from market.primary.lots import Lot


def posted(lots: Sequence[Lot]) -> list[Award | None]:
    """Each lot goes to the first who would pay its posted price (its reserve)."""
    return [_first(lot) for lot in lots]


def _first(lot: Lot) -> Award | None:
    price = lot.terms.reserve
    return next((Award(offer.bidder, price) for offer in lot.offers if offer.price >= price), None)
