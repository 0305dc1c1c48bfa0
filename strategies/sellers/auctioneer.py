"""What the sellers have in common who sell each ticket by one auction, at a time of their choice."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence

from chain.money import eth_to_gwei
from market.intents import AuctionBid, Intent, OpenAuction
from market.view import TicketView, View
from strategies.base import Seller
from strategies.parameters import between, one_of
from strategies.valuation import sale_value

FORMATS = ("second_price", "first_price", "english", "dutch")


class Auctioneer(Seller, ABC):
    """Bids in the primary market what a ticket will bring, and sells each ticket when `is_time` says so."""

    def __init__(
        self,
        format: str = "second_price",
        reserve_eth: float = 0.0,
        discount_rate: float = 0.0,
        capacity: int = 1_000_000,
        start_eth: float = 10.0,
        tick_gwei: int = 1,
    ) -> None:
        """`format` of the auction; `reserve_eth` its lowest price, ETH; `discount_rate` per block; `capacity`, the
        most tickets to hold; `start_eth` and `tick_gwei`: start of a Dutch clock, step of a clock."""
        self.format = one_of("format", format, FORMATS)
        self.reserve = eth_to_gwei(between("reserve_eth", reserve_eth, 0))
        self.discount_rate = between("discount_rate", discount_rate, 0)
        self.capacity = int(between("capacity", capacity, 1))
        self.start_price = eth_to_gwei(between("start_eth", start_eth, reserve_eth))
        self.tick = int(between("tick_gwei", tick_gwei, 1))

    @abstractmethod
    def is_time(self, view: View, ticket: TicketView) -> bool:
        """Whether to sell the ticket now."""

    def primary(self, view: View) -> Sequence[Intent]:
        """Bids for the tickets that expire first, as many as there is room for, what they will bring in a sale."""
        room = self.capacity - len(view.tickets)
        lots = sorted(view.auctions, key=lambda lot: lot.ticket.last_block if lot.ticket else 0)
        bids = (
            AuctionBid(lot.id, int(sale_value(view, self.setup, lot.ticket.series, self.discount_rate)))
            for lot in lots[: max(room, 0)]
            if lot.ticket
        )
        return within_budget(bids, view.free_gwei)

    def offer(self, view: View) -> Sequence[Intent]:
        return [
            self.auction(ticket)
            for ticket in view.tickets
            if not ticket.listed
            and self.setup.resale.allows(ticket.drawn_for is not None)
            and self.is_time(view, ticket)
        ]

    def auction(self, ticket: TicketView) -> OpenAuction:
        """The auction of one ticket, in this slot's session."""
        return OpenAuction(ticket.serial, self.format, self.reserve, 0, self.start_price, self.tick)  # type: ignore[arg-type]

    def is_last_chance(self, view: View, ticket: TicketView) -> bool:
        """Whether the ticket proposes, or expires, with this very block."""
        return (ticket.last_block if ticket.drawn_for is None else ticket.drawn_for) <= view.slot


def within_budget(bids: Iterable[AuctionBid], budget: int) -> list[Intent]:
    """The first bids that can be paid together, the last of them cut to what is left."""
    kept: list[Intent] = []
    for bid in bids:
        price = min(bid.price_gwei, budget)
        budget -= price
        if price > 0:
            kept.append(bid._replace(price_gwei=price))
    return kept
