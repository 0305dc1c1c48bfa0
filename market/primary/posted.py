"""Posted price: first come, first served at the lowest price that the protocol takes."""

from __future__ import annotations

from collections.abc import Sequence

from market.auctions.terms import Award, Lot
from market.primary.by_lot import ByLot
from market.primary.rule import Price


class Posted(ByLot):
    """The reserve is the price, and everyone sees it."""

    def __init__(self, reserve: int = 0, cap: int | None = None) -> None:
        super().__init__(posted, reserve, cap)

    @property
    def price(self) -> Price:
        return Price(self.reserve, self.reserve)


def posted(lots: Sequence[Lot]) -> list[Award | None]:
    """Each lot goes to the first who would pay its posted price (its reserve)."""
    return [_first(lot) for lot in lots]


def _first(lot: Lot) -> Award | None:
    price = lot.terms.reserve
    return next((Award(offer.bidder, price) for offer in lot.offers if offer.price >= price), None)
