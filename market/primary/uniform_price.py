"""Uniform price: k tickets to the k highest bids, all at the highest bid that loses."""

from __future__ import annotations

from collections.abc import Sequence

from market.auctions.terms import Lot, Payment
from market.primary.rule import Rule
from market.primary.unit import ranked


class UniformPrice(Rule):
    """All pay the (k+1)-highest bid, at least the reserve. With one ticket this is a sealed second-price sale.

    For buyers who want one ticket each it is best to bid the own value (Vickrey 1961); who wants several gains by
    bidding less for the later ones (Krishna 2010, chapter 13).
    """

    def clear(self, lots: Sequence[Lot]) -> list[Payment]:
        bids = ranked(lots)
        winners = bids[: len(lots)]
        losers = bids[len(lots) :]
        price = max([self.reserve, *(unit.limit for unit in losers[:1])])
        return [unit.pays(price, place) for place, unit in enumerate(winners)]
