"""Sealed first price, lot by lot."""

from __future__ import annotations

from collections.abc import Sequence

from market.auctions import first_price as clear
from market.auctions.terms import Award
from market.primary.lots import Lot


def first_price(lots: Sequence[Lot]) -> list[Award | None]:
    """Each lot is a sealed first-price sale of its own."""
    return [clear(lot.terms, lot.offers) for lot in lots]
