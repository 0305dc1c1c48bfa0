"""Sells at the first chance."""

from __future__ import annotations

from market.view import TicketView, View
from strategies.sellers.auctioneer import Auctioneer


class AtOnce(Auctioneer):
    """Auctions a ticket in the first session in which it may be sold."""

    def is_time(self, view: View, ticket: TicketView) -> bool:  # noqa: ARG002
        return True
