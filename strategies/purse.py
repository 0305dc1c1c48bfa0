"""What a participant can still bid for tickets: its money, and its room under the owner's cap."""

from __future__ import annotations

from collections.abc import Iterable
from math import inf

from market.view import OrderView, View
from strategies.setup import Setup


class Purse:
    """Counts down from what a view shows. Each bid for a ticket locks the rules' collateral beside its price."""

    def __init__(self, view: View, setup: Setup) -> None:
        self.gwei = view.free_gwei
        self.room = inf
        if view.room is not None:
            self.room = view.room
        self._stake = setup.collateral_gwei

    @property
    def most(self) -> int:
        """The highest price that it can bid for one more ticket, Gwei; 0 where it can bid nothing."""
        if self.room >= 1:
            return max(self.gwei - self._stake, 0)
        return 0

    def pay(self, price: int, beside: int = 0) -> None:
        """A bid for a ticket at `price`, and what it costs `beside`, Gwei: to enter a holder's auction
        `setup.entry_gwei`, one of the protocol's `view.primary_entry_gwei`; in the book nothing."""
        self.gwei -= price + beside + self._stake
        self.room -= 1

    def take_back(self, orders: Iterable[OrderView]) -> None:
        """Own bids that are taken out of the book."""
        for order in orders:
            self.gwei += order.price_gwei + self._stake
            self.room += 1
