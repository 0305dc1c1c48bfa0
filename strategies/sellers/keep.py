"""Keeps its tickets and exercises them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from chain.ticket import Series
from market.intents import Intent
from market.view import AuctionView, View
from strategies.base import Seller
from strategies.bidding import bids
from strategies.parameters import between
from strategies.valuation import own_value


class Keep(Seller):
    """Bids its own value in the primary market and never sells; it builds its blocks if it can."""

    bids_in: ClassVar[frozenset[str] | None] = frozenset()

    def __init__(self, discount_rate: float = 0.0) -> None:
        """`discount_rate` per block."""
        self.discount_rate = between("discount_rate", discount_rate, 0)

    def primary(self, view: View) -> Sequence[Intent]:
        worths: dict[Series, float] = {}  # the same for all tickets of a series

        def price(lot: AuctionView) -> float:
            series = lot.series
            if series is None:
                return 0.0
            worth = worths.get(series)
            if worth is None:
                worth = worths[series] = own_value(view, self.setup, series, self.discount_rate)
            return worth

        return bids(view, view.market.auctions, price)
