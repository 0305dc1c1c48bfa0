"""An open auction, and the bids that stand in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from chain.named_tuples import make
from chain.ticket import Title
from market.auctions import Lot, Offer, Terms
from market.messages import NO_LISTING, Listing, SignedBid, bid_until


class StandingBid(NamedTuple):
    """A bid that stands in an open auction, with its number and the time of its arrival."""

    id: int
    slot: int
    ms: int
    bid: SignedBid


@dataclass(slots=True)
class Auction:
    """An open auction. `bids` are in order of arrival.

    `market` is primary, secondary, building or block; `title` None for an endowed block, `block` None where a
    ticket is sold, `listing` None where the protocol sells; `offered` is its hash, which bids name. `opened` is
    the slot and the millisecond in it, `deadline` the slot in whose session it closes, `bids_until` the last slot
    of the bids in it.
    """

    id: int
    market: str
    format: str
    terms: Terms
    seller: int
    title: Title | None
    block: int | None
    listing: Listing | None
    opened: tuple[int, int]
    deadline: int
    offered: bytes = NO_LISTING
    bids: dict[int, StandingBid] = field(default_factory=dict)
    entered: set[int] = field(default_factory=set)
    bids_until: int = field(init=False)
    serial: int | None = field(init=False)  # the ticket's
    is_of_ticket: bool = field(init=False)  # a ticket is for sale, and not the building of a block
    is_of_holder: bool = field(init=False)  # one of a ticket opened it: it ends with the ticket, in a session

    def __post_init__(self) -> None:
        self.bids_until = bid_until(self.market, self.deadline)
        self.serial = None if self.title is None else self.title.ticket.serial
        self.is_of_ticket = self.market in ("primary", "secondary")
        self.is_of_holder = self.market in ("secondary", "building")

    def offers(self) -> list[Offer]:
        """The standing bids, in order of arrival."""
        return [make(Offer, (bidder, standing.bid.price)) for bidder, standing in self.bids.items()]

    def lot(self) -> Lot:
        """The auction as its format, or a pricing rule, sees it."""
        if not self.bids:
            return make(Lot, (self.serial or 0, self.terms, (), ()))
        numbers = [standing.id for standing in self.bids.values()]
        return make(Lot, (self.serial or 0, self.terms, self.offers(), numbers))
