"""Bids for one of several tickets that are units of one good."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from market.auctions.terms import Lot, Payment


class Unit(NamedTuple):
    """A bid for one unit, whichever lot it becomes: its number, and the lot on which it was made."""

    number: int
    lot: int
    bidder: int
    limit: int

    def pays(self, price: int, wins: int) -> Payment:
        """What it pays for the lot that it wins."""
        return Payment(self.lot, self.bidder, price, wins)


def units(lots: Sequence[Lot]) -> list[Unit]:
    """All bids of a sale in order of arrival."""
    return sorted(
        Unit(number, index, *offer)
        for index, lot in enumerate(lots)
        for number, offer in zip(lot.numbers, lot.offers, strict=True)
    )


def ranked(lots: Sequence[Lot]) -> list[Unit]:
    """The highest bid first; of equal ones the earlier."""
    return sorted(units(lots), key=lambda unit: -unit.limit)
