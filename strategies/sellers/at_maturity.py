"""Waits until the last chance: the spot auction, held by the ticket's holder."""

from __future__ import annotations

from collections.abc import Iterable

from market.view import TicketView, View
from strategies.sellers.auctioneer import Auctioneer


class AtMaturity(Auctioneer):
    """Auctions a ticket in the session of the block that it proposes (of its last one, where it is undrawn)."""

    def on_time(self, view: View) -> Iterable[TicketView]:
        return view.due(view.slot)

    def is_time(self, view: View, ticket: TicketView) -> bool:
        return self.is_last_chance(view, ticket)
