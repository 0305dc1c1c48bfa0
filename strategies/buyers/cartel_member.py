"""One of a cartel that does not bid against itself."""

from __future__ import annotations

from collections.abc import Sequence

from chain.money import eth_to_gwei
from market.intents import Intent
from market.view import AuctionView, View
from strategies.buyers.bidder import Bidder
from strategies.parameters import between


class CartelMember(Bidder):
    """Bids its value, or at most what was agreed on, in its turns, and stays out in the slots of the others:
    a cartel that needs neither payments nor talk (McAfee and McMillan 1992). Where the second price is paid the
    member in turn bids its value, which leaves little to one that bids out of turn (Graham and Marshall 1987).
    """

    def __init__(
        self, members: int = 2, seat: int = 0, price_eth: float | None = None, discount_rate: float = 0.0
    ) -> None:
        """It bids in every slot s with s mod `members` = `seat`: a cartel of one bids always. `price_eth` is the
        most that it bids, ETH; left out: its value. `discount_rate` per block."""
        super().__init__(discount_rate)
        self.members = int(between("members", members, 1))
        self.seat = int(between("seat", seat, 0, self.members - 1))
        self.agreed = None
        if price_eth is not None:
            self.agreed = eth_to_gwei(between("price_eth", price_eth, 0))

    def price(self, view: View, auction: AuctionView, value: int) -> int:  # noqa: ARG002
        if self.agreed is None:
            return value
        return min(value, self.agreed)

    def primary(self, view: View) -> Sequence[Intent]:
        if self.is_due(view):
            return super().primary(view)
        return ()

    def bid(self, view: View) -> Sequence[Intent]:
        if self.is_due(view):
            return super().bid(view)
        return ()

    def build(self, view: View) -> Sequence[Intent]:
        if self.is_due(view):
            return super().build(view)
        return ()

    def is_due(self, view: View) -> bool:
        """Whether it is its turn."""
        return view.slot % self.members == self.seat
