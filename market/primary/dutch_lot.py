"""Dutch clock, lot by lot."""

from __future__ import annotations

from collections.abc import Sequence

from market.auctions import dutch as clear
from market.auctions.terms import Award
from market.primary.lots import Lot


def dutch(lots: Sequence[Lot]) -> list[Award | None]:
    """Each lot has a clock of its own, which falls from the start to the reserve."""
    return [clear(lot.terms, lot.offers) for lot in lots]
