"""Buys cheap before the draw, to sell when the ticket matures."""

from __future__ import annotations

from collections.abc import Sequence

from market.intents import Intent
from market.view import View
from strategies.bidding import bids
from strategies.parameters import between
from strategies.sellers.at_maturity import AtMaturity


class Speculator(AtMaturity):
    """Bids for undrawn tickets a margin below what they will bring at maturity, and auctions them then."""

    roles = frozenset({"buyer", "seller"})

    def __init__(
        self, margin: float = 0.05, format: str = "second_price", discount_rate: float = 0.0, capacity: int = 8
    ) -> None:
        """`margin` below the expected price of the resale; `format` of the resale; `discount_rate` per block;
        `capacity`, the most tickets to hold."""
        super().__init__(format, 0.0, discount_rate, capacity)
        self.margin = between("margin", margin, 0, 1)

    def primary(self, view: View) -> Sequence[Intent]:  # noqa: ARG002
        return ()

    def bid(self, view: View) -> Sequence[Intent]:
        room = max(self.capacity - len(view.tickets), 0)
        undrawn = [lot for lot in view.auctions if lot.ticket is not None and lot.ticket.drawn_for is None]
        entry = self.setup.entry_gwei
        return bids(view, undrawn[:room], lambda lot: (1 - self.margin) * self.worth(view, lot), entry)
