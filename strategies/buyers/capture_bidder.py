"""Bids the share of a block that it expects to make, less a margin of its own."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from math import ceil
from typing import ClassVar

from chain.ticket import NEVER
from market.intents import AuctionBid, Intent, OpenAuction, Return
from market.primary import Price
from market.view import TicketView, View
from strategies.base import Buyer
from strategies.bidding import bids
from strategies.parameters import between, one_of
from strategies.setup import Setup


class CaptureBidder(Buyer):
    """Values a block at E[R] c (1 − a), c the share of rewards that it makes and a its margin, and bids that, as
    far as its money goes. It buys from the protocol, and in every slot auctions its next ticket at second price
    with its own bid as the reserve. For runs with `cost.distribution = "capture"`. Source: Stichler (2025), the
    holders of the published simulation, who bid for their own ticket like everyone else: one without money
    sells."""

    plays_rounds: ClassVar[bool] = False
    in_rounds: ClassVar[str] = "truthful, which bids the sum of its blocks"

    roles = frozenset({"buyer", "seller"})

    bids_in: ClassVar[frozenset[str] | None] = frozenset()

    def __init__(
        self,
        margin: float = 0.15,
        margin_sd: float = 0.02,
        knows_reward: bool = False,
        lagged: bool = False,
        own_bid: str = "as_sold",
    ) -> None:
        """`margin`, the mean of a, and `margin_sd`, its standard deviation among agents; `knows_reward`: a
        block that is revealed is valued at its reward, not at the mean; `lagged`: the value is compared with a
        posted price as that was before it last moved; `own_bid`, its reserve: its `value`, or no more than its
        `money`; `as_sold`: its money where holders sell in turn, as in the published model, else its value."""
        self.mean_margin = between("margin", margin, 0, 1)
        self.margin_sd = between("margin_sd", margin_sd, 0)
        self.knows_reward = knows_reward
        self.lagged = lagged
        self.own_bid = one_of("own_bid", own_bid, ("as_sold", "value", "money"))

    def start(self, setup: Setup) -> None:
        super().start(setup)
        self.margin = float(setup.rng.normal(self.mean_margin, self.margin_sd))

    def primary(self, view: View) -> Sequence[Intent]:
        if view.market.price is None:
            return bids(view, view.auctions, lambda lot: self.worth(view, lot.ticket))
        return self.take(view, view.market.price)

    def offer(self, view: View) -> Sequence[Intent]:
        ticket = self.next_ticket(view)
        sale = []
        if ticket is not None:
            sale = [OpenAuction(ticket.serial, reserve_gwei=self.reserve(view, ticket))]
        return [*self.give_back(view), *sale]

    def reserve(self, view: View, ticket: TicketView) -> int:
        """What it bids for its own ticket, Gwei."""
        worth = int(self.worth(view, ticket))
        if self.own_bid == "money" or (self.own_bid == "as_sold" and self.setup.in_turn):
            return min(worth, view.free_gwei)
        return worth

    def give_back(self, view: View) -> list[Intent]:
        """An undrawn ticket to the protocol, where that pays more than it is worth."""
        price = view.market.price
        haircut = self.setup.haircut
        ticket = next((ticket for ticket in view.tickets if ticket.drawn_for is None), None)
        if price is None or haircut is None or ticket is None:
            return []
        worth = self.worth(view, ticket)
        if worth < price.now_gwei * (1 - haircut):
            return [Return(ticket.serial, ceil(worth))]
        return []

    def bid(self, view: View) -> Sequence[Intent]:
        return bids(view, view.auctions, lambda lot: self.worth(view, lot.ticket))

    def take(self, view: View, price: Price) -> list[AuctionBid]:
        """At a posted price: a bid for every lot that costs less than it is worth. Prices do not fall from lot to
        lot."""
        if self.lagged:
            worthy = takewhile(lambda lot: price.before_gwei < self.worth(view, lot.ticket), view.auctions)
            return bids(view, worthy, lambda lot: lot.reserve_gwei)
        worthy = takewhile(lambda lot: lot.reserve_gwei < self.worth(view, lot.ticket), view.auctions)
        return bids(view, worthy, lambda lot: self.worth(view, lot.ticket))

    def next_ticket(self, view: View) -> TicketView | None:
        """The ticket to offer: the next to propose, or else any that may be sold."""
        allows = self.setup.resale.allows
        there = [ticket for ticket in view.tickets if allows(ticket.drawn_for is not None)]
        return min(there, key=lambda ticket: NEVER if ticket.drawn_for is None else ticket.drawn_for, default=None)

    def worth(self, view: View, ticket: TicketView | None) -> float:
        """What a ticket is worth to it, Gwei: that of the block that is revealed, or of any other."""
        if view.capture is None or ticket is None:
            return 0.0
        public = view.outlook.block
        if ticket.block == public:
            mean = view.outlook.expected_reward(public + (not self.knows_reward))
            return mean * view.capture.now * (1 - self.margin)
        mean = view.outlook.expected_reward(public + 1)
        return mean * view.capture.usual * (1 - self.margin) * self.chance(view, ticket)

    def chance(self, view: View, ticket: TicketView) -> float:
        """That it is drawn before it expires: 1 − (1 − S/T)^(X/S), S blocks drawn at once, T tickets, X blocks
        left."""
        if ticket.block is not None or self.setup.maturity is None:
            return 1.0
        left = min(ticket.last_block - view.slot, self.setup.maturity)
        epoch = self.setup.epoch
        return float(1 - (1 - min(epoch / self.setup.supply, 1)) ** (left / epoch))
