"""A strategy that gives tickets back, whenever it is asked, and buys others."""

from __future__ import annotations

from collections.abc import Sequence

from market.intents import AuctionBid, Intent, Return
from market.view import View
from strategies.base import Strategy


class GivingBack(Strategy):
    """Bids for every lot; returns the first of its undrawn tickets in each phase."""

    roles = frozenset({"seller", "buyer"})

    def primary(self, view: View) -> Sequence[Intent]:
        return [*self.offer(view), *(AuctionBid(lot.id, 10**9) for lot in view.auctions)]

    def offer(self, view: View) -> Sequence[Intent]:
        undrawn = [ticket.serial for ticket in view.tickets if ticket.drawn_for is None]
        return [Return(serial) for serial in undrawn[:1]]

    bid = offer
