"""Sells a given number of blocks before the end."""

from __future__ import annotations

from collections.abc import Iterable

from market.view import TicketView, View
from strategies.parameters import between
from strategies.sellers.auctioneer import Auctioneer


class AtBlock(Auctioneer):
    """Auctions a ticket `before` blocks before its last block, or in the first session after that."""

    def __init__(
        self,
        before: int = 16,
        format: str = "second_price",
        reserve_eth: float = 0.0,
        discount_rate: float = 0.0,
        capacity: int = 1_000_000,
    ) -> None:
        """`before`: blocks from the sale to the ticket's last block; the rest as in `at_once`."""
        super().__init__(format, reserve_eth, discount_rate, capacity)
        self.before = int(between("before", before, 0))

    def on_time(self, view: View) -> Iterable[TicketView]:
        return view.due(view.slot + self.before)

    def is_time(self, view: View, ticket: TicketView) -> bool:
        return ticket.drawn_for is not None or ticket.last_block - view.slot <= self.before
