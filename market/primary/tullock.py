"""Tullock contest: all pay what they bid, and win in proportion to it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from market.auctions.terms import Lot, Payment
from market.primary.chance import Chance
from market.primary.rule import Rule


class Tullock(Rule):
    """Each lot goes to one of its bidders, drawn with odds that are their bids; every bid on it is burned.

    A bidder's expected share of the tickets is its share of the spending (Tullock 1980). With values v_i for a
    ticket and m active bidders they spend B = (m − 1)/Σ 1/v_i in equilibrium and have shares 1 − B/v_i (Neuder,
    Garimidi and Roughgarden 2024).
    """

    def __init__(self, chance: Chance, reserve: int = 0, cap: int | None = None) -> None:
        super().__init__(reserve, cap)
        self._chance = chance

    def clear(self, lots: Sequence[Lot]) -> list[Payment]:
        return [payment for index, lot in enumerate(lots) for payment in self._contest(index, lot)]

    def _contest(self, index: int, lot: Lot) -> list[Payment]:
        upto = list(accumulate(offer.price for offer in lot.offers))
        if not upto or not upto[-1]:
            return []
        point = self._chance(upto[-1], lot.ticket)
        winner = next(place for place, end in enumerate(upto) if point < end)
        return [
            Payment(index, offer.bidder, offer.price, index if place == winner else None)
            for place, offer in enumerate(lot.offers)
        ]
