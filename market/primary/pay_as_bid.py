"""Pay as bid (discriminatory price): k tickets to the k highest bids, each at its own price."""

from __future__ import annotations

from collections.abc import Sequence

from market.auctions.terms import Lot, Payment
from market.primary.rule import Rule
from market.primary.unit import ranked


class PayAsBid(Rule):
    """Every winning bid is paid. With one ticket this is a sealed first-price sale."""

    def clear(self, lots: Sequence[Lot]) -> list[Payment]:
        winners = ranked(lots)[: len(lots)]
        return [unit.pays(unit.limit, place) for place, unit in enumerate(winners)]
