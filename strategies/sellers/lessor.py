"""Keeps its tickets and sells the building of their blocks, ahead of time where that is allowed."""

from __future__ import annotations

from collections.abc import Sequence

from market.intents import Intent, SellBuilding
from market.view import TicketView, View
from strategies.sellers.auctioneer import Auctioneer


class Lessor(Auctioneer):
    """Once a ticket is drawn, auctions the right to build its block, and stays the proposer. What it did not sell
    so it sells just in time."""

    def is_time(self, view: View, ticket: TicketView) -> bool:  # noqa: ARG002
        return ticket.drawn_for is not None and ticket.builder is None

    def offer(self, view: View) -> Sequence[Intent]:
        if not self.setup.resale.building:
            return []
        return [
            SellBuilding(ticket.serial, self.format, self.reserve, 0, self.start_price, self.tick)
            for ticket in view.due(view.slot)
            if not ticket.listed and self.is_time(view, ticket)
        ]
